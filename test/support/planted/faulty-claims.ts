import type pg from 'pg';

/** Ways to take claims, with a pause after each bucket so that others come in between. */
export type TakingClaims =
  'sorted, in one step' | 'in any order' | 'read, then written' | 'read, then added';

const PAUSE_SECONDS = 0.005;
/** Advisory lock that whoever takes claims passes first: who holds it lets all begin at once. */
export const CLAIMS_GATE = 4_711_001;

/** Replaces how this database takes claims; all else of `take_claims` stays. */
export async function plantTakeClaims(db: pg.Pool, way: TakingClaims): Promise<void> {
  const isUnsorted = way === 'in any order';
  await db.query(`CREATE SEQUENCE IF NOT EXISTS turn`);
  await db.query(`
    CREATE OR REPLACE FUNCTION take_claims(
      p_change_id uuid, p_resources text[], p_starts timestamptz[], p_amounts integer[],
      p_limits integer[], p_ended_hold uuid
    ) RETURNS integer LANGUAGE plpgsql AS $$
    DECLARE
      count integer := cardinality(p_resources);
      isBackwards boolean := ${isUnsorted ? `nextval('turn') % 2 = 0` : 'false'};
      i integer;
      was integer;
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(${CLAIMS_GATE});
      FOR n IN 1 .. count LOOP
        i := CASE WHEN isBackwards THEN count + 1 - n ELSE n END;
        ${way.startsWith('read') ? READ_FIRST : ONE_STEP}
        PERFORM pg_sleep(${PAUSE_SECONDS});
        ${way.startsWith('read') ? WRITE[way as keyof typeof WRITE] : ''}
      END LOOP;
      INSERT INTO ledger_change (id, resources, starts, amounts, ended_hold)
      VALUES (p_change_id, p_resources, p_starts, p_amounts, p_ended_hold);
      RETURN 0;
    END $$`);
}

const ONE_STEP = `
  INSERT INTO ledger AS l (resource, start, taken) VALUES (p_resources[i], p_starts[i], p_amounts[i])
  ON CONFLICT (resource, start) DO UPDATE SET taken = l.taken + EXCLUDED.taken
    WHERE p_limits[i] IS NULL OR l.taken + EXCLUDED.taken <= p_limits[i];
  IF NOT FOUND THEN RETURN i; END IF;`;

const READ_FIRST = `
  SELECT coalesce(max(taken), 0) INTO was FROM ledger
   WHERE resource = p_resources[i] AND start = p_starts[i];
  IF was + p_amounts[i] > p_limits[i] THEN RETURN i; END IF;`;

const upsert = (taken: string): string => `
  INSERT INTO ledger AS l (resource, start, taken) VALUES (p_resources[i], p_starts[i], p_amounts[i])
  ON CONFLICT (resource, start) DO UPDATE SET taken = ${taken};`;

const WRITE = {
  'read, then written': upsert('was + p_amounts[i]'),
  'read, then added': upsert('l.taken + p_amounts[i]'),
} as const;
