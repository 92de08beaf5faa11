import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Messages that are owed, the policy that says which, texts that headquarters changed, and tasks for staff.
 *
 * `message` is written in the transaction that makes it true, unique by its cause: order, kind and
 * occasion. `owe_messages` is the only writer of what is owed: it withdraws what a change made untrue and
 * owes what it made true, so that both are one round trip of the change.
 *
 * Locks: creates new tables, and `event` for a moment. Safe while the service runs. Reversible: yes, loses
 * all messages.
 */
export class CreateMessages1790000300000 implements MigrationInterface {
  name = 'CreateMessages1790000300000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`ALTER TABLE event ADD COLUMN details jsonb`);
    await db.query(`
      COMMENT ON COLUMN event.details IS
        'What belongs to the happening alone and not to the order: stage, explanation, price, photo.'`);
    await this.createMessage(db);
    await this.createOweMessages(db);
    await this.createPolicy(db);
    await this.createTask(db);
  }

  private async createMessage(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE message (
        id            uuid        NOT NULL,
        order_id      uuid        NOT NULL,
        kind          text        NOT NULL,
        occasion      text        NOT NULL,
        order_version integer     NOT NULL,
        state         text        NOT NULL,
        reason        text,
        planned_at    timestamptz NOT NULL,
        due_at        timestamptz NOT NULL,
        useful_until  timestamptz NOT NULL,
        step          smallint    NOT NULL DEFAULT 0,
        owed_at       timestamptz NOT NULL,
        ended_at      timestamptz,
        CONSTRAINT pk_message PRIMARY KEY (id),
        CONSTRAINT uq_message_cause UNIQUE (order_id, kind, occasion),
        CONSTRAINT fk_message_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT ck_message_state CHECK (state IN
          ('OWED', 'OPEN', 'DONE', 'SKIPPED', 'WITHDRAWN', 'FAILED')),
        CONSTRAINT ck_message_reason CHECK (state NOT IN ('SKIPPED', 'WITHDRAWN', 'FAILED')
          OR reason IS NOT NULL)
      )`);
    await db.query(`CREATE INDEX ix_message_due ON message (due_at, id) WHERE state = 'OWED'`);
    await db.query(`CREATE INDEX ix_message_failed ON message (id) WHERE state = 'FAILED'`);
    await db.query(`
      COMMENT ON COLUMN message.occasion IS
        'What sets it apart from others of its kind and order: the version of an event, or a date at a store.'`);
    await db.query(`
      COMMENT ON COLUMN message.state IS
        'OWED: to be sent from due_at on. OPEN: on its way on a channel. DONE: told. FAILED: no way left.'`);
    await db.query(`
      COMMENT ON COLUMN message.due_at IS
        'When a worker takes it up: planned_at, or later when it had to wait.'`);
    await db.query(`
      COMMENT ON COLUMN message.step IS 'Step of its route that is next (OWED) or under way (OPEN).'`);
  }

  private async createOweMessages(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION owe_messages (
        the_order uuid, the_version integer, the_time timestamptz, recomputed text[],
        ids uuid[], kinds text[], occasions text[], dues timestamptz[], untils timestamptz[], skips text[]
      ) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF cardinality(recomputed) > 0 THEN
          UPDATE message SET state = 'WITHDRAWN', reason = 'NO_LONGER_TRUE', ended_at = the_time
           WHERE order_id = the_order AND state IN ('OWED', 'OPEN') AND kind = ANY (recomputed)
             AND (kind, occasion) NOT IN (SELECT k, o FROM unnest(kinds, occasions) AS given (k, o));
        END IF;
        INSERT INTO message AS m (id, order_id, kind, occasion, order_version, state, reason, planned_at,
                                  due_at, useful_until, owed_at, ended_at)
        SELECT id, the_order, k, o, the_version, CASE WHEN skip IS NULL THEN 'OWED' ELSE 'SKIPPED' END,
               skip, due, due, until, the_time, CASE WHEN skip IS NOT NULL THEN the_time END
          FROM unnest(ids, kinds, occasions, dues, untils, skips) AS given (id, k, o, due, until, skip)
        ON CONFLICT ON CONSTRAINT uq_message_cause DO UPDATE
           SET state = excluded.state, reason = excluded.reason, planned_at = excluded.planned_at,
               due_at = excluded.due_at, useful_until = excluded.useful_until, step = 0,
               order_version = excluded.order_version, owed_at = excluded.owed_at,
               ended_at = excluded.ended_at
         WHERE CASE m.state
           WHEN 'OWED' THEN (m.planned_at, m.useful_until)
             IS DISTINCT FROM (excluded.planned_at, excluded.useful_until)
             OR excluded.reason = 'TOLD_WITH_DROP_OFF'
           WHEN 'SKIPPED' THEN m.reason IN ('PAST_WHEN_OWED', 'TOLD_WITH_DROP_OFF')
             AND excluded.state = 'OWED'
           WHEN 'WITHDRAWN' THEN m.reason = 'NO_LONGER_TRUE'
             AND NOT EXISTS (SELECT FROM delivery d WHERE d.message_id = m.id)
           ELSE false END;
      END $$`);
  }

  private async createPolicy(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE message_policy (
        one        boolean     NOT NULL DEFAULT true,
        document   jsonb       NOT NULL,
        replanned  uuid,
        is_settled boolean     NOT NULL DEFAULT true,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_message_policy PRIMARY KEY (one),
        CONSTRAINT ck_message_policy_one CHECK (one)
      )`);
    await db.query(`
      COMMENT ON TABLE message_policy IS
        'One row, or none: the policy that the service brings. Every change of it is a version of the chain.'`);
    await db.query(`
      COMMENT ON COLUMN message_policy.replanned IS
        'The messages of orders up to this id follow the policy; while not is_settled the others do not yet.'`);
    await db.query(`
      CREATE TABLE message_template (
        kind       text        NOT NULL,
        locale     text        NOT NULL,
        texts      jsonb       NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_message_template PRIMARY KEY (kind, locale)
      )`);
  }

  private async createTask(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE staff_task (
        id         uuid        NOT NULL,
        store_code text        NOT NULL,
        kind       text        NOT NULL,
        order_id   uuid        NOT NULL,
        cause      text        NOT NULL,
        reason     text        NOT NULL,
        created_at timestamptz NOT NULL,
        done_at    timestamptz,
        done_by    text,
        CONSTRAINT pk_staff_task PRIMARY KEY (id),
        CONSTRAINT uq_staff_task_cause UNIQUE (order_id, kind, cause),
        CONSTRAINT fk_staff_task_order FOREIGN KEY (order_id) REFERENCES customer_order (id)
      )`);
    await db.query(`
      CREATE INDEX ix_staff_task_open ON staff_task (store_code, id) WHERE done_at IS NULL`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP FUNCTION owe_messages`);
    for (const table of ['staff_task', 'message_template', 'message_policy', 'message']) {
      await db.query(`DROP TABLE ${table}`);
    }
    await db.query(`ALTER TABLE event DROP COLUMN details`);
  }
}
