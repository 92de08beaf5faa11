import type { Usage } from '../../../src/core/claims/usage.ts';
import type {
  Disruptions,
  ShiftCuts,
  TripDisruption,
} from '../../../src/core/network/disruptions.ts';
import type { Line, Network, Workshop } from '../../../src/core/network/network.ts';
import { withDisruptions } from '../../../src/core/network/with-disruptions.ts';
import type { OnwardGroup, OnwardRequest, PlanItem } from '../../../src/core/promise/plan.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import type { Interval } from '../../../src/core/time/interval.ts';
import { addDays, daysFrom, localDateOf, weekdayOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';
import type { Random } from '../random.ts';
import { randomCase } from './random-chain.ts';

export interface OnwardCase {
  readonly network: Network;
  readonly usage: Usage;
  readonly request: OnwardRequest;
}

/** A random chain with some disruptions, and an order whose goods are under way in one to three places. */
export function onwardCase(random: Random): OnwardCase {
  const { network: stated, usage, request } = randomCase(random);
  const { now, pickUpStoreCode, pickUpStart } = request;
  const date = localDateOf(now, 'UTC');
  const network = random.chance(0.5)
    ? withDisruptions(stated, randomDisruptions(random, stated, date))
    : stated;
  const count = random.pick([1, 1, 1, 2, 2, 3]);
  const groups = Array.from({ length: count }, () =>
    randomGroup(random, network, {
      now,
      items: request.items.slice(0, 4 - count),
    }),
  );
  const wish = pickUpStart === undefined ? {} : { pickUpStart };
  return { network, usage, request: { groups, pickUpStoreCode, now, ...wish } };
}

function randomGroup(
  random: Random,
  network: Network,
  { now, items }: { readonly now: EpochMs; readonly items: readonly PlanItem[] },
): OnwardGroup {
  const places = [...network.stores.keys(), ...network.workshops.keys()];
  const left = random.chance(0.2) ? () => 9 : () => random.pick([0, 0, 1]);
  return {
    fromCode: random.pick(places),
    since:
      now + random.pick([-3000, -600, -90, -30, -1, 0, 1, 45, 600]) * MINUTE_MS - random.int(0, 2),
    items: items.map(({ pairs, operations }) => ({
      pairs,
      operations: operations.slice(left()),
    })),
  };
}

function randomDisruptions(random: Random, network: Network, date: string): Disruptions {
  const dates = daysFrom(addDays(date, -1), addDays(date, 5));
  return {
    trips: mapped(network.lines, (line) => new Map(randomTrips(random, line, dates))),
    shifts: mapped(network.workshops, (workshop) => randomCuts(random, workshop, dates)),
    closures: mapped(network.stores, ({ timeZone }) => randomClosures(random, dates, timeZone)),
  };
}

function randomTrips(
  random: Random,
  { departures, timeZone }: Line,
  dates: readonly string[],
): readonly (readonly [EpochMs, TripDisruption])[] {
  const trips = dates.flatMap((day) =>
    departures
      .filter(({ days }) => days.includes(weekdayOf(day)))
      .map(({ at }) => instantAt(day, at, timeZone)),
  );
  return trips
    .filter(() => random.chance(0.2))
    .map((trip) => [
      trip,
      random.chance(0.3) ? { cancelled: true } : { delayMin: random.pick([1, 30, 60, 390, 1440]) },
    ]);
}

function randomCuts(
  random: Random,
  { shifts, timeZone }: Workshop,
  dates: readonly string[],
): ShiftCuts {
  const cuts = new Map<EpochMs, ReadonlyMap<string, number>>();
  for (const { starts, units } of shifts) {
    for (const day of dates.filter(() => random.chance(0.2))) {
      const cut = [...units.keys()].filter(() => random.chance(0.6));
      const left = cut.map((skill) => [skill, random.pick([0, 0, 1, 3, 9])] as const);
      cuts.set(instantAt(day, starts, timeZone), new Map(left));
    }
  }
  return cuts;
}

function randomClosures(
  random: Random,
  dates: readonly string[],
  timeZone: string,
): readonly Interval[] {
  return dates
    .filter(() => random.chance(0.2))
    .map((day) => {
      const start = instantAt(day, random.int(0, 23) * 60, timeZone);
      return { start, end: start + random.pick([1, 60, 300, 2000]) * MINUTE_MS };
    });
}

function mapped<Part, V>(
  parts: ReadonlyMap<string, Part>,
  change: (part: Part) => V,
): ReadonlyMap<string, V> {
  return new Map([...parts].map(([code, part]) => [code, change(part)]));
}
