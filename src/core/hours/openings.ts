import type { HoursOfStore, TimeRange } from '../network/network.ts';
import { DayMemo, joined } from '../time/day-memo.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { subtract, union, type Interval } from '../time/interval.ts';
import { dayNumber, localDayOf, weekdayOfDay } from '../time/local-date.ts';
import { DAY_MS, type EpochMs, type LocalDate, type TimeZone } from '../time/time.ts';

/**
 * Days looked at on both sides of a range, so that an opening never depends on the range asked for. Hours
 * reach into the next date at most, and one day more decides whether an opening is longer than 24 hours;
 * the third is for zones that leave out a whole date.
 */
const MARGIN_DAYS = 3;
const MAX_REMEMBERED_DAYS = 100_000;

const remembered = new DayMemo<HoursOfStore, readonly Interval[]>(MAX_REMEMBERED_DAYS, byDay);

/**
 * The times in which a store is open, by start; those whose start has a local date from `from` to `to`.
 *
 * Hours belong to the date they start on, and special hours replace only what starts on their dates.
 * Touching and overlapping hours are one opening. One of more than 24 elapsed hours is cut at each local
 * midnight. Hours that a change of the clock leaves nothing of are dropped. Closures are cut out of what
 * that gives.
 *
 * @throws RangeError on an unknown zone or a malformed date
 */
export function openings(hours: HoursOfStore, from: LocalDate, to: LocalDate): readonly Interval[] {
  return joined(remembered.days(hours, dayNumber(from), dayNumber(to)));
}

/** As {@link openings}, one list for each day number from `first` to `last`. */
export function openingsByDay(
  hours: HoursOfStore,
  first: number,
  last: number,
): readonly (readonly Interval[])[] {
  return remembered.days(hours, first, last);
}

/** As {@link openingsByDay}, but as if the store had no closures. */
export function statedOpeningsByDay(
  hours: HoursOfStore,
  first: number,
  last: number,
): readonly (readonly Interval[])[] {
  return remembered.days(stated(hours), first, last);
}

/** The opening that `instant` is in; null: closed. Its end is closed, its start open. */
export function openingAt(hours: HoursOfStore, instant: EpochMs): Interval | null {
  const day = localDayOf(instant, hours.timeZone);
  // The day after: a clock set back at midnight shows yesterday's date again.
  for (let start = day + 1; start >= day - 2; start--) {
    for (const opening of remembered.day(hours, start)) {
      if (opening.start <= instant && instant < opening.end) return opening;
    }
  }
  return null;
}

function byDay(hours: HoursOfStore, first: number, last: number): readonly (readonly Interval[])[] {
  const days: Interval[][] = Array.from({ length: last - first + 1 }, () => []);
  const open: Interval[] = [];
  for (let day = first - MARGIN_DAYS; day <= last + MARGIN_DAYS; day++) {
    for (const range of rangesOn(hours, day)) open.push(intervalOn(range, day, hours.timeZone));
  }
  for (const opening of union(open)) {
    for (const piece of cut(opening, hours.timeZone)) {
      for (const left of without(piece, hours.closures)) {
        days[localDayOf(left.start, hours.timeZone) - first]?.push(left);
      }
    }
  }
  return days;
}

const statedHours = new WeakMap<HoursOfStore, HoursOfStore>();

/** The same value each time, for what is remembered of it. */
function stated(hours: HoursOfStore): HoursOfStore {
  if (hours.closures === undefined) return hours;
  let known = statedHours.get(hours);
  if (known === undefined) statedHours.set(hours, (known = { ...hours, closures: undefined }));
  return known;
}

function without(
  opening: Interval,
  closures: readonly Interval[] | undefined,
): readonly Interval[] {
  return closures === undefined ? [opening] : subtract([opening], closures);
}

function intervalOn({ opens, closes }: TimeRange, day: number, zone: TimeZone): Interval {
  return {
    start: instantOfDay(day, opens, zone),
    end: instantOfDay(closes <= opens ? day + 1 : day, closes, zone),
  };
}

function cut(opening: Interval, zone: TimeZone): readonly Interval[] {
  if (opening.end - opening.start <= DAY_MS) return [opening];
  const pieces: Interval[] = [];
  let start = opening.start;
  for (let day = localDayOf(start, zone) + 1; start < opening.end; day++) {
    const midnight = Math.min(opening.end, instantOfDay(day, 0, zone));
    if (midnight > start) pieces.push({ start, end: midnight });
    start = Math.max(start, midnight);
  }
  return pieces;
}

function rangesOn(hours: HoursOfStore, day: number): readonly TimeRange[] {
  const { weekly, special } = compiled(hours);
  for (const range of special) {
    if (range.first <= day && day <= range.last) return range.hours;
  }
  return weekly[weekdayOfDay(day)]!;
}

interface CompiledHours {
  /** By weekday, 1..7. */
  readonly weekly: readonly (readonly TimeRange[])[];
  readonly special: readonly {
    readonly first: number;
    readonly last: number;
    readonly hours: readonly TimeRange[];
  }[];
}

const compiledHours = new WeakMap<HoursOfStore, CompiledHours>();

function compiled(hours: HoursOfStore): CompiledHours {
  let known = compiledHours.get(hours);
  if (known === undefined) compiledHours.set(hours, (known = compile(hours)));
  return known;
}

function compile({ openingHours, specialHours }: HoursOfStore): CompiledHours {
  const weekly: TimeRange[][] = Array.from({ length: 8 }, () => []);
  for (const range of openingHours) {
    for (const weekday of new Set(range.days)) weekly[weekday]!.push(range);
  }
  const special = specialHours.map(({ from, to, hours }) => ({
    first: dayNumber(from),
    last: dayNumber(to),
    hours,
  }));
  return { weekly, special };
}
