import { describe, expect, it } from 'vitest';

import { deviationOf, expectedPlace, expectedPlaces } from '../../src/core/goods/expected.ts';
import { mayBoard, plannedSpan, tripPair } from '../../src/core/goods/manifest.ts';
import type { PairOperation, PairPlace } from '../../src/core/goods/pair.ts';
import { callAt, departuresOn, hasTrip, spanOf } from '../../src/core/goods/trips.ts';
import { usedShift } from '../../src/core/goods/used-shift.ts';
import { compareWork, workDue } from '../../src/core/goods/work-due.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import { withDisruptions } from '../../src/core/network/with-disruptions.ts';
import type { PlanStep, PlanStepKind } from '../../src/core/promise/plan.ts';
import { dayNumber } from '../../src/core/time/local-date.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { aLine, at, aWorkshop, dateOf, workedNetwork } from '../support/worked-network.ts';

const worked = workedNetwork();
const loop = {
  ...aLine('A-W', ['10:00'], 30),
  code: 'LOOP',
  stops: [
    { code: 'A', minutes: 0 },
    { code: 'W', minutes: 30 },
    { code: 'B', minutes: 60 },
    { code: 'A', minutes: 120 },
    { code: 'W', minutes: 150 },
  ],
};
const NETWORK = compileNetwork(
  documentOf({
    ...worked,
    workshops: [...worked.workshops!, { ...aWorkshop(), code: 'IN-A', storeCode: 'A' }],
    lines: [...worked.lines!, loop],
  }),
  1,
);

function step(
  kind: PlanStepKind,
  way: string,
  start: string,
  end: string,
  by: string | null = null,
): PlanStep {
  const [fromCode, toCode = fromCode] = way.split(' ') as [string, string?];
  return { kind, fromCode, toCode, start: at(start), end: at(end), by };
}

const STEPS = [
  step('RIDE', 'A W', 'Mon 14:00', 'Mon 15:00', 'A-W'),
  step('WORK', 'W', 'Tue 09:00', 'Tue 18:00', 'clean'),
  step('RIDE', 'W B', 'Tue 18:30', 'Tue 20:00', 'W-B'),
  step('PUT_AWAY', 'B', 'Tue 20:00', 'Tue 20:30'),
];

const open = (skill: string, dwellMin = 0): PairOperation => ({
  position: 1,
  skill,
  units: 1,
  dwellMin,
  origin: 'SERVICE',
  findingId: null,
  startedAt: null,
  finishedAt: null,
  workshopCode: null,
  shiftStart: null,
});

describe('where a plan has goods', () => {
  it.each([
    { now: 'Mon 11:00', place: 'A' },
    { now: 'Mon 13:59', place: 'A' },
    { now: 'Mon 14:00', place: 'A-W to W' },
    { now: 'Mon 14:59', place: 'A-W to W' },
    { now: 'Mon 15:00', place: 'W' },
    { now: 'Tue 12:00', place: 'W' },
    { now: 'Tue 18:29', place: 'W' },
    { now: 'Tue 18:30', place: 'W-B to B' },
    { now: 'Tue 20:00', place: 'B' },
    { now: 'Sun 12:00', place: 'B' },
  ])('$now: $place', ({ now, place }) => {
    const expected = expectedPlace(STEPS, at(now), NETWORK);
    const words =
      expected.kind === 'RIDE' ? `${expected.lineCode} to ${expected.toCode}` : expected.code;
    expect(words).toBe(place);
  });

  it('has pairs that go separate ways in two places', () => {
    const apart = [
      step('RIDE', 'A W', 'Mon 14:00', 'Mon 15:00', 'A-W'),
      step('RIDE', 'B A', 'Mon 14:30', 'Mon 16:00', 'B-A'),
    ];
    const codes = (now: string) =>
      expectedPlaces(apart, at(now), NETWORK).map((it) =>
        it.kind === 'RIDE' ? it.lineCode : it.code,
      );
    expect(codes('Mon 12:00')).toEqual(['A', 'B']);
    expect(codes('Mon 14:40')).toEqual(['A-W', 'B-A']);
  });
});

const STORE_A: PairPlace = { kind: 'STORE', code: 'A' };
const HUB: PairPlace = { kind: 'WORKSHOP', code: 'W' };
const INSIDE_A: PairPlace = { kind: 'WORKSHOP', code: 'IN-A' };
const STORE_B: PairPlace = { kind: 'STORE', code: 'B' };
const VAN: PairPlace = { kind: 'TRIP', lineCode: 'A-W', departs: at('Mon 14:00'), toCode: 'W' };
const LOST: PairPlace = { kind: 'MISSING', code: 'A' };
const GIVEN: PairPlace = { kind: 'CUSTOMER', code: 'B' };

describe('a pair', () => {
  it.each([
    { name: 'waits for its van', place: STORE_A, now: 'Mon 13:00', is: null },
    { name: 'waits in the workshop of its store', place: INSIDE_A, now: 'Mon 13:00', is: null },
    { name: 'is on the van before it leaves', place: VAN, now: 'Mon 13:30', is: null },
    { name: 'is on the van far too early', place: VAN, now: 'Mon 12:59', is: 'ELSEWHERE' },
    { name: 'is not scanned yet', place: STORE_A, now: 'Mon 14:14', is: null },
    { name: 'missed its van', place: STORE_A, now: 'Mon 14:15', is: 'ELSEWHERE' },
    { name: 'is not off the van yet', place: VAN, now: 'Mon 15:14', is: null },
    { name: 'never came off the van', place: VAN, now: 'Mon 15:15', is: 'ELSEWHERE' },
    { name: 'is at its workshop', place: HUB, now: 'Tue 12:00', is: null },
    { name: 'is at another place', place: STORE_B, now: 'Tue 12:00', is: 'ELSEWHERE' },
    { name: 'is worked on too long', place: HUB, now: 'Tue 18:16', is: 'WORK_LATE' },
    { name: 'is missing', place: LOST, now: 'Mon 12:00', is: 'MISSING' },
    { name: 'is with the customer', place: GIVEN, now: 'Mon 12:00', is: null },
  ])('$name: $is', ({ place, now, is }) => {
    const pair = { place, operations: [open('clean')] };
    expect(deviationOf(pair, STEPS, at(now), NETWORK)?.kind ?? null).toBe(is);
  });
});

describe('trips', () => {
  const toW = NETWORK.lines.get('A-W')!;
  const round = NETWORK.lines.get('LOOP')!;
  const monday = dayNumber(dateOf('Mon'));

  it('are those of the timetable', () => {
    expect(departuresOn(toW, monday, monday)).toEqual([at('Mon 14:00'), at('Mon 20:30')]);
    expect(departuresOn(toW, dayNumber(dateOf('Sun')), dayNumber(dateOf('Sun')))).toEqual([]);
    expect(hasTrip(toW, at('Mon 20:30'))).toBe(true);
    expect(hasTrip(toW, at('Mon 20:31'))).toBe(false);
    expect(hasTrip(toW, at('Sun 20:30'))).toBe(false);
  });

  it('tell which part of them a step rides', () => {
    const departs = at('Mon 10:00');
    const ride = (way: string, start: string, end: string) =>
      spanOf(round, departs, step('RIDE', way, start, end, 'LOOP'));
    expect(ride('A W', 'Mon 10:00', 'Mon 10:30')).toEqual({ from: 0, to: 1 });
    expect(ride('A W', 'Mon 12:00', 'Mon 12:30')).toEqual({ from: 3, to: 4 });
    expect(ride('A W', 'Mon 10:00', 'Mon 12:30')).toEqual({ from: 0, to: 4 });
    expect(ride('A W', 'Tue 10:00', 'Tue 10:30')).toBeNull();
    expect(plannedSpan(toW, at('Mon 14:00'), STEPS)).toEqual({ from: 0, to: 1 });
    expect(plannedSpan(toW, at('Mon 20:30'), STEPS)).toBeNull();
  });

  it('that are late are ridden by plans of before and after', () => {
    const trips = new Map([['A-W', new Map([[at('Mon 14:00'), { delayMin: 40 }]])]]);
    const late = withDisruptions(NETWORK, { trips, shifts: new Map(), closures: new Map() });
    const line = late.lines.get('A-W')!;
    expect(callAt(line, at('Mon 14:00'), 1)).toBe(at('Mon 15:40'));
    expect(plannedSpan(line, at('Mon 14:00'), STEPS)).toEqual({ from: 0, to: 1 });
    const anew = [step('RIDE', 'A W', 'Mon 14:40', 'Mon 15:40', 'A-W')];
    expect(plannedSpan(line, at('Mon 14:00'), anew)).toEqual({ from: 0, to: 1 });
  });

  it.each([
    { name: 'there', place: STORE_A, is: true },
    { name: 'on the van', place: VAN, is: true },
    { name: 'already past it', place: HUB, is: false },
    { name: 'lost', place: LOST, is: false },
    { name: 'handed out', place: GIVEN, is: false },
  ])('may still be boarded by a pair that is $name: $is', ({ place, is }) => {
    const name = { lineCode: 'A-W', departs: at('Mon 14:00') };
    const ride = { fromCode: 'A', start: at('Mon 14:00') };
    expect(mayBoard(place, name, ride, STEPS, NETWORK)).toBe(is);
  });

  it('say of a pair what it should have done and did', () => {
    const left = { stop: 0, arrivedAt: null, departedAt: at('Mon 14:00') };
    const came = { stop: 1, arrivedAt: at('Mon 15:00'), departedAt: null };
    const listed = { from: 0, to: 1 };
    const loaded = {
      kind: 'LOADED' as const,
      placeCode: 'A',
      toCode: 'W',
      at: at('Mon 13:50'),
      discrepancies: [],
    };
    const faults = (calls: Parameters<typeof tripPair>[1], facts: Parameters<typeof tripPair>[2]) =>
      tripPair(toW, calls, facts).discrepancies;
    expect(faults([], { listed, scans: [] })).toEqual([]);
    expect(faults([left], { listed, scans: [] })).toEqual(['NOT_LOADED']);
    expect(faults([left], { listed, scans: [loaded] })).toEqual([]);
    expect(faults([left, came], { listed, scans: [loaded] })).toEqual(['NOT_UNLOADED']);
    expect(faults([left], { listed: null, scans: [loaded] })).toEqual(['NOT_LISTED']);
  });
});

describe('the shift that finished work used', () => {
  const workshop = NETWORK.workshops.get('W')!;
  const claim = (start: string, skill = 'clean') => ({
    resource: `work:W/${skill}`,
    start: at(start),
    amount: 1,
  });

  it.each([
    {
      name: 'the claimed one that runs',
      claims: ['Mon 09:00', 'Tue 09:00'],
      when: 'Tue 12:00',
      is: 'Tue 09:00',
    },
    {
      name: 'the claimed one before, when it took longer',
      claims: ['Mon 09:00'],
      when: 'Mon 18:30',
      is: 'Mon 09:00',
    },
    {
      name: 'the claimed one ahead, when it was done early',
      claims: ['Wed 09:00'],
      when: 'Tue 12:00',
      is: 'Wed 09:00',
    },
    { name: 'the one that runs, without a claim', claims: [], when: 'Tue 12:00', is: 'Tue 09:00' },
    { name: 'the one before, without a claim', claims: [], when: 'Tue 22:00', is: 'Tue 09:00' },
  ])('$name', ({ claims, when, is }) => {
    const taken = [...claims.map((start) => claim(start)), claim('Thu 09:00', 'sole')];
    expect(usedShift(taken, workshop, 'clean', at(when))).toBe(at(is));
  });

  it('is none where that work is not done', () => {
    expect(usedShift([], workshop, 'gold', at('Tue 12:00'))).toBeNull();
  });
});

describe('when work is due', () => {
  const workshop = NETWORK.workshops.get('W')!;
  const promise = { readyBy: at('Tue 20:30'), steps: STEPS };
  const due = (operations: readonly PairOperation[], given = promise, pickUp = 'Tue 20:30') =>
    workDue(operations, workshop, given, at(pickUp), NETWORK.lines);

  it('by the cut-off of the van, with what is left until the pick-up', () => {
    expect(due([open('clean')])).toEqual({ dueAt: at('Tue 18:00'), slackMin: 0 });
    expect(due([open('clean')], promise, 'Wed 10:30').slackMin).toBe(14 * 60);
    expect(due([open('clean')], promise, 'Tue 20:00').slackMin).toBe(-30);
  });

  it('earlier by what is to be done after it', () => {
    expect(due([open('clean'), open('clean', 90)]).dueAt).toBe(at('Tue 16:30'));
  });

  it('by the intake of the shift that does the next work', () => {
    const steps = [
      STEPS[0]!,
      STEPS[1]!,
      step('WORK', 'W', 'Wed 09:00', 'Wed 18:00', 'sole'),
      step('RIDE', 'W B', 'Wed 18:30', 'Wed 20:00', 'W-B'),
    ];
    const later = { readyBy: at('Wed 20:30'), steps };
    expect(due([open('clean'), open('sole')], later).dueAt).toBe(at('Wed 12:00'));
    expect(due([open('sole')], later).dueAt).toBe(at('Wed 18:00'));
  });

  it('by the put-away, in the store’s own workshop, and else by ready-by', () => {
    const inside = [STEPS[1]!, step('PUT_AWAY', 'B', 'Tue 19:00', 'Tue 19:30')];
    expect(due([open('clean')], { ...promise, steps: inside }).dueAt).toBe(at('Tue 19:00'));
    expect(due([open('clean')], { ...promise, steps: [] }).dueAt).toBe(promise.readyBy);
  });

  it('is ordered by due time, then slack, then tag', () => {
    const item = (dueAt: number, slackMin: number, tag: string) => ({ dueAt, slackMin, tag });
    const sorted = [
      item(1, 5, 'Z'),
      item(2, 1, 'B'),
      item(2, 1, 'C'),
      item(2, 3, 'A'),
      item(3 * MINUTE_MS, 0, 'A'),
    ];
    expect([...sorted].reverse().sort(compareWork)).toEqual(sorted);
  });
});
