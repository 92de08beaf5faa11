import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { MINUTE_MS } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run, type Statement } from '../../platform/database/statement.ts';
import { Replans, type ReplanCause } from '../orders/index.ts';

/** Goods may be scanned so much later than planned. */
const LATE_MIN = 15;
/** Pick-ups so far ahead are looked at; a promise that passes one further ahead was told when it broke. */
const AHEAD_MIN = 120;
/** Nobody waits any more for goods of a pick-up longer ago. */
const BEHIND_DAYS = 30;
const BATCH = 1_000;

interface IdRow {
  readonly id: string;
}

const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Finds promises that broke without a word: a pick-up that comes before the goods, a step that no scan has
 * confirmed, a choice of slots that are all over. Each look goes through all that the database has.
 */
@Injectable()
export class PromiseSweep {
  constructor(
    private readonly db: DataSource,
    private readonly replans: Replans,
    private readonly clock: Clock,
  ) {}

  /** @returns how many orders are to be planned again */
  async run(): Promise<number> {
    const now = this.clock.now();
    const at = new Date(now);
    const late = new Date(now - LATE_MIN * MINUTE_MS);
    const passed = await this.all(PASSED, [at, AHEAD_MIN, BEHIND_DAYS], 'PICK_UP_PASSED', now);
    const over = await this.all(CHOICE_OVER, [now], 'PICK_UP_PASSED', now);
    const missed = await this.all(STEP_MISSED, [late, late.getTime()], 'DISCREPANCY', now);
    return passed + over + missed;
  }

  /** Some at a time, by id. @returns how many there were */
  private async all(
    statement: Statement,
    values: readonly unknown[],
    cause: ReplanCause,
    now: number,
  ): Promise<number> {
    let found = 0;
    let after = FIRST_ID;
    for (;;) {
      const rows = await run<IdRow>(this.db, statement, [...values, BATCH, after]);
      await this.ask(rows, cause, now);
      found += rows.length;
      if (rows.length < BATCH) return found;
      after = rows.at(-1)!.id;
    }
  }

  private async ask(rows: readonly IdRow[], cause: ReplanCause, now: number): Promise<void> {
    if (rows.length === 0) return;
    const ids = rows.map(({ id }) => id);
    await this.db.transaction((tx) => this.replans.ask(tx, ids, cause, now));
  }
}

const OPEN = `o.status NOT IN ('CANCELLED', 'COLLECTED')
      AND NOT EXISTS (SELECT FROM replan r WHERE r.order_id = o.id)`;

/** Of an order whose drop-off was missed nothing is promised. */
const NOT_GIVEN_UP = `NOT (o.status = 'BOOKED' AND EXISTS (
        SELECT FROM appointment d
         WHERE d.order_id = o.id AND d.kind = 'DROP_OFF' AND d.status = 'NO_SHOW'))`;

/** The pick-up has come or comes soon, the goods come later, and the customer was offered nothing else. */
const PASSED = {
  name: 'guard-pick-up-passed',
  text: `
    SELECT o.id
      FROM appointment a JOIN customer_order o ON o.id = a.order_id
     WHERE a.kind = 'PICK_UP' AND a.starts_at <= $1::timestamptz + make_interval(mins => $2)
       AND a.starts_at > $1::timestamptz - make_interval(days => $3)
       AND a.status IN ('BOOKED', 'NO_SHOW')
       AND (o.promise->>'readyBy')::numeric > extract(epoch FROM a.starts_at) * 1000
       AND NOT o.promise ? 'choice' AND ${OPEN} AND ${NOT_GIVEN_UP}
     AND o.id > $5::uuid
     ORDER BY o.id LIMIT $4`,
};

/** All slots that the customer was offered have begun. */
const CHOICE_OVER = {
  name: 'guard-choice-over',
  text: `
    SELECT o.id FROM customer_order o
     WHERE o.promise ? 'choice' AND ${OPEN} AND ${NOT_GIVEN_UP}
       AND NOT EXISTS (
         SELECT FROM jsonb_array_elements(o.promise#>'{choice,slots}') AS slot
          WHERE (slot->>'start')::bigint > $1)
     AND o.id > $3::uuid
     ORDER BY o.id LIMIT $2`,
};

/**
 * A ride has left without a pair that was there for it, or has not brought one that is on it; or a pair is
 * in a workshop with work left after its shift. A workshop in a store and the store are one place.
 */
const STEP_MISSED = {
  name: 'guard-step-missed',
  text: `
    WITH house AS (
      SELECT code, coalesce(document->>'storeCode', code) AS house
        FROM network_part WHERE kind = 'workshop'
    )
    SELECT DISTINCT o.id
      FROM pair p JOIN customer_order o ON o.id = p.order_id
           CROSS JOIN LATERAL jsonb_to_recordset(o.promise->'steps')
             AS step (kind text, "fromCode" text, "toCode" text, "start" bigint, "end" bigint, by text)
           LEFT JOIN house here ON here.code = p.place_code
           LEFT JOIN house there ON there.code = step."fromCode"
     WHERE p.place IN ('STORE', 'WORKSHOP', 'TRIP') AND ${OPEN}
       AND CASE WHEN p.place = 'TRIP' THEN
             step.kind = 'RIDE' AND step.by = p.place_code AND step."toCode" = p.to_code
             AND step."end" < $2 AND p.since < $1
           WHEN coalesce(here.house, p.place_code) <> coalesce(there.house, step."fromCode") THEN false
           WHEN step.kind = 'RIDE' THEN
             step."start" < $2 AND extract(epoch FROM p.since) * 1000 <= step."start"
           ELSE step.kind = 'WORK' AND step."end" < $2
             AND EXISTS (SELECT FROM pair_operation w
                          WHERE w.pair_id = p.id AND w.finished_at IS NULL AND w.skill = step.by)
           END
     AND o.id > $4::uuid
     ORDER BY o.id LIMIT $3`,
};
