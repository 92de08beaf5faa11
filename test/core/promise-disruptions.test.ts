import { describe, expect, it } from 'vitest';

import { limitOf } from '../../src/core/claims/limits.ts';
import { workOf } from '../../src/core/claims/resource.ts';
import { slotAt, slotFault, slotsOf } from '../../src/core/counter/slots.ts';
import { openingAt, openings } from '../../src/core/hours/openings.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { NO_DISRUPTIONS, type Disruptions } from '../../src/core/network/disruptions.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import type { Network } from '../../src/core/network/network.ts';
import { withDisruptions } from '../../src/core/network/with-disruptions.ts';
import { lateArrival } from '../../src/core/promise/late-arrival.ts';
import { planOf, QUICK } from '../support/promise/ask.ts';
import { aChain, aLine } from '../support/promise/chain.ts';
import { anItem, at, workedExample } from '../support/promise/worked-example.ts';
import { SMALL_NETWORK } from '../support/small-network.ts';

const disrupted = (parts: Partial<Disruptions>, network: Network = workedExample()): Network =>
  withDisruptions(network, { ...NO_DISRUPTIONS, ...parts });

const trip = (
  lineCode: string,
  departs: string,
  how: { cancelled: true } | { delayMin: number },
) => ({
  trips: new Map([[lineCode, new Map([[at(departs), how]])]]),
});

const cut = (start: string, skill: string, units: number) => ({
  shifts: new Map([['W', new Map([[at(start), new Map([[skill, units]])]])]]),
});

const closed = (storeCode: string, from: string, to: string) => ({
  closures: new Map([[storeCode, [{ start: at(from), end: at(to) }]]]),
});

/** The worked example's plain way: 14:00 to W, Tuesday's shift, 18:30 to B, ready at 20:30. */
describe('a trip', () => {
  it('that is cancelled is not ridden, and has no limit to claim against', () => {
    const network = disrupted(trip('W-B', 'Tue 18:30', { cancelled: true }));
    const plan = planOf(network);
    expect(plan.readyBy).toBe(at('Wed 11:00'));
    const bucket = { resource: 'ride:W-B/W>B', start: at('Tue 18:30') };
    expect(limitOf(network, bucket)).toBeUndefined();
    expect(limitOf(workedExample(), bucket)).toBe(1000);
  });

  it('that is late comes later, and keeps the bucket of its schedule', () => {
    const network = disrupted(trip('W-B', 'Tue 18:30', { delayMin: 25 }));
    const plan = planOf(network);
    expect(plan.readyBy).toBe(at('Tue 20:55'));
    expect(plan.steps.find(({ by }) => by === 'W-B')).toMatchObject({
      start: at('Tue 18:55'),
      end: at('Tue 20:25'),
    });
    const bucket = { resource: 'ride:W-B/W>B', start: at('Tue 18:30') };
    expect(plan.claims).toContainEqual({ ...bucket, amount: 1, limit: 1000 });
    expect(limitOf(network, bucket)).toBe(1000);
  });

  it('that is late is full when its scheduled bucket is', () => {
    const network = disrupted(
      trip('W-B', 'Tue 18:30', { delayMin: 25 }),
      workedExample({}, { vanPairs: 4 }),
    );
    const taken = [{ resource: 'ride:W-B/W>B', start: at('Tue 18:30'), amount: 4 }];
    const plan = planOf(network, {}, taken);
    expect(plan.readyBy).toBe(at('Wed 11:00'));
    expect(plan.delays).toEqual([{ kind: 'TRIP_FULL', code: 'W-B', at: at('Tue 18:30') }]);
  });

  it('that is late still takes goods for which it would have been gone', () => {
    const network = disrupted(trip('A-W', 'Mon 14:00', { delayMin: 60 }));
    const plan = planOf(network, { handedOverAt: at('Mon 14:30') });
    expect(plan.steps[0]).toMatchObject({
      by: 'A-W',
      start: at('Mon 15:00'),
      end: at('Mon 16:00'),
    });
  });

  const busy = aChain({
    stores: [...workedExample().stores.values()],
    workshops: [...workedExample().workshops.values()],
    lines: [...workedExample().lines.values()].map((line) =>
      line.code === 'A-W'
        ? aLine({
            code: 'A-W',
            departures: ['12:00', '13:00', '14:00'],
            stops: [
              ['A', 0],
              ['W', 60],
            ],
          })
        : line,
    ),
  });

  it('that is late enough to leave after the next one can be ridden after it', () => {
    const late = disrupted(trip('A-W', 'Mon 12:00', { delayMin: 90 }), busy);
    const claimed = (handedOver: string) =>
      planOf(late, { handedOverAt: at(handedOver) }).claims.find(({ resource }) =>
        resource.startsWith('ride:A-W'),
      )!.start;
    expect(claimed('Mon 11:00')).toBe(at('Mon 13:00'));
    expect(claimed('Mon 12:45')).toBe(at('Mon 12:00'));
    expect(claimed('Mon 13:01')).toBe(at('Mon 14:00'));
  });

  it('that now leaves at the minute of another is not boarded, but its goods come', () => {
    const late = disrupted(trip('A-W', 'Mon 12:00', { delayMin: 60 }), busy);
    const plan = planOf(late, { handedOverAt: at('Mon 12:30') }, [
      { resource: 'ride:A-W/A>W', start: at('Mon 13:00'), amount: 1000 },
    ]);
    expect(plan.steps[0]).toMatchObject({ start: at('Mon 14:00') });
    const name = { lineCode: 'A-W', departs: at('Mon 12:00') };
    expect(lateArrival(late, name, 'W')).toBe(at('Mon 14:00'));
  });

  it('that is not in the timetable changes nothing', () => {
    const network = disrupted(trip('W-B', 'Tue 18:31', { delayMin: 25 }));
    expect(planOf(network)).toEqual(planOf(workedExample()));
  });
});

describe('goods on board', () => {
  const loop = aChain({
    lines: [
      aLine({
        code: 'L',
        departures: ['08:00'],
        stops: [
          ['A', 0],
          ['B', 30],
          ['W', 60],
          ['B', 90],
        ],
      }),
    ],
  });
  const name = { lineCode: 'L', departs: at('Tue 08:00') };

  it.each([
    { name: 'come as scheduled', delayMin: 0, boarded: 'Tue 08:00', stop: 'W', comes: 'Tue 09:00' },
    { name: 'come late', delayMin: 15, boarded: 'Tue 08:00', stop: 'W', comes: 'Tue 09:15' },
    {
      name: 'come at the first call',
      delayMin: 15,
      boarded: 'Tue 08:15',
      stop: 'B',
      comes: 'Tue 08:45',
    },
    {
      name: 'come at the next call',
      delayMin: 15,
      boarded: 'Tue 09:15',
      stop: 'B',
      comes: 'Tue 09:45',
    },
    {
      name: 'come at the last call',
      delayMin: 15,
      boarded: 'Tue 11:00',
      stop: 'B',
      comes: 'Tue 09:45',
    },
  ])('$name', ({ delayMin, boarded, stop, comes }) => {
    const network = disrupted(trip('L', 'Tue 08:00', { delayMin }), loop);
    expect(lateArrival(network, name, stop, at(boarded))).toBe(at(comes));
  });

  it('of a cancelled trip, a line or stop that is not known, come at no known time', () => {
    const cancelled = disrupted(trip('L', 'Tue 08:00', { cancelled: true }), loop);
    expect(lateArrival(cancelled, name, 'W')).toBeNull();
    expect(lateArrival(loop, { ...name, lineCode: 'M' }, 'W')).toBeNull();
    expect(lateArrival(loop, name, 'X')).toBeNull();
    expect(lateArrival(loop, name, 'A')).toBeNull();
  });
});

describe('a cut of a shift', () => {
  const bucket = { resource: workOf('W', 'clean'), start: at('Tue 09:00') };

  it('leaves so many units of that one skill', () => {
    const network = disrupted(cut('Tue 09:00', 'clean', 4));
    expect(planOf(network, { items: [anItem(4)] }).readyBy).toBe(at('Tue 20:30'));
    const more = planOf(network, { items: [anItem(5)] });
    expect(more.readyBy).toBe(at('Wed 20:30'));
    expect(more.delays).toEqual([{ kind: 'WORKSHOP_FULL', code: 'W', at: at('Tue 09:00') }]);
    expect(limitOf(network, bucket)).toBe(4);
    expect(limitOf(network, { ...bucket, resource: workOf('W', 'sole') })).toBe(120);
    expect(limitOf(network, { ...bucket, start: at('Wed 09:00') })).toBe(120);
  });

  it('to nothing ends the skill for that shift', () => {
    const network = disrupted(cut('Tue 09:00', 'clean', 0));
    const plan = planOf(network);
    expect(plan.readyBy).toBe(at('Wed 20:30'));
    expect(plan.delays).toEqual([{ kind: 'WORKSHOP_CLOSED', code: 'W', at: at('Tue 09:00') }]);
    expect(limitOf(network, bucket)).toBe(0);
  });

  it('above what is stated changes nothing', () => {
    const network = disrupted(cut('Tue 09:00', 'clean', 500));
    expect(limitOf(network, bucket)).toBe(120);
    expect(planOf(network)).toEqual(planOf(workedExample()));
  });
});

describe('a closure', () => {
  const network = disrupted(closed('B', 'Tue 13:10', 'Tue 20:15'));
  const store = network.stores.get('B')!;

  it('is cut out of the opening', () => {
    expect(openings(store, '2026-09-08', '2026-09-08')).toEqual([
      { start: at('Tue 10:00'), end: at('Tue 13:10') },
      { start: at('Tue 20:15'), end: at('Tue 21:00') },
    ]);
    expect(openingAt(store, at('Tue 13:10'))).toBeNull();
    expect(openingAt(store, at('Tue 20:15'))).toEqual({
      start: at('Tue 20:15'),
      end: at('Tue 21:00'),
    });
  });

  it('takes away the slots that it touches, and moves none', () => {
    const starts = slotsOf(store, '2026-09-08', '2026-09-08').map(({ start }) => start);
    expect(starts.filter((start) => start >= at('Tue 12:00'))).toEqual([
      at('Tue 12:00'),
      at('Tue 12:30'),
      at('Tue 20:30'),
    ]);
    expect(slotAt(store, at('Tue 13:00'))).toBeNull();
    expect(slotFault(store, at('Tue 15:00'), at('Mon 08:00'))).toBe('CLOSED');
    const visits = { resource: 'counter:B/visits', start: at('Tue 15:00') };
    expect(limitOf(network, visits)).toBeUndefined();
    expect(limitOf(network, { ...visits, start: at('Tue 20:30') })).toBe(10);
  });

  it('keeps vans from being unloaded, and is named', () => {
    const plan = planOf(network);
    expect(plan.readyBy).toBe(at('Wed 11:00'));
    expect(plan.delays).toEqual([{ kind: 'STORE_CLOSED', code: 'B', at: at('Tue 18:30') }]);
  });

  it('of a store with a night drop only keeps customers away', () => {
    const night = disrupted(
      closed('B', 'Tue 13:10', 'Tue 20:45'),
      workedExample({ nightDrop: true }),
    );
    const plan = planOf(night);
    expect(plan.readyBy).toBe(at('Tue 20:30'));
    expect(plan.earliestPickUp.start).toBe(at('Wed 10:00'));
  });

  it('over midnight closes both dates', () => {
    const late = disrupted(closed('B', 'Tue 20:00', 'Wed 11:00')).stores.get('B')!;
    expect(openings(late, '2026-09-08', '2026-09-09')).toEqual([
      { start: at('Tue 10:00'), end: at('Tue 20:00') },
      { start: at('Wed 11:00'), end: at('Wed 21:00') },
    ]);
  });
});

describe('the network', () => {
  it('has no disruptions unless they are given', () => {
    const network = compileNetwork(documentOf(SMALL_NETWORK), 1);
    expect(network.disruptions).toBe(NO_DISRUPTIONS);
    expect(Object.isFrozen(NO_DISRUPTIONS)).toBe(true);
  });

  it('holds those that were given, in its parts too, and gives them up for others', () => {
    const disruptions = { ...NO_DISRUPTIONS, ...closed('B', 'Tue 13:00', 'Tue 14:00') };
    const network = withDisruptions(workedExample(), disruptions);
    expect(network.disruptions).toBe(disruptions);
    expect(network.stores.get('B')!.closures).toEqual(disruptions.closures.get('B'));
    expect(network.stores.get('A')!.closures).toBeUndefined();
    const again = withDisruptions(network, NO_DISRUPTIONS);
    expect(again).toEqual(workedExample());
    expect(again.stores.get('A')).toBe(network.stores.get('A'));
  });

  it('joins closures that overlap', () => {
    const closures = new Map([
      [
        'B',
        [
          { start: at('Tue 15:00'), end: at('Tue 16:00') },
          { start: at('Tue 14:00'), end: at('Tue 15:30') },
        ],
      ],
    ]);
    const network = disrupted({ closures });
    expect(network.stores.get('B')!.closures).toEqual([
      { start: at('Tue 14:00'), end: at('Tue 16:00') },
    ]);
  });

  it('compiles with them', () => {
    const [store] = [...documentOf(SMALL_NETWORK).stores.keys()];
    const closures = new Map([[store!, [{ start: at('Tue 14:00'), end: at('Tue 15:00') }]]]);
    const network = compileNetwork(documentOf(SMALL_NETWORK), 1, { ...NO_DISRUPTIONS, closures });
    expect(network.stores.get(store!)!.closures).toEqual(closures.get(store!));
  });
});

it('an order too large for a cut shift, but not for others, is not too large', () => {
  const plan = planOf(disrupted(cut('Tue 09:00', 'clean', 1)), { items: [anItem(100, QUICK)] });
  expect(plan.readyBy).toBe(at('Wed 20:30'));
});
