import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import {
  addDays,
  dateOfDay,
  dayNumber,
  daysFrom,
  isLocalDate,
  isTimeZone,
  localDateOf,
  parseLocalTime,
  weekdayOf,
} from '../../src/core/time/local-date.ts';
import { utc } from './store-values.ts';

const FIRST_DAY = dayNumber('0000-01-01');
const LAST_DAY = dayNumber('9999-12-31');

describe('localDateOf', () => {
  it.each([
    { zone: 'Asia/Shanghai', at: '2026-09-06T15:59:59.999Z', date: '2026-09-06' },
    { zone: 'Asia/Shanghai', at: '2026-09-06T16:00:00Z', date: '2026-09-07' },
    { zone: 'Asia/Kolkata', at: '2026-09-06T18:30:00Z', date: '2026-09-07' },
    { zone: 'America/New_York', at: '2026-11-02T04:59:59Z', date: '2026-11-01' },
    { zone: 'Pacific/Apia', at: '2011-12-30T09:59:59Z', date: '2011-12-29' },
    { zone: 'Pacific/Apia', at: '2011-12-30T10:00:00Z', date: '2011-12-31' },
  ])('$at in $zone is $date', ({ zone, at, date }) => {
    expect(localDateOf(utc(at), zone)).toBe(date);
  });

  it('refuses an unknown zone and what is no instant', () => {
    expect(() => localDateOf(0, 'Mars/Phobos')).toThrow(RangeError);
    expect(() => localDateOf(NaN, 'Asia/Shanghai')).toThrow(RangeError);
  });
});

describe('dates', () => {
  it('are counted as luxon counts them, over all years', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST_DAY, max: LAST_DAY }), (day) => {
        const there = DateTime.fromMillis(day * 86_400_000, { zone: 'utc' });
        expect(dateOfDay(day)).toBe(there.toISODate());
        expect(dayNumber(dateOfDay(day))).toBe(day);
        expect(weekdayOf(dateOfDay(day))).toBe(there.weekday);
      }),
    );
  });

  it('add up over months, years and leap days', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
    expect(() => addDays('2026-2-28', 1)).toThrow(RangeError);
  });

  it('are listed with both ends', () => {
    expect(daysFrom('2026-02-27', '2026-03-01')).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
    ]);
    expect(daysFrom('2026-02-27', '2026-02-27')).toEqual(['2026-02-27']);
    expect(daysFrom('2026-02-27', '2026-02-26')).toEqual([]);
  });

  it.each(['2026-02-28', '2028-02-29', '2000-02-29', '0000-01-01', '9999-12-31'])(
    '%s is a date',
    (text) => {
      expect(isLocalDate(text)).toBe(true);
    },
  );

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-1-01',
    '26-01-01',
    '2026/01/01',
    '2026-01-01T',
    ' 2026-01-01',
    '-026-01-01',
    '２０２６-01-01',
    '',
  ])('%j is no date', (text) => {
    expect(isLocalDate(text)).toBe(false);
  });
});

describe('parseLocalTime', () => {
  it.each([
    ['00:00', 0],
    ['09:05', 545],
    ['23:59', 1439],
    ['24:00', 1440],
  ])('%s is minute %i', (text, minute) => {
    expect(parseLocalTime(text)).toBe(minute);
  });

  it.each(['24:01', '25:00', '9:05', '09:60', '0905', '09:05:00', '09:5', '-1:00', '', '09:05\n'])(
    '%j is no time',
    (text) => {
      expect(parseLocalTime(text)).toBeNull();
    },
  );
});

describe('isTimeZone', () => {
  it.each(['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'UTC'])('%s is one', (text) => {
    expect(isTimeZone(text)).toBe(true);
  });

  it.each(['Mars/Phobos', '+08:00', '', ' ', 'local', 'system', 'Asia/Shanghai '])(
    '%j is none',
    (text) => {
      expect(isTimeZone(text)).toBe(false);
    },
  );
});
