import { Injectable } from '@nestjs/common';

import { availableSlots, type VisitKind } from '../../core/counter/remaining.ts';
import type { Store } from '../../core/network/network.ts';
import type { SlotOffer } from '../../core/orders/order.ts';
import type { World } from '../../core/orders/world.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { checkDateRange } from '../stores/index.ts';

export interface AvailabilityRequest {
  readonly storeCodes: readonly string[];
  readonly kind: VisitKind;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly pairs: number;
  readonly includeFull: boolean;
}

export interface StoreAvailability {
  readonly store: Store;
  readonly slots: readonly SlotOffer[];
}

const MOST_STORES = 50;
/** 50 items of 100 pairs: the largest order there can be. */
const MOST_PAIRS = 5_000;

/** Which slots can be booked. */
@Injectable()
export class Availability {
  constructor(private readonly capacity: Capacity) {}

  /** In the order of the codes, with a constant number of statements, whatever is asked. */
  async find(request: AvailabilityRequest, caller: Caller): Promise<readonly StoreAvailability[]> {
    checkForm(request);
    return this.capacity.lookAs(caller, (world) => answer(request, caller, world));
  }
}

function answer(
  request: AvailabilityRequest,
  caller: Caller,
  { network, usage, now }: World,
): readonly StoreAvailability[] {
  return request.storeCodes.map((code, index) => {
    const store = network.stores.get(code);
    if (store === undefined) throw badInput('There is no such store.', `storeCodes[${index}]`);
    const includeFull = request.includeFull && maySeeFull(caller, code);
    const found = availableSlots(store, { ...request, includeFull, now }, usage);
    return {
      store,
      slots: found.map(({ slot: { start, end }, capacity, remaining }) => ({
        start,
        end,
        capacity,
        remaining,
      })),
    };
  });
}

function checkForm({ storeCodes, from, to, pairs }: AvailabilityRequest): void {
  if (storeCodes.length > MOST_STORES)
    throw badInput(`At most ${MOST_STORES} stores.`, 'storeCodes');
  checkDateRange(from, to);
  if (pairs < 1 || pairs > MOST_PAIRS) throw badInput(`1 to ${MOST_PAIRS} pairs.`, 'pairs');
}

/** Full slots are the business of headquarters and of the store's own staff. */
function maySeeFull(caller: Caller, storeCode: string): boolean {
  return caller.role === 'hq' || (caller.role === 'staff' && caller.stores.includes(storeCode));
}
