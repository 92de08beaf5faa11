import { DAY_MS, MINUTE_MS, type EpochMs } from '../../core/time/time.ts';

const RFC_3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d\d):(\d\d))$/;

/**
 * Reads an RFC 3339 date-time with any offset; digits after the millisecond are dropped.
 *
 * Stricter than `Date.parse`: no missing offset, no 30 February, no 24:00. A leap second, which may
 * only stand at 23:59:60 UTC, is the first instant of the next day.
 *
 * @returns epoch ms, or null if `text` is not one
 */
export function parseInstant(text: string): EpochMs | null {
  const match = RFC_3339.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offsetHour = Number(match[9] ?? 0);
  const offsetMinute = Number(match[10] ?? 0);
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return null;

  const midnight = utcMidnight(year, month, day);
  if (midnight === null) return null;
  const offsetMs = (offsetHour * 60 + offsetMinute) * MINUTE_MS * (match[8] === '-' ? -1 : 1);
  const fractionMs = Number((match[7] ?? '').padEnd(3, '0').slice(0, 3));
  const wholeSecond = midnight + (hour * 60 + minute) * MINUTE_MS + second * 1000 - offsetMs;
  if (second < 60) return wholeSecond + fractionMs;
  return wholeSecond % DAY_MS === 0 ? wholeSecond : null;
}

/** Null if the calendar has no such date. */
function utcMidnight(year: number, month: number, day: number): EpochMs | null {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : null;
}
