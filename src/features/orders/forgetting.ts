import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { DAY_MS, type EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** By the database's clock. A client that has heard nothing for so long asks again with a new key. */
const KEYS_DAYS = 30;
/** Longer than its key, which names it as the answer. */
const HOLDS_DAYS = 31;
/** What an order had taken is of no use to anybody so long after its end. */
const CLAIMS_MS = 60 * DAY_MS;
const AT_ONCE = 1000;

/** Deletes what is kept with orders for a while only. Orders and their events stay. */
@Injectable()
export class OrderForgetting {
  constructor(private readonly db: DataSource) {}

  /** One round: some of each sort. @returns how many rows went; none: nothing is left to forget */
  async forget(now: EpochMs): Promise<number> {
    const past = new Date(now - CLAIMS_MS);
    let forgotten = 0;
    forgotten += await this.round(FORGET_KEYS, KEYS_DAYS);
    forgotten += await this.round(FORGET_HOLDS, HOLDS_DAYS);
    forgotten += await this.round(GIVE_BACK_PAST, past);
    return forgotten + (await this.round(FORGET_WINDOWS, past));
  }

  private async round(statement: typeof FORGET_KEYS, before: Date | number): Promise<number> {
    const [row] = await run<{ count: number }>(this.db, statement, [before, AT_ONCE]);
    return row!.count;
  }
}

const FORGET_KEYS = {
  name: 'forget-request-keys',
  text: `
    WITH old AS (
      SELECT caller, key FROM request_key
       WHERE created_at < clock_timestamp() - make_interval(days => $1) LIMIT $2 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM request_key k USING old WHERE (k.caller, k.key) = (old.caller, old.key) RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};

/** Their claims were given back, or are the order's, when they ended. */
const FORGET_HOLDS = {
  name: 'forget-holds',
  text: `
    WITH old AS (
      SELECT id FROM hold WHERE ended_at < clock_timestamp() - make_interval(days => $1)
       ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM hold h USING old WHERE h.id = old.id RETURNING h.id
    ), claims AS (
      DELETE FROM claim c USING gone WHERE c.owner_id = gone.id AND c.resources = '{}'
    )
    SELECT count(*)::int FROM gone`,
};

/**
 * What orders that are over have of windows long past goes out of the ledger and of their claims at once,
 * so the sum of all claims is the ledger before and after.
 */
const GIVE_BACK_PAST = {
  name: 'forget-past-claims',
  text: `
    WITH past AS (
      SELECT c.owner_id, c.resources, c.starts, c.amounts
        FROM claim c JOIN customer_order o ON o.id = c.owner_id
       WHERE o.status IN ('COLLECTED', 'CANCELLED') AND o.updated_at < $1
         AND c.resources <> '{}' AND $1 > ALL (c.starts)
       ORDER BY c.owner_id LIMIT $2 FOR UPDATE OF c SKIP LOCKED
    ), sums AS (
      SELECT resource, start, sum(amount)::int AS amount
        FROM past, unnest(resources, starts, amounts) AS had (resource, start, amount)
       GROUP BY resource, start
    ), given AS (
      UPDATE ledger l SET taken = l.taken - sums.amount
        FROM sums WHERE (l.resource, l.start) = (sums.resource, sums.start)
    ), emptied AS (
      UPDATE claim c SET resources = '{}', starts = '{}', amounts = '{}'
        FROM past WHERE c.owner_id = past.owner_id RETURNING 1
    )
    SELECT count(*)::int FROM emptied`,
};

const FORGET_WINDOWS = {
  name: 'forget-past-windows',
  text: `
    WITH old AS (
      SELECT resource, start FROM ledger WHERE start < $1 AND taken = 0
       LIMIT $2 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM ledger l USING old
       WHERE (l.resource, l.start) = (old.resource, old.start) RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};
