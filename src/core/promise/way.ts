import type { ForwardRounds } from './forward-rounds.ts';
import type { LineTable } from './line-table.ts';
import type { Timetable } from './timetable.ts';

/** A part of a trip that goods travel. */
export interface Ride {
  readonly line: LineTable;
  /** Number of the trip. */
  readonly trip: number;
  /** Numbers of the stops where the goods get on and off. */
  readonly from: number;
  readonly to: number;
}

/** Minutes at which a ride starts and ends. */
export const departureOf = ({ line, trip, from }: Ride): number =>
  line.departs[trip]! + line.offsets[from]!;
export const arrivalOf = ({ line, trip, to }: Ride): number =>
  line.departs[trip]! + line.offsets[to]!;

/** Where a way ends. */
export interface WayEnd {
  readonly place: number;
  /** Epoch minute. */
  readonly arrival: number;
  /** The least number of rides with which the place is reached by then. */
  readonly rides: number;
}

/**
 * The one way that stands for all that end so, in order of travel. Ways are compared from their last ride
 * backwards: the later departure first (it takes less room on vans), then line code, then earlier trip;
 * of what comes before, the earlier arrival where that ride is boarded first, and so on.
 *
 * `rounds` must hold the labels of at least `rides - 1` rides from where the way begins.
 */
export function canonicalWay(
  timetable: Timetable,
  rounds: ForwardRounds,
  end: WayEnd,
  pairs: number,
): readonly Ride[] {
  const way: Ride[] = [];
  let { place, arrival } = end;
  for (let rides = end.rides; rides > 0; rides--) {
    const ride = lastRide(timetable, rounds, { place, arrival, rides }, pairs);
    way.unshift(ride);
    place = ride.line.places[ride.from]!;
    arrival = rounds.arrival(place, rides - 1);
  }
  return way;
}

function lastRide(
  { alightings, lines }: Timetable,
  rounds: ForwardRounds,
  end: WayEnd,
  pairs: number,
): Ride {
  let best: Ride | null = null;
  for (
    let entry = alightings.first[end.place]!;
    entry < alightings.first[end.place + 1]!;
    entry++
  ) {
    const line = lines[alightings.lines[entry]!]!;
    const to = alightings.stops[entry]!;
    const trip = line.tripAt(end.arrival - line.offsets[to]!);
    if (trip < 0 || !line.canAlight(trip, to)) continue;
    const from = latestBoarding(rounds, { line, trip, from: to, to }, end.rides, pairs);
    if (from < 0) continue;
    const ride = { line, trip, from, to };
    if (best === null || isBefore(ride, best)) best = ride;
  }
  if (best === null) throw new Error('no ride ends where a label says');
  return best;
}

/** @returns the stop, -1: the trip cannot be boarded in time */
function latestBoarding(rounds: ForwardRounds, ride: Ride, rides: number, pairs: number): number {
  const { line, trip, to } = ride;
  for (let from = to - 1; from >= 0; from--) {
    if (!line.hasRoom(trip, from, pairs)) return -1;
    const leaves = line.departs[trip]! + line.offsets[from]!;
    if (rounds.canBoard(line.places[from]!, rides - 1, leaves, line.cutOffMin)) return from;
  }
  return -1;
}

function isBefore(a: Ride, b: Ride): boolean {
  const departures = departureOf(b) - departureOf(a);
  if (departures !== 0) return departures < 0;
  if (a.line.code !== b.line.code) return a.line.code < b.line.code;
  return a.trip < b.trip;
}
