import { describe, expect, it } from 'vitest';

import { awaitedRides } from '../../src/core/guard/awaited-rides.ts';
import type { WaitingGroup } from '../../src/core/guard/goods-now.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { NO_DISRUPTIONS, type TripDisruption } from '../../src/core/network/disruptions.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import { withDisruptions } from '../../src/core/network/with-disruptions.ts';
import type { OrderData } from '../../src/core/orders/order.ts';
import type { PlanStep } from '../../src/core/promise/plan.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

const STATED = compileNetwork(documentOf(workedNetwork()), 1);
const NOON = at('Mon 12:00');
const TWO = ride('14:00', '15:00');
const HALF_PAST_EIGHT = ride('20:30', '21:30');
const CLEANED: PlanStep = { ...TWO, kind: 'WORK', toCode: 'A', by: 'clean' };

function ride(starts: string, ends: string): PlanStep {
  const [start, end] = [at(`Mon ${starts}`), at(`Mon ${ends}`)];
  return { kind: 'RIDE', fromCode: 'A', toCode: 'W', start, end, by: 'A-W' };
}

/** At store A since the morning; to be cleaned unless told otherwise. */
function goods(pairs: number, more: Partial<WaitingGroup> = {}): WaitingGroup {
  const operations = [{ skill: 'clean', units: 1, dwellMin: 0 }];
  const since = at('Mon 10:00');
  return { fromCode: 'A', since, items: [{ pairs, operations }], ride: null, ...more };
}

const ready = (pairs: number): WaitingGroup => goods(pairs, { items: [{ pairs, operations: [] }] });

interface Situation {
  readonly name: string;
  readonly trip?: TripDisruption;
  readonly now?: string;
  readonly steps?: readonly PlanStep[];
  readonly groups: readonly WaitingGroup[];
  /** Code of the pick-up store; left out: B. */
  readonly pickUpAt?: string;
  /** Pairs that the order has room for on the van at 14:00, and at 20:30. */
  readonly room?: readonly [number, number];
  /** The minute at which each group is where the van takes it. */
  readonly waits: readonly (string | null)[];
}

function waits({
  trip,
  now,
  steps,
  groups,
  room,
  pickUpAt,
}: Situation): readonly (string | null)[] {
  const trips = trip === undefined ? [] : [[TWO.start, trip] as const];
  const network = withDisruptions(STATED, {
    ...NO_DISRUPTIONS,
    trips: new Map([['A-W', new Map(trips)]]),
  });
  const order = {
    promise: { steps: steps ?? [TWO] },
    pickUp: { storeCode: pickUpAt ?? 'B' },
  } as unknown as OrderData;
  const claims = [TWO, HALF_PAST_EIGHT].map(({ start }, van) => ({
    resource: 'ride:A-W/A>W',
    start,
    amount: (room ?? [2, 0])[van]!,
  }));
  const world = { network, now: now === undefined ? NOON : at(`Mon ${now}`) };
  return awaitedRides(world, order, groups, claims).map((found) => {
    if (found === null) return null;
    expect(found.group.ride?.end).toBe(found.group.since);
    expect(found.kept.map(({ amount }) => amount)).toEqual([found.group.items[0]!.pairs]);
    return new Date(found.group.since).toISOString();
  });
}

const minute = (text: string | null): string | null =>
  text === null ? null : new Date(at(`Mon ${text}`)).toISOString();

describe('a late van that goods wait for', () => {
  it.each<Situation>([
    { name: 'is awaited', trip: { delayMin: 40 }, groups: [goods(2)], waits: ['15:40'] },
    {
      name: 'is awaited after its time',
      trip: { delayMin: 40 },
      now: '14:39',
      groups: [goods(2)],
      waits: ['15:40'],
    },
    {
      name: 'is not when it has left',
      trip: { delayMin: 40 },
      now: '14:41',
      groups: [goods(2)],
      waits: [null],
    },
    { name: 'is not when it is in time', groups: [goods(2)], waits: [null] },
    {
      name: 'is not when it does not run',
      trip: { cancelled: true },
      groups: [goods(2)],
      waits: [null],
    },
    {
      name: 'is not by goods elsewhere',
      trip: { delayMin: 40 },
      groups: [goods(2, { fromCode: 'B' })],
      waits: [null],
    },
    {
      name: 'is not by goods that are worked on before',
      trip: { delayMin: 40 },
      steps: [CLEANED, TWO],
      groups: [goods(2)],
      waits: [null],
    },
    {
      name: 'is awaited only by those that are not worked on',
      trip: { delayMin: 40 },
      steps: [CLEANED, TWO],
      groups: [goods(1), ready(1)],
      waits: [null, '15:40'],
    },
    {
      name: 'is not by goods that are where they are collected',
      trip: { delayMin: 40 },
      groups: [ready(1), goods(1)],
      room: [1, 0],
      pickUpAt: 'A',
      waits: [null, '15:40'],
    },
    {
      name: 'takes no more than the order has room for',
      trip: { delayMin: 40 },
      steps: [TWO, HALF_PAST_EIGHT],
      groups: [goods(2), goods(1)],
      room: [2, 1],
      waits: ['15:40', null],
    },
    {
      name: 'takes those that fit',
      trip: { delayMin: 40 },
      steps: [TWO, HALF_PAST_EIGHT],
      groups: [goods(2), goods(1)],
      room: [1, 2],
      waits: [null, '15:40'],
    },
    {
      name: 'has no room that goods on board have',
      trip: { delayMin: 40 },
      groups: [goods(1, { fromCode: 'W', since: TWO.end, ride: TWO }), goods(1)],
      room: [1, 0],
      waits: [null, null],
    },
  ])('$name', (situation) => {
    expect(waits(situation)).toEqual(situation.waits.map(minute));
  });
});
