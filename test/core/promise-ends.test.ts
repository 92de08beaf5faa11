import { describe, expect, it } from 'vitest';

import type { Claim } from '../../src/core/claims/claim.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { PlanRequest } from '../../src/core/promise/plan.ts';
import { ask, claim, planOf, QUICK } from '../support/promise/ask.ts';
import { aChain, aShift, aStore, aWorkshop, DAILY } from '../support/promise/chain.ts';
import { anItem, at, workedExample } from '../support/promise/worked-example.ts';

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
