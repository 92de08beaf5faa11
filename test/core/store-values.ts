import fc from 'fast-check';

import type {
  Counter,
  CounterBand,
  HoursOfStore,
  SpecialHours,
  Store,
  TimeRange,
  WeeklyHours,
} from '../../src/core/network/network.ts';
import type { EpochMs, TimeZone, Weekday } from '../../src/core/time/time.ts';

export const EVERY_DAY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** `HH:MM` as minutes after midnight. */
export function minuteOf(text: string): number {
  const [hours, minutes] = text.split(':').map(Number);
  return hours! * 60 + minutes!;
}

/** `HH:MM-HH:MM` */
export function range(text: string): TimeRange {
  const [opens, closes] = text.split('-').map(minuteOf);
  return { opens: opens!, closes: closes! };
}

export function weekly(text: string, days = EVERY_DAY): WeeklyHours {
  return { days, ...range(text) };
}

export function special(from: string, to: string, ...hours: string[]): SpecialHours {
  return { from, to, hours: hours.map(range) };
}

export function someHours(
  timeZone: TimeZone,
  openingHours: readonly WeeklyHours[],
  specialHours: readonly SpecialHours[] = [],
): HoursOfStore {
  return { timeZone, openingHours, specialHours };
}

export function aCounter(given: Partial<Counter> = {}): Counter {
  return {
    slotMin: 30,
    visits: 6,
    dropOffVisits: null,
    pickUpVisits: null,
    dropOffPairs: null,
    walkInVisits: 0,
    bands: [],
    leadTimeMin: 60,
    horizonDays: 30,
    ...given,
  };
}

export function aBand(text: string, given: Partial<CounterBand> = {}): CounterBand {
  return {
    ...weekly(text),
    visits: 2,
    dropOffVisits: null,
    pickUpVisits: null,
    dropOffPairs: null,
    walkInVisits: 0,
    ...given,
  };
}

export function aStore(given: Partial<Store> = {}): Store {
  return {
    code: 'SH-01',
    name: 'Xintiandi',
    address: null,
    latitude: null,
    longitude: null,
    timeZone: 'Asia/Shanghai',
    openingHours: [weekly('10:00-21:00')],
    specialHours: [],
    counter: aCounter(),
    shelfPairs: null,
    putAwayMin: 30,
    nightDrop: false,
    ...given,
  };
}

export function utc(text: string): EpochMs {
  return Date.parse(text);
}

export function iso(instant: EpochMs): string {
  return new Date(instant).toISOString();
}

/** Zones and a date within some days of which their clocks change, or do not. */
export const PLACES: readonly (readonly [TimeZone, string])[] = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/London', '2026-03-29'],
  ['Europe/London', '2026-10-25'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Cairo', '2026-04-24'],
  ['America/Havana', '2026-11-01'],
  ['America/St_Johns', '2010-11-07'],
  ['America/St_Johns', '2010-03-14'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Shanghai', '2026-09-07'],
  ['Asia/Kolkata', '2026-09-07'],
];

const anyMinute = fc.oneof(
  fc.constantFrom(0, 1440, 30, 60, 90, 120, 150, 180, 1380, 1410),
  fc.integer({ min: 0, max: 1440 }),
);

export const anyRange: fc.Arbitrary<TimeRange> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ opens: anyMinute, closes: anyMinute }) },
  { weight: 1, arbitrary: fc.constant({ opens: 0, closes: 1440 }) },
);

export const anyDays: fc.Arbitrary<Weekday[]> = fc
  .subarray([...EVERY_DAY], { minLength: 1 })
  .chain((days) => fc.constantFrom(days, [...EVERY_DAY]));

export const anyWeekly: fc.Arbitrary<WeeklyHours> = fc
  .tuple(anyDays, anyRange)
  .map(([days, hours]) => ({ days, ...hours }));
