import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { DateTime } from 'luxon';

import {
  firstBookable,
  lastBookableDate,
  slotAt,
  slotFault,
  slotsOf,
} from '../../src/core/counter/slots.ts';
import { openings } from '../../src/core/hours/openings.ts';
import type { CounterNumbers, Store } from '../../src/core/network/network.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { addDays, daysFrom, localDateOf, weekdayOf } from '../../src/core/time/local-date.ts';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../src/core/time/time.ts';
import {
  aBand,
  aCounter,
  anyDays,
  anyRange,
  anyWeekly,
  aStore,
  iso,
  PLACES,
  special,
  utc,
  weekly,
} from './store-values.ts';

function times(store: Store, from: string, to = from): readonly string[] {
  return slotsOf(store, from, to).map(({ start }) =>
    DateTime.fromMillis(start, { zone: store.timeZone }).toFormat('HH:mm'),
  );
}

describe('slotsOf', () => {
  it('a slot that would outlast its opening is not offered', () => {
    const store = aStore({
      openingHours: [weekly('10:00-12:00')],
      counter: aCounter({ slotMin: 45 }),
    });
    expect(times(store, '2026-09-07')).toEqual(['10:00', '10:45']);
  });

  it('the grid starts anew with each opening, and once where hours touch', () => {
    const counter = aCounter({ slotMin: 40 });
    const apart = aStore({ counter, openingHours: [weekly('10:00-11:00'), weekly('11:05-12:00')] });
    expect(times(apart, '2026-09-07')).toEqual(['10:00', '11:05']);
    const touching = aStore({
      counter,
      openingHours: [weekly('10:00-11:00'), weekly('11:00-12:00')],
    });
    expect(times(touching, '2026-09-07')).toEqual(['10:00', '10:40', '11:20']);
  });

  it('after midnight are of the date they start on, on the grid of the evening', () => {
    const store = aStore({
      openingHours: [weekly('22:00-02:00', [1])],
      counter: aCounter({ slotMin: 50 }),
    });
    expect(times(store, '2026-09-07')).toEqual(['22:00', '22:50', '23:40']);
    expect(times(store, '2026-09-08')).toEqual(['00:30']);
  });

  it.each([
    { name: 'skipped hour', date: '2026-03-08', starts: ['01:00', '01:30', '03:00', '03:30'] },
    {
      name: 'repeated hour',
      date: '2026-11-01',
      starts: ['01:00', '01:30', '01:00', '01:30', '02:00', '02:30', '03:00', '03:30'],
    },
  ])('over the $name each half hour that passes is one', ({ date, starts }) => {
    const store = aStore({
      timeZone: 'America/New_York',
      openingHours: [weekly('01:00-04:00')],
    });
    expect(times(store, date)).toEqual(starts);
  });

  it('that start after the clock was set back over midnight are of the date it shows again', () => {
    const store = aStore({ timeZone: 'America/St_Johns', openingHours: [weekly('00:00-02:00')] });
    expect(times(store, '2010-11-06')).toContain('23:30');
    expect(times(store, '2010-11-07')).toEqual(['00:00', '00:00', '00:30', '01:00', '01:30']);
  });

  it('follow special hours', () => {
    const store = aStore({ specialHours: [special('2026-10-01', '2026-10-02', '12:00-13:00')] });
    expect(times(store, '2026-10-01', '2026-10-02')).toEqual(['12:00', '12:30', '12:00', '12:30']);
  });

  it('a slot longer than every opening leaves none', () => {
    expect(times(aStore({ counter: aCounter({ slotMin: 700 }) }), '2026-09-07')).toEqual([]);
  });
});

describe('numbers of a slot', () => {
  const visitsAt = (store: Store, text: string) => slotAt(store, utc(text))?.numbers.visits;

  it('are of the first band that covers its start: from its opening until just before its close', () => {
    const counter = aCounter({
      bands: [aBand('12:00-13:00', { visits: 2 }), aBand('11:00-14:00', { visits: 3 })],
    });
    const store = aStore({ counter });
    expect(visitsAt(store, '2026-09-07T10:30+08:00')).toBe(6);
    expect(visitsAt(store, '2026-09-07T11:00+08:00')).toBe(3);
    expect(visitsAt(store, '2026-09-07T12:00+08:00')).toBe(2);
    expect(visitsAt(store, '2026-09-07T12:30+08:00')).toBe(2);
    expect(visitsAt(store, '2026-09-07T13:00+08:00')).toBe(3);
    expect(visitsAt(store, '2026-09-07T14:00+08:00')).toBe(6);
  });

  it('are of a band only on its days, past midnight too', () => {
    const counter = aCounter({ bands: [aBand('23:00-01:00', { days: [1], visits: 2 })] });
    const store = aStore({ openingHours: [weekly('22:00-03:00')], counter });
    expect(visitsAt(store, '2026-09-07T22:30+08:00')).toBe(6);
    expect(visitsAt(store, '2026-09-07T23:00+08:00')).toBe(2);
    expect(visitsAt(store, '2026-09-08T00:30+08:00')).toBe(2);
    expect(visitsAt(store, '2026-09-08T01:00+08:00')).toBe(6);
    expect(visitsAt(store, '2026-09-07T00:30+08:00')).toBe(6);
    expect(visitsAt(store, '2026-09-08T23:00+08:00')).toBe(6);
  });

  it('that a band leaves out are those of the counter', () => {
    const counter = aCounter({
      dropOffVisits: 4,
      pickUpVisits: 5,
      dropOffPairs: 9,
      bands: [aBand('10:00-21:00', { visits: 8, pickUpVisits: 7, walkInVisits: 1 })],
    });
    expect(slotAt(aStore({ counter }), utc('2026-09-07T10:00+08:00'))?.numbers).toEqual({
      visits: 8,
      dropOffVisits: 4,
      pickUpVisits: 7,
      dropOffPairs: 9,
      walkInVisits: 1,
    });
  });
});

describe('slotFault', () => {
  const now = utc('2026-09-07T09:15+08:00');
  const store = aStore({
    openingHours: [weekly('10:00-20:45')],
    counter: aCounter({ leadTimeMin: 75, horizonDays: 3 }),
  });

  it.each([
    { at: '2026-09-07T09:59+08:00', fault: 'CLOSED' },
    { at: '2026-09-07T20:45+08:00', fault: 'CLOSED' },
    { at: '2026-09-07T10:15+08:00', fault: 'NOT_ON_GRID' },
    { at: '2026-09-07T20:30+08:00', fault: 'NOT_ON_GRID' },
    { at: '2026-09-06T10:15+08:00', fault: 'NOT_ON_GRID' },
    { at: '2026-09-07T10:00+08:00', fault: 'TOO_SOON' },
    { at: '2026-09-01T10:00+08:00', fault: 'TOO_SOON' },
    { at: '2026-09-07T10:30+08:00', fault: null },
    { at: '2026-09-09T20:00+08:00', fault: null },
    { at: '2026-09-10T10:00+08:00', fault: 'BEYOND_HORIZON' },
  ])('at $at: $fault', ({ at, fault }) => {
    expect(slotFault(store, utc(at), now)).toBe(fault);
  });

  it('exactly the lead time ahead can be booked, a millisecond less cannot', () => {
    const start = utc('2026-09-07T10:30+08:00');
    expect(slotFault(store, start, start - 75 * MINUTE_MS)).toBeNull();
    expect(slotFault(store, start, start - 75 * MINUTE_MS + 1)).toBe('TOO_SOON');
    expect(iso(firstBookable(store, now))).toBe('2026-09-07T02:30:00.000Z');
  });

  it("counts the horizon on the store's calendar, not on that of UTC", () => {
    expect(lastBookableDate(store, utc('2026-09-06T15:59:59Z'))).toBe('2026-09-08');
    expect(lastBookableDate(store, utc('2026-09-06T16:00:00Z'))).toBe('2026-09-09');
    const today = aStore({ counter: aCounter({ horizonDays: 1, leadTimeMin: 0 }) });
    expect(slotFault(today, utc('2026-09-07T20:30+08:00'), now)).toBeNull();
    expect(slotFault(today, utc('2026-09-08T10:00+08:00'), now)).toBe('BEYOND_HORIZON');
  });
});

const anyStore = fc
  .record({
    place: fc.constantFrom(...PLACES),
    openingHours: fc.array(anyWeekly, { minLength: 1, maxLength: 3 }),
    slotMin: fc.constantFrom(7, 30, 45, 60, 600),
    bands: fc.array(fc.tuple(anyDays, anyRange, fc.integer({ min: 1, max: 9 })), { maxLength: 3 }),
    offset: fc.integer({ min: -2, max: 1 }),
    days: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ place: [timeZone, near], openingHours, slotMin, bands, offset, days }) => {
    const counter = aCounter({
      slotMin,
      visits: 10,
      bands: bands.map(([on, hours, visits]) =>
        aBand('00:00-24:00', { days: on, ...hours, visits }),
      ),
    });
    const from = addDays(near, offset);
    return { store: aStore({ timeZone, openingHours, counter }), from, to: addDays(from, days) };
  });

describe('slotsOf, for any store', () => {
  it('are the grid of each opening, on the dates asked for, whatever else was asked for', () => {
    fc.assert(
      fc.property(anyStore, ({ store, from, to }) => {
        const slots = slotsOf({ ...store }, from, to);
        const byDate = daysFrom(from, to).flatMap((date) => slotsOf({ ...store }, date, date));
        expect(byDate).toEqual(slots);
        const starts = slots.map(({ start }) => start).sort((a, b) => a - b);
        expect(starts).toEqual(gridStarts(store, from, to));
        expect(slots.filter(({ start, end }) => end - start !== lengthMs(store))).toEqual([]);
        const early = starts.filter(
          (start, at) => at > 0 && start < starts[at - 1]! + lengthMs(store),
        );
        expect(early).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('have the numbers of the first band that a look at each band and date finds', () => {
    fc.assert(
      fc.property(anyStore, ({ store, from, to }) => {
        const slots = slotsOf(store, from, to).filter((_, index) => index % 5 === 0);
        expect(slots.map(({ numbers }) => numbers.visits)).toEqual(
          slots.map(({ start }) => numbersAt(store, start).visits),
        );
      }),
      { numRuns: 200 },
    );
  });

  it('are what slotAt finds, and only at their starts', () => {
    fc.assert(
      fc.property(anyStore, ({ store, from, to }) => {
        for (const slot of slotsOf(store, from, to).slice(0, 40)) {
          expect(slotAt({ ...store }, slot.start)).toEqual(slot);
          expect(slotAt(store, slot.start + 1)).toBeNull();
        }
      }),
      { numRuns: 50 },
    );
  });
});

const lengthMs = (store: Store): number => store.counter.slotMin * MINUTE_MS;

function gridStarts(store: Store, from: string, to: string): readonly EpochMs[] {
  const starts = openings(store, addDays(from, -3), addDays(to, 3)).flatMap((opening) => {
    const count = Math.floor((opening.end - opening.start) / lengthMs(store));
    return Array.from({ length: count }, (_, index) => opening.start + index * lengthMs(store));
  });
  return starts
    .filter((start) => {
      const date = localDateOf(start, store.timeZone);
      return from <= date && date <= to;
    })
    .sort((a, b) => a - b);
}

function numbersAt({ counter, timeZone }: Store, start: EpochMs): CounterNumbers {
  const near = new Date(start).toISOString().slice(0, 10);
  for (const band of counter.bands) {
    for (const date of daysFrom(addDays(near, -4), addDays(near, 4))) {
      if (!band.days.includes(weekdayOf(date))) continue;
      const from = instantAt(date, band.opens, timeZone);
      const endDate = band.closes <= band.opens ? addDays(date, 1) : date;
      if (from <= start && start < instantAt(endDate, band.closes, timeZone)) return band;
    }
  }
  return counter;
}

describe('what is remembered', () => {
  it('gives the same answers after more was asked for than is kept', () => {
    const store = aStore();
    const year = slotsOf(store, '2026-01-01', '2026-12-31');
    for (let i = 0; i < 40; i++) slotsOf(aStore(), '2026-01-01', '2026-12-31');
    expect(slotsOf(store, '2026-01-01', '2026-12-31')).toEqual(year);
    expect(year).toHaveLength(365 * 22);
    expect(year.at(-1)!.start - year[0]!.start).toBe(364 * DAY_MS + 21 * 30 * MINUTE_MS);
  });
});
