import type { Line } from '../network/network.ts';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { TripCall } from './manifest.ts';

/** How late a trip is by what its van was seen to do. */
export interface SeenDelay {
  /** Whole minutes; 0: the van is in time, or not late by more than is let pass. */
  readonly delayMin: number;
  /** Of the last call: what was said of the trip after it knows better. */
  readonly at: EpochMs;
}

/** A van that is no later than this catches up, or waits less at the next stop. */
const LET_PASS_MS = 5 * MINUTE_MS;
/** A call that is said to be so late was forgotten, and is no measure of the van. */
const FORGOTTEN_MS = DAY_MS;

/**
 * How late a trip goes on, by its calls: as late as at the furthest stop that the van is known to have left
 * or else to have come to, in whatever order that became known.
 *
 * @returns null: no call says anything
 */
export function seenDelay(
  { stops }: Line,
  departs: EpochMs,
  calls: readonly TripCall[],
): SeenDelay | null {
  const seen = [...calls]
    .sort((a, b) => a.stop - b.stop)
    .flatMap(({ stop, arrivedAt, departedAt }) =>
      [arrivedAt, departedAt].flatMap((at) => {
        if (at === null) return [];
        return [{ at, lateMs: at - departs - stops[stop]!.minutes * MINUTE_MS }];
      }),
    )
    .filter(({ lateMs }) => lateMs <= FORGOTTEN_MS);
  const last = seen.at(-1);
  if (last === undefined) return null;
  const delayMin = last.lateMs > LET_PASS_MS ? Math.floor(last.lateMs / MINUTE_MS) : 0;
  return { delayMin, at: Math.max(...seen.map(({ at }) => at)) };
}
