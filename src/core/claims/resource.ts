/**
 * Names of all that can run out. A resource and the start of its window make a bucket of the ledger.
 * The names are stored with the claims, so they are never changed; codes hold none of `: / > #`.
 */
import type { Line } from '../network/network.ts';

/** Visits of both kinds; window: slot. */
export const counterVisits = (storeCode: string): string => `counter:${storeCode}/visits`;
/** Drop-off visits; window: slot. */
export const counterDropOffs = (storeCode: string): string => `counter:${storeCode}/drop-off`;
/** Pick-up visits; window: slot. */
export const counterPickUps = (storeCode: string): string => `counter:${storeCode}/pick-up`;
/** Pairs handed in; window: slot. */
export const counterPairs = (storeCode: string): string => `counter:${storeCode}/pairs`;
/** Units of one skill; window: shift, by the instant it starts. */
export const workOf = (workshopCode: string, skill: string): string =>
  `work:${workshopCode}/${skill}`;
/** Pairs on the shelf; window: local date, by the instant of its midnight. */
export const shelfOf = (storeCode: string): string => `shelf:${storeCode}`;

/**
 * Pairs on a line's van from one stop to the next; window: trip, by its departure from the first stop.
 * One name for each leg, in order. A leg that the line drives a second time has a number after it, so
 * a stop added elsewhere leaves the names of the other legs as they were.
 */
export function legsOf(line: Line): readonly string[] {
  const seen = new Map<string, number>();
  return line.stops.slice(1).map((stop, index) => {
    const name = `ride:${line.code}/${line.stops[index]!.code}>${stop.code}`;
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  });
}
