import type { VisitKind } from '../../core/counter/remaining.ts';
import { availableSlots } from '../../core/counter/remaining.ts';
import type { OrderItem, SlotChoice } from '../../core/orders/order.ts';
import { pairsOf } from '../../core/orders/order.ts';
import type { World } from '../../core/orders/world.ts';
import { instantAt } from '../../core/time/instant-at.ts';
import { addDays, localDateOf, parseLocalTime } from '../../core/time/local-date.ts';
import type { CustomerInput } from '../customers/index.ts';

/** A wished order of the demo: days count from the day of loading on each store's own calendar. */
export interface DemoWish {
  readonly dropOffStore: string;
  readonly dropOffDay: number;
  /** `HH:MM` on the store's clock; wanted is the first slot from then on. */
  readonly dropOffTime: string;
  readonly pickUpStore: string;
  readonly pickUpDay: number;
  readonly pickUpTime: string;
  readonly items: readonly OrderItem[];
  readonly customer: CustomerInput;
}

/** How far from the wished time a slot is looked for. */
const DAYS_LOOKED = 3;

/** The first bookable slot of one visit of a wish; null: none near it. */
export function slotForWish(world: World, wish: DemoWish, kind: VisitKind): SlotChoice | null {
  const isDropOff = kind === 'DROP_OFF';
  const storeCode = isDropOff ? wish.dropOffStore : wish.pickUpStore;
  const store = world.network.stores.get(storeCode);
  const minute = parseLocalTime(isDropOff ? wish.dropOffTime : wish.pickUpTime);
  if (store === undefined || minute === null) return null;
  const today = localDateOf(world.now, store.timeZone);
  const date = addDays(today, isDropOff ? wish.dropOffDay : wish.pickUpDay);
  const wanted = instantAt(date, minute, store.timeZone);
  const query = {
    kind,
    from: date,
    to: addDays(date, DAYS_LOOKED),
    pairs: pairsOf(wish.items),
    now: world.now,
  };
  const found = availableSlots(store, query, world.usage).find(({ slot }) => slot.start >= wanted);
  return found === undefined ? null : { storeCode, start: found.slot.start };
}
