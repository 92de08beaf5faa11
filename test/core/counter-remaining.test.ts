import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { compareBuckets, normalLimitedClaims } from '../../src/core/claims/claim.ts';
import { Usage } from '../../src/core/claims/usage.ts';
import {
  availableSlots,
  capacityOf,
  counterClaims,
  remainingOf,
  type VisitKind,
} from '../../src/core/counter/remaining.ts';
import { slotAt, slotFault, type CounterSlot } from '../../src/core/counter/slots.ts';
import type { Counter, Store } from '../../src/core/network/network.ts';
import { aCounter, aStore, utc, weekly } from './store-values.ts';

const START = utc('2026-09-07T10:00+08:00');

function storeAndSlot(counter: Partial<Counter>): { store: Store; slot: CounterSlot } {
  const store = aStore({ counter: aCounter(counter) });
  return { store, slot: slotAt(store, START)! };
}

function taken(store: Store, slot: CounterSlot, visits: readonly (readonly [VisitKind, number])[]) {
  const usage = new Usage();
  for (const [kind, pairs] of visits) usage.add(counterClaims(store, slot, kind, pairs));
  return usage;
}

describe('capacityOf', () => {
  it.each<[Partial<Counter>, number, number]>([
    [{ visits: 6 }, 6, 6],
    [{ visits: 6, walkInVisits: 2 }, 4, 4],
    [{ visits: 6, walkInVisits: 7 }, 0, 0],
    [{ visits: 6, dropOffVisits: 2, pickUpVisits: 9 }, 2, 6],
    [{ visits: 6, dropOffVisits: 0, pickUpVisits: 5, walkInVisits: 2 }, 0, 4],
    [{ visits: 6, dropOffPairs: 1 }, 6, 6],
  ])('%j: %i drop-offs, %i pick-ups', (counter, dropOffs, pickUps) => {
    const { slot } = storeAndSlot(counter);
    expect(capacityOf(slot, 'DROP_OFF')).toBe(dropOffs);
    expect(capacityOf(slot, 'PICK_UP')).toBe(pickUps);
  });
});

describe('remainingOf', () => {
  it('both kinds share the whole', () => {
    const { store, slot } = storeAndSlot({ visits: 3, dropOffVisits: 2 });
    const usage = taken(store, slot, [
      ['PICK_UP', 1],
      ['PICK_UP', 1],
    ]);
    expect(remainingOf(store, slot, 'PICK_UP', 1, usage)).toBe(1);
    expect(remainingOf(store, slot, 'DROP_OFF', 1, usage)).toBe(1);
  });

  it('a kind has its own limit within the whole', () => {
    const { store, slot } = storeAndSlot({ visits: 6, dropOffVisits: 1 });
    const usage = taken(store, slot, [['DROP_OFF', 1]]);
    expect(remainingOf(store, slot, 'DROP_OFF', 1, usage)).toBe(0);
    expect(remainingOf(store, slot, 'PICK_UP', 1, usage)).toBe(5);
  });

  it('pairs limit drop-offs and not pick-ups', () => {
    const { store, slot } = storeAndSlot({ visits: 6, dropOffPairs: 10 });
    const usage = taken(store, slot, [['DROP_OFF', 3]]);
    expect(remainingOf(store, slot, 'DROP_OFF', 2, usage)).toBe(3);
    expect(remainingOf(store, slot, 'DROP_OFF', 7, usage)).toBe(1);
    expect(remainingOf(store, slot, 'DROP_OFF', 8, usage)).toBe(0);
    expect(remainingOf(store, slot, 'PICK_UP', 8, usage)).toBe(5);
  });

  it('is never below zero when a limit was lowered under what is taken', () => {
    const before = storeAndSlot({ visits: 6, dropOffPairs: 20 });
    const usage = taken(before.store, before.slot, [
      ['DROP_OFF', 9],
      ['DROP_OFF', 9],
    ]);
    const { store, slot } = storeAndSlot({ visits: 1, dropOffPairs: 4 });
    expect(remainingOf(store, slot, 'DROP_OFF', 1, usage)).toBe(0);
    expect(remainingOf(store, slot, 'PICK_UP', 1, usage)).toBe(0);
  });

  it('looks at its own slot and store alone', () => {
    const { store, slot } = storeAndSlot({ visits: 1 });
    const usage = taken({ ...store, code: 'SH-02' }, slot, [['DROP_OFF', 1]]);
    usage.add(counterClaims(store, { ...slot, start: slot.end }, 'DROP_OFF', 1));
    expect(remainingOf(store, slot, 'DROP_OFF', 1, usage)).toBe(1);
  });

  it('is how many visits in a row the limits of their claims let in', () => {
    const limit = fc.option(fc.integer({ min: 0, max: 8 }));
    const counter = fc.record({
      visits: fc.integer({ min: 0, max: 8 }),
      walkInVisits: fc.integer({ min: 0, max: 3 }),
      dropOffVisits: limit,
      pickUpVisits: limit,
      dropOffPairs: fc.option(fc.integer({ min: 0, max: 20 })),
    });
    const visit = fc.tuple(
      fc.constantFrom<VisitKind>('DROP_OFF', 'PICK_UP'),
      fc.integer({ min: 1, max: 6 }),
    );
    fc.assert(
      fc.property(counter, fc.array(visit, { maxLength: 6 }), visit, (given, earlier, next) => {
        const { store, slot } = storeAndSlot(given);
        const usage = taken(store, slot, earlier);
        const remaining = remainingOf(store, slot, ...next, usage);
        let letIn = 0;
        while (letIn < 100 && fits(usage, counterClaims(store, slot, ...next))) {
          usage.add(counterClaims(store, slot, ...next));
          letIn++;
        }
        expect(remaining).toBe(letIn);
      }),
    );
  });
});

function fits(usage: Usage, claims: ReturnType<typeof counterClaims>): boolean {
  return claims.every(
    ({ resource, start, amount, limit }) =>
      limit === null || usage.taken(resource, start) + amount <= limit,
  );
}

describe('counterClaims', () => {
  it('of a drop-off: the visit, its kind, its pairs, also where nothing limits them', () => {
    const { store, slot } = storeAndSlot({ visits: 6, walkInVisits: 2, dropOffVisits: 3 });
    expect(counterClaims(store, slot, 'DROP_OFF', 5)).toEqual([
      { resource: 'counter:SH-01/drop-off', start: START, amount: 1, limit: 3 },
      { resource: 'counter:SH-01/pairs', start: START, amount: 5, limit: null },
      { resource: 'counter:SH-01/visits', start: START, amount: 1, limit: 4 },
    ]);
  });

  it('of a pick-up: the visit and its kind', () => {
    const { store, slot } = storeAndSlot({ visits: 6 });
    expect(counterClaims(store, slot, 'PICK_UP', 5)).toEqual([
      { resource: 'counter:SH-01/pick-up', start: START, amount: 1, limit: null },
      { resource: 'counter:SH-01/visits', start: START, amount: 1, limit: 6 },
    ]);
  });

  it('are in normal form', () => {
    const { store, slot } = storeAndSlot({});
    for (const kind of ['DROP_OFF', 'PICK_UP'] as const) {
      const claims = counterClaims(store, slot, kind, 2);
      expect([...claims].sort(compareBuckets)).toEqual(claims);
      expect(normalLimitedClaims(claims)).toEqual(claims);
    }
  });
});

describe('availableSlots', () => {
  const now = utc('2026-09-07T11:45+08:00');
  const store = aStore({
    openingHours: [weekly('10:00-13:00')],
    counter: aCounter({ visits: 2, leadTimeMin: 15, horizonDays: 2 }),
  });
  const query = { kind: 'PICK_UP', pairs: 1, now } as const;
  const list = (from: string, to: string, usage = new Usage(), includeFull = false) =>
    availableSlots(store, { ...query, from, to, includeFull }, usage).map(
      ({ slot, remaining }) =>
        `${new Date(slot.start + 8 * 3_600_000).toISOString().slice(5, 16)} ${remaining}`,
    );

  it('starts exactly at the lead time and ends with the horizon', () => {
    expect(list('2026-09-01', '2026-09-30')).toEqual([
      '09-07T12:00 2',
      '09-07T12:30 2',
      ...['10:00', '10:30', '11:00', '11:30', '12:00', '12:30'].map((time) => `09-08T${time} 2`),
    ]);
  });

  it('keeps to the dates asked for', () => {
    expect(list('2026-09-07', '2026-09-07')).toEqual(['09-07T12:00 2', '09-07T12:30 2']);
    expect(list('2026-09-09', '2026-09-30')).toEqual([]);
    expect(list('2026-08-01', '2026-09-06')).toEqual([]);
  });

  it('leaves out what is full, or lists it with nothing remaining, as everything not bookable now', () => {
    const slot = slotAt(store, utc('2026-09-07T12:00+08:00'))!;
    const usage = taken(store, slot, [
      ['DROP_OFF', 1],
      ['PICK_UP', 1],
    ]);
    expect(list('2026-09-07', '2026-09-07', usage)).toEqual(['09-07T12:30 2']);
    expect(list('2026-09-07', '2026-09-09', usage, true)).toEqual([
      ...['10:00 0', '10:30 0', '11:00 0', '11:30 0', '12:00 0', '12:30 2'].map(
        (x) => `09-07T${x}`,
      ),
      ...['10:00', '10:30', '11:00', '11:30', '12:00', '12:30'].map((x) => `09-08T${x} 2`),
      ...['10:00', '10:30', '11:00', '11:30', '12:00', '12:30'].map((x) => `09-09T${x} 0`),
    ]);
  });

  it('is each slot of the grid without a fault and with room', () => {
    const anyQuery = fc.record({
      kind: fc.constantFrom<VisitKind>('DROP_OFF', 'PICK_UP'),
      pairs: fc.integer({ min: 1, max: 4 }),
      minutes: fc.integer({ min: 0, max: 2 * 1440 }),
      leadTimeMin: fc.constantFrom(0, 60, 1440),
      horizonDays: fc.integer({ min: 1, max: 4 }),
      timeZone: fc.constantFrom('America/New_York', 'Asia/Shanghai', 'Europe/London'),
    });
    fc.assert(
      fc.property(anyQuery, ({ kind, pairs, minutes, leadTimeMin, horizonDays, timeZone }) => {
        const counter = aCounter({ visits: 2, dropOffPairs: 5, leadTimeMin, horizonDays });
        const place = aStore({ timeZone, openingHours: [weekly('09:00-03:00')], counter });
        const asked = {
          kind,
          pairs,
          now: utc('2026-10-31T00:00Z') + minutes * 60_000,
          from: '2026-10-30',
          to: '2026-11-05',
        };
        const usage = new Usage();
        const grid = availableSlots(place, { ...asked, includeFull: true }, usage);
        for (const { slot } of grid.filter((_, index) => index % 3 > 0)) {
          usage.add(counterClaims(place, slot, 'DROP_OFF', slot.start % 7_200_000 === 0 ? 2 : 4));
        }
        const expected = grid.map(({ slot }) => ({
          slot,
          capacity: capacityOf(slot, kind),
          remaining:
            slotFault(place, slot.start, asked.now) === null
              ? remainingOf(place, slot, kind, pairs, usage)
              : 0,
        }));
        expect(availableSlots(place, { ...asked, includeFull: true }, usage)).toEqual(expected);
        expect(availableSlots(place, asked, usage)).toEqual(
          expected.filter(({ remaining }) => remaining > 0),
        );
      }),
    );
  });
});
