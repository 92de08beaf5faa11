import { Injectable } from '@nestjs/common';

import { capacityOf, remainingOf } from '../../core/counter/remaining.ts';
import { slotAt } from '../../core/counter/slots.ts';
import type { OrderData, SlotOffer } from '../../core/orders/order.ts';
import type { World } from '../../core/orders/world.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { OrderReader } from './order-reader.ts';

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
    const { order } = found;
    const earliestPickUp = slotNow(await this.capacity.world(), order);
    return { ...order, promise: { ...order.promise, earliestPickUp } };
  }
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
