import { describe, expect, it } from 'vitest';

import type { Claim } from '../../src/core/claims/claim.ts';
import { shelfOf } from '../../src/core/claims/resource.ts';
import { Usage } from '../../src/core/claims/usage.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { NoPlan, OnwardGroup, OnwardRequest, Plan } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import type { Result } from '../../src/core/result.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { claim, linesOf, QUICK } from '../support/promise/ask.ts';
import {
  anItem,
  at,
  BASIC_CLEAN,
  RESOLE,
  workedExample,
} from '../support/promise/worked-example.ts';

interface Where {
  readonly from: string;
  readonly since: string;
  readonly operations?: Parameters<typeof anItem>[1];
  readonly pairs?: number;
}

const group = ({ from, since, operations = BASIC_CLEAN, pairs = 1 }: Where): OnwardGroup => ({
  fromCode: from,
  since: at(since),
  items: [anItem(pairs, operations)],
});

function onward(
  groups: readonly Where[],
  now: string,
  { network = workedExample(), taken = [], ...rest }: Options = {},
): Result<Plan, NoPlan> {
  const usage = new Usage();
  usage.add(taken);
  return new Planner(network, usage).planOnward({
    groups: groups.map(group),
    pickUpStoreCode: 'B',
    now: at(now),
    ...rest,
  });
}

type Options = Partial<OnwardRequest> & {
  readonly network?: Network;
  readonly taken?: readonly Claim[];
};

function planOf(...question: Parameters<typeof onward>): Plan {
  const planned = onward(...question);
  if (!planned.ok) throw new Error(planned.error.code);
  return planned.value;
}

const readyBy = (...question: Parameters<typeof onward>): number => planOf(...question).readyBy;
const shelf = (start: string, amount: number): Claim => claim(shelfOf('B'), start, amount);
const inStore = (code: string): Network => {
  const network = workedExample();
  const workshop = { ...network.workshops.get('W')!, storeCode: code };
  return { ...network, workshops: new Map([['W', workshop]]) };
};

describe('goods that wait at a store', () => {
  it('were there in time for a cut-off that has passed', () => {
    const plan = planOf([{ from: 'A', since: 'Mon 13:30' }], 'Mon 13:59');
    expect(plan.steps[0]).toMatchObject({ by: 'A-W', start: at('Mon 14:00') });
    expect(plan.readyBy).toBe(at('Tue 20:30'));
  });

  it('can be on a van that leaves now, on none that has left', () => {
    const leaves = (now: string) =>
      planOf([{ from: 'A', since: 'Mon 10:00' }], now).steps[0]!.start;
    expect(leaves('Mon 14:00')).toBe(at('Mon 14:00'));
    expect(leaves('Mon 14:01')).toBe(at('Mon 20:30'));
  });

  it('are not delayed by vans that have left', () => {
    const full = [claim('ride:A-W/A>W', 'Mon 14:00', 1000)];
    const delays = (now: string) =>
      planOf([{ from: 'A', since: 'Mon 10:00' }], now, { taken: full }).delays;
    expect(delays('Mon 13:00')).toEqual([{ kind: 'TRIP_FULL', code: 'A-W', at: at('Mon 14:00') }]);
    expect(delays('Mon 14:01')).toEqual([]);
  });

  it('that come later are a hand-over then', () => {
    const plan = planOf([{ from: 'A', since: 'Mon 13:31' }], 'Mon 08:00');
    expect(plan.steps[0]).toMatchObject({ start: at('Mon 20:30') });
    expect(plan.delays).toEqual([{ kind: 'MISSED_CUT_OFF', code: 'A-W', at: at('Mon 14:00') }]);
  });
});

describe('goods at a workshop', () => {
  it('that were there in time are worked on in the shift that is on', () => {
    expect(readyBy([{ from: 'W', since: 'Tue 11:59' }], 'Tue 17:59')).toBe(at('Wed 11:00'));
    expect(readyBy([{ from: 'W', since: 'Tue 11:59', operations: QUICK }], 'Tue 17:59')).toBe(
      at('Tue 20:30'),
    );
  });

  it('that came after its cut-off, or when it is over, wait for the next one', () => {
    expect(readyBy([{ from: 'W', since: 'Tue 12:01', operations: QUICK }], 'Tue 17:59')).toBe(
      at('Wed 20:30'),
    );
    expect(readyBy([{ from: 'W', since: 'Tue 11:59', operations: QUICK }], 'Tue 18:00')).toBe(
      at('Wed 20:30'),
    );
  });

  it('dry from when they were there for the work', () => {
    const [work] = planOf(
      [{ from: 'W', since: 'Tue 08:00', operations: RESOLE }],
      'Tue 17:00',
    ).steps;
    expect(work).toMatchObject({ kind: 'WORK', end: at('Thu 08:00') });
  });

  it('with no work left need only a van', () => {
    const plan = planOf([{ from: 'W', since: 'Tue 12:00', operations: [] }], 'Tue 13:00');
    expect(linesOf(plan)).toEqual(['W-B']);
    expect(plan.readyBy).toBe(at('Tue 20:30'));
    expect(plan.claims.map(({ resource }) => resource)).toEqual(['ride:W-B/W>B', 'shelf:B']);
  });

  it('in the pick-up store need no ride', () => {
    const plan = planOf([{ from: 'W', since: 'Tue 08:00', operations: QUICK }], 'Tue 10:00', {
      network: inStore('B'),
    });
    expect(linesOf(plan)).toEqual([]);
    expect(plan.readyBy).toBe(at('Tue 18:30'));
  });

  it('in the store where the goods are need no ride', () => {
    const network = inStore('A');
    const atStore = planOf([{ from: 'A', since: 'Tue 08:00', operations: QUICK }], 'Tue 10:00', {
      network,
      pickUpStoreCode: 'A',
    });
    expect(linesOf(atStore)).toEqual([]);
    expect(atStore.readyBy).toBe(at('Tue 18:30'));
  });

  it('may be worked on at another, with all the skills that they still need', () => {
    const network = workedExample();
    const other = { ...network.workshops.get('W')!, code: 'V', storeCode: 'B' };
    const workshops = new Map([
      ['V', other],
      ['W', network.workshops.get('W')!],
    ]);
    const full = [claim('work:W/clean', 'Tue 09:00', 120), claim('work:W/clean', 'Wed 09:00', 120)];
    const plan = planOf([{ from: 'W', since: 'Mon 08:00', operations: QUICK }], 'Mon 19:00', {
      network: { ...network, workshops },
      taken: full,
    });
    expect(plan.steps.map(({ kind, toCode }) => [kind, toCode])).toEqual([
      ['RIDE', 'B'],
      ['WORK', 'V'],
      ['PUT_AWAY', 'B'],
    ]);
  });
});

describe('goods at the pick-up store', () => {
  it.each([
    { since: 'Tue 09:50', readyBy: 'Tue 10:20' },
    { since: 'Tue 08:00', readyBy: 'Tue 10:00' },
    { since: 'Tue 12:00', readyBy: 'Tue 12:30' },
  ])('since $since are ready by $readyBy', ({ since, readyBy: expected }) => {
    const plan = planOf([{ from: 'B', since, operations: [] }], 'Tue 10:00');
    expect(plan.readyBy).toBe(at(expected));
    expect(plan.steps).toMatchObject([{ kind: 'PUT_AWAY', start: at(since), end: at(expected) }]);
    expect(plan.claims.map(({ resource }) => resource)).toEqual(['shelf:B']);
  });

  it('cannot meet a pick-up that has passed', () => {
    const pickUpStart = at('Tue 09:30');
    const plan = planOf([{ from: 'B', since: 'Mon 08:00', operations: [] }], 'Tue 10:00', {
      pickUpStart,
    });
    expect(plan.earliestPickUp.start).toBe(at('Tue 11:00'));
    expect(plan.claims).toMatchObject([{ resource: 'shelf:B', start: at('Tue 00:00') }]);
  });
});

describe('several groups', () => {
  const apart: readonly Where[] = [
    { from: 'B', since: 'Mon 08:00', operations: [], pairs: 2 },
    { from: 'W', since: 'Mon 13:00', pairs: 3 },
  ];

  it('are ready with the last, and each is on the shelf from its own date', () => {
    const plan = planOf(apart, 'Mon 14:00');
    expect(plan.readyBy).toBe(at('Tue 20:30'));
    expect(plan.earliestPickUp.start).toBe(at('Tue 20:30'));
    expect(plan.claims).toEqual([
      { resource: 'ride:W-B/W>B', start: at('Tue 18:30'), amount: 3, limit: 1000 },
      { resource: 'shelf:B', start: at('Mon 00:00'), amount: 2, limit: null },
      { resource: 'shelf:B', start: at('Tue 00:00'), amount: 5, limit: null },
      { resource: 'work:W/clean', start: at('Tue 09:00'), amount: 3, limit: 120 },
    ]);
  });

  it('have their steps in order of time, equal ones once', () => {
    const twice: readonly Where[] = [
      { from: 'W', since: 'Mon 13:00' },
      { from: 'A', since: 'Mon 13:00' },
    ];
    const steps = planOf(twice, 'Mon 13:10').steps;
    expect(steps.map(({ kind, by }) => by ?? kind)).toEqual(['A-W', 'clean', 'W-B', 'PUT_AWAY']);
  });

  it('take from each other, the first in the list first', () => {
    const taken = [claim('work:W/clean', 'Tue 09:00', 117)];
    const two = [
      { from: 'W', since: 'Mon 13:00', pairs: 2 },
      { from: 'A', since: 'Mon 13:00', pairs: 2 },
    ] as const;
    const amounts = (groups: readonly Where[]) =>
      planOf(groups, 'Mon 13:10', { taken })
        .steps.filter(({ kind }) => kind === 'WORK')
        .map(({ start }) => start);
    expect(amounts(two)).toEqual([at('Tue 09:00'), at('Wed 09:00')]);
    const first = planOf([...two].reverse(), 'Mon 13:10', { taken });
    expect(first.claims).toContainEqual({
      resource: 'ride:W-B/W>B',
      start: at('Tue 18:30'),
      amount: 2,
      limit: 1000,
    });
    expect(first.readyBy).toBe(at('Wed 20:30'));
  });

  it('wait for a pick-up until which the shelf can hold all of them', () => {
    const network = workedExample({ shelfPairs: 5 });
    expect(readyBy(apart, 'Mon 14:00', { network })).toBe(at('Tue 20:30'));
    const later = planOf(apart, 'Mon 14:00', { network, taken: [shelf('Tue 00:00', 1)] });
    expect(later.earliestPickUp.start).toBe(at('Wed 11:00'));
    expect(later.delays).toContainEqual({ kind: 'SHELF_FULL', code: 'B', at: at('Tue 00:00') });
  });

  it('meet the pick-up that is wished for if all of them can', () => {
    const plan = planOf(apart, 'Mon 14:00', { pickUpStart: at('Thu 12:00') });
    expect(plan.readyBy).toBe(at('Tue 20:30'));
    expect(
      plan.claims.filter(({ resource }) => resource === 'shelf:B').map((c) => c.amount),
    ).toEqual([2, 5, 5, 5]);
  });
});

describe('no way', () => {
  it.each<{ readonly name: string; readonly groups: readonly Where[]; readonly code: string }>([
    { name: 'without goods', groups: [], code: 'NO_CONNECTION' },
    {
      name: 'from an unknown place',
      groups: [{ from: 'X', since: 'Mon 08:00' }],
      code: 'NO_CONNECTION',
    },
    {
      name: 'from a store that no van leaves',
      groups: [{ from: 'B', since: 'Mon 08:00' }],
      code: 'NO_CONNECTION',
    },
    {
      name: 'for one of two',
      groups: [
        { from: 'B', since: 'Mon 08:00', operations: [] },
        { from: 'B', since: 'Mon 08:00' },
      ],
      code: 'NO_CONNECTION',
    },
    {
      name: 'without the skill',
      groups: [
        { from: 'W', since: 'Mon 08:00', operations: [{ skill: 'dye', units: 1, dwellMin: 0 }] },
      ],
      code: 'NO_SKILL',
    },
    {
      name: 'for more than a shift holds',
      groups: [{ from: 'W', since: 'Mon 08:00', pairs: 121 }],
      code: 'TOO_LARGE',
    },
    {
      name: 'within the horizon',
      groups: [{ from: 'A', since: 'Mon+9 08:00' }],
      code: 'BEYOND_HORIZON',
    },
  ])('$name: $code', ({ groups, code }) => {
    expect(onward(groups, 'Mon 08:00')).toEqual({ ok: false, error: { code } });
  });

  it('from a workshop as a drop-off of a new order', () => {
    const planned = new Planner(workedExample(), new Usage()).plan({
      dropOffStoreCode: 'W',
      handedOverAt: at('Mon 08:00'),
      pickUpStoreCode: 'B',
      items: [anItem()],
      now: at('Mon 08:00'),
    });
    expect(planned).toEqual({ ok: false, error: { code: 'NO_CONNECTION' } });
  });
});

it('a minute is a minute: goods there one millisecond after the cut-off miss it', () => {
  const usage = new Usage();
  const since = at('Mon 13:30');
  const leaves = (late: number) =>
    new Planner(workedExample(), usage).findOnward({
      groups: [{ fromCode: 'A', since: since + late, items: [anItem()] }],
      pickUpStoreCode: 'B',
      now: since + 10 * MINUTE_MS,
    })!.steps[0]!.start;
  expect([leaves(0), leaves(1)]).toEqual([at('Mon 14:00'), at('Mon 20:30')]);
});
