import { openingAt, statedOpeningsByDay } from '../hours/openings.ts';
import type { CounterNumbers, Store } from '../network/network.ts';
import { DayMemo, joined } from '../time/day-memo.ts';
import type { Interval } from '../time/interval.ts';
import { dateOfDay, dayNumber, localDayOf } from '../time/local-date.ts';
import { DAY_MS, MINUTE_MS, type EpochMs, type LocalDate, type TimeZone } from '../time/time.ts';
import { offsetMs } from '../time/zone-offset.ts';
import { numbersFrom } from './bands.ts';

/** A half-open interval of a store's counter that can be booked, with the numbers that hold in it. */
export interface CounterSlot {
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Of the first band that covers the start, else of the counter; what a band leaves out filled in. */
  readonly numbers: CounterNumbers;
}

/** Why a start cannot be booked whatever is taken, in the order in which the reasons are looked for. */
export type SlotFault = 'CLOSED' | 'NOT_ON_GRID' | 'TOO_SOON' | 'BEYOND_HORIZON';

/** A month of a thousand stores. */
const MAX_REMEMBERED_DAYS = 31_000;

const remembered = new DayMemo<Store, readonly CounterSlot[]>(MAX_REMEMBERED_DAYS, byDay);

/**
 * The slot grid of the dates from `from` to `to`, whatever is taken, by start. A slot belongs to the
 * local date of its start.
 *
 * The grid starts anew with each opening; a slot that would outlast its opening is left out. A closure moves
 * no slots, it only takes away those that it touches: what was booked before stays on the grid.
 *
 * @throws RangeError on an unknown zone or a malformed date
 */
export function slotsOf(store: Store, from: LocalDate, to: LocalDate): readonly CounterSlot[] {
  return joined(remembered.days(store, dayNumber(from), dayNumber(to)));
}

/** The slot that starts exactly at `start`; null: none does. */
export function slotAt(store: Store, start: EpochMs): CounterSlot | null {
  const slots = remembered.day(store, localDayOf(start, store.timeZone));
  return slots.find((slot) => slot.start === start) ?? null;
}

/** What keeps the slot at `start` from being booked at `now`, be it empty; null: nothing. */
export function slotFault(store: Store, start: EpochMs, now: EpochMs): SlotFault | null {
  if (slotAt(store, start) === null) {
    return openingAt(store, start) === null ? 'CLOSED' : 'NOT_ON_GRID';
  }
  if (start < firstBookable(store, now)) return 'TOO_SOON';
  return localDayOf(start, store.timeZone) > lastBookableDay(store, now) ? 'BEYOND_HORIZON' : null;
}

/** The earliest start that can be booked at `now`: the lead time from now, exactly then included. */
export function firstBookable(store: Store, now: EpochMs): EpochMs {
  return now + store.counter.leadTimeMin * MINUTE_MS;
}

/** The last date that can be booked at `now`. Today is the first of the horizon's days. */
export function lastBookableDate(store: Store, now: EpochMs): LocalDate {
  return dateOfDay(lastBookableDay(store, now));
}

function lastBookableDay(store: Store, now: EpochMs): number {
  return localDayOf(now, store.timeZone) + store.counter.horizonDays - 1;
}

function byDay(store: Store, first: number, last: number): readonly (readonly CounterSlot[])[] {
  const numbersIn = numbersFrom(store, first, last);
  const slots: CounterSlot[][] = Array.from({ length: last - first + 1 }, () => []);
  // An opening of the days around may reach into the date, and a slot is of the date it starts on.
  for (const openings of statedOpeningsByDay(store, first - 2, last + 1)) {
    for (const opening of openings) addGrid(slots, first, store, opening, numbersIn(opening));
  }
  return slots;
}

/** Adds the slots of `opening` to the lists of their days, of which the first is `firstDay`. */
function addGrid(
  slots: readonly CounterSlot[][],
  firstDay: number,
  { counter, timeZone, closures = [] }: Store,
  opening: Interval,
  numbersAt: (start: EpochMs) => CounterNumbers,
): void {
  const slotMs = counter.slotMin * MINUTE_MS;
  const day = onlyDayOf(opening, timeZone);
  const ofDay = day === null ? null : (slots[day - firstDay] ?? null);
  if (day !== null && ofDay === null) return;
  for (let start = opening.start; start + slotMs <= opening.end; start += slotMs) {
    const end = start + slotMs;
    if (closures.some((closed) => closed.start < end && start < closed.end)) continue;
    const list = ofDay ?? slots[localDayOf(start, timeZone) - firstDay];
    list?.push({ start, end, numbers: numbersAt(start) });
  }
}

/** The day number of all instants in `opening`; null: it may touch two dates. */
function onlyDayOf({ start, end }: Interval, zone: TimeZone): number | null {
  const startOffset = offsetMs(zone, start);
  if (offsetMs(zone, end) !== startOffset) return null;
  const day = Math.floor((start + startOffset) / DAY_MS);
  return Math.floor((end + startOffset - 1) / DAY_MS) === day ? day : null;
}
