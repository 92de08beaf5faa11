import { parseLocalTime } from '../time/local-date.ts';
import type { MinuteOfDay, Weekday } from '../time/time.ts';
import type { TimeRangeInput, WeekdayName } from './network-input.ts';
import type { TimeRange } from './network.ts';

/** In the order of the week; the place in the list plus one is the ISO number. */
export const WEEKDAY_NAMES = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
] as const satisfies readonly WeekdayName[];

/** In the order of the week. */
export function weekdaysOf(names: readonly WeekdayName[]): readonly Weekday[] {
  return names.map((name) => (WEEKDAY_NAMES.indexOf(name) + 1) as Weekday).sort((a, b) => a - b);
}

/** @throws Error on a text that validation would have refused: a fault of the caller */
export function minuteOf(text: string): MinuteOfDay {
  const minute = parseLocalTime(text);
  if (minute === null) throw new Error(`network was not validated: time ${text}`);
  return minute;
}

export function timeRangeOf(range: TimeRangeInput): TimeRange {
  return { opens: minuteOf(range.opens), closes: minuteOf(range.closes) };
}
