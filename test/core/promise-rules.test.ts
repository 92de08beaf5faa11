import { describe, expect, it } from '@jest/globals';

import type { Claim } from '../../src/core/claims/claim.ts';
import { Usage } from '../../src/core/claims/usage.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { Plan, PlanRequest } from '../../src/core/promise/plan.ts';
import { Planner } from '../../src/core/promise/planner.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { aChain, aLine, aShift, aStore, aWorkshop, DAILY } from '../support/promise/chain.ts';
import { anItem, at, RESOLE, workedExample } from '../support/promise/worked-example.ts';

const QUICK = [{ skill: 'clean', units: 1, dwellMin: 0 }];

function ask(network: Network, request: Partial<PlanRequest> = {}, taken: readonly Claim[] = []) {
  const usage = new Usage();
  usage.add(taken);
  return new Planner(network, usage).plan({
    dropOffStoreCode: 'A',
    handedOverAt: at('Mon 11:00'),
    pickUpStoreCode: 'B',
    items: [anItem()],
    now: at('Mon 08:00'),
    ...request,
  });
}

function planOf(...question: Parameters<typeof ask>): Plan {
  const planned = ask(...question);
  if (!planned.ok) throw new Error(planned.error.code);
  return planned.value;
}

const claim = (resource: string, start: string, amount: number): Claim => ({
  resource,
  start: at(start),
  amount,
});
const lines = (plan: Plan): readonly (string | null)[] =>
  plan.steps.filter(({ kind }) => kind === 'RIDE').map(({ by }) => by);

describe('the hand-over', () => {
  it('before now counts as now', () => {
    const plan = planOf(workedExample(), { handedOverAt: at('Mon 09:00'), now: at('Mon 21:00') });
    expect(plan.readyBy).toBe(at('Wed 20:30'));
  });

  it.each([
    { after: 0, readyBy: 'Tue 20:30' },
    { after: 1, readyBy: 'Tue 20:30' },
    { after: MINUTE_MS, readyBy: 'Tue 20:30' },
  ])('$after ms after a cut-off misses that van, and no more', ({ after, readyBy }) => {
    const plan = planOf(workedExample(), { handedOverAt: at('Mon 13:30') + after });
    expect(plan.readyBy).toBe(at(readyBy));
    expect(plan.steps[0]!.start).toBe(at(after === 0 ? 'Mon 14:00' : 'Mon 20:30'));
    expect(plan.delays).toEqual(
      after === 0 ? [] : [{ kind: 'MISSED_CUT_OFF', code: 'A-W', at: at('Mon 14:00') }],
    );
  });
});

describe('vans', () => {
  it('a full van is waited out and named', () => {
    const plan = planOf(workedExample({}, { vanPairs: 4 }), {}, [
      claim('ride:W-B/W>B', 'Tue 18:30', 4),
    ]);
    expect(plan.readyBy).toBe(at('Wed 11:00'));
    expect(plan.delays).toEqual([{ kind: 'TRIP_FULL', code: 'W-B', at: at('Tue 18:30') }]);
  });

  const lap = (changes: Partial<Parameters<typeof aLine>[0]> = {}) =>
    aChain({
      stores: [aStore({ code: 'A', nightDrop: true }), aStore({ code: 'B', nightDrop: true })],
      workshops: [
        aWorkshop({
          code: 'W',
          shifts: [
            aShift({ starts: '09:00', ends: '12:00', cutOff: '10:00', units: { clean: 9 } }),
          ],
        }),
      ],
      lines: [
        aLine({
          code: 'LAP',
          departures: ['08:00', '13:00'],
          pairs: 3,
          stops: [
            ['A', 0],
            ['B', 30],
            ['W', 60],
            ['B', 90],
            ['A', 120],
          ],
          ...changes,
        }),
      ],
    });

  it('goods stay on a van that calls at other stops, and take each leg', () => {
    const plan = planOf(lap(), { handedOverAt: at('Tue 07:30'), items: [anItem(2, QUICK)] });
    expect(plan.readyBy).toBe(at('Tue 15:00'));
    expect(plan.claims.filter(({ resource }) => resource.startsWith('ride:'))).toEqual([
      { resource: 'ride:LAP/A>B', start: at('Tue 08:00'), amount: 2, limit: 3 },
      { resource: 'ride:LAP/B>W', start: at('Tue 08:00'), amount: 2, limit: 3 },
      { resource: 'ride:LAP/W>B', start: at('Tue 13:00'), amount: 2, limit: 3 },
    ]);
  });

  it('one full leg keeps goods off the whole ride', () => {
    const plan = planOf(lap(), { handedOverAt: at('Tue 07:30'), items: [anItem(2, QUICK)] }, [
      claim('ride:LAP/B>W', 'Tue 08:00', 2),
    ]);
    expect(plan.steps[0]!.start).toBe(at('Tue 13:00'));
    expect(plan.delays).toEqual([{ kind: 'TRIP_FULL', code: 'LAP', at: at('Tue 08:00') }]);
  });

  it('do not run on excepted dates, which is no delay', () => {
    const plan = planOf(lap({ exceptDates: new Set(['2026-09-08']) }), {
      handedOverAt: at('Tue 07:30'),
      items: [anItem(2, QUICK)],
    });
    expect(plan.readyBy).toBe(at('Wed 15:00'));
    expect(plan.delays).toEqual([]);
  });

  it('of two ways with the same ready-by the one with fewer rides, though later at the workshop', () => {
    const { stores, workshops, lines: direct } = workedExample();
    const plan = planOf(
      aChain({
        stores: [...stores.values(), aStore({ code: 'C', nightDrop: true })],
        workshops: [...workshops.values()],
        lines: [
          ...direct.values(),
          aLine({
            code: '1',
            departures: ['12:00'],
            stops: [
              ['A', 0],
              ['C', 20],
            ],
          }),
          aLine({
            code: '2',
            departures: ['13:00'],
            stops: [
              ['C', 0],
              ['W', 20],
            ],
          }),
        ],
      }),
    );
    expect(lines(plan)).toEqual(['A-W', 'W-B']);
  });

  it('of two equal vans the one whose line comes first', () => {
    const { stores, workshops, lines: one } = workedExample();
    const twin = { ...one.get('A-W')!, code: 'A' };
    const plan = planOf(
      aChain({
        stores: [...stores.values()],
        workshops: [...workshops.values()],
        lines: [...one.values(), twin],
      }),
    );
    expect(lines(plan)).toEqual(['A', 'W-B']);
  });

  it('a night drop takes goods at a closed store', () => {
    const closed = { specialHours: [{ from: '2026-09-08', to: '2026-09-08', hours: [] }] };
    expect(planOf(workedExample({ ...closed, nightDrop: true })).readyBy).toBe(at('Tue 20:30'));
    expect(planOf(workedExample(closed)).readyBy).toBe(at('Wed 11:00'));
  });
});

describe('work', () => {
  it('drying past the end of the shift is named', () => {
    const plan = planOf(workedExample(), { items: [anItem(1, RESOLE)] });
    const work = plan.steps.filter(({ kind }) => kind === 'WORK');
    expect(work).toMatchObject([{ start: at('Tue 09:00'), end: at('Wed 15:00') }]);
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'DRYING', code: 'W', at: at('Tue 09:00') }]);
  });

  it('an operation begins when the one before is finished', () => {
    const operations = [...QUICK, { skill: 'sole', units: 1, dwellMin: 0 }];
    const plan = planOf(workedExample(), { items: [anItem(1, operations)] });
    const work = plan.steps.filter(({ kind }) => kind === 'WORK');
    expect(work.map(({ by, end }) => [by, end])).toEqual([
      ['clean', at('Tue 18:00')],
      ['sole', at('Wed 18:00')],
    ]);
  });

  it('equal pieces of work are one step, and their units add up', () => {
    const plan = planOf(workedExample(), { items: [anItem(1), anItem(1), anItem(2)] });
    expect(plan.steps.filter(({ kind }) => kind === 'WORK')).toHaveLength(1);
    expect(plan.claims).toContainEqual({
      resource: 'work:W/clean',
      start: at('Tue 09:00'),
      amount: 4,
      limit: 120,
    });
  });

  it('items that do not fit into one shift together go into two', () => {
    const plan = planOf(workedExample(), { items: [anItem(80), anItem(80)] });
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'WORKSHOP_FULL', code: 'W', at: at('Tue 09:00') }]);
  });

  it('a big item makes way where the order as a whole is finished sooner', () => {
    // The big one first would leave no room on Tuesday for the small one, which has two days of work.
    const operations = [...QUICK, { skill: 'sole', units: 1, dwellMin: 0 }];
    const plan = planOf(workedExample(), { items: [anItem(115, QUICK), anItem(20, operations)] });
    const work = plan.claims.filter(({ resource }) => resource.startsWith('work:'));
    expect(work.map(({ resource, start, amount }) => [resource, start, amount])).toEqual([
      ['work:W/clean', at('Tue 09:00'), 20],
      ['work:W/clean', at('Wed 09:00'), 115],
      ['work:W/sole', at('Wed 09:00'), 20],
    ]);
    expect(plan.readyBy).toBe(at('Wed 20:30'));
  });

  it('closed dates are named, weekly days off are not', () => {
    const plan = planOf(workedExample({}, { closedDates: ['2026-09-08', '2026-09-13'] }));
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'WORKSHOP_CLOSED', code: 'W', at: at('Tue 09:00') }]);
  });

  it('the less loaded of two equal workshops, then the first by code', () => {
    const { stores, workshops, lines: one } = workedExample();
    const twins = [...one.values()].map((line) => ({
      ...line,
      code: line.code.replace('W', 'V'),
      stops: line.stops.map((stop) => (stop.code === 'W' ? { ...stop, code: 'V' } : stop)),
    }));
    const chain = aChain({
      stores: [...stores.values()],
      workshops: [workshops.get('W')!, { ...workshops.get('W')!, code: 'V' }],
      lines: [...one.values(), ...twins],
    });
    expect(lines(planOf(chain))).toEqual(['A-V', 'V-B']);
    const loaded = planOf(chain, {}, [claim('work:V/clean', 'Tue 09:00', 1)]);
    expect(lines(loaded)).toEqual(['A-W', 'W-B']);
  });
});

describe('a workshop in a store', () => {
  const inStore = aChain({
    stores: [aStore({ code: 'A' }), aStore({ code: 'B' })],
    workshops: [
      aWorkshop({
        code: 'W',
        storeCode: 'A',
        shifts: [aShift({ starts: '09:00', ends: '18:00', cutOff: '12:00', units: { clean: 9 } })],
      }),
    ],
  });

  it('needs no ride', () => {
    const plan = planOf(inStore, { pickUpStoreCode: 'A', items: [anItem(1, QUICK)] });
    expect(plan.readyBy).toBe(at('Mon 18:30'));
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['WORK', 'PUT_AWAY']);
  });

  it('goods handed over after its intake cut-off wait for the next shift, and that is named', () => {
    const handedOverAt = at('Mon 12:00') + 1;
    const plan = planOf(inStore, { pickUpStoreCode: 'A', handedOverAt, items: [anItem(1, QUICK)] });
    expect(plan.readyBy).toBe(at('Tue 18:30'));
    expect(plan.delays).toEqual([{ kind: 'MISSED_CUT_OFF', code: 'W', at: at('Mon 09:00') }]);
  });

  it('keeps the goods until the shelf has room', () => {
    const shop = { ...inStore, stores: new Map([['A', aStore({ code: 'A', shelfPairs: 5 })]]) };
    const plan = planOf(shop, { pickUpStoreCode: 'A', items: [anItem(1, QUICK)] }, [
      claim('shelf:A', 'Mon 00:00', 5),
    ]);
    expect(plan.readyBy).toBe(at('Tue 00:00'));
    expect(plan.delays).toEqual([{ kind: 'SHELF_FULL', code: 'A', at: at('Mon 00:00') }]);
  });
});

describe('the pick-up', () => {
  const FULL_EVENING = [claim('counter:B/visits', 'Tue 20:30', 10)];

  it('the first free slot from ready-by on; the first full one of an opening is named', () => {
    const plan = planOf(workedExample(), {}, [
      ...FULL_EVENING,
      claim('counter:B/visits', 'Wed 10:00', 10),
      claim('counter:B/visits', 'Wed 10:30', 10),
    ]);
    expect(plan.earliestPickUp.start).toBe(at('Wed 11:00'));
    expect(plan.delays).toEqual([
      { kind: 'COUNTER_FULL', code: 'B', at: at('Tue 20:30') },
      { kind: 'COUNTER_FULL', code: 'B', at: at('Wed 10:00') },
    ]);
  });

  it('the shelf is taken from the date of ready-by to that of the pick-up asked for', () => {
    const plan = planOf(workedExample({ shelfPairs: 5 }), { pickUpStart: at('Thu 10:00') });
    const shelf = plan.claims.filter(({ resource }) => resource === 'shelf:B');
    expect(shelf.map(({ start }) => start)).toEqual([
      at('Tue 00:00'),
      at('Wed 00:00'),
      at('Thu 00:00'),
    ]);
  });

  it('a full shelf makes the goods come on the next date with room', () => {
    const plan = planOf(workedExample({ shelfPairs: 5 }), {}, [claim('shelf:B', 'Tue 00:00', 5)]);
    expect(plan.readyBy).toBe(at('Wed 11:00'));
    expect(plan.delays).toEqual([{ kind: 'SHELF_FULL', code: 'B', at: at('Tue 00:00') }]);
  });

  it('a shelf that is full until the pick-up asked for is named, and the plan is as without it', () => {
    const plan = planOf(workedExample({ shelfPairs: 5 }), { pickUpStart: at('Thu 10:00') }, [
      claim('shelf:B', 'Thu 00:00', 5),
    ]);
    expect(plan.readyBy).toBe(at('Tue 20:30'));
    expect(plan.delays).toEqual([{ kind: 'SHELF_FULL', code: 'B', at: at('Thu 00:00') }]);
  });

  it('too early a pick-up leaves the plan as without it', () => {
    const plan = planOf(workedExample(), { pickUpStart: at('Tue 12:00') });
    expect(plan.readyBy).toBe(at('Tue 20:30'));
    expect(plan.earliestPickUp.start).toBe(at('Tue 20:30'));
    expect(plan.delays).toEqual([]);
  });

  it('the slot asked for serves as the earliest one when no other is free', () => {
    const store = { counter: { visits: 1, horizonDays: 2 } };
    const plan = planOf(workedExample(store), { pickUpStart: at('Tue 20:30') }, [
      claim('counter:B/visits', 'Tue 20:30', 1),
    ]);
    expect(plan.earliestPickUp.start).toBe(at('Tue 20:30'));
  });
});

describe('refusals', () => {
  const unknown = [{ skill: 'dye', units: 1, dwellMin: 0 }];
  const lonely = () => {
    const { stores, workshops, lines: all } = workedExample();
    const one = [...all.values()].filter(({ code }) => code !== 'W-B');
    return aChain({ stores: [...stores.values()], workshops: [...workshops.values()], lines: one });
  };

  it.each<{
    name: string;
    network: Network;
    request?: Partial<PlanRequest>;
    taken?: readonly Claim[];
    code: string;
  }>([
    {
      name: 'no workshop has the skill',
      network: workedExample(),
      request: { items: [anItem(1, unknown)] },
      code: 'NO_SKILL',
    },
    { name: 'no line leads to the store', network: lonely(), code: 'NO_CONNECTION' },
    {
      name: 'a store is not of the chain',
      network: workedExample(),
      request: { pickUpStoreCode: 'Z' },
      code: 'NO_CONNECTION',
    },
    {
      name: 'an item is more than a shift holds',
      network: workedExample(),
      request: { items: [anItem(121)] },
      code: 'TOO_LARGE',
    },
    {
      name: 'the order is more than a van holds',
      network: workedExample({}, { vanPairs: 4 }),
      request: { items: [anItem(2), anItem(3)] },
      code: 'TOO_LARGE',
    },
    {
      name: 'the order is more than the shelf holds',
      network: workedExample({ shelfPairs: 4 }),
      request: { items: [anItem(5)] },
      code: 'TOO_LARGE',
    },
    {
      name: 'nothing is ready within the horizon',
      network: workedExample({ counter: { horizonDays: 1 } }),
      code: 'BEYOND_HORIZON',
    },
    {
      name: 'all vans within the horizon are full',
      network: workedExample({ counter: { horizonDays: 3 } }, { vanPairs: 4 }),
      taken: ['Mon 18:30', 'Tue 09:00', 'Tue 18:30', 'Wed 09:00', 'Wed 18:30'].map((start) =>
        claim('ride:W-B/W>B', start, 4),
      ),
      code: 'BEYOND_HORIZON',
    },
  ])('$code: $name', ({ network, request, taken, code }) => {
    expect(ask(network, request, taken)).toEqual({ ok: false, error: { code } });
  });
});

describe('clocks put forward and back', () => {
  const zone = 'America/New_York';
  const night = aChain({
    stores: [aStore({ code: 'A', timeZone: zone, opens: '00:00', closes: '24:00', putAwayMin: 0 })],
    workshops: [
      aWorkshop({
        code: 'W',
        timeZone: zone,
        storeCode: 'A',
        shifts: [
          aShift({
            days: DAILY,
            starts: '22:00',
            ends: '06:00',
            cutOff: '01:30',
            units: { clean: 9 },
          }),
        ],
      }),
    ],
  });
  const readyBy = (handedOver: string): string => {
    const instant = Date.parse(handedOver);
    const plan = planOf(night, {
      pickUpStoreCode: 'A',
      handedOverAt: instant,
      now: instant,
      items: [anItem(1, QUICK)],
    });
    return new Date(plan.readyBy).toISOString();
  };

  it.each([
    {
      name: 'forward: in time for the night of seven hours',
      at: '2026-03-08T06:30:00Z',
      readyBy: '2026-03-08T10:00:00.000Z',
    },
    { name: 'forward: too late', at: '2026-03-08T06:31:00Z', readyBy: '2026-03-09T10:00:00.000Z' },
    {
      name: 'back: the first 01:30 is the cut-off',
      at: '2026-11-01T05:30:00Z',
      readyBy: '2026-11-01T11:00:00.000Z',
    },
    {
      name: 'back: the second 01:30 is too late',
      at: '2026-11-01T06:30:00Z',
      readyBy: '2026-11-02T11:00:00.000Z',
    },
  ])('$name', ({ at: handedOver, readyBy: expected }) => {
    expect(readyBy(handedOver)).toBe(expected);
  });
});
