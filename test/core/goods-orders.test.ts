import { describe, expect, it } from 'vitest';

import { careStage } from '../../src/core/goods/care-stage.ts';
import type { PairState } from '../../src/core/goods/pair-state.ts';
import { newsOfScans, type ScannedPair } from '../../src/core/goods/order-news.ts';
import { statusOfPairs } from '../../src/core/goods/order-status.ts';
import type { PairOperation, PairPlace } from '../../src/core/goods/pair.ts';
import type { Service } from '../../src/core/network/network.ts';
import type { OrderItem } from '../../src/core/orders/order.ts';
import type { OrderStatus } from '../../src/core/orders/states.ts';
import { anOrder } from '../support/message-facts.ts';

const AT = 1_000_000;

function work(started: number, finished = started): readonly PairOperation[] {
  return ['clean', 'sole'].map((skill, index) => ({
    position: index + 1,
    skill,
    units: 1,
    dwellMin: 0,
    origin: 'SERVICE',
    findingId: null,
    startedAt: index < started ? AT : null,
    finishedAt: index < finished ? AT : null,
    workshopCode: null,
    shiftStart: null,
  }));
}

const PLACES = {
  customer: { kind: 'CUSTOMER', code: 'B' },
  missing: { kind: 'MISSING', code: 'W' },
  van: { kind: 'TRIP', lineCode: 'A-W', departs: AT, toCode: 'W' },
  workshop: { kind: 'WORKSHOP', code: 'W' },
  A: { kind: 'STORE', code: 'A' },
  B: { kind: 'STORE', code: 'B' },
  C: { kind: 'STORE', code: 'C' },
} as const satisfies Record<string, PairPlace>;

interface Sketch {
  readonly at: keyof typeof PLACES;
  readonly done?: number;
  readonly isSeen?: boolean;
  readonly hasLeft?: boolean;
  readonly isGated?: boolean;
}

const state = ({
  at,
  done = 0,
  isSeen = true,
  hasLeft = at !== 'A',
  isGated = false,
}: Sketch): PairState => ({
  place: PLACES[at],
  since: AT,
  shelf: null,
  operations: work(done),
  isSeen,
  hasLeft,
  isGated,
  discrepancies: [],
});

describe('where an order is in its life', () => {
  it.each<{ name: string; pairs: readonly Sketch[]; status: OrderStatus }>([
    { name: 'taken in', pairs: [{ at: 'A', isSeen: false }], status: 'RECEIVED' },
    { name: 'on the shelf where it was taken in', pairs: [{ at: 'A' }], status: 'RECEIVED' },
    { name: 'on a van', pairs: [{ at: 'van' }], status: 'IN_TRANSIT' },
    { name: 'one on a van', pairs: [{ at: 'A' }, { at: 'van' }], status: 'IN_TRANSIT' },
    { name: 'at a store between', pairs: [{ at: 'C' }], status: 'IN_TRANSIT' },
    { name: 'one in a workshop', pairs: [{ at: 'van' }, { at: 'workshop' }], status: 'IN_CARE' },
    { name: 'at the pick-up store, not done', pairs: [{ at: 'B', done: 1 }], status: 'IN_TRANSIT' },
    { name: 'there and done', pairs: [{ at: 'B', done: 2 }], status: 'READY' },
    {
      name: 'there and done, without a scan',
      pairs: [{ at: 'B', done: 2, isSeen: false, hasLeft: false }],
      status: 'RECEIVED',
    },
    {
      name: 'one not there yet',
      pairs: [
        { at: 'B', done: 2 },
        { at: 'van', done: 2 },
      ],
      status: 'IN_TRANSIT',
    },
    {
      name: 'one missing',
      pairs: [
        { at: 'B', done: 2 },
        { at: 'missing', done: 2 },
      ],
      status: 'IN_TRANSIT',
    },
    {
      name: 'one that the customer has not decided on',
      pairs: [
        { at: 'B', done: 2 },
        { at: 'B', done: 2, isGated: true },
      ],
      status: 'IN_TRANSIT',
    },
    { name: 'all missing', pairs: [{ at: 'missing' }], status: 'IN_TRANSIT' },
    {
      name: 'one handed out, one waiting',
      pairs: [
        { at: 'customer', done: 2 },
        { at: 'B', done: 2 },
      ],
      status: 'READY',
    },
    {
      name: 'one handed out, one on its way',
      pairs: [
        { at: 'customer', done: 2 },
        { at: 'van', done: 2 },
      ],
      status: 'IN_TRANSIT',
    },
    {
      name: 'all handed out',
      pairs: [{ at: 'customer' }, { at: 'customer' }],
      status: 'COLLECTED',
    },
  ])('$name: $status', ({ pairs, status }) => {
    expect(statusOfPairs(pairs.map(state), 'B')).toBe(status);
    expect(statusOfPairs(pairs.map(state).reverse(), 'B')).toBe(status);
  });
});

const SERVICES = new Map<string, Service>(
  [
    { code: 'wash', skills: ['clean'] },
    { code: 'resole', skills: ['sole'] },
  ].map(({ code, skills }) => [
    code,
    {
      code,
      name: code,
      priceMinor: 1,
      currency: 'CNY',
      operations: skills.map((skill) => ({ skill, units: 1, dwellMin: 0 })),
    },
  ]),
);

const item = (serviceCodes: readonly string[]): OrderItem => ({
  description: 'AJ1',
  serviceCodes,
  pairs: 2,
});

describe('the stage of care', () => {
  it.each([
    { name: 'nothing begun', pairs: [work(0), work(0)], stage: null },
    { name: 'the first service', pairs: [work(1, 0), work(0)], stage: 'wash' },
    { name: 'of the pair that is furthest', pairs: [work(1), work(2, 1)], stage: 'resole' },
    {
      name: 'what was added later, by its skill',
      pairs: [
        [...work(2), { ...work(1)[0]!, position: 3, skill: 'gold', origin: 'FINDING' as const }],
      ],
      stage: 'gold',
    },
  ])('$name', ({ pairs, stage }) => {
    expect(careStage(item(['wash', 'resole']), pairs, SERVICES)).toBe(stage);
  });

  it('is said by skill when the services are others than those ordered', () => {
    expect(careStage(item(['wash']), [work(1)], SERVICES)).toBe('clean');
  });
});

describe('what scans make of an order', () => {
  const order = (status: OrderStatus, items = 1) => {
    const base = anOrder(AT, AT);
    return {
      ...base,
      status,
      items: Array.from({ length: items }, () => item(['wash', 'resole'])),
      pickUp: { ...base.pickUp, storeCode: 'B' },
    };
  };
  const scanned = (after: Sketch, more: Partial<ScannedPair> = {}): ScannedPair => ({
    item: 1,
    workBefore: work(0),
    after: state(after),
    ...more,
  });

  it.each<{ name: string; from: OrderStatus; pairs: readonly ScannedPair[]; news: object | null }>([
    {
      name: 'boarding',
      from: 'RECEIVED',
      pairs: [scanned({ at: 'van' })],
      news: { kind: 'TRAVELLED', status: 'IN_TRANSIT', details: null },
    },
    {
      name: 'the second one boarding',
      from: 'IN_TRANSIT',
      pairs: [scanned({ at: 'van' })],
      news: null,
    },
    {
      name: 'care begun',
      from: 'IN_CARE',
      pairs: [scanned({ at: 'workshop', done: 1 })],
      news: { kind: 'PROGRESSED', status: 'IN_CARE', details: { stage: 'wash', items: [0] } },
    },
    {
      name: 'the same care begun on another pair',
      from: 'IN_CARE',
      pairs: [
        scanned({ at: 'workshop', done: 1 }, { workBefore: work(1) }),
        scanned({ at: 'workshop', done: 1 }),
      ],
      news: null,
    },
    {
      name: 'ready, whatever else came late',
      from: 'IN_TRANSIT',
      pairs: [scanned({ at: 'B', done: 2 })],
      news: { kind: 'READY', status: 'READY', details: null },
    },
    { name: 'ready again', from: 'READY', pairs: [scanned({ at: 'B', done: 2 })], news: null },
    {
      name: 'gone from the shelf',
      from: 'READY',
      pairs: [scanned({ at: 'missing', done: 2 }, { workBefore: work(2) })],
      news: { kind: 'TRAVELLED', status: 'IN_TRANSIT', details: null },
    },
    {
      name: 'all with the customer',
      from: 'READY',
      pairs: [scanned({ at: 'customer' })],
      news: null,
    },
    { name: 'after the end', from: 'COLLECTED', pairs: [scanned({ at: 'van' })], news: null },
  ])('$name', ({ from, pairs, news }) => {
    expect(newsOfScans(order(from), pairs, SERVICES)).toEqual(news);
  });

  it('names the items, and of several stages only that they are in care', () => {
    const both = [
      scanned({ at: 'workshop', done: 1 }),
      scanned({ at: 'workshop', done: 2 }, { item: 2 }),
    ];
    expect(newsOfScans(order('IN_CARE', 2), both, SERVICES)!.details).toEqual({
      stage: 'IN_CARE',
      items: [0, 1],
    });
  });
});
