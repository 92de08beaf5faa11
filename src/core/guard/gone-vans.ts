import type { Network } from '../network/network.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { lateByMs } from './trips.ts';

/** A van that has left a stop, be it before its time. */
export interface GoneVan {
  readonly lineCode: string;
  /** Scheduled departure from the first stop. */
  readonly departs: EpochMs;
  /** Number of the stop. */
  readonly stop: number;
}

/**
 * When goods that wait at a place can go on, now that these vans have left: after the cut-off of each that
 * left before its time, as by the timetable it could still be boarded.
 */
export function afterGoneVans(
  network: Network,
  { fromCode, since }: { readonly fromCode: string; readonly since: EpochMs },
  gone: readonly GoneVan[],
  now: EpochMs,
): EpochMs {
  return gone.reduce((from, { lineCode, departs, stop }) => {
    const line = network.lines.get(lineCode);
    const place = line?.stops[stop];
    if (line === undefined || place?.code !== fromCode) return from;
    const leaves = departs + lateByMs(line, departs) + place.minutes * MINUTE_MS;
    const lastIn = leaves - line.cutOffMin * MINUTE_MS;
    return lastIn < Math.max(since, now) ? from : Math.max(from, lastIn + MINUTE_MS);
  }, since);
}
