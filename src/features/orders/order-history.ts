import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { OrderData } from '../../core/orders/order.ts';
import { run } from '../../platform/database/statement.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { VISIBLE, visibleTo } from './visibility.ts';

/** Which version of an order there is. */
export type OrderVersion = Pick<OrderData, 'id' | 'version'>;

/** Orders as they were after each of their changes. */
@Injectable()
export class OrderHistory {
  constructor(private readonly db: DataSource) {}

  /**
   * The versions of an order after `version`, in their order, none left out.
   *
   * @param version null: only the version that it has now
   * @returns null: there is no such order that the caller may see
   */
  async after(
    id: string,
    version: number | null,
    caller: SignedInCaller,
    most: number,
  ): Promise<readonly OrderData[] | null> {
    if (!isUuid(id)) return null;
    const values = [id, ...visibleTo(caller), version, most];
    const rows = await run<{ after: OrderData | null }>(this.db, AFTER, values);
    if (rows.length === 0) return null;
    return rows.flatMap(({ after }) => (after === null ? [] : [after]));
  }

  /** What the event of one version of an order says beyond the order; null: nothing. */
  async detailsAt(id: string, version: number): Promise<object | null> {
    const [row] = await run<{ details: object | null }>(this.db, DETAILS_AT, [id, version]);
    return row?.details ?? null;
  }

  /** The versions that orders have now, of those that there are. */
  async newest(ids: readonly string[]): Promise<readonly OrderVersion[]> {
    return run<OrderVersion>(this.db, NEWEST, [ids]);
  }
}

/** One row without an event: the order is there and has no later version. */
const AFTER = {
  name: 'order-history',
  text: `SELECT e.after
           FROM customer_order o
           LEFT JOIN event e ON e.order_id = o.id AND e.version > coalesce($6::int, o.version - 1)
          WHERE o.id = $1 AND ${VISIBLE}
          ORDER BY e.version LIMIT $7`,
};

const DETAILS_AT = {
  name: 'order-event-details',
  text: `SELECT details FROM event WHERE order_id = $1 AND version = $2`,
};

const NEWEST = {
  name: 'orders-newest-versions',
  text: `SELECT id, version FROM customer_order WHERE id = ANY ($1::uuid[])`,
};
