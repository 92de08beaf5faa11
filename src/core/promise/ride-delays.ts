import { MINUTE_MS } from '../time/time.ts';
import type { LineTable } from './line-table.ts';
import type { Freight } from './load.ts';
import type { PlanDelay } from './plan.ts';
import type { Timetable } from './timetable.ts';
import { arrivalOf, type Ride } from './way.ts';

export interface RideWait extends Freight {
  /** Epoch minute from which the goods were where the ride begins. */
  readonly there: number;
  /** A cut-off missed is a delay; not on the way out of a workshop, where the timetable is what it is. */
  readonly countsCutOff: boolean;
}

/**
 * The trips that would have brought the goods to the same place sooner, and what kept them off each. Vans
 * that could not hold them when empty are left out.
 */
export function rideDelays(timetable: Timetable, ride: Ride, wait: RideWait): readonly PlanDelay[] {
  const { boardings, lines } = timetable;
  const from = ride.line.places[ride.from]!;
  const to = ride.line.places[ride.to]!;
  const delays: PlanDelay[] = [];
  for (let entry = boardings.first[from]!; entry < boardings.first[from + 1]!; entry++) {
    const line = lines[boardings.lines[entry]!]!;
    const stop = boardings.stops[entry]!;
    if (line.line.pairs < wait.pairs) continue;
    for (let end = stop + 1; end < line.stopCount; end++) {
      if (line.places[end] !== to) continue;
      delays.push(...passedOver(line, stop, end, { wait, arrival: arrivalOf(ride) }));
    }
  }
  return delays;
}

function passedOver(
  line: LineTable,
  from: number,
  to: number,
  { wait, arrival }: { wait: RideWait; arrival: number },
): readonly PlanDelay[] {
  const delays: PlanDelay[] = [];
  let trip = line.firstTripFrom(Math.max(wait.there, wait.notBefore) - line.offsets[from]!);
  for (; trip < line.tripCount; trip++) {
    if (line.departs[trip]! + line.offsets[to]! >= arrival) break;
    const delay = obstacle({ line, trip, from, to }, wait);
    if (delay !== null) delays.push(delay);
  }
  return delays;
}

function obstacle(ride: Ride, { there, pairs, countsCutOff }: RideWait): PlanDelay | null {
  const { line, trip, from, to } = ride;
  const at = line.scheduled[trip]! * MINUTE_MS;
  const leaves = line.departs[trip]! + line.offsets[from]!;
  if (there > leaves - line.cutOffMin) {
    return countsCutOff ? { kind: 'MISSED_CUT_OFF', code: line.code, at } : null;
  }
  for (let leg = from; leg < to; leg++) {
    if (!line.hasRoom(trip, leg, pairs)) return { kind: 'TRIP_FULL', code: line.code, at };
  }
  if (line.canAlight(trip, to)) return null;
  return { kind: 'STORE_CLOSED', code: line.line.stops[to]!.code, at };
}
