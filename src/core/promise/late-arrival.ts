import { delayOf } from '../network/disruptions.ts';
import type { Network } from '../network/network.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';

/** A trip by the name that its schedule gave it. */
export interface TripName {
  readonly lineCode: string;
  /** Scheduled departure from the first stop. */
  readonly departs: EpochMs;
}

/**
 * When goods on board of a trip come to a stop, by what is known of the trip now, whether or not new plans
 * could board it. Of several calls at the stop the first one after `boardedAt` counts, the last one if none
 * is. The trip need not be in the line's timetable any more.
 *
 * @returns null: the line is not known or does not take goods there, or the trip is cancelled
 */
export function lateArrival(
  { lines }: Network,
  { lineCode, departs }: TripName,
  stopCode: string,
  boardedAt: EpochMs = departs,
): EpochMs | null {
  const line = lines.get(lineCode);
  const delayMin = delayOf(line?.disrupted?.get(departs));
  if (line === undefined || delayMin === null) return null;
  const calls = line.stops
    .slice(1)
    .filter(({ code }) => code === stopCode)
    .map(({ minutes }) => departs + (minutes + delayMin) * MINUTE_MS);
  return calls.find((at) => at > boardedAt) ?? calls.at(-1) ?? null;
}
