import type { Line } from '../network/network.ts';
import type { PlanStep } from '../promise/plan.ts';
import type { EpochMs } from '../time/time.ts';
import { houseOf, type Places } from './fold.ts';
import type { PairPlace } from './pair.ts';
import type { Discrepancy, ScanKind, TripName } from './scan.ts';
import { spanOf, type StopSpan } from './trips.ts';

/** When a van really came to a stop and left it; null: not that anybody said. */
export interface TripCall {
  readonly stop: number;
  readonly arrivedAt: EpochMs | null;
  readonly departedAt: EpochMs | null;
}

/** A scan onto the trip or off it. */
export interface TripScan {
  readonly kind: ScanKind;
  readonly placeCode: string;
  readonly toCode: string | null;
  readonly at: EpochMs;
  readonly discrepancies: readonly Discrepancy[];
}

/** What is known of a pair that should ride or rode. */
export interface TripPairFacts {
  /** Where it should board and get off; null: it should not ride. */
  readonly listed: StopSpan | null;
  /** In order of time. */
  readonly scans: readonly TripScan[];
}

export type TripDiscrepancy = 'NOT_LOADED' | 'NOT_LISTED' | 'NOT_UNLOADED' | Discrepancy;

/** What became of a pair on a trip. */
export interface TripPair {
  readonly fromCode: string;
  readonly toCode: string;
  readonly isListed: boolean;
  readonly loadedAt: EpochMs | null;
  readonly unloadedAt: EpochMs | null;
  readonly unloadedCode: string | null;
  readonly discrepancies: readonly TripDiscrepancy[];
}

/** Holds what should have ridden against what was scanned. */
export function tripPair(
  line: Line,
  calls: readonly TripCall[],
  { listed, scans }: TripPairFacts,
): TripPair {
  const loaded = scans.find(({ kind }) => kind === 'LOADED');
  const unloaded = scans.findLast(({ kind }) => kind === 'UNLOADED');
  const faults = new Set<TripDiscrepancy>(scans.flatMap(({ discrepancies }) => discrepancies));
  const callOf = (stop: number) => calls.find((call) => call.stop === stop);
  if (listed === null) faults.add('NOT_LISTED');
  else if (scans.length === 0 && callOf(listed.from)?.departedAt != null) faults.add('NOT_LOADED');
  const toCode = loaded?.toCode ?? codeOf(line, listed?.to) ?? unloaded!.placeCode;
  const to = line.stops.findIndex(({ code }, stop) => code === toCode && stop > 0);
  if (loaded !== undefined && unloaded === undefined && callOf(to)?.arrivedAt != null) {
    faults.add('NOT_UNLOADED');
  }
  return {
    fromCode: codeOf(line, listed?.from) ?? (loaded ?? unloaded)!.placeCode,
    toCode,
    isListed: listed !== null,
    loadedAt: loaded?.at ?? null,
    unloadedAt: unloaded?.at ?? null,
    unloadedCode: unloaded?.placeCode ?? null,
    discrepancies: [...faults].sort(),
  };
}

const codeOf = (line: Line, stop: number | undefined): string | undefined =>
  stop === undefined ? undefined : line.stops[stop]!.code;

/** The part of a trip that goods of a plan ride; null: none. */
export function plannedSpan(
  line: Line,
  departs: EpochMs,
  steps: readonly PlanStep[],
): StopSpan | null {
  for (const step of steps) {
    const span = spanOf(line, departs, step);
    if (span !== null) return span;
  }
  return null;
}

/**
 * Whether a pair is where it could still board at its stop, or did: pairs of one order may go separate
 * ways.
 */
export function mayBoard(
  place: PairPlace,
  { lineCode, departs }: TripName,
  ride: { readonly fromCode: string; readonly start: EpochMs },
  steps: readonly PlanStep[],
  places: Places,
): boolean {
  if (place.kind === 'CUSTOMER' || place.kind === 'MISSING') return false;
  if (place.kind === 'TRIP' && place.lineCode === lineCode && place.departs === departs)
    return true;
  const code = place.kind === 'TRIP' ? place.toCode : place.code;
  const upstream = steps
    .filter(({ start }) => start <= ride.start)
    .flatMap(({ fromCode, toCode, end }) => (end <= ride.start ? [fromCode, toCode] : [fromCode]));
  return [ride.fromCode, ...upstream].some(
    (each) => houseOf(each, places) === houseOf(code, places),
  );
}
