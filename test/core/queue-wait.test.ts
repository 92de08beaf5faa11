import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { drawnTime } from '../../src/core/queue/draws.ts';
import { aheadOf, expectedWaits, waitOfNewcomer } from '../../src/core/queue/expected-wait.ts';
import {
  meanMs,
  type Line,
  type OpenDesk,
  type ToCome,
  type WaitingVisit,
} from '../../src/core/queue/line.ts';
import { DEFAULT_QUEUE_SETTINGS as SETTINGS } from '../../src/core/queue/settings.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';

const NOW = Date.UTC(2030, 8, 2, 4);
const BOTH = ['DROP_OFF', 'PICK_UP'] as const;

const visit = (id: string, dueMin = 50, more: Partial<WaitingVisit> = {}): WaitingVisit => ({
  ...{ id, goesFirst: false, arrivedAt: NOW, visitKind: 'DROP_OFF', pairs: 1, desk: null },
  dueAt: NOW + dueMin * MINUTE_MS,
  ...more,
});
const desk = (name: string, more: Partial<OpenDesk> = {}): OpenDesk => ({
  ...{ name, visitKinds: BOTH, busy: null },
  ...more,
});
const toCome = (id: string, inMin: number): ToCome => ({
  ...{ id, visitKind: 'DROP_OFF', pairs: 1 },
  slotStart: NOW + inMin * MINUTE_MS,
});
const line = (parts: Partial<Line>): Line => ({
  ...{ now: NOW, waiting: [], desks: [desk('1')], toCome: [], settings: SETTINGS },
  ...parts,
});
const BUSY = { visitKind: 'DROP_OFF', pairs: 1, since: NOW } as const;
const IS_BUSY = desk('1', { busy: BUSY });
const likely = (parts: Partial<Line>, newcomer = visit('new')) =>
  waitOfNewcomer(line(parts), newcomer)?.likelyMin ?? null;

describe('the expected wait', () => {
  it('is nothing at a desk that is free', () => {
    expect(waitOfNewcomer(line({}), visit('new'))).toEqual({
      ...{ fromMin: 0, toMin: 0, likelyMin: 0, peopleAhead: 0 },
    });
  });

  it('is the rest of a visit while the only desk is busy', () => {
    const mean = meanMs(BUSY, SETTINGS) / MINUTE_MS;
    expect(Math.abs(likely({ desks: [IS_BUSY] })! - mean)).toBeLessThanOrEqual(1);
  });

  it('is less the longer the visit before has taken', () => {
    const since = (min: number) => desk('1', { busy: { ...BUSY, since: NOW - min * MINUTE_MS } });
    const waits = [0, 5, 15].map((min) => likely({ desks: [since(min)] })!);
    expect(waits[0]).toBeGreaterThan(waits[1]!);
    expect(waits[1]).toBeGreaterThan(waits[2]!);
  });

  it('grows with each who is before them, and falls with each desk', () => {
    const before = [visit('a', 10), visit('b', 11), visit('c', 12), visit('d', 13)];
    const alone = likely({ desks: [IS_BUSY], waiting: before })!;
    expect(alone).toBeGreaterThan(28);
    expect(alone).toBeLessThan(42);
    const two = likely({ desks: [IS_BUSY, desk('2', { busy: BUSY })], waiting: before })!;
    expect(two).toBeGreaterThan(alone / 3);
    expect(two).toBeLessThan(alone / 1.5);
  });

  it('counts nobody who is behind them', () => {
    const behind = [visit('a', 51), visit('b', 60)];
    expect(likely({ desks: [IS_BUSY], waiting: behind })).toBe(likely({ desks: [IS_BUSY] }));
  });

  it('counts who goes first, whenever they are due', () => {
    const first = visit('a', 90, { goesFirst: true });
    const wait = waitOfNewcomer(line({ desks: [IS_BUSY], waiting: [first] }), visit('new'))!;
    expect(wait.peopleAhead).toBe(1);
    expect(wait.likelyMin).toBeGreaterThan(likely({ desks: [IS_BUSY] })! + 4);
  });

  it('counts appointments that come before their turn, by how many come, and no others', () => {
    const some = [0, 1, 2, 3].map((at) => toCome(`a${at}`, 2));
    const desks = [IS_BUSY];
    const nobody = likely({ desks })!;
    expect(likely({ desks, toCome: some })).toBeGreaterThan(nobody + 5);
    expect(likely({ desks, toCome: [toCome('far', 46)] })).toBe(nobody);
    const never = { ...SETTINGS, showPercent: 0 };
    expect(likely({ desks, toCome: some, settings: never })).toBe(nobody);
    // Long after their time nobody expects them any more.
    expect(likely({ desks, toCome: [toCome('gone', -20)] })).toBe(nobody);
  });

  it('is none where no open desk serves them, and a longer one where few do', () => {
    expect(likely({ desks: [] })).toBeNull();
    const pickUps = desk('1', { visitKinds: ['PICK_UP'] });
    expect(likely({ desks: [pickUps] })).toBeNull();
    const both = desk('2', { busy: BUSY });
    const alone = likely({ desks: [both] })!;
    expect(Math.abs(likely({ desks: [pickUps, both] })! - alone)).toBeLessThanOrEqual(1);
  });

  it('of somebody who was handed to a desk is by that desk alone', () => {
    const handed = visit('new', 50, { desk: '2' });
    expect(likely({ desks: [desk('1'), desk('2', { busy: BUSY })] }, handed)).toBeGreaterThan(4);
    expect(likely({ desks: [desk('1')] }, handed)).toBeNull();
  });
});

const anyVisit = (id: string) =>
  fc.record({
    id: fc.constant(id),
    goesFirst: fc.boolean(),
    dueAt: fc.integer({ min: -30, max: 60 }).map((min) => NOW + min * MINUTE_MS),
    arrivedAt: fc.integer({ min: -60, max: 0 }).map((min) => NOW + min * MINUTE_MS),
    visitKind: fc.constantFrom(...BOTH),
    pairs: fc.integer({ min: 1, max: 4 }),
    desk: fc.constant(null),
  });
const anyLine: fc.Arbitrary<Line> = fc.record({
  now: fc.constant(NOW),
  waiting: fc.tuple(...['a', 'b', 'c', 'd', 'e', 'f'].map(anyVisit)),
  desks: fc.constant([
    desk('1', { busy: BUSY }),
    desk('2'),
    desk('3', { visitKinds: ['PICK_UP'] }),
  ]),
  toCome: fc.array(
    fc.record({
      id: fc.uuid(),
      visitKind: fc.constantFrom(...BOTH),
      pairs: fc.integer({ min: 1, max: 3 }),
      slotStart: fc.integer({ min: -20, max: 60 }).map((min) => NOW + min * MINUTE_MS),
    }),
    { maxLength: 8 },
  ),
  settings: fc.constant(SETTINGS),
});

describe('for any line', () => {
  it('the answer is the same whatever the order of its parts, and each time', () => {
    fc.assert(
      fc.property(anyLine, (given) => {
        const turned = {
          ...given,
          waiting: [...given.waiting].reverse(),
          desks: [...given.desks].reverse(),
          toCome: [...given.toCome].reverse(),
        };
        expect(Object.fromEntries(expectedWaits(turned))).toEqual(
          Object.fromEntries(expectedWaits(given)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('the range holds what is likely, and as many are ahead as are before them', () => {
    fc.assert(
      fc.property(anyLine, (given) => {
        for (const one of given.waiting) {
          const wait = expectedWaits(given).get(one.id);
          expect(wait!.fromMin).toBeLessThanOrEqual(wait!.likelyMin);
          expect(wait!.peopleAhead).toBe(aheadOf(one, given));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('a time as it may turn out', () => {
  it('has the mean that it is drawn with, and is never shorter than what has passed', () => {
    const draws = Array.from({ length: 1_000 }, (_, index) => (index + 0.5) / 1_000);
    const mean = draws.reduce((sum, draw) => sum + drawnTime(10, 0, draw), 0) / draws.length;
    expect(mean).toBeCloseTo(10, 1);
    for (const elapsed of [0, 1, 10, 100]) {
      expect(Math.min(...draws.map((draw) => drawnTime(10, elapsed, draw)))).toBeGreaterThanOrEqual(
        elapsed,
      );
    }
  });
});
