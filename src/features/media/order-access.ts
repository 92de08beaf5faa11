import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { validate as isUuid } from 'uuid';

import { run } from '../../platform/database/statement.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { OrderReader } from '../orders/index.ts';

/** Who may see the media of an order, and add to them. */
@Injectable()
export class OrderAccess {
  constructor(
    private readonly db: DataSource,
    private readonly orders: OrderReader,
  ) {}

  /** Whoever may see the order, and staff of a place where a pair of it is or was worked on. */
  async sees(orderId: string, caller: SignedInCaller): Promise<boolean> {
    const found = await this.orders.byId(orderId, caller);
    if (found !== null || caller.role !== 'staff') return found !== null;
    if (!isUuid(orderId)) return false;
    return (await run(this.db, HANDLED_AT, [orderId, caller.stores])).length > 0;
  }
}

const HANDLED_AT = {
  name: 'media-order-handled-at',
  text: `
    SELECT 1 AS handled
      FROM pair p
     WHERE p.order_id = $1
       AND (p.place_code = ANY ($2::text[]) OR EXISTS (
             SELECT FROM pair_operation w
              WHERE w.pair_id = p.id AND w.workshop_code = ANY ($2::text[])))
     LIMIT 1`,
};
