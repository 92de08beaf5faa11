import type { EpochMs } from '../time/time.ts';
import { freightOf, type Freight, type Load } from './load.ts';
import { minuteFrom } from './minutes.ts';
import { rideDelays } from './ride-delays.ts';
import type { PlanDelay } from './plan.ts';
import type { Timetable } from './timetable.ts';
import { arrivalOf, type Ride } from './way.ts';
import type { FoundWay } from './found-way.ts';
import { workDelays } from './work-delays.ts';

/**
 * Why goods do not arrive sooner, by the way that was chosen. What the timetable would make anybody wait
 * for is no delay. Another way that was not chosen, because something on it was full, is not named.
 */
export function wayDelays(
  timetable: Timetable,
  way: FoundWay,
  { load, handedOver }: { readonly load: Load; readonly handedOver: EpochMs },
): readonly PlanDelay[] {
  const freight = freightOf(load);
  const isAfterWork = way.workshop !== null;
  return [
    ...ridesDelays(timetable, way.ridesIn, handedOver, { freight, isAfterWork: false }),
    ...ridesDelays(timetable, way.ridesOut, way.assignment.finish, { freight, isAfterWork }),
    ...workDelays(way, load.notBefore),
  ];
}

function ridesDelays(
  timetable: Timetable,
  rides: readonly Ride[],
  from: EpochMs,
  { freight, isAfterWork }: { freight: Freight; isAfterWork: boolean },
): readonly PlanDelay[] {
  let there = minuteFrom(from);
  return rides.flatMap((ride, index) => {
    const countsCutOff = !isAfterWork || index > 0;
    const delays = rideDelays(timetable, ride, { ...freight, there, countsCutOff });
    there = arrivalOf(ride);
    return delays;
  });
}

/** In order of time, each once. */
export function inOrder(delays: readonly PlanDelay[]): readonly PlanDelay[] {
  const sorted = [...delays].sort(compareDelays);
  return sorted.filter((delay, at) => at === 0 || compareDelays(sorted[at - 1]!, delay) !== 0);
}

function compareDelays(a: PlanDelay, b: PlanDelay): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.code !== b.code) return a.code < b.code ? -1 : 1;
  return 0;
}
