import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { VisitKind } from '../../core/counter/remaining.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { Proposal } from '../../core/orders/propose.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** A visit that staff put into a slot over its limits. */
export interface LimitOverride {
  readonly orderId: string;
  readonly orderVersion: number;
  readonly visit: VisitKind;
  readonly storeCode: string;
  /** Start of the slot. */
  readonly start: Date;
  readonly reason: string;
  /** Id of the caller. */
  readonly actor: string;
  readonly at: Date;
}

/** Why and by whom limits were gone over. */
export interface Overriding {
  readonly visits: readonly VisitKind[];
  readonly reason: string;
  readonly actor: string;
  readonly at: EpochMs;
}

/** What a proposal goes over, if anything. Permission to do so that was not needed leaves no trace. */
export function overridingOf(
  overLimit: { readonly reason: string } | null | undefined,
  proposal: Pick<Proposal, 'overLimit'>,
  actor: string,
  at: EpochMs,
): Overriding | null {
  const { overLimit: visits = [] } = proposal;
  return overLimit == null || visits.length === 0
    ? null
    : { visits, reason: overLimit.reason, actor, at };
}

/** The log of all visits over the limit. */
@Injectable()
export class LimitOverrides {
  constructor(private readonly db: DataSource) {}

  /** In the transaction of the change; no visits: nothing. */
  async log(tx: EntityManager, order: OrderData, overriding: Overriding): Promise<void> {
    const { visits, reason, actor, at } = overriding;
    const rows = visits.map((visit) => {
      const { storeCode, start } = visit === 'DROP_OFF' ? order.dropOff : order.pickUp;
      return { visit, storeCode, start: new Date(start) };
    });
    if (rows.length === 0) return;
    const values = [order.id, order.version, JSON.stringify(rows), reason, actor, new Date(at)];
    await run(tx, LOG, values);
  }

  /** Those of slots that start in the span, by start; at most `most`. */
  async of(
    storeCode: string,
    from: EpochMs,
    to: EpochMs,
    most: number,
  ): Promise<readonly LimitOverride[]> {
    return run<LimitOverride>(this.db, OF_STORE, [storeCode, new Date(from), new Date(to), most]);
  }
}

const LOG = {
  name: 'limit-overrides-log',
  text: `
    INSERT INTO limit_override
      (order_id, order_version, visit, store_code, starts_at, reason, actor, at)
    SELECT $1, $2, visit, "storeCode", "start", $4, $5, $6
      FROM jsonb_to_recordset($3::jsonb) AS given (visit text, "storeCode" text, "start" timestamptz)`,
};

const OF_STORE = {
  name: 'limit-overrides-of-store',
  text: `
    SELECT order_id AS "orderId", order_version AS "orderVersion", visit, store_code AS "storeCode",
           starts_at AS "start", reason, actor, at
      FROM limit_override
     WHERE store_code = $1 AND starts_at >= $2 AND starts_at < $3
     ORDER BY starts_at, order_id, order_version, visit LIMIT $4`,
};
