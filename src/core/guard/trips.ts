import { legsOf } from '../claims/resource.ts';
import type { PairPlace } from '../goods/pair.ts';
import { lastDeparture } from '../goods/trips.ts';
import type { Line, Network } from '../network/network.ts';
import type { PlanStep } from '../promise/plan.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';

/** A part of one run of a line. */
export interface TripPart {
  readonly line: Line;
  /** Scheduled departure from the first stop. */
  readonly departs: EpochMs;
  /** Numbers of the stops where the goods get on and off. */
  readonly from: number;
  readonly to: number;
}

type OnTrip = Extract<PairPlace, { kind: 'TRIP' }>;

/** By how much a trip is later than its line states; 0 also of one that is cancelled. */
export function lateByMs(line: Line, departs: EpochMs): number {
  const disruption = line.disrupted?.get(departs);
  return disruption !== undefined && 'delayMin' in disruption ? disruption.delayMin * MINUTE_MS : 0;
}

/** The ride that `part` is, as late as it is. */
export function rideOf({ line, departs, from, to }: TripPart): PlanStep {
  const begins = departs + lateByMs(line, departs);
  return {
    kind: 'RIDE',
    fromCode: line.stops[from]!.code,
    toCode: line.stops[to]!.code,
    start: begins + line.stops[from]!.minutes * MINUTE_MS,
    end: begins + line.stops[to]!.minutes * MINUTE_MS,
    by: line.code,
  };
}

/** Resources of the legs of a part of a trip; their window starts at its departure. */
export const legsRidden = ({ line, from, to }: TripPart): readonly string[] =>
  legsOf(line).slice(from, to);

/**
 * The parts of trips that a promised ride may be, whether it was promised before or after a trip was late:
 * two, where a late trip leaves when another one should. None: the line is no longer driven so.
 */
export function tripsOf(network: Network, step: PlanStep): readonly TripPart[] {
  const line = step.by === null ? undefined : network.lines.get(step.by);
  if (line === undefined || step.kind !== 'RIDE') return [];
  const length = step.end - step.start;
  for (const [from, boarding] of line.stops.entries()) {
    if (boarding.code !== step.fromCode) continue;
    const to = line.stops.findIndex(
      ({ code, minutes }, at) =>
        at > from && code === step.toCode && (minutes - boarding.minutes) * MINUTE_MS === length,
    );
    if (to < 0) continue;
    const begins = step.start - boarding.minutes * MINUTE_MS;
    return departuresAt(line, begins).map((departs) => ({ line, departs, from, to }));
  }
  return [];
}

/** The scheduled departures of the trips that begin at `begins`, late or as stated, or that were said to. */
function departuresAt(line: Line, begins: EpochMs): readonly EpochMs[] {
  const late = [...(line.disrupted?.keys() ?? [])].filter(
    (departs) => departs !== begins && departs + lateByMs(line, departs) === begins,
  );
  const before = lastDeparture(line, begins);
  const wasLate = before === null || before === begins ? [] : [before];
  return [...new Set([...late, begins, ...wasLate])];
}

const ASSUMED_MIN = 15;

/**
 * When a van arrives that should have arrived at `due`: then, or, if that is over, at the end of the quarter
 * of an hour after it that it is now. What was assumed stays assumed until it is over, so that looking again
 * changes nothing.
 */
function arrivalAt(due: EpochMs, now: EpochMs): EpochMs {
  const partMs = ASSUMED_MIN * MINUTE_MS;
  return due >= now ? due : due + Math.ceil((now - due) / partMs) * partMs;
}

/**
 * The ride of goods that are on a van now. One that should have arrived already arrives soon.
 *
 *
 * @param steps of the promise, to tell at which stop they got on
 */
export function rideOnBoard(
  network: Network,
  steps: readonly PlanStep[],
  { lineCode, departs, toCode }: OnTrip,
  now: EpochMs,
): PlanStep {
  const promised = steps
    .flatMap((step) => tripsOf(network, step))
    .find((part) => {
      const stop = part.line.stops[part.to]!;
      return part.line.code === lineCode && part.departs === departs && stop.code === toCode;
    });
  const part = promised ?? wholeTrip(network.lines.get(lineCode), departs, toCode);
  if (part === null) {
    const step = { kind: 'RIDE', fromCode: toCode, toCode, by: lineCode } as const;
    return { ...step, start: departs, end: arrivalAt(departs, now) };
  }
  const ride = rideOf(part);
  return { ...ride, end: arrivalAt(ride.end, now) };
}

/** From the first stop to the first call at `toCode`. Null: the line has no such stop. */
function wholeTrip(line: Line | undefined, departs: EpochMs, toCode: string): TripPart | null {
  const to = line?.stops.findIndex(({ code }, at) => at > 0 && code === toCode) ?? -1;
  return line === undefined || to < 0 ? null : { line, departs, from: 0, to };
}
