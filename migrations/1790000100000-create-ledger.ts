import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The ledger: what is taken of everything that can run out, and by whom.
 *
 * `take_claims` is the only writer of the three tables. It takes buckets in the order they are given,
 * which is the same for every caller (resource in code units, then start), so two callers that want the
 * same buckets wait for each other and cannot deadlock. The row lock of the upsert makes the check of
 * the limit and the addition one step. It stops at the first full bucket; the caller rolls back.
 *
 * `ledger_change` is how every process follows the ledger: what each transaction added, found by the
 * transaction's id, so that a reader with a snapshot asks for exactly what its last one did not see.
 *
 * Locks: creates new objects only. Safe while the service runs. Reversible: yes, loses all claims.
 */
export class CreateLedger1790000100000 implements MigrationInterface {
  name = 'CreateLedger1790000100000';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE TABLE ledger (
        resource text COLLATE "C" NOT NULL,
        start    timestamptz NOT NULL,
        taken    integer     NOT NULL,
        CONSTRAINT pk_ledger PRIMARY KEY (resource, start),
        CONSTRAINT ck_ledger_taken CHECK (taken >= 0)
      ) WITH (fillfactor = 70)`);
    await db.query(`
      CREATE TABLE claim (
        owner_id  uuid          NOT NULL,
        resources text[]        NOT NULL,
        starts    timestamptz[] NOT NULL,
        amounts   integer[]     NOT NULL,
        CONSTRAINT pk_claim PRIMARY KEY (owner_id),
        CONSTRAINT ck_claim_lengths CHECK (
          cardinality(resources) = cardinality(starts) AND cardinality(starts) = cardinality(amounts))
      )`);
    await db.query(`
      CREATE TABLE ledger_change (
        id         uuid          NOT NULL,
        xid        xid8          NOT NULL DEFAULT pg_current_xact_id(),
        at         timestamptz   NOT NULL DEFAULT now(),
        resources  text[]        NOT NULL,
        starts     timestamptz[] NOT NULL,
        amounts    integer[]     NOT NULL,
        ended_hold uuid,
        CONSTRAINT pk_ledger_change PRIMARY KEY (id)
      )`);
    await db.query(`CREATE INDEX ix_ledger_change_xid ON ledger_change (xid)`);
    await db.query(`
      COMMENT ON COLUMN ledger.taken IS
        'Sum over all orders and holds. Changed only by take_claims. The limit is not stored: it comes from the network.'`);
    await db.query(`
      COMMENT ON TABLE claim IS 'What one order or one hold has taken: three arrays of equal length.'`);
    await db.query(`
      COMMENT ON TABLE ledger_change IS
        'What each transaction added to the ledger, for processes that follow it. Old rows may be deleted at any time that no process is an hour behind.'`);
    await db.query(`
      COMMENT ON COLUMN ledger_change.ended_hold IS 'The hold whose claims this change gave back or took over.'`);
    await this.createTakeClaims(db);
  }

  private async createTakeClaims(db: QueryRunner): Promise<void> {
    await db.query(`
      CREATE FUNCTION take_claims(
        p_change_id uuid, p_resources text[], p_starts timestamptz[], p_amounts integer[],
        p_limits integer[], p_ended_hold uuid
      ) RETURNS integer LANGUAGE plpgsql AS $$
      BEGIN
        FOR i IN 1 .. cardinality(p_resources) LOOP
          IF p_amounts[i] > 0 THEN
            IF p_amounts[i] > p_limits[i] THEN
              RETURN i;
            END IF;
            INSERT INTO ledger AS l (resource, start, taken)
            VALUES (p_resources[i], p_starts[i], p_amounts[i])
            ON CONFLICT (resource, start) DO UPDATE SET taken = l.taken + EXCLUDED.taken
              WHERE p_limits[i] IS NULL OR l.taken + EXCLUDED.taken <= p_limits[i];
            IF NOT FOUND THEN
              RETURN i;
            END IF;
          ELSE
            UPDATE ledger SET taken = taken + p_amounts[i]
             WHERE resource = p_resources[i] AND start = p_starts[i];
            IF NOT FOUND THEN
              RAISE EXCEPTION 'bucket % % was never taken', p_resources[i], p_starts[i];
            END IF;
          END IF;
        END LOOP;
        INSERT INTO ledger_change (id, resources, starts, amounts, ended_hold)
        VALUES (p_change_id, p_resources, p_starts, p_amounts, p_ended_hold);
        RETURN 0;
      END $$`);
    await db.query(`
      COMMENT ON FUNCTION take_claims IS
        'Adds amounts (negative: gives back) to buckets that are sorted by resource and start, each only up to its limit (null: none). Returns 0, or the position of the first bucket that is full: roll back then.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP FUNCTION take_claims`);
    await db.query(`DROP TABLE ledger_change`);
    await db.query(`DROP TABLE claim`);
    await db.query(`DROP TABLE ledger`);
  }
}
