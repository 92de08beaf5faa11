import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

const AT_ONCE = 1000;

/**
 * Deletes what people were told: words, addresses, receipts, grants, tasks that are done. The messages of
 * an order that is not over stay, as they say what need not be owed again.
 */
@Injectable()
export class MessageForgetting {
  constructor(private readonly db: DataSource) {}

  /** One round. @param before what ended before it goes @returns how many rows went; none: all is done */
  async forget(before: EpochMs): Promise<number> {
    let forgotten = 0;
    for (const statement of [MESSAGES, RECEIPTS, GRANTS, TASKS]) {
      const values = [new Date(before), AT_ONCE];
      const [row] = await run<{ count: number }>(this.db, statement, values);
      forgotten += row!.count;
    }
    return forgotten;
  }
}

const MESSAGES = {
  name: 'forget-messages',
  text: `
    WITH old AS (
      SELECT m.id FROM message m JOIN customer_order o ON o.id = m.order_id
       WHERE m.owed_at < $1 AND m.ended_at < $1 AND o.updated_at < $1 AND o.status IN ('COLLECTED', 'CANCELLED')
         AND NOT EXISTS (SELECT FROM delivery d WHERE d.message_id = m.id AND d.next_at IS NOT NULL)
       ORDER BY m.id LIMIT $2 FOR UPDATE OF m SKIP LOCKED
    ), sent AS (
      DELETE FROM delivery d USING old WHERE d.message_id = old.id
    ), gone AS (
      DELETE FROM message m USING old WHERE m.id = old.id RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};

const RECEIPTS = {
  name: 'forget-receipts',
  text: `
    WITH old AS (
      SELECT channel, account, dedupe_key FROM receipt
       WHERE received_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM receipt r USING old
       WHERE (r.channel, r.account, r.dedupe_key) = (old.channel, old.account, old.dedupe_key)
      RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};

/** Closed or run out, and no delivery names it any more. */
const GRANTS = {
  name: 'forget-grants',
  text: `
    WITH old AS (
      SELECT g.id FROM channel_grant g
       WHERE g.opened_at < $1 AND (g.closed_at < $1 OR g.expires_at < $1) AND g.reserved = 0
         AND NOT EXISTS (SELECT FROM delivery d WHERE d.grant_id = g.id)
       ORDER BY g.id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), entries AS (
      DELETE FROM grant_entry e USING old WHERE e.grant_id = old.id
    ), gone AS (
      DELETE FROM channel_grant g USING old WHERE g.id = old.id RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};

const TASKS = {
  name: 'forget-tasks',
  text: `
    WITH old AS (
      SELECT id FROM staff_task WHERE done_at < $1 ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
    ), gone AS (
      DELETE FROM staff_task t USING old WHERE t.id = old.id RETURNING 1
    )
    SELECT count(*)::int FROM gone`,
};
