import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import { openingAt, openings } from '../../src/core/hours/openings.ts';
import type { HoursOfStore, SpecialHours } from '../../src/core/network/network.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import type { Interval } from '../../src/core/time/interval.ts';
import { addDays, daysFrom, localDateOf, weekdayOf } from '../../src/core/time/local-date.ts';
import { DAY_MS, MINUTE_MS } from '../../src/core/time/time.ts';
import {
  anyRange,
  anyWeekly,
  EVERY_DAY,
  PLACES,
  someHours,
  special,
  utc,
  weekly,
} from './store-values.ts';

/** `start-end` on the place's own clock, with the offset where it tells something. */
function shown(hours: HoursOfStore, from: string, to = from): readonly string[] {
  const local = (at: number) =>
    DateTime.fromMillis(at, { zone: hours.timeZone }).toFormat("yyyy-MM-dd'T'HH:mmZZ");
  return openings(hours, from, to).map(({ start, end }) => `${local(start)} ${local(end)}`);
}

function lengthsMin(hours: HoursOfStore, from: string, to = from): readonly number[] {
  return openings(hours, from, to).map(({ start, end }) => (end - start) / MINUTE_MS);
}

describe('openings', () => {
  it('apart stay apart, touching and overlapping hours are one', () => {
    const hours = someHours('Asia/Kolkata', [
      weekly('09:00-12:00'),
      weekly('12:00-14:00'),
      weekly('13:00-15:00'),
      weekly('16:00-18:00'),
    ]);
    expect(shown(hours, '2026-09-07')).toEqual([
      '2026-09-07T09:00+05:30 2026-09-07T15:00+05:30',
      '2026-09-07T16:00+05:30 2026-09-07T18:00+05:30',
    ]);
  });

  it('past midnight belong to the date they start on', () => {
    const hours = someHours('Asia/Shanghai', [weekly('18:00-02:00', [5])]);
    expect(shown(hours, '2026-09-11')).toEqual(['2026-09-11T18:00+08:00 2026-09-12T02:00+08:00']);
    expect(shown(hours, '2026-09-12')).toEqual([]);
  });

  it('until 24:00 touch those from 00:00 of the next date', () => {
    const hours = someHours('Asia/Shanghai', [
      weekly('18:00-24:00', [1]),
      weekly('00:00-03:00', [2]),
    ]);
    expect(shown(hours, '2026-09-07', '2026-09-08')).toEqual([
      '2026-09-07T18:00+08:00 2026-09-08T03:00+08:00',
    ]);
  });

  it('that close when they open are 24 hours long, and those are not cut', () => {
    const hours = someHours('Asia/Shanghai', [weekly('10:00-10:00', [1])]);
    expect(shown(hours, '2026-09-07', '2026-09-08')).toEqual([
      '2026-09-07T10:00+08:00 2026-09-08T10:00+08:00',
    ]);
  });

  it('of more than 24 hours are cut at local midnight', () => {
    const hours = someHours('Asia/Shanghai', [
      weekly('10:00-10:00', [1]),
      weekly('10:00-10:30', [2]),
    ]);
    expect(shown(hours, '2026-09-07', '2026-09-08')).toEqual([
      '2026-09-07T10:00+08:00 2026-09-08T00:00+08:00',
      '2026-09-08T00:00+08:00 2026-09-08T10:30+08:00',
    ]);
  });

  it.each([
    { zone: 'America/New_York', date: '2026-03-08', minutes: 23 * 60 },
    { zone: 'America/New_York', date: '2026-11-01', minutes: 25 * 60 },
    { zone: 'Europe/London', date: '2026-03-29', minutes: 23 * 60 },
    { zone: 'Europe/London', date: '2026-10-25', minutes: 25 * 60 },
    { zone: 'Australia/Lord_Howe', date: '2026-10-04', minutes: 23.5 * 60 },
    { zone: 'Australia/Lord_Howe', date: '2026-04-05', minutes: 24.5 * 60 },
    { zone: 'Africa/Cairo', date: '2026-04-24', minutes: 23 * 60 },
    { zone: 'Asia/Shanghai', date: '2026-03-29', minutes: 24 * 60 },
  ])('round the clock are $minutes minutes on $date in $zone', ({ zone, date, minutes }) => {
    const hours = someHours(zone, [weekly('00:00-24:00')]);
    const around = [addDays(date, -1), addDays(date, 1)] as const;
    expect(lengthsMin(hours, ...around)).toEqual([1440, minutes, 1440]);
    const closedAround = someHours(zone, [weekly('00:00-24:00', [weekdayOf(date)])]);
    expect(lengthsMin(closedAround, ...around)).toEqual([minutes]);
  });

  it('keep their times on the wall through a change of the clock, and their length changes', () => {
    const hours = someHours('America/New_York', [weekly('22:00-04:00')]);
    expect(lengthsMin(hours, '2026-03-06', '2026-03-08')).toEqual([360, 300, 360]);
    expect(lengthsMin(hours, '2026-10-31')).toEqual([420]);
  });

  it('that start in the skipped hour move forward with it', () => {
    const hours = someHours('America/New_York', [weekly('02:30-06:00')]);
    expect(shown(hours, '2026-03-08')).toEqual(['2026-03-08T03:30-04:00 2026-03-08T06:00-04:00']);
  });

  it('of which the skipped hour leaves nothing are dropped', () => {
    const hours = someHours('America/New_York', [weekly('02:30-03:00'), weekly('08:00-09:00')]);
    expect(shown(hours, '2026-03-08')).toEqual(['2026-03-08T08:00-04:00 2026-03-08T09:00-04:00']);
  });

  it('have the repeated hour in them once open', () => {
    const hours = someHours('America/New_York', [weekly('01:30-02:00')]);
    expect(shown(hours, '2026-11-01')).toEqual(['2026-11-01T01:30-04:00 2026-11-01T02:00-05:00']);
  });

  it('of a skipped date fall on the next one, where they are joined with its own', () => {
    const hours = someHours('Pacific/Apia', [weekly('10:00-21:00')]);
    expect(shown(hours, '2011-12-29', '2011-12-31')).toEqual([
      '2011-12-29T10:00-10:00 2011-12-29T21:00-10:00',
      '2011-12-31T10:00+14:00 2011-12-31T21:00+14:00',
    ]);
    const roundTheClock = someHours('Pacific/Apia', [weekly('00:00-24:00')]);
    expect(lengthsMin(roundTheClock, '2011-12-28', '2012-01-01')).toEqual([1440, 1440, 1440, 1440]);
  });

  it('special hours replace what starts on their dates, both ends, and nothing else', () => {
    const hours = someHours(
      'Asia/Shanghai',
      [weekly('18:00-02:00')],
      [special('2026-10-02', '2026-10-03'), special('2026-10-04', '2026-10-04', '09:00-12:00')],
    );
    expect(shown(hours, '2026-10-01', '2026-10-05')).toEqual([
      '2026-10-01T18:00+08:00 2026-10-02T02:00+08:00',
      '2026-10-04T09:00+08:00 2026-10-04T12:00+08:00',
      '2026-10-05T18:00+08:00 2026-10-06T02:00+08:00',
    ]);
  });

  it('a range that ends before it starts has none', () => {
    expect(openings(someHours('UTC', [weekly('10:00-11:00')]), '2026-09-08', '2026-09-07')).toEqual(
      [],
    );
  });
});

describe('openingAt', () => {
  const hours = someHours('Asia/Shanghai', [weekly('18:00-02:00'), weekly('10:00-12:00')]);

  it.each([
    { at: '2026-09-07T02:00:00Z', start: '2026-09-07T02:00:00Z' },
    { at: '2026-09-07T03:59:59.999Z', start: '2026-09-07T02:00:00Z' },
    { at: '2026-09-07T04:00:00Z', start: null },
    { at: '2026-09-07T01:59:59.999Z', start: null },
    { at: '2026-09-07T17:59:59Z', start: '2026-09-07T10:00:00Z' },
    { at: '2026-09-07T18:00:00Z', start: null },
  ])('at $at: $start', ({ at, start }) => {
    expect(openingAt(hours, utc(at))?.start ?? null).toBe(start === null ? null : utc(start));
  });
});

describe('openingAt, where dates are not in order', () => {
  it('finds the opening of tomorrow when the clock was set back over midnight', () => {
    const hours = someHours('America/St_Johns', [weekly('00:00-06:00')]);
    const instant = utc('2010-11-07T02:45Z');
    expect(localDateOf(instant, 'America/St_Johns')).toBe('2010-11-06');
    expect(openingAt(hours, instant)).toEqual(openings(hours, '2010-11-07', '2010-11-07')[0]);
  });

  it('finds the opening of the evening before a date that was left out', () => {
    const hours = someHours('Pacific/Apia', [weekly('18:00-02:00')]);
    const instant = utc('2011-12-31T01:00+14:00');
    expect(openingAt(hours, instant)).toEqual(openings(hours, '2011-12-29', '2011-12-29')[0]);
  });
});

const anyHoursNear = fc
  .record({
    place: fc.constantFrom(...PLACES),
    openingHours: fc.array(anyWeekly, { maxLength: 4 }),
    special: fc.option(
      fc.record({
        offset: fc.integer({ min: -3, max: 3 }),
        days: fc.integer({ min: 0, max: 2 }),
        hours: fc.array(anyRange, { maxLength: 2 }),
      }),
    ),
    fromOffset: fc.integer({ min: -3, max: 2 }),
    days: fc.integer({ min: 0, max: 5 }),
  })
  .map(({ place: [zone, near], openingHours, special: given, fromOffset, days }) => {
    const specialHours: SpecialHours[] = [];
    if (given !== null) {
      const first = addDays(near, given.offset);
      specialHours.push({ from: first, to: addDays(first, given.days), hours: given.hours });
    }
    const from = addDays(near, fromOffset);
    const hours = someHours(zone, openingHours, specialHours);
    return { hours, from, to: addDays(from, days) };
  });

describe('openings, for any hours', () => {
  it('are those of each date, whatever else was asked for and in which order', () => {
    fc.assert(
      fc.property(anyHoursNear, ({ hours, from, to }) => {
        const whole = openings({ ...hours }, from, to);
        const dates = daysFrom(from, to);
        expect(dates.flatMap((date) => openings({ ...hours }, date, date))).toEqual(whole);
        const asked = { ...hours };
        for (const date of [...dates].reverse()) openings(asked, date, date);
        expect(openings(asked, from, to)).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('are what marking each open minute of many days gives', () => {
    fc.assert(
      fc.property(anyHoursNear, ({ hours, from, to }) => {
        expect([...openings(hours, from, to)].sort(byStart)).toEqual(marked(hours, from, to));
      }),
      { numRuns: 200 },
    );
  });

  it('are where openingAt finds them, and nowhere else', () => {
    const anyMinute = fc.integer({ min: 0, max: 2 * 1440 });
    fc.assert(
      fc.property(anyHoursNear, anyMinute, ({ hours, from }, minutes) => {
        const instant = instantAt(from, 0, hours.timeZone) + minutes * MINUTE_MS;
        const around = openings(hours, addDays(from, -3), addDays(from, 5));
        const holding = around.filter(({ start, end }) => start <= instant && instant < end);
        expect(openingAt({ ...hours }, instant)).toEqual(holding[0] ?? null);
        expect(holding.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });
});

const byStart = (a: Interval, b: Interval): number => a.start - b.start;

/** The slow way: a mark for each open minute of ten days around, cut where the whole is too long. */
function marked(hours: HoursOfStore, from: string, to: string): readonly Interval[] {
  const dates = daysFrom(addDays(from, -10), addDays(to, 10));
  const midnights = dates.map((date) => instantAt(date, 0, hours.timeZone));
  const first = midnights[0]!;
  const isOpen: boolean[] = [];
  for (const date of dates) {
    for (const { opens, closes } of hoursOn(hours, date)) {
      const start = instantAt(date, opens, hours.timeZone);
      const endDate = closes <= opens ? addDays(date, 1) : date;
      const end = instantAt(endDate, closes, hours.timeZone);
      for (let at = start; at < end; at += MINUTE_MS) isOpen[(at - first) / MINUTE_MS] = true;
    }
  }
  const runs: Interval[] = [];
  for (let minute = 0; minute <= isOpen.length; minute++) {
    if (isOpen[minute] !== true || isOpen[minute - 1] === true) continue;
    let end = minute;
    while (isOpen[end] === true) end++;
    runs.push({ start: first + minute * MINUTE_MS, end: first + end * MINUTE_MS });
  }
  const pieces = runs.flatMap(({ start, end }) => {
    if (end - start <= DAY_MS) return [{ start, end }];
    const cuts = new Set(midnights.filter((midnight) => start < midnight && midnight < end));
    const edges = [start, ...cuts, end];
    return edges.slice(1).map((edge, index) => ({ start: edges[index]!, end: edge }));
  });
  return pieces.filter(({ start }) => {
    const date = DateTime.fromMillis(start, { zone: hours.timeZone }).toISODate()!;
    return from <= date && date <= to;
  });
}

function hoursOn({ openingHours, specialHours }: HoursOfStore, date: string) {
  const replaced = specialHours.find(({ from, to }) => from <= date && date <= to);
  if (replaced !== undefined) return replaced.hours;
  const weekday = EVERY_DAY[DateTime.fromISO(date, { zone: 'utc' }).weekday - 1]!;
  return openingHours.filter(({ days }) => days.includes(weekday));
}
