import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { OrderNow } from '../../core/guard/planned-way.ts';
import { Goods } from '../goods/index.ts';
import { OrderReader } from '../orders/index.ts';
import { GoneVans } from './gone-vans.ts';

/** Orders with what they take and where their pairs are. */
@Injectable()
export class OrderSituations {
  constructor(
    private readonly orders: OrderReader,
    private readonly goods: Goods,
    private readonly vans: GoneVans,
  ) {}

  /** In the order of the ids, without those that there are not. Three statements, however many. */
  async of(ids: readonly string[], from?: EntityManager): Promise<readonly OrderNow[]> {
    const [orders, pairs, gone] = await Promise.all([
      this.orders.many(ids, from),
      this.goods.ofOrders(ids, from),
      this.vans.of(ids, from),
    ]);
    const byId = new Map(orders.map((found) => [found.order.id, found]));
    return ids.flatMap((id) => {
      const found = byId.get(id);
      return found === undefined ? [] : [{ ...found, pairs: pairs.get(id) ?? [], gone }];
    });
  }
}
