import { describe, expect, it } from 'vitest';

import type { PairData, PairPlace } from '../../src/core/goods/pair.ts';
import {
  claimsAfterHandOut,
  handOutProblems,
  problemOf,
} from '../../src/core/handovers/hand-out.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

const store = compileNetwork(documentOf(workedNetwork()), 1).stores.get('B')!;

function aPair(number: number, place: PairPlace, isDone = true): PairData {
  const operation = {
    position: 1,
    skill: 'clean',
    units: 1,
    dwellMin: 0,
    origin: 'SERVICE',
    findingId: null,
    startedAt: null,
    finishedAt: isDone ? 1 : null,
    workshopCode: isDone ? 'W' : null,
    shiftStart: null,
  } as const;
  return {
    id: `p${number}`,
    orderId: 'o',
    item: 1,
    number,
    tag: `T${number}`,
    condition: null,
    place,
    since: 0,
    shelf: null,
    operations: [operation],
  };
}

describe('problemOf', () => {
  it.each([
    { place: { kind: 'STORE', code: 'B' }, isDone: true, problem: null },
    { place: { kind: 'STORE', code: 'B' }, isDone: false, problem: 'NOT_READY' },
    { place: { kind: 'STORE', code: 'A' }, isDone: true, problem: 'NOT_HERE' },
    { place: { kind: 'WORKSHOP', code: 'B' }, isDone: true, problem: 'NOT_HERE' },
    {
      place: { kind: 'TRIP', lineCode: 'L', departs: 0, toCode: 'B' },
      isDone: true,
      problem: 'NOT_HERE',
    },
    { place: { kind: 'CUSTOMER', code: 'B' }, isDone: true, problem: 'ALREADY_HANDED_OUT' },
    { place: { kind: 'MISSING', code: 'B' }, isDone: true, problem: 'MISSING' },
  ] as const)('is $problem for $place', ({ place, isDone, problem }) => {
    expect(problemOf(aPair(1, place, isDone), new Set(), 'B')).toBe(problem);
  });

  it('waits for the decision on a finding', () => {
    const pair = aPair(1, { kind: 'STORE', code: 'B' });
    expect(problemOf(pair, new Set(['p1']), 'B')).toBe('NOT_DECIDED');
  });
});

describe('handOutProblems', () => {
  const here: PairPlace = { kind: 'STORE', code: 'B' };
  const pairs = [aPair(1, here), aPair(2, here), aPair(3, { kind: 'CUSTOMER', code: 'B' })];
  const scanned = { storeCode: 'B', knownTags: new Set(['X1']), isPartial: false };

  it.each([
    { tags: ['T1', 'T2'], problems: [] },
    { tags: ['T1'], problems: [{ tag: 'T2', code: 'LEFT_BEHIND' }] },
    {
      tags: ['T1', 'T2', 'X1', 'X2'],
      problems: [
        { tag: 'X1', code: 'WRONG_PAIR' },
        { tag: 'X2', code: 'UNKNOWN_TAG' },
      ],
    },
  ])('are $problems for $tags', ({ tags, problems }) => {
    expect(handOutProblems(pairs, new Set(), { ...scanned, tags })).toEqual(problems);
  });

  it('let part of an order go when it is asked for', () => {
    const partial = { ...scanned, tags: ['T2'], isPartial: true };
    expect(handOutProblems(pairs, new Set(), partial)).toEqual([]);
  });
});

describe('claimsAfterHandOut', () => {
  it('gives the shelf back from tomorrow on, as many pairs as are out', () => {
    const claims = [
      { resource: 'counter:B/visits', start: at('Wed 12:00'), amount: 1 },
      { resource: 'shelf:A', start: at('Thu 00:00'), amount: 3 },
      { resource: 'shelf:B', start: at('Wed 00:00'), amount: 3 },
      { resource: 'shelf:B', start: at('Thu 00:00'), amount: 3 },
    ];
    const after = (out: number) => claimsAfterHandOut(claims, store, out, at('Wed 12:10'));
    expect(after(2).map(({ amount }) => amount)).toEqual([1, 3, 3, 1]);
    expect(after(3).map(({ amount }) => amount)).toEqual([1, 3, 3]);
    expect(after(3).every(({ limit }) => limit === null)).toBe(true);
  });
});
