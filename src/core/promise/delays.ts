import type { EpochMs } from '../time/time.ts';
import { minuteFrom } from './minutes.ts';
import { rideDelays } from './ride-delays.ts';
import { storeDelays, type StoreWait } from './store-delays.ts';
import type { Load } from './load.ts';
import type { PlanDelay } from './plan.ts';
import type { Timetable } from './timetable.ts';
import { arrivalOf, type Ride } from './way.ts';
import type { FoundWay } from './found-way.ts';
import { workDelays } from './work-delays.ts';

/**
 * Why the goods are not ready sooner, for the way that was chosen: in order of time, each once. What the
 * timetable would make anybody wait for is no delay. Another way that was not chosen, because something on
 * it was full, is not named.
 */
export function delaysOf(
  timetable: Timetable,
  { way, load, handedOver }: { way: FoundWay; load: Load; handedOver: EpochMs },
  wait: StoreWait,
): readonly PlanDelay[] {
  const rides = [
    ...ridesDelays(timetable, way.ridesIn, handedOver, { pairs: load.pairs, isAfterWork: false }),
    ...ridesDelays(timetable, way.ridesOut, way.assignment.finish, {
      pairs: load.pairs,
      isAfterWork: true,
    }),
  ];
  const work = workDelays(way);
  return inOrder([...rides, ...work, ...storeDelays(wait)]);
}

function ridesDelays(
  timetable: Timetable,
  rides: readonly Ride[],
  from: EpochMs,
  { pairs, isAfterWork }: { pairs: number; isAfterWork: boolean },
): readonly PlanDelay[] {
  let there = minuteFrom(from);
  return rides.flatMap((ride, index) => {
    const countsCutOff = !isAfterWork || index > 0;
    const delays = rideDelays(timetable, ride, { there, pairs, countsCutOff });
    there = arrivalOf(ride);
    return delays;
  });
}

function inOrder(delays: readonly PlanDelay[]): readonly PlanDelay[] {
  const sorted = [...delays].sort(compareDelays);
  return sorted.filter((delay, at) => at === 0 || compareDelays(sorted[at - 1]!, delay) !== 0);
}

function compareDelays(a: PlanDelay, b: PlanDelay): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  if (a.code !== b.code) return a.code < b.code ? -1 : 1;
  return 0;
}
