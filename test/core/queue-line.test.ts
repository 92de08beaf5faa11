import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { arrivalAt, compareInLine, dueTime, type LineKey } from '../../src/core/queue/due.ts';
import { DEFAULT_QUEUE_SETTINGS } from '../../src/core/queue/settings.ts';
import {
  afterMove,
  ALL_QUEUE_MOVES,
  IS_OVER,
  QUEUE_MOVES,
  type QueueMove,
  type QueueState,
} from '../../src/core/queue/states.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';

const SLOT = Date.UTC(2030, 8, 2, 2, 30);
const minutes = (count: number) => count * MINUTE_MS;

describe('somebody with an appointment', () => {
  it.each([
    { at: -1000, kind: 'WALK_IN', keepsSlot: false },
    { at: -30.001, kind: 'WALK_IN', keepsSlot: false },
    { at: -30, kind: 'APPOINTMENT', keepsSlot: true },
    { at: 0, kind: 'APPOINTMENT', keepsSlot: true },
    { at: 15, kind: 'APPOINTMENT', keepsSlot: true },
    { at: 15.001, kind: 'LATE_APPOINTMENT', keepsSlot: false },
    { at: 1000, kind: 'LATE_APPOINTMENT', keepsSlot: false },
  ])('who comes $at minutes after its start joins as $kind', ({ at, ...arrival }) => {
    expect(arrivalAt(SLOT, SLOT + minutes(at), DEFAULT_QUEUE_SETTINGS)).toEqual(arrival);
  });

  it.each([
    { kind: 'APPOINTMENT', due: SLOT + minutes(5) },
    { kind: 'WALK_IN', due: SLOT + minutes(-10 + 50) },
    { kind: 'LATE_APPOINTMENT', due: SLOT + minutes(-10 + 35) },
  ] as const)('is due as $kind', ({ kind, due }) => {
    expect(dueTime(kind, SLOT - minutes(10), SLOT, DEFAULT_QUEUE_SETTINGS)).toBe(due);
  });
});

const key: fc.Arbitrary<LineKey> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  goesFirst: fc.boolean(),
  dueAt: fc.integer({ min: 0, max: 3 }),
  arrivedAt: fc.integer({ min: 0, max: 3 }),
});
const keys = fc.uniqueArray(key, { selector: ({ id }) => id, maxLength: 8 });

describe('the order of the line', () => {
  it.each([
    { name: 'due sooner', first: { dueAt: 1, arrivedAt: 9 }, then: { dueAt: 2, arrivedAt: 0 } },
    { name: 'there sooner', first: { arrivedAt: 1, id: 'z' }, then: { arrivedAt: 2, id: 'a' } },
    { name: 'by id at last', first: { id: 'a' }, then: { id: 'b' } },
    { name: 'goes first', first: { goesFirst: true, dueAt: 9 }, then: { dueAt: 1 } },
  ])('$name', ({ first, then }) => {
    const plain = { id: 'm', goesFirst: false, dueAt: 5, arrivedAt: 5 };
    expect(compareInLine({ ...plain, ...first }, { ...plain, ...then })).toBeLessThan(0);
    expect(compareInLine({ ...plain, ...then }, { ...plain, ...first })).toBeGreaterThan(0);
  });

  it('is total, and the same whatever the order in which they are named', () => {
    fc.assert(
      fc.property(keys, fc.infiniteStream(fc.nat()), (line, shuffle) => {
        const sorted = [...line].sort(compareInLine);
        const order = new Map(line.map(({ id }) => [id, shuffle.next().value ?? 0]));
        const shuffled = [...line].sort((a, b) => order.get(a.id)! - order.get(b.id)!);
        expect(shuffled.sort(compareInLine)).toEqual(sorted);
        for (const [at, one] of sorted.entries()) {
          for (const later of sorted.slice(at + 1)) {
            expect(compareInLine(one, later)).toBeLessThan(0);
            expect(compareInLine(later, one)).toBeGreaterThan(0);
          }
        }
      }),
    );
  });

  it('lets nobody be overtaken for ever: by walk-ins who come later, never', () => {
    const arrivals = fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(arrivals, (times) => {
        const walkIns = [...times]
          .sort((a, b) => a - b)
          .map((at, index) => ({
            ...{ id: String(1000 + index), goesFirst: false, arrivedAt: minutes(at) },
            dueAt: dueTime('WALK_IN', minutes(at), null, DEFAULT_QUEUE_SETTINGS),
          }));
        expect([...walkIns].sort(compareInLine)).toEqual(walkIns);
      }),
    );
  });

  it('lets an appointment overtake a walk-in only who is due later', () => {
    const { appointmentTargetMin, walkInTargetMin } = DEFAULT_QUEUE_SETTINGS;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600 }),
        fc.integer({ min: 0, max: 600 }),
        (came, slot) => {
          const walkIn = {
            ...{ id: 'w', goesFirst: false, arrivedAt: minutes(came) },
            dueAt: dueTime('WALK_IN', minutes(came), null, DEFAULT_QUEUE_SETTINGS),
          };
          const booked = {
            ...{ id: 'a', goesFirst: false, arrivedAt: minutes(slot) },
            dueAt: dueTime('APPOINTMENT', minutes(slot), minutes(slot), DEFAULT_QUEUE_SETTINGS),
          };
          const overtakes = compareInLine(booked, walkIn) < 0;
          const isDueSooner = slot + appointmentTargetMin < came + walkInTargetMin;
          const isTie = slot + appointmentTargetMin === came + walkInTargetMin;
          expect(overtakes).toBe(isDueSooner || (isTie && slot <= came));
        },
      ),
    );
  });
});

const MOVES: Readonly<Record<QueueState, Partial<Record<QueueMove, QueueState>>>> = {
  WAITING: {
    call: 'CALLED',
    hold: 'HELD',
    leave: 'LEFT',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  CALLED: {
    ...{ recall: 'CALLED', serve: 'SERVING', hold: 'HELD', leave: 'LEFT', transfer: 'WAITING' },
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  SERVING: {
    finish: 'FINISHED',
    hold: 'HELD',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  HELD: {
    resume: 'WAITING',
    leave: 'LEFT',
    transfer: 'WAITING',
    settle: 'FINISHED',
    cancelOrder: 'LEFT',
  },
  FINISHED: {},
  LEFT: {},
};
const STATES = Object.keys(QUEUE_MOVES) as QueueState[];

describe('what can be done to a visit', () => {
  it.each(STATES.flatMap((state) => ALL_QUEUE_MOVES.map((move) => ({ state, move }))))(
    '$move while $state',
    ({ state, move }) => {
      const to = MOVES[state][move];
      expect(afterMove(state, move)).toEqual(
        to === undefined ? { ok: false, error: { code: 'WRONG_STATUS' } } : { ok: true, value: to },
      );
    },
  );

  it('ends it, and nothing after that', () => {
    const ends = STATES.filter((state) => Object.keys(QUEUE_MOVES[state]).length === 0);
    expect(new Set(ends)).toEqual(IS_OVER);
  });
});
