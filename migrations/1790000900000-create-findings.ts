import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What happens at the counter: how pairs looked when they came in, who was given which pair, and where
 * staff went over a limit; extra work that workshops find; and what headquarters rule about it.
 *
 * A pair can be handed out once, whatever the code does: it is the key of `hand_out_pair`.
 *
 * Locks: new tables only. Safe while the service runs. Reversible: yes, loses findings, hand-outs and
 * overrides.
 */
export class CreateFindings1790000900000 implements MigrationInterface {
  name = 'CreateFindings1790000900000';

  async up(db: QueryRunner): Promise<void> {
    await this.createFindings(db);
    await this.createHandOuts(db);
    await this.createOverrides(db);
    await db.query(`
      CREATE TABLE house_rules (
        is_only               boolean  NOT NULL DEFAULT true,
        partial_hand_out      boolean  NOT NULL,
        finding_decide_hours  smallint NOT NULL,
        finding_remind_hours  smallint,
        finding_default       text     NOT NULL,
        CONSTRAINT pk_house_rules PRIMARY KEY (is_only),
        CONSTRAINT ck_house_rules_only CHECK (is_only),
        CONSTRAINT ck_house_rules_hours CHECK
          (finding_decide_hours BETWEEN 1 AND 720 AND finding_remind_hours < finding_decide_hours
           AND finding_remind_hours > 0),
        CONSTRAINT ck_house_rules_default CHECK (finding_default IN ('APPROVE', 'DECLINE'))
      )`);
    await db.query(`
      COMMENT ON COLUMN house_rules.finding_remind_hours IS
        'Before the time to decide is over; null: nobody is reminded.'`);
    await db.query(`
      INSERT INTO house_rules (partial_hand_out, finding_decide_hours, finding_remind_hours, finding_default)
      VALUES (true, 24, 4, 'DECLINE')`);
  }

  private async createFindings(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE finding (
        id                uuid        NOT NULL,
        order_id          uuid        NOT NULL,
        pair_id           uuid        NOT NULL,
        workshop_code     text        NOT NULL,
        state             text        NOT NULL,
        explanation       text        NOT NULL,
        price_minor       integer     NOT NULL,
        currency          text        NOT NULL,
        operations        jsonb       NOT NULL,
        media_ids         uuid[]      NOT NULL,
        ready_if_approved timestamptz,
        ready_if_declined timestamptz,
        order_version     integer     NOT NULL,
        reported_at       timestamptz NOT NULL,
        reported_by       text        NOT NULL,
        decide_by         timestamptz NOT NULL,
        remind_at         timestamptz,
        question          text,
        asked_at          timestamptz,
        decided_at        timestamptz,
        decided_by        text,
        decided_as        text,
        CONSTRAINT pk_finding PRIMARY KEY (id),
        CONSTRAINT uq_finding_order_version UNIQUE (order_id, order_version),
        CONSTRAINT fk_finding_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT fk_finding_pair FOREIGN KEY (pair_id) REFERENCES pair (id),
        CONSTRAINT ck_finding_state CHECK (state IN ('OPEN', 'APPROVED', 'DECLINED')),
        CONSTRAINT ck_finding_price CHECK (price_minor >= 0),
        CONSTRAINT ck_finding_decided CHECK
          ((state = 'OPEN') = (decided_at IS NULL) AND (state = 'OPEN') = (decided_by IS NULL)),
        CONSTRAINT ck_finding_decided_as CHECK
          ((state = 'OPEN') = (decided_as IS NULL) AND decided_as IN ('CUSTOMER', 'STAFF', 'DEFAULT')),
        CONSTRAINT ck_finding_asked CHECK ((question IS NULL) = (asked_at IS NULL))
      )`);
    await db.query(`CREATE INDEX ix_finding_pair ON finding (pair_id)`);
    await db.query(`CREATE INDEX ix_finding_due ON finding (decide_by, id) WHERE state = 'OPEN'`);
    await db.query(`
      CREATE INDEX ix_finding_remind ON finding (remind_at, id)
       WHERE state = 'OPEN' AND remind_at IS NOT NULL`);
    await db.query(`
      COMMENT ON COLUMN finding.ready_if_approved IS
        'As planned when it was reported; null: there was no way then.'`);
    await db.query(`
      COMMENT ON COLUMN finding.remind_at IS
        'When the customer is reminded once more; null: it was done, or is not wanted.'`);
    await db.query(`
      COMMENT ON COLUMN finding.order_version IS 'Of the order, right after it was reported.'`);
  }

  private async createHandOuts(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE condition_photo (
        pair_id  uuid     NOT NULL,
        position smallint NOT NULL,
        media_id uuid     NOT NULL,
        CONSTRAINT pk_condition_photo PRIMARY KEY (pair_id, position),
        CONSTRAINT fk_condition_photo_pair FOREIGN KEY (pair_id) REFERENCES pair (id)
      )`);
    await db.query(`
      COMMENT ON TABLE condition_photo IS 'How pairs looked when they were handed in.'`);
    await db.query(`
      CREATE TABLE hand_out (
        id            uuid        NOT NULL,
        order_id      uuid        NOT NULL,
        order_version integer     NOT NULL,
        store_code    text        NOT NULL,
        at            timestamptz NOT NULL,
        actor         text        NOT NULL,
        handed_to     text,
        CONSTRAINT pk_hand_out PRIMARY KEY (id),
        CONSTRAINT uq_hand_out_order_version UNIQUE (order_id, order_version),
        CONSTRAINT fk_hand_out_order FOREIGN KEY (order_id) REFERENCES customer_order (id)
      )`);
    await db.query(`
      COMMENT ON COLUMN hand_out.handed_to IS
        'Name of who took the goods, if it was somebody else than the customer.'`);
    await db.query(`
      CREATE TABLE hand_out_pair (
        pair_id     uuid NOT NULL,
        hand_out_id uuid NOT NULL,
        CONSTRAINT pk_hand_out_pair PRIMARY KEY (pair_id),
        CONSTRAINT fk_hand_out_pair_pair FOREIGN KEY (pair_id) REFERENCES pair (id),
        CONSTRAINT fk_hand_out_pair_hand_out FOREIGN KEY (hand_out_id) REFERENCES hand_out (id)
      )`);
    await db.query(`CREATE INDEX ix_hand_out_pair_hand_out ON hand_out_pair (hand_out_id)`);
  }

  private async createOverrides(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE limit_override (
        order_id      uuid        NOT NULL,
        order_version integer     NOT NULL,
        visit         text        NOT NULL,
        store_code    text        NOT NULL,
        starts_at     timestamptz NOT NULL,
        reason        text        NOT NULL,
        actor         text        NOT NULL,
        at            timestamptz NOT NULL,
        CONSTRAINT pk_limit_override PRIMARY KEY (order_id, order_version, visit),
        CONSTRAINT fk_limit_override_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT ck_limit_override_visit CHECK (visit IN ('DROP_OFF', 'PICK_UP'))
      )`);
    await db.query(`
      CREATE INDEX ix_limit_override_store ON limit_override (store_code, starts_at, order_id)`);
    await db.query(`
      COMMENT ON TABLE limit_override IS
        'Visits that staff put into a slot over its limits; starts_at is the start of the slot.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    const tables = [
      'house_rules',
      'limit_override',
      'hand_out_pair',
      'hand_out',
      'condition_photo',
    ];
    for (const table of [...tables, 'finding']) await db.query(`DROP TABLE ${table}`);
  }
}
