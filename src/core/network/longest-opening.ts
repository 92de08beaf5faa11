import { openingsByDay } from '../hours/openings.ts';
import { dayNumber } from '../time/local-date.ts';
import { MINUTE_MS } from '../time/time.ts';
import type { HoursOfStore, SpecialHours } from './network.ts';

/** A Monday; which one is of no matter, as the clock of UTC is never changed. */
const SOME_MONDAY = dayNumber('2001-01-01');

/**
 * Whether the store ever opens for so long at a stretch, or never opens at all: then no length is too
 * much. Changes of the clock are left out of it.
 */
export function opensForAsLongAs(hours: HoursOfStore, wantedMin: number): boolean {
  const weekly = { ...hours, timeZone: 'UTC', specialHours: [] };
  const longestMin = longestOf(weekly, SOME_MONDAY, SOME_MONDAY + 6);
  if (longestMin >= wantedMin) return true;

  const all = { ...hours, timeZone: 'UTC' };
  const specialMin = hours.specialHours.map((range) => longestAround(all, range));
  if (specialMin.some((lengthMin) => lengthMin >= wantedMin)) return true;
  return longestMin === 0 && specialMin.every((lengthMin) => lengthMin === 0);
}

/** At both ends of the range, where its hours may join those of other days; between, all days are alike. */
function longestAround(hours: HoursOfStore, range: SpecialHours): number {
  const first = dayNumber(range.from);
  const last = dayNumber(range.to);
  return Math.max(
    longestOf(hours, first - 1, Math.min(last, first + 2)),
    longestOf(hours, Math.max(first, last - 2), last + 1),
  );
}

function longestOf(hours: HoursOfStore, first: number, last: number): number {
  const lengthsMs = openingsByDay(hours, first, last)
    .flat()
    .map(({ start, end }) => end - start);
  return Math.max(0, ...lengthsMs) / MINUTE_MS;
}
