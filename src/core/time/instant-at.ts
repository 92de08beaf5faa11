import { dayNumber } from './local-date.ts';
import {
  DAY_MS,
  MINUTE_MS,
  type EpochMs,
  type LocalDate,
  type MinuteOfDay,
  type TimeZone,
} from './time.ts';
import { offsetMs } from './zone-offset.ts';

/**
 * The instant at which a place's wall clock shows `minute` on `date`.
 *
 * A skipped time moves forward by the gap, a repeated time means its first occurrence: fixed for the
 * whole product. The two offsets around the date are tried in that order, because luxon's own answer
 * for a repeated hour depends on the offset at the moment the program runs.
 *
 * @throws RangeError on an unknown zone, a malformed date, or a minute outside 0..1440
 * Source: RFC 5545 section 3.3.5.
 */
export function instantAt(date: LocalDate, minute: MinuteOfDay, zone: TimeZone): EpochMs {
  if (!(minute >= 0 && minute <= 1440)) throw new RangeError(`not a minute of a day: ${minute}`);
  return instantOfDay(dayNumber(date), minute, zone);
}

/** As {@link instantAt}, of a day number; a minute may be of the days before or after. */
export function instantOfDay(day: number, minute: number, zone: TimeZone): EpochMs {
  const wall = day * DAY_MS + minute * MINUTE_MS;
  const before = offsetMs(zone, wall - DAY_MS);
  const first = wall - before;
  if (offsetMs(zone, first) === before) return first;
  const after = offsetMs(zone, wall + DAY_MS);
  const second = wall - after;
  return offsetMs(zone, second) === after ? second : first;
}
