import { Injectable } from '@nestjs/common';

import { capacityOf, remainingOf } from '../../core/counter/remaining.ts';
import { slotAt } from '../../core/counter/slots.ts';
import type { OrderData, SlotOffer } from '../../core/orders/order.ts';
import type { World } from '../../core/orders/world.ts';
import { checkPage, type PageRequest } from '../../platform/graphql/page.ts';
import type { CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { OrderReader } from './order-reader.ts';

const MOST_AT_ONCE = 100;

/** Orders as they stand. */
@Injectable()
export class Orders {
  constructor(
    private readonly reader: OrderReader,
    private readonly capacity: Capacity,
  ) {}

  /** Null if there is none that the caller may see. */
  async find(id: string, caller: SignedInCaller): Promise<OrderData | null> {
    const found = await this.reader.byId(id, caller);
    if (found === null) return null;
    return asOfNow(await this.capacity.world(), found.order);
  }

  async ownedBy(caller: CustomerCaller, page: PageRequest): Promise<readonly OrderData[]> {
    checkPage(page, MOST_AT_ONCE);
    const found = await this.reader.ownedBy(caller, page);
    const world = await this.capacity.world();
    return found.map(({ order }) => asOfNow(world, order));
  }
}

function asOfNow(world: World, order: OrderData): OrderData {
  return { ...order, promise: { ...order.promise, earliestPickUp: slotNow(world, order) } };
}

/** The promised first slot with what is free of it now; nothing, if the store has it no longer. */
function slotNow({ network, usage }: World, { pickUp, promise }: OrderData): SlotOffer {
  const { start, end } = promise.earliestPickUp;
  const store = network.stores.get(pickUp.storeCode)!;
  const slot = slotAt(store, start);
  if (slot === null) return { start, end, capacity: 0, remaining: 0 };
  return {
    start,
    end: slot.end,
    capacity: capacityOf(slot, 'PICK_UP'),
    remaining: remainingOf(store, slot, 'PICK_UP', 1, usage),
  };
}
