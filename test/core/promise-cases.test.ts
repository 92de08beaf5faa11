import { describe, expect, it } from 'vitest';

import type { Claim } from '../../src/core/claims/claim.ts';
import { Usage } from '../../src/core/claims/usage.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import type { PlanDelay, PlanItem } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { anItem, at, workedExample, BASIC_CLEAN } from '../support/promise/worked-example.ts';
import type { StoreParts } from '../support/promise/chain.ts';

interface Case {
  readonly name: string;
  readonly store?: Partial<StoreParts>;
  readonly taken?: readonly Claim[];
  readonly handedOver: string;
  readonly pickUp?: string;
  readonly items?: readonly PlanItem[];
  readonly readyBy: string;
  readonly delays?: readonly PlanDelay[];
}

const ofCleaning = (start: string, amount: number): Claim => ({
  resource: 'work:W/clean',
  start: at(start),
  amount,
});

const CLOSES_EARLY_ON_TUESDAY: Partial<StoreParts> = {
  specialHours: [{ from: '2026-09-08', to: '2026-09-08', hours: [{ opens: 600, closes: 1140 }] }],
};

describe('the worked examples', () => {
  it.each<Case>([
    { name: 'the plain way', handedOver: 'Mon 11:00', readyBy: 'Tue 20:30' },
    { name: 'exactly at the cut-off is in time', handedOver: 'Mon 13:30', readyBy: 'Tue 20:30' },
    {
      name: "after the day's last cut-off",
      handedOver: 'Mon 20:01',
      readyBy: 'Wed 20:30',
      delays: [{ kind: 'MISSED_CUT_OFF', code: 'A-W', at: at('Mon 20:30') }],
    },
    {
      name: 'the shift is full',
      taken: [ofCleaning('Tue 09:00', 120)],
      handedOver: 'Mon 11:00',
      readyBy: 'Wed 20:30',
      delays: [{ kind: 'WORKSHOP_FULL', code: 'W', at: at('Tue 09:00') }],
    },
    {
      name: 'an item stays together',
      taken: [ofCleaning('Tue 09:00', 118)],
      handedOver: 'Mon 11:00',
      items: [anItem(5)],
      readyBy: 'Wed 20:30',
      delays: [{ kind: 'WORKSHOP_FULL', code: 'W', at: at('Tue 09:00') }],
    },
    { name: 'over a Sunday', handedOver: 'Sat 11:00', readyBy: 'Mon+1 20:30' },
    {
      name: 'the store closes before the van comes',
      store: CLOSES_EARLY_ON_TUESDAY,
      handedOver: 'Mon 11:00',
      readyBy: 'Wed 11:00',
      delays: [{ kind: 'STORE_CLOSED', code: 'B', at: at('Tue 18:30') }],
    },
    { name: 'back to the same store', handedOver: 'Mon 11:00', pickUp: 'A', readyBy: 'Tue 20:00' },
  ])('$name', ({ store, taken = [], handedOver, pickUp = 'B', items, readyBy, delays = [] }) => {
    const usage = new Usage();
    usage.add(taken);
    const planned = new Planner(workedExample(store), usage).plan({
      dropOffStoreCode: 'A',
      handedOverAt: at(handedOver),
      pickUpStoreCode: pickUp,
      items: items ?? [anItem()],
      now: at('Mon 08:00'),
    });
    expect(planned).toMatchObject({ ok: true, value: { readyBy: at(readyBy), delays } });
  });
});

it('a plan names its steps, the first free slot, and all that it takes', () => {
  const planner = new Planner(workedExample(), new Usage());
  const shelf = instantAt('2026-09-08', 0, 'Asia/Shanghai');
  const planned = planner.plan({
    dropOffStoreCode: 'A',
    handedOverAt: at('Mon 11:00'),
    pickUpStoreCode: 'B',
    items: [{ pairs: 2, operations: BASIC_CLEAN }],
    now: at('Mon 08:00'),
  });
  expect(planned).toEqual({
    ok: true,
    value: {
      readyBy: at('Tue 20:30'),
      earliestPickUp: expect.objectContaining({ start: at('Tue 20:30'), end: at('Tue 21:00') }),
      steps: [
        {
          kind: 'RIDE',
          fromCode: 'A',
          toCode: 'W',
          start: at('Mon 14:00'),
          end: at('Mon 15:00'),
          by: 'A-W',
        },
        {
          kind: 'WORK',
          fromCode: 'W',
          toCode: 'W',
          start: at('Tue 09:00'),
          end: at('Tue 18:00'),
          by: 'clean',
        },
        {
          kind: 'RIDE',
          fromCode: 'W',
          toCode: 'B',
          start: at('Tue 18:30'),
          end: at('Tue 20:00'),
          by: 'W-B',
        },
        {
          kind: 'PUT_AWAY',
          fromCode: 'B',
          toCode: 'B',
          start: at('Tue 20:00'),
          end: at('Tue 20:30'),
          by: null,
        },
      ],
      delays: [],
      claims: [
        { resource: 'ride:A-W/A>W', start: at('Mon 14:00'), amount: 2, limit: 1000 },
        { resource: 'ride:W-B/W>B', start: at('Tue 18:30'), amount: 2, limit: 1000 },
        { resource: 'shelf:B', start: shelf, amount: 2, limit: null },
        { resource: 'work:W/clean', start: at('Tue 09:00'), amount: 2, limit: 120 },
      ],
    },
  });
});
