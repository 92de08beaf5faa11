import { afterEach, describe, expect, it, vi } from 'vitest';
import fc from 'fast-check';
import { IANAZone } from 'luxon';

import { instantAt } from '../../src/core/time/instant-at.ts';
import { addDays } from '../../src/core/time/local-date.ts';
import { offsetMs } from '../../src/core/time/zone-offset.ts';
import { iso, minuteOf, PLACES } from './store-values.ts';

const CASES = [
  ['skipped 02:30 moves forward', 'America/New_York', '2017-03-12', '02:30', '2017-03-12T07:30'],
  ['repeated 01:30 is the first', 'America/New_York', '2017-11-05', '01:30', '2017-11-05T05:30'],
  [
    'the hour after the repeated one',
    'America/New_York',
    '2017-11-05',
    '02:00',
    '2017-11-05T07:00',
  ],
  ['skipped in London', 'Europe/London', '2026-03-29', '01:15', '2026-03-29T01:15'],
  ['repeated in London', 'Europe/London', '2026-10-25', '01:15', '2026-10-25T00:15'],
  ['half an hour skipped', 'Australia/Lord_Howe', '2026-10-04', '02:15', '2026-10-03T15:45'],
  ['half an hour repeated', 'Australia/Lord_Howe', '2026-04-05', '01:45', '2026-04-04T14:45'],
  ['after half an hour repeated', 'Australia/Lord_Howe', '2026-04-05', '02:00', '2026-04-04T15:30'],
  ['midnight that is skipped', 'Africa/Cairo', '2026-04-24', '00:00', '2026-04-23T22:00'],
  ['24:00 is the next midnight', 'America/New_York', '2026-03-08', '24:00', '2026-03-09T04:00'],
  ['Kolkata', 'Asia/Kolkata', '2026-09-07', '10:00', '2026-09-07T04:30'],
  ['Shanghai', 'Asia/Shanghai', '2026-09-07', '10:00', '2026-09-07T02:00'],
  ['Shanghai, daylight saving then', 'Asia/Shanghai', '1988-07-01', '10:00', '1988-07-01T01:00'],
  ['a date that is skipped', 'Pacific/Apia', '2011-12-30', '10:00', '2011-12-30T20:00'],
  ['the last minute before it', 'Pacific/Apia', '2011-12-29', '23:59', '2011-12-30T09:59'],
  ['the first after it', 'Pacific/Apia', '2011-12-31', '00:00', '2011-12-30T10:00'],
] as const;

describe.each(['2026-01-15', '2026-07-15'])('instantAt, asked on %s', (today) => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it.each(CASES)('%s: %s %s %s', (_name, zone, date, time, expected) => {
    vi.useFakeTimers({ now: Date.parse(today) });
    expect(iso(instantAt(date, minuteOf(time), zone))).toBe(`${expected}:00.000Z`);
  });
});

describe('instantAt', () => {
  it('refuses what is no zone, no date and no minute', () => {
    expect(() => instantAt('2026-09-07', 0, 'Mars/Phobos')).toThrow(RangeError);
    expect(() => instantAt('2026-09-31', 0, 'Asia/Shanghai')).toThrow(RangeError);
    expect(() => instantAt('2026-09-07', 1441, 'Asia/Shanghai')).toThrow(RangeError);
    expect(() => instantAt('2026-09-07', -1, 'Asia/Shanghai')).toThrow(RangeError);
    expect(() => instantAt('2026-09-07', NaN, 'Asia/Shanghai')).toThrow(RangeError);
  });

  it('is where a watcher of the wall clock sees the time first, or would, had it not been skipped', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...PLACES),
        fc.integer({ min: -2, max: 2 }),
        fc.oneof(fc.integer({ min: 0, max: 180 }), fc.integer({ min: 0, max: 1440 })),
        ([zone, nearDate], days, minute) => {
          const date = addDays(nearDate, days);
          expect(iso(instantAt(date, minute, zone))).toBe(iso(watched(date, minute, zone)));
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('offsetMs', () => {
  it('is what luxon says, to the millisecond of a change, however often and far apart it is asked', () => {
    const change = Date.parse('2026-03-08T07:00:00Z');
    const anyInstant = fc.oneof(
      fc.integer({ min: Date.parse('1970-01-01'), max: Date.parse('2040-01-01') }),
      fc.integer({ min: -3, max: 3 }).map((ms) => change + ms),
      fc.integer({ min: -DAYS_APART, max: DAYS_APART }).map((day) => change + day * 86_400_000),
    );
    fc.assert(
      fc.property(fc.constantFrom(...PLACES), fc.array(anyInstant), ([zone], instants) => {
        for (const instant of instants) {
          expect(offsetMs(zone, instant)).toBe(luxonOffsetMs(zone, instant));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('knows the offsets with seconds of long ago', () => {
    expect(offsetMs('Asia/Kolkata', Date.parse('1850-01-01T00:00:00Z')) % 60_000).not.toBe(0);
  });
});

const DAYS_APART = 2_000;

function luxonOffsetMs(zone: string, instant: number): number {
  return Math.round(IANAZone.create(zone).offset(instant) * 60_000);
}

/** Looks at the clock each minute, from before any zone has the time until after every zone had it. */
function watched(date: string, minute: number, zone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`) + minute * 60_000;
  let shownBefore = -Infinity;
  for (let instant = wanted - 15 * 3_600_000; ; instant += 60_000) {
    const shown = instant + luxonOffsetMs(zone, instant);
    if (shown === wanted) return instant;
    // Had the clock not jumped it would show `shownBefore` and a minute now.
    if (shown > wanted && shownBefore < wanted) return instant + wanted - (shownBefore + 60_000);
    shownBefore = shown;
  }
}
