import { IANAZone } from 'luxon';

import { DAY_MS, MINUTE_MS, type EpochMs, type TimeZone } from './time.ts';

/** UTC days remembered for each zone: more than a year, so that a horizon never evicts itself. */
const DAYS = 512;
/** There are about 600 names; more can only come from odd spellings. */
const MAX_ZONES = 1_000;
const NO_DAY = 0x7fff_ffff;

/** What is known of one zone, one entry a UTC day, at the day's number modulo {@link DAYS}. */
class ZoneDays {
  readonly zone: IANAZone;
  readonly day = new Int32Array(DAYS).fill(NO_DAY);
  readonly before = new Int32Array(DAYS);
  readonly after = new Int32Array(DAYS);
  /** The instant within the day from which `after` holds; Infinity: not on this day. */
  readonly changeAt = new Float64Array(DAYS);

  constructor(name: TimeZone) {
    this.zone = IANAZone.create(name);
  }
}

const byName = new Map<TimeZone, ZoneDays>();
let lastName: TimeZone | null = null;
let lastDays: ZoneDays;

/**
 * Milliseconds by which the wall clock of `zone` is ahead of UTC at `instant`.
 *
 * The answers of luxon are remembered by UTC day, with the instant of the change on a day that has one:
 * luxon needs some microseconds for each, this some nanoseconds. No zone changes twice in one UTC day.
 *
 * @throws RangeError on an unknown zone or an instant that is no number
 */
export function offsetMs(zone: TimeZone, instant: EpochMs): number {
  if (zone !== lastName) {
    lastDays = daysOf(zone);
    lastName = zone;
  }
  const days = lastDays;
  const day = Math.floor(instant / DAY_MS);
  const at = day & (DAYS - 1);
  if (days.day[at] !== day) learn(days, day);
  return instant < days.changeAt[at]! ? days.before[at]! : days.after[at]!;
}

/** An IANA name that this runtime knows. An offset such as `+08:00` is none. */
export function isTimeZone(text: string): boolean {
  return byName.has(text) || (/^[A-Za-z]/.test(text) && IANAZone.isValidZone(text));
}

function daysOf(zone: TimeZone): ZoneDays {
  let days = byName.get(zone);
  if (days === undefined) {
    if (!isTimeZone(zone)) throw new RangeError(`unknown time zone: ${zone}`);
    if (byName.size >= MAX_ZONES) byName.clear();
    byName.set(zone, (days = new ZoneDays(zone)));
  }
  return days;
}

function learn(days: ZoneDays, day: number): void {
  const start = day * DAY_MS;
  const end = start + DAY_MS;
  const before = ask(days.zone, start);
  const after = ask(days.zone, end);
  const at = day & (DAYS - 1);
  days.before[at] = before;
  days.after[at] = after;
  days.changeAt[at] =
    before === after ? Infinity : firstOf(start, end, (t) => ask(days.zone, t) !== before);
  days.day[at] = day;
}

/** The least t in (`from`, `to`] of which `holds` is true; it holds at `to`. */
function firstOf(from: EpochMs, to: EpochMs, holds: (t: EpochMs) => boolean): EpochMs {
  let no = from;
  let yes = to;
  while (yes - no > 1) {
    const middle = Math.floor((no + yes) / 2);
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

function ask(zone: IANAZone, instant: EpochMs): number {
  const offset = zone.offset(instant);
  if (Number.isNaN(offset)) throw new RangeError(`not an instant: ${instant}`);
  // Before railway time offsets had seconds, of which luxon answers the fraction of a minute.
  return Math.round(offset * MINUTE_MS);
}
