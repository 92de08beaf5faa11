import {
  DAY_MS,
  type EpochMs,
  type LocalDate,
  type MinuteOfDay,
  type TimeZone,
  type Weekday,
} from './time.ts';
import { offsetMs } from './zone-offset.ts';

export { isTimeZone } from './zone-offset.ts';

/** The date that the wall clock of `zone` shows at `instant`. @throws RangeError on an unknown zone */
export function localDateOf(instant: EpochMs, zone: TimeZone): LocalDate {
  return dateOfDay(localDayOf(instant, zone));
}

/** As {@link localDateOf}, as a day number (see {@link dayNumber}). */
export function localDayOf(instant: EpochMs, zone: TimeZone): number {
  return Math.floor((instant + offsetMs(zone, instant)) / DAY_MS);
}

/** @throws RangeError on a malformed date, or if the result is outside of the years 0000 to 9999 */
export function addDays(date: LocalDate, days: number): LocalDate {
  return dateOfDay(dayNumber(date) + days);
}

/** @throws RangeError on a malformed date */
export function weekdayOf(date: LocalDate): Weekday {
  return weekdayOfDay(dayNumber(date));
}

/** Every date from `from` to `to`, both included; none if `to` is before `from`. */
export function daysFrom(from: LocalDate, to: LocalDate): readonly LocalDate[] {
  const first = dayNumber(from);
  const count = Math.max(0, dayNumber(to) - first + 1);
  return Array.from({ length: count }, (_, index) => dateOfDay(first + index));
}

/** `YYYY-MM-DD` of a day that the Gregorian calendar has. */
export function isLocalDate(text: string): boolean {
  return !Number.isNaN(parseDay(text));
}

/** `HH:MM` from 00:00 to 24:00, two digits each; null: anything else. */
export function parseLocalTime(text: string): MinuteOfDay | null {
  if (!/^[0-2][0-9]:[0-5][0-9]$/.test(text)) return null;
  const minute = Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
  return minute <= 1440 ? minute : null;
}

/**
 * Days from 1970-01-01 to `date` on the calendar: dates as numbers, to count with. Of no zone.
 *
 * @throws RangeError on a malformed date
 */
export function dayNumber(date: LocalDate): number {
  const day = parseDay(date);
  if (Number.isNaN(day)) throw new RangeError(`not a date: ${date}`);
  return day;
}

/** The date of a day number. @throws RangeError outside of the years 0000 to 9999 */
export function dateOfDay(day: number): LocalDate {
  const { year, month, dayOfMonth } = civilOf(day);
  if (!(year >= 0 && year <= 9999)) throw new RangeError(`not a date: day ${day}`);
  const years = year < 1000 ? String(year).padStart(4, '0') : String(year);
  return `${years}-${TWO_DIGITS[month]!}-${TWO_DIGITS[dayOfMonth]!}`;
}

/** 1970-01-01 was a Thursday. */
export function weekdayOfDay(day: number): Weekday {
  return (((((day + 3) % 7) + 7) % 7) + 1) as Weekday;
}

const TWO_DIGITS = Array.from({ length: 32 }, (_, number) => String(number).padStart(2, '0'));
const MONTH_DAYS = [0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** NaN: not a date. */
function parseDay(text: string): number {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return NaN;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const dayOfMonth = digits(text, 8, 10);
  if (!(year >= 0 && month >= 1 && month <= 12 && dayOfMonth >= 1)) return NaN;
  if (dayOfMonth > MONTH_DAYS[month]!) return NaN;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  if (month === 2 && dayOfMonth === 29 && !isLeap) return NaN;
  return dayOfCivil(year, month, dayOfMonth);
}

/** NaN unless all of `text` from `start` to `end` is ASCII digits. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`. */
function dayOfCivil(year: number, month: number, dayOfMonth: number): number {
  const fromMarch = month <= 2 ? year - 1 : year;
  const era = Math.floor(fromMarch / 400);
  const yearOfEra = fromMarch - era * 400;
  const dayOfYear =
    Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + dayOfMonth - 1;
  const dayOfEra =
    yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** Source: as {@link dayOfCivil}, `civil_from_days`. */
function civilOf(day: number): { year: number; month: number; dayOfMonth: number } {
  const fromMarch = day + 719_468;
  const era = Math.floor(fromMarch / 146_097);
  const dayOfEra = fromMarch - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  };
}
