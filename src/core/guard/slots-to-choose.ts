import { availableSlots, type VisitKind } from '../counter/remaining.ts';
import { openingAt } from '../hours/openings.ts';
import type { Store } from '../network/network.ts';
import type { AppointmentData, SlotOffer, VisitChoice } from '../orders/order.ts';
import type { World } from '../orders/world.ts';
import { addDays, localDateOf } from '../time/local-date.ts';
import { instantAt } from '../time/instant-at.ts';
import type { EpochMs, LocalDate } from '../time/time.ts';

const DAYS_AHEAD = 14;
/** Where the afternoon and the evening begin. */
const PARTS_MIN = [12 * 60, 17 * 60];

export interface ChoiceQuestion {
  readonly store: Store;
  readonly visit: VisitKind;
  readonly from: EpochMs;
  readonly pairs: number;
}

/**
 * Up to three bookable slots from `from` on, spread so that one of them may suit: the first there is, the
 * first in another part of a day, and the first on a later date than that; where there is no such one, the
 * next.
 */
export function slotsToChoose(
  { usage, now }: Pick<World, 'usage' | 'now'>,
  { store, visit, from, pairs }: ChoiceQuestion,
): readonly SlotOffer[] {
  const date = localDateOf(Math.max(from, now), store.timeZone);
  const query = { kind: visit, from: date, to: addDays(date, DAYS_AHEAD), pairs, now };
  const offers = availableSlots(store, query, usage)
    .filter(({ slot }) => slot.start >= from)
    .map(({ slot, capacity, remaining }) => ({
      start: slot.start,
      end: slot.end,
      capacity,
      remaining,
    }));
  const [first, ...later] = offers;
  if (first === undefined) return [];
  const when = (offer: SlotOffer) => partOfDay(store, offer.start);
  const second = later.find((offer) => when(offer).key !== when(first).key) ?? later[0];
  if (second === undefined) return [first];
  const after = later.filter(({ start }) => start > second.start);
  const third = after.find((offer) => when(offer).date > when(second).date) ?? after[0];
  return third === undefined ? [first, second] : [first, second, third];
}

function partOfDay(store: Store, at: EpochMs): { readonly date: LocalDate; readonly key: string } {
  const date = localDateOf(at, store.timeZone);
  const part = PARTS_MIN.filter((minute) => at >= instantAt(date, minute, store.timeZone)).length;
  return { date, key: `${date} ${part}` };
}

/** Whether the store is open for the whole of a visit. */
export function isOpenFor(store: Store, { start, end }: Pick<AppointmentData, 'start' | 'end'>) {
  const opening = openingAt(store, start);
  return opening !== null && opening.end >= end;
}

/** Some slot of it is still to come and has room. */
export function isChoiceAlive(
  { usage, now }: Pick<World, 'usage' | 'now'>,
  store: Store,
  { visit, slots }: VisitChoice,
  pairs: number,
): boolean {
  return slots.some(({ start }) => {
    const date = localDateOf(start, store.timeZone);
    const query = { kind: visit, from: date, to: date, pairs, now };
    return availableSlots(store, query, usage).some(({ slot }) => slot.start === start);
  });
}
