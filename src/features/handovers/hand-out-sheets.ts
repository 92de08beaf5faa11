import { Injectable } from '@nestjs/common';

import { problemOf, type HandOutProblemCode } from '../../core/handovers/hand-out.ts';
import { priceOfOrder } from '../../core/handovers/receive.ts';
import type { OrderData, Price } from '../../core/orders/order.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { AgreedFindings } from '../findings/index.ts';
import { Goods } from '../goods/index.ts';
import { CounterOrders } from './counter-orders.ts';

/** A pair as the counter sees it. */
export interface HandOutPair {
  readonly tag: string;
  readonly number: number;
  readonly description: string;
  readonly shelf: string | null;
  /** Why it cannot be handed out; null: it can. */
  readonly problem: HandOutProblemCode | null;
}

/** All that the counter needs to hand an order out. */
export interface HandOutSheet {
  readonly order: OrderData;
  readonly isRightStore: boolean;
  readonly pairs: readonly HandOutPair[];
  /** By currency, in order of code. */
  readonly owed: readonly Price[];
}

/** Shows the counter where the pairs of an order are, and what is owed for it. */
@Injectable()
export class HandOutSheets {
  constructor(
    private readonly orders: CounterOrders,
    private readonly goods: Goods,
    private readonly findings: AgreedFindings,
    private readonly capacity: Capacity,
  ) {}

  /** Null: no order has this ticket, or it has nothing to do with a store of the caller. */
  async of(
    ticketCode: string,
    storeCode: string,
    caller: SignedInCaller,
  ): Promise<HandOutSheet | null> {
    const found = await this.orders.find({ orderId: null, ticketCode }, caller);
    if (found === null || !isOfStoresOf(caller, found.order)) return null;
    const { order } = found;
    const pairs = (await this.goods.ofOrders([order.id])).get(order.id)!;
    const gated = await this.findings.gatedPairs(order.id);
    return {
      order,
      isRightStore: order.pickUp.storeCode === storeCode,
      pairs: pairs.map((pair) => ({
        tag: pair.tag,
        number: pair.number,
        description: order.items[pair.item - 1]?.description ?? '',
        shelf: pair.shelf,
        problem: problemOf(pair, gated, storeCode),
      })),
      owed: await this.owed(order),
    };
  }

  private async owed(order: OrderData): Promise<readonly Price[]> {
    const { services } = await this.capacity.lastSeen();
    const agreed = await this.findings.prices(order.id);
    const sums = new Map<string, number>();
    for (const { minor, currency } of [...priceOfOrder(order.items, services), ...agreed]) {
      sums.set(currency, (sums.get(currency) ?? 0) + minor);
    }
    return [...sums.keys()].sort().map((currency) => ({ minor: sums.get(currency)!, currency }));
  }
}

function isOfStoresOf(caller: SignedInCaller, { dropOff, pickUp }: OrderData): boolean {
  if (caller.role !== 'staff') return caller.role === 'hq';
  return [dropOff, pickUp].some(({ storeCode }) => caller.stores.includes(storeCode));
}
