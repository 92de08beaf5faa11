import type { Interval } from '../time/interval.ts';
import type { EpochMs } from '../time/time.ts';

/**
 * A trip that does not run, or that leaves and comes to every stop later than its line states, by whole
 * minutes, at least one.
 */
export type TripDisruption = { readonly cancelled: true } | { readonly delayMin: number };

/** Of one line, by scheduled departure from the first stop: the trip's name in claims too, however late. */
export type TripDisruptions = ReadonlyMap<EpochMs, TripDisruption>;

/**
 * Of one workshop, by start of the shift: the units of a skill that are left of it; 0: it is not worked.
 * More than the shift states changes nothing, nor does a skill that it does not state.
 */
export type ShiftCuts = ReadonlyMap<EpochMs, ReadonlyMap<string, number>>;

/** What is not as the chain's documents state it. What names no part or window of the chain is without effect. */
export interface Disruptions {
  /** By code of the line. */
  readonly trips: ReadonlyMap<string, TripDisruptions>;
  /** By code of the workshop. */
  readonly shifts: ReadonlyMap<string, ShiftCuts>;
  /** By code of the store: when it is closed, in any order. */
  readonly closures: ReadonlyMap<string, readonly Interval[]>;
}

/** Minutes by which a trip is late, 0 if nothing is said of it; null: it is cancelled. */
export function delayOf(trip: TripDisruption | undefined): number | null {
  if (trip === undefined) return 0;
  return 'cancelled' in trip ? null : trip.delayMin;
}

export const NO_DISRUPTIONS: Disruptions = Object.freeze({
  trips: new Map(),
  shifts: new Map(),
  closures: new Map(),
});
