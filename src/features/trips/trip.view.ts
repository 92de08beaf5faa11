import { callAt } from '../../core/goods/trips.ts';
import { delayOf } from '../../core/network/disruptions.ts';
import type { Result } from '../../core/result.ts';
import { MINUTE_MS } from '../../core/time/time.ts';
import { pairView } from '../scans/index.ts';
import type { Manifest } from './manifests.service.ts';
import type { TripRefused } from './trip-calls.service.ts';
import type { TripVisit } from './trips.service.ts';

/** The GraphQL form of a van that calls at a place. */
export const visitView = ({ call, ...visit }: TripVisit) => ({
  ...visit,
  arrivedAt: call?.arrivedAt ?? null,
  departedAt: call?.departedAt ?? null,
});

/** The GraphQL form of a trip. */
export function tripView(manifest: Manifest) {
  const { trip, line, pairs, awaited } = manifest;
  const delayMinutes = delayOf(line.disrupted?.get(trip.departs));
  return {
    __typename: 'Trip' as const,
    ...trip,
    isCancelled: delayMinutes === null,
    delayMinutes: delayMinutes ?? 0,
    stops: line.stops.map((_, number) => stopView(manifest, number)),
    pairs: pairs.map((each) => ({ ...each, pair: pairView(each.pair) })),
    awaited,
  };
}

/** The same place may be called at twice; scans name the place. */
function stopView({ trip, line, calls, pairs }: Manifest, number: number) {
  const { code, minutes } = line.stops[number]!;
  const call = calls.find(({ stop }) => stop === number);
  return {
    number,
    code,
    plannedAt: callAt(line, trip.departs, number) ?? trip.departs + minutes * MINUTE_MS,
    arrivedAt: call?.arrivedAt ?? null,
    departedAt: call?.departedAt ?? null,
    toLoad: pairs.filter(({ isListed, fromCode }) => isListed && fromCode === code).length,
    loaded: pairs.filter(({ loadedAt, fromCode }) => loadedAt !== null && fromCode === code).length,
    toUnload: pairs.filter(({ isListed, toCode }) => isListed && toCode === code).length,
    unloaded: pairs.filter(({ unloadedCode }) => unloadedCode === code).length,
  };
}

/** The GraphQL answer to `departTrip` and `arriveTrip`. */
export function callAnswer(result: Result<Manifest, TripRefused>) {
  if (result.ok) return tripView(result.value);
  const { code } = result.error;
  return { __typename: 'TripRefused' as const, code, message: REASONS[code] };
}

const REASONS: Readonly<Record<TripRefused['code'], string>> = {
  UNKNOWN_TRIP: 'The timetable has no such trip.',
  UNKNOWN_STOP: 'The trip has no such stop, or ends there.',
  TOO_EARLY: 'The van is due there more than two hours later.',
  TOO_OLD: 'This is more than 30 days ago.',
};
