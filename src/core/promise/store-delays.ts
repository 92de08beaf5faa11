import { capacityOf, remainingOf } from '../counter/remaining.ts';
import { firstBookable, slotsOf, type CounterSlot } from '../counter/slots.ts';
import type { Usage } from '../claims/usage.ts';
import { openingAt } from '../hours/openings.ts';
import type { Store } from '../network/network.ts';
import { localDateOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import type { PlanDelay } from './plan.ts';

/** The goods at the pick-up store. */
export interface StoreWait {
  readonly store: Store;
  readonly usage: Usage;
  readonly now: EpochMs;
  readonly pairs: number;
  readonly readyBy: EpochMs;
  readonly slot: CounterSlot;
  /** Starts of the dates on which a full shelf made the goods wait. */
  readonly fullShelfDates: readonly EpochMs[];
}

export function storeDelays(wait: StoreWait): readonly PlanDelay[] {
  const { code } = wait.store;
  return [
    ...wait.fullShelfDates.map((at): PlanDelay => ({ kind: 'SHELF_FULL', code, at })),
    ...fullSlots(wait).map((at): PlanDelay => ({ kind: 'COUNTER_FULL', code, at })),
  ];
}

/** The first full slot of each opening, between the goods being ready and the first free slot. */
function fullSlots({ store, usage, now, pairs, readyBy, slot }: StoreWait): readonly EpochMs[] {
  const from = Math.max(readyBy, firstBookable(store, now));
  const dates = [
    localDateOf(from, store.timeZone),
    localDateOf(slot.start, store.timeZone),
  ] as const;
  const openingsSeen = new Set<EpochMs>();
  const starts: EpochMs[] = [];
  for (const passed of slotsOf(store, ...dates)) {
    if (passed.start < from || passed.start >= slot.start) continue;
    if (capacityOf(passed, 'PICK_UP') === 0) continue;
    if (remainingOf(store, passed, 'PICK_UP', pairs, usage) > 0) continue;
    const opening = openingAt(store, passed.start)!.start;
    if (!openingsSeen.has(opening)) starts.push(passed.start);
    openingsSeen.add(opening);
  }
  return starts;
}
