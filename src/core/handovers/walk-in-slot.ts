import { slotsOf, type CounterSlot } from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import { addDays, localDateOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';

/** The slots of today that a walk-in can have: the one that covers `now`, then those that follow. */
export function slotsFromNow(store: Store, now: EpochMs): readonly CounterSlot[] {
  const today = localDateOf(now, store.timeZone);
  // An opening past midnight has its first slots on the date before.
  const slots = slotsOf(store, addDays(today, -1), today);
  const openNow = slots.filter(({ end }) => end > now);
  return openNow.filter(
    ({ start }) => start <= now || localDateOf(start, store.timeZone) === today,
  );
}

/** The first of them; null: the store takes nobody any more today. */
export const slotAround = (store: Store, now: EpochMs): CounterSlot | null =>
  slotsFromNow(store, now)[0] ?? null;
