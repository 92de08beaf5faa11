import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** What may have broken a promise. */
export type ReplanCause =
  | 'HANDED_OVER_LATE'
  | 'SERVICES_CHANGED'
  | 'FINDING'
  | 'REWORK'
  | 'TRIP_CHANGED'
  | 'DISCREPANCY'
  | 'SHIFT_CUT'
  | 'STORE_CLOSED'
  | 'CAPACITY_CUT'
  | 'MISSED_DROP_OFF'
  | 'PICK_UP_PASSED';

/** The only way to ask that orders be planned again. */
@Injectable()
export class Replans {
  /**
   * In the transaction of what may have broken the promises; they are planned again after it. An order
   * that waits already keeps its place, with the latest cause.
   */
  async ask(
    tx: EntityManager,
    orderIds: readonly string[],
    cause: ReplanCause,
    now: EpochMs,
  ): Promise<void> {
    if (orderIds.length === 0) return;
    const sorted = [...new Set(orderIds)].sort();
    await run(tx, ASK, [sorted, cause, new Date(now)]);
  }

  /** As {@link ask}, each order for its own cause: one statement, so that no two who ask wait in a circle. */
  async askEach(
    tx: EntityManager,
    causes: ReadonlyMap<string, ReplanCause>,
    now: EpochMs,
  ): Promise<void> {
    if (causes.size === 0) return;
    const ids = [...causes.keys()].sort();
    const whys = ids.map((id) => causes.get(id)!);
    await run(tx, ASK_EACH, [ids, whys, new Date(now)]);
  }
}

const ASK = {
  name: 'replans-ask',
  text: `
    INSERT INTO replan (order_id, cause, since, due_at)
    SELECT id, $2, $3, $3 FROM unnest($1::uuid[]) AS id
    ON CONFLICT (order_id) DO UPDATE
       SET cause = excluded.cause, due_at = least(replan.due_at, excluded.due_at), tries = 0,
           leased_until = NULL`,
};

const ASK_EACH = {
  name: 'replans-ask-each',
  text: `
    INSERT INTO replan (order_id, cause, since, due_at)
    SELECT id, cause, $3, $3 FROM unnest($1::uuid[], $2::text[]) AS given (id, cause)
    ON CONFLICT (order_id) DO UPDATE
       SET cause = excluded.cause, due_at = least(replan.due_at, excluded.due_at), tries = 0,
           leased_until = NULL`,
};
