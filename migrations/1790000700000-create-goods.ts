import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pairs of shoes with their work, the scans that are their history, and the orders to be planned again.
 *
 * A pair is where its scans say, folded in order of their own time; `pair` keeps the result. What an order
 * has taken is found by resource, so that a trip or a shift tells which orders count on it.
 *
 * Locks: new tables; `order_item` gets columns without a default, and `claim` an index, for which writers
 * of claims wait. Reversible: yes, loses pairs, scans and agreed prices.
 */
export class CreateGoods1790000700000 implements MigrationInterface {
  name = 'CreateGoods1790000700000';

  async up(db: QueryRunner): Promise<void> {
    await this.createPairs(db);
    await this.createScans(db);
    await this.createReplans(db);
    await db.query(`
      ALTER TABLE order_item
        ADD COLUMN price_minor integer,
        ADD COLUMN currency    text,
        ADD CONSTRAINT ck_order_item_price CHECK
          ((price_minor IS NULL) = (currency IS NULL) AND price_minor >= 0)`);
    await db.query(`
      COMMENT ON COLUMN order_item.price_minor IS
        'Of one pair, as agreed at the counter; null: the list price of its services.'`);
  }

  private async createPairs(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE pair (
        id           uuid        NOT NULL,
        order_id     uuid        NOT NULL,
        item         smallint    NOT NULL,
        number       smallint    NOT NULL,
        tag          text        NOT NULL,
        condition    text,
        place        text        NOT NULL,
        place_code   text        NOT NULL,
        trip_departs timestamptz,
        to_code      text,
        shelf        text,
        since        timestamptz NOT NULL,
        CONSTRAINT pk_pair PRIMARY KEY (id),
        CONSTRAINT uq_pair_order_number UNIQUE (order_id, number),
        CONSTRAINT uq_pair_tag UNIQUE (tag),
        CONSTRAINT fk_pair_order FOREIGN KEY (order_id) REFERENCES customer_order (id),
        CONSTRAINT ck_pair_place CHECK (place IN ('STORE', 'WORKSHOP', 'TRIP', 'CUSTOMER', 'MISSING')),
        CONSTRAINT ck_pair_trip CHECK
          ((place = 'TRIP') = (trip_departs IS NOT NULL) AND (place = 'TRIP') = (to_code IS NOT NULL))
      )`);
    await db.query(`CREATE INDEX ix_pair_place ON pair (place, place_code, trip_departs)`);
    await db.query(`
      COMMENT ON COLUMN pair.place_code IS
        'Code of the store or workshop; of the line for a trip; where it was handed out or last seen.'`);
    await db.query(`
      CREATE TABLE pair_operation (
        pair_id       uuid     NOT NULL,
        position      smallint NOT NULL,
        skill         text     NOT NULL,
        units         smallint NOT NULL,
        dwell_min     integer  NOT NULL,
        origin        text     NOT NULL,
        finding_id    uuid,
        started_at    timestamptz,
        finished_at   timestamptz,
        workshop_code text,
        shift_start   timestamptz,
        CONSTRAINT pk_pair_operation PRIMARY KEY (pair_id, position),
        CONSTRAINT fk_pair_operation_pair FOREIGN KEY (pair_id) REFERENCES pair (id),
        CONSTRAINT ck_pair_operation_origin CHECK (origin IN ('SERVICE', 'FINDING', 'REWORK')),
        CONSTRAINT ck_pair_operation_finished CHECK (finished_at IS NULL OR workshop_code IS NOT NULL)
      )`);
    await db.query(`
      COMMENT ON COLUMN pair_operation.shift_start IS
        'Of the shift whose units a finished operation used up.'`);
  }

  private async createScans(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE scan (
        id           text        NOT NULL,
        pair_id      uuid        NOT NULL,
        kind         text        NOT NULL,
        place_code   text        NOT NULL,
        line_code    text,
        trip_departs timestamptz,
        to_code      text,
        position     smallint,
        shelf        text,
        at           timestamptz NOT NULL,
        received_at  timestamptz NOT NULL,
        actor        text        NOT NULL,
        CONSTRAINT pk_scan PRIMARY KEY (id),
        CONSTRAINT fk_scan_pair FOREIGN KEY (pair_id) REFERENCES pair (id),
        CONSTRAINT ck_scan_trip CHECK ((line_code IS NULL) = (trip_departs IS NULL))
      )`);
    await db.query(`CREATE INDEX ix_scan_pair ON scan (pair_id, at, id)`);
    await db.query(`
      CREATE INDEX ix_scan_trip ON scan (line_code, trip_departs) WHERE line_code IS NOT NULL`);
    await db.query(`
      COMMENT ON COLUMN scan.id IS 'The scanner''s own; a scan that comes twice counts once.'`);
    await db.query(`
      COMMENT ON COLUMN scan.at IS 'By the scanner''s clock; received_at is when it came here.'`);
    await db.query(`
      COMMENT ON COLUMN scan.position IS 'Of the operation that was started or finished.'`);
  }

  private async createReplans(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE replan (
        order_id uuid        NOT NULL,
        cause    text        NOT NULL,
        since    timestamptz NOT NULL,
        due_at   timestamptz NOT NULL,
        tries    smallint    NOT NULL DEFAULT 0,
        CONSTRAINT pk_replan PRIMARY KEY (order_id),
        CONSTRAINT fk_replan_order FOREIGN KEY (order_id) REFERENCES customer_order (id)
      )`);
    await db.query(`CREATE INDEX ix_replan_due ON replan (due_at, order_id)`);
    await db.query(`
      COMMENT ON TABLE replan IS
        'Orders whose promise something may have broken, until they are planned again.'`);
    await db.query(`CREATE INDEX ix_claim_resources ON claim USING gin (resources)`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ix_claim_resources`);
    await db.query(`
      ALTER TABLE order_item
        DROP CONSTRAINT ck_order_item_price, DROP COLUMN currency, DROP COLUMN price_minor`);
    for (const table of ['replan', 'scan', 'pair_operation', 'pair']) {
      await db.query(`DROP TABLE ${table}`);
    }
  }
}
