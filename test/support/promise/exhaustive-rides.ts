import { legsOf } from '../../../src/core/claims/resource.ts';
import type { Usage } from '../../../src/core/claims/usage.ts';
import type { Line } from '../../../src/core/network/network.ts';
import type { TripDisruptions } from '../../../src/core/network/disruptions.ts';
import type { PlanStep } from '../../../src/core/promise/plan.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import { weekdayOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';

export interface SlowRide {
  readonly line: Line;
  /** Scheduled and actual departure from the first stop. */
  readonly trip: EpochMs;
  readonly leaves: EpochMs;
  readonly from: number;
  readonly to: number;
}

export interface RideQuestion {
  readonly dates: readonly string[];
  readonly disrupted: TripDisruptions | undefined;
  readonly usage: Usage;
  readonly pairs: number;
}

/** All that so many pairs can ride of the trips of a line on some dates, be stores open or not. */
export function ridesOn(line: Line, question: RideQuestion): readonly SlowRide[] {
  const { usage, pairs } = question;
  const legs = legsOf(line);
  const rides: SlowRide[] = [];
  for (const { trip, leaves } of tripsOn(line, question)) {
    for (let from = 0; from < line.stops.length; from++) {
      for (let to = from + 1; to < line.stops.length; to++) {
        if (usage.taken(legs[to - 1]!, trip) + pairs > line.pairs) break;
        rides.push({ line, trip, leaves, from, to });
      }
    }
  }
  return rides;
}

function tripsOn(line: Line, { dates, disrupted }: RideQuestion) {
  const scheduled = dates
    .filter((date) => !line.exceptDates.has(date))
    .flatMap((date) =>
      line.departures
        .filter(({ days }) => days.includes(weekdayOf(date)))
        .map(({ at }) => instantAt(date, at, line.timeZone)),
    );
  const trips = [...new Set(scheduled)].flatMap((trip) => {
    const disruption = disrupted?.get(trip) ?? { delayMin: 0 };
    if ('cancelled' in disruption) return [];
    return [{ trip, leaves: trip + disruption.delayMin * MINUTE_MS }];
  });
  const lastOf = new Map<EpochMs, EpochMs>();
  for (const { trip, leaves } of trips) {
    lastOf.set(leaves, Math.max(trip, lastOf.get(leaves) ?? -Infinity));
  }
  return trips.filter(({ trip, leaves }) => lastOf.get(leaves) === trip);
}

export const departure = ({ line, leaves, from }: SlowRide): EpochMs =>
  leaves + line.stops[from]!.minutes * MINUTE_MS;
export const arrival = ({ line, leaves, to }: SlowRide): EpochMs =>
  leaves + line.stops[to]!.minutes * MINUTE_MS;

/** Of two lists of rides of one length that end at the same place and instant. */
export function isBetter(a: readonly SlowRide[], b: readonly SlowRide[]): boolean {
  for (let last = a.length - 1; last >= 0; last--) {
    const [one, other] = [a[last]!, b[last]!];
    if (arrival(one) !== arrival(other)) return arrival(one) < arrival(other);
    if (departure(one) !== departure(other)) return departure(one) > departure(other);
    if (one.line !== other.line) return one.line.code < other.line.code;
    if (one.leaves !== other.leaves) return one.leaves < other.leaves;
  }
  return false;
}

export function rideStep(ride: SlowRide): PlanStep {
  const { line, from, to } = ride;
  return {
    kind: 'RIDE',
    fromCode: line.stops[from]!.code,
    toCode: line.stops[to]!.code,
    start: departure(ride),
    end: arrival(ride),
    by: line.code,
  };
}
