import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Takes all claims of a new owner by one statement instead of one for each bucket, and lets the statement
 * that takes them fail when something is full, so that a commit may be sent right behind it.
 *
 * `take_claims` keeps its contract. Whether a bucket is full is now looked at after the addition, under
 * the row lock that the addition took; the transaction is undone in that case, so nobody ever sees more
 * than the limit. What gives something back goes bucket by bucket as before: the order of the buckets is
 * the same in both ways.
 *
 * Locks: replaces a function, for an instant. Safe while the service runs; processes of the old version
 * work on with the new function. Reversible: yes, without loss.
 */
export class TakeClaimsAtOnce1790000600000 implements MigrationInterface {
  name = 'TakeClaimsAtOnce1790000600000';

  async up(db: QueryRunner): Promise<void> {
    await replaceTakeClaims(
      db,
      `DECLARE
        v_full integer;
      BEGIN
        IF 0 < ALL (p_amounts) THEN
          WITH taken AS (
            INSERT INTO ledger AS l (resource, start, taken)
            SELECT resource, start, amount
              FROM unnest(p_resources, p_starts, p_amounts) WITH ORDINALITY
                   AS given (resource, start, amount, position)
             ORDER BY position
            ON CONFLICT (resource, start) DO UPDATE SET taken = l.taken + EXCLUDED.taken
            RETURNING l.resource, l.start, l.taken
          )
          SELECT min(given.position) INTO v_full
            FROM taken t
            JOIN unnest(p_resources, p_starts, p_limits) WITH ORDINALITY
                 AS given (resource, start, most, position)
              ON given.resource = t.resource AND given.start = t.start
           WHERE t.taken > given.most;
          IF v_full IS NOT NULL THEN
            RETURN v_full;
          END IF;
        ELSE
          ${ONE_BY_ONE}
        END IF;
        ${NOTE_CHANGE}
      END`,
    );
    await db.query(`
      CREATE FUNCTION require_taken(p_full integer) RETURNS void LANGUAGE plpgsql AS $$
      BEGIN
        IF p_full <> 0 THEN
          RAISE EXCEPTION 'a bucket is full' USING ERRCODE = 'WL001', DETAIL = p_full;
        END IF;
      END $$`);
    await db.query(`
      COMMENT ON FUNCTION require_taken IS
        'Fails with WL001 if take_claims met a full bucket, with its position as the detail.'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`DROP FUNCTION require_taken`);
    await replaceTakeClaims(db, `BEGIN ${ONE_BY_ONE} ${NOTE_CHANGE} END`);
  }
}

const ONE_BY_ONE = `
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
        END LOOP;`;

const NOTE_CHANGE = `
        INSERT INTO ledger_change (id, resources, starts, amounts, ended_hold)
        VALUES (p_change_id, p_resources, p_starts, p_amounts, p_ended_hold);
        RETURN 0;`;

async function replaceTakeClaims(db: QueryRunner, body: string): Promise<void> {
  await db.query(`
      CREATE OR REPLACE FUNCTION take_claims(
        p_change_id uuid, p_resources text[], p_starts timestamptz[], p_amounts integer[],
        p_limits integer[], p_ended_hold uuid
      ) RETURNS integer LANGUAGE plpgsql AS $$
      ${body} $$`);
}
