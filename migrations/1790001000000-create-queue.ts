import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The line at the counter of each store: its desks, who is in it, and how headquarters want it run.
 *
 * A desk is busy with one visit at most, whatever the code does: a unique index says so. A number that is
 * shown is given out once a day by a row that counts. What was answered to a request is in `queue_event`.
 *
 * Locks: creates new tables only. Safe while the service runs. Reversible: yes, loses all lines.
 */
export class CreateQueue1790001000000 implements MigrationInterface {
  name = 'CreateQueue1790001000000';

  async up(db: QueryRunner): Promise<void> {
    await this.createDesks(db);
    await this.createEntries(db);
    await this.createEvents(db);
  }

  private async createDesks(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE desk (
        store_code  text        NOT NULL,
        name        text        NOT NULL,
        is_open     boolean     NOT NULL,
        visit_kinds text[]      NOT NULL,
        updated_at  timestamptz NOT NULL,
        CONSTRAINT pk_desk PRIMARY KEY (store_code, name),
        CONSTRAINT ck_desk_visit_kinds CHECK
          (cardinality(visit_kinds) > 0 AND visit_kinds <@ ARRAY['DROP_OFF', 'PICK_UP'])
      )`);
    await db.query(`
      CREATE TABLE queue_settings (
        store_code text        NOT NULL,
        document   jsonb       NOT NULL,
        updated_at timestamptz NOT NULL,
        CONSTRAINT pk_queue_settings PRIMARY KEY (store_code)
      )`);
    await db.query(`
      COMMENT ON COLUMN queue_settings.document IS
        'What the store does otherwise than by default; what it leaves out is as the service brings it.'`);
    await db.query(`
      CREATE TABLE queue_number (
        store_code text    NOT NULL,
        local_date date    NOT NULL,
        letter     text    NOT NULL,
        last       integer NOT NULL,
        CONSTRAINT pk_queue_number PRIMARY KEY (store_code, local_date, letter),
        CONSTRAINT ck_queue_number_last CHECK (last >= 1)
      )`);
    await db.query(`
      COMMENT ON COLUMN queue_number.last IS 'The last number given out; changed by one statement.'`);
  }

  private async createEntries(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE queue_entry (
        id               uuid        NOT NULL,
        store_code       text        NOT NULL,
        local_date       date        NOT NULL,
        number           text        NOT NULL,
        kind             text        NOT NULL,
        visit_kind       text        NOT NULL,
        pairs            smallint    NOT NULL,
        order_id         uuid,
        appointment_id   uuid,
        order_version    integer,
        arrived_at       timestamptz NOT NULL,
        due_at           timestamptz NOT NULL,
        reduced_mobility boolean     NOT NULL,
        goes_first       boolean     NOT NULL,
        state            text        NOT NULL,
        desk             text,
        calls            smallint    NOT NULL DEFAULT 0,
        called_at        timestamptz,
        served_at        timestamptz,
        ended_at         timestamptz,
        near_at          timestamptz,
        version          integer     NOT NULL,
        CONSTRAINT pk_queue_entry PRIMARY KEY (id),
        CONSTRAINT uq_queue_entry_number UNIQUE (store_code, local_date, number),
        CONSTRAINT fk_queue_entry_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT fk_queue_entry_appointment FOREIGN KEY (appointment_id) REFERENCES appointment (id),
        CONSTRAINT ck_queue_entry_kind CHECK (kind IN ('APPOINTMENT', 'WALK_IN', 'LATE_APPOINTMENT')),
        CONSTRAINT ck_queue_entry_visit_kind CHECK (visit_kind IN ('DROP_OFF', 'PICK_UP')),
        CONSTRAINT ck_queue_entry_pairs CHECK (pairs >= 1),
        CONSTRAINT ck_queue_entry_state CHECK (state IN
          ('WAITING', 'CALLED', 'SERVING', 'HELD', 'FINISHED', 'LEFT')),
        CONSTRAINT ck_queue_entry_desk CHECK (state NOT IN ('CALLED', 'SERVING') OR desk IS NOT NULL),
        CONSTRAINT ck_queue_entry_ended CHECK ((state IN ('FINISHED', 'LEFT')) = (ended_at IS NOT NULL))
      )`);
    await db.query(`
      CREATE UNIQUE INDEX uq_queue_entry_desk ON queue_entry (store_code, desk)
       WHERE state IN ('CALLED', 'SERVING')`);
    await db.query(`
      CREATE UNIQUE INDEX uq_queue_entry_order ON queue_entry (order_id)
       WHERE state IN ('WAITING', 'CALLED', 'SERVING', 'HELD')`);
    await db.query(`
      CREATE INDEX ix_queue_entry_line ON queue_entry (store_code, goes_first DESC, due_at, arrived_at, id)
       WHERE state IN ('WAITING', 'CALLED', 'SERVING', 'HELD')`);
    await db.query(`CREATE INDEX ix_queue_entry_appointment ON queue_entry (appointment_id)`);
    await db.query(`
      COMMENT ON COLUMN queue_entry.desk IS
        'The desk that calls or serves them; of a visit that waits: the only one that may call it.'`);
    await db.query(`
      COMMENT ON COLUMN queue_entry.order_version IS 'Of the order, right after the check-in.'`);
    await db.query(`
      COMMENT ON COLUMN queue_entry.near_at IS
        'When they had two people or fewer ahead of them; told once, by a message if they have an order.'`);
  }

  private async createEvents(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE queue_event (
        id         uuid        NOT NULL,
        store_code text        NOT NULL,
        entry_id   uuid,
        kind       text        NOT NULL,
        actor      text        NOT NULL,
        at         timestamptz NOT NULL,
        after      jsonb       NOT NULL,
        CONSTRAINT pk_queue_event PRIMARY KEY (id),
        CONSTRAINT fk_queue_event_entry FOREIGN KEY (entry_id) REFERENCES queue_entry (id)
      )`);
    await db.query(`CREATE INDEX ix_queue_event_entry ON queue_event (entry_id)`);
    await db.query(`
      COMMENT ON COLUMN queue_event.after IS
        'The entry or the desk after it: what the request that did it is answered, also when it comes again.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    for (const table of ['queue_event', 'queue_entry', 'queue_number', 'queue_settings', 'desk']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
