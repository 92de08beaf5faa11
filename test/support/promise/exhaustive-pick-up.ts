import { shelfOf } from '../../../src/core/claims/resource.ts';
import type { Usage } from '../../../src/core/claims/usage.ts';
import { remainingOf } from '../../../src/core/counter/remaining.ts';
import {
  lastBookableDate,
  slotAt,
  slotsOf,
  type CounterSlot,
} from '../../../src/core/counter/slots.ts';
import type { Store } from '../../../src/core/network/network.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import { daysFrom, localDateOf } from '../../../src/core/time/local-date.ts';
import type { Interval } from '../../../src/core/time/interval.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';

export interface PickUp {
  readonly readyBy: EpochMs;
  readonly slot: CounterSlot;
  readonly shelfDates: readonly string[];
}

export interface PickUpQuestion {
  readonly readyBy: EpochMs;
  readonly pairs: number;
  readonly now: EpochMs;
  readonly pickUpStart: EpochMs | null;
  readonly closures: readonly Interval[];
}

/** How goods ready at an instant are collected; null: they cannot be. */
export function pickUpSlot(
  store: Store,
  { readyBy, pairs, now, pickUpStart, closures }: PickUpQuestion,
  usage: Usage,
): PickUp | null {
  if (pickUpStart !== null && readyBy > pickUpStart) return null;
  const soonest = now + store.counter.leadTimeMin * MINUTE_MS;
  const free = slotsOf(store, localDateOf(now, store.timeZone), lastBookableDate(store, now))
    .filter(({ start }) => start >= readyBy && start >= soonest)
    .filter((slot) => isOpen(slot, closures))
    .filter((slot) => remainingOf(store, slot, 'PICK_UP', pairs, usage) > 0);
  const slot = free.at(0) ?? (pickUpStart === null ? null : slotAt(store, pickUpStart));
  if (slot === null || !isOpen(slot, closures)) return null;
  const shelfDates = daysFrom(
    localDateOf(readyBy, store.timeZone),
    localDateOf(pickUpStart ?? slot.start, store.timeZone),
  );
  const hasRoom = shelfDates.every((date) => {
    const taken = usage.taken(shelfOf(store.code), instantAt(date, 0, store.timeZone));
    return store.shelfPairs === null || taken + pairs <= store.shelfPairs;
  });
  return hasRoom ? { readyBy, slot, shelfDates } : null;
}

function isOpen(slot: Interval, closures: readonly Interval[]): boolean {
  return !closures.some(({ start, end }) => start < slot.end && slot.start < end);
}
