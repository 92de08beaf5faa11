import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is not as the chain's documents state it, and what the guard of promises needs to find its work.
 *
 * A disruption is part of the chain: with each that is reported or lifted the chain has a new version. It
 * stays on record when it is over.
 *
 * `replan.leased_until` says who has an order in hand; a process that dies loses it by the database's
 * clock. The two indexes are for the sweep: orders with a choice to make, and pick-ups that come next.
 *
 * Locks: a new table; a column without a default; indexes on `customer_order` and `appointment`, for which
 * writers of orders wait. Reversible: yes, loses disruptions.
 */
export class CreateDisruptions1790001100000 implements MigrationInterface {
  name = 'CreateDisruptions1790001100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE disruption (
        id         uuid        NOT NULL,
        kind       text        NOT NULL,
        code       text        NOT NULL,
        starts_at  timestamptz NOT NULL,
        ends_at    timestamptz,
        skill      text,
        units      integer,
        delay_min  integer,
        reason     text,
        created_at timestamptz NOT NULL,
        created_by text        NOT NULL,
        lifted_at  timestamptz,
        lifted_by  text,
        CONSTRAINT pk_disruption PRIMARY KEY (id),
        CONSTRAINT ck_disruption_kind CHECK
          (kind IN ('CLOSE_STORE', 'CUT_SHIFT', 'CANCEL_TRIP', 'DELAY_TRIP')),
        CONSTRAINT ck_disruption_closure CHECK
          ((kind = 'CLOSE_STORE') = (ends_at IS NOT NULL) AND ends_at > starts_at),
        CONSTRAINT ck_disruption_cut CHECK ((kind = 'CUT_SHIFT') = (units IS NOT NULL) AND units >= 0),
        CONSTRAINT ck_disruption_delay CHECK
          ((kind = 'DELAY_TRIP') = (delay_min IS NOT NULL) AND delay_min > 0),
        CONSTRAINT ck_disruption_lifted CHECK ((lifted_at IS NULL) = (lifted_by IS NULL))
      )`);
    await db.query(`
      CREATE INDEX ix_disruption_standing ON disruption (starts_at, id) WHERE lifted_at IS NULL`);
    await db.query(`
      COMMENT ON COLUMN disruption.code IS 'Of the store, the workshop or the line.'`);
    await db.query(`
      COMMENT ON COLUMN disruption.starts_at IS
        'When the store closes; start of the shift; scheduled departure of the trip from its first stop.'`);
    await db.query(`
      COMMENT ON COLUMN disruption.skill IS 'Of a cut shift; null: all its skills.'`);
    await db.query(`ALTER TABLE replan ADD COLUMN leased_until timestamptz`);
    await db.query(`
      COMMENT ON COLUMN replan.leased_until IS
        'By the database''s clock: until then one process has the order in hand.'`);
    await db.query(`
      CREATE INDEX ix_customer_order_choice ON customer_order (id) WHERE promise ? 'choice'`);
    await db.query(`
      CREATE INDEX ix_appointment_pick_up ON appointment (starts_at) WHERE kind = 'PICK_UP'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP INDEX ix_appointment_pick_up`);
    await db.query(`DROP INDEX ix_customer_order_choice`);
    await db.query(`ALTER TABLE replan DROP COLUMN leased_until`);
    await db.query(`DROP TABLE disruption`);
  }
}
