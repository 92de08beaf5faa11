import { counterClaims } from '../counter/remaining.ts';
import { slotAt } from '../counter/slots.ts';
import { delayOf } from '../network/disruptions.ts';
import type { Line, Network, Workshop } from '../network/network.ts';
import { shiftDates } from '../promise/shift-dates.ts';
import { instantAt } from '../time/instant-at.ts';
import { addDays, localDateOf, localDayOf, weekdayOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import type { Bucket } from './claim.ts';
import { counterPickUps, legsOf } from './resource.ts';

/**
 * The most that may be taken of a bucket in this network, as disruptions leave it. A late trip keeps the
 * bucket of its scheduled departure.
 *
 * @returns null: no limit; undefined: the network has no such resource, or no window of it starts then;
 *   of a skill that was cut to nothing in a shift: 0
 */
export function limitOf(network: Network, bucket: Bucket): number | null | undefined {
  const { resource, start } = bucket;
  const [kind, name] = splitAt(resource, ':');
  const [code, what] = splitAt(name, '/');
  switch (kind) {
    case 'counter':
      return counterLimit(network, code, bucket);
    case 'work':
      return workLimit(network.workshops.get(code), what, start);
    case 'ride':
      return rideLimit(network.lines.get(code), bucket);
    case 'shelf':
      return shelfLimit(network, code, start);
    default:
      return undefined;
  }
}

function counterLimit(
  network: Network,
  storeCode: string,
  { resource, start }: Bucket,
): number | null | undefined {
  const store = network.stores.get(storeCode);
  const slot = store === undefined ? null : slotAt(store, start);
  if (store === undefined || slot === null) return undefined;
  const kind = resource === counterPickUps(storeCode) ? 'PICK_UP' : 'DROP_OFF';
  return counterClaims(store, slot, kind, 1).find((claim) => claim.resource === resource)?.limit;
}

function workLimit(
  workshop: Workshop | undefined,
  skill: string,
  start: EpochMs,
): number | undefined {
  if (workshop === undefined) return undefined;
  const day = localDayOf(start, workshop.timeZone);
  // A wall time in a gap starts on the date after the one that it is stated for.
  return shiftDates(workshop, day - 1, day)
    .find((run) => run.start === start && !run.isClosed && run.units.has(skill))
    ?.units.get(skill);
}

function rideLimit(line: Line | undefined, { resource, start }: Bucket): number | undefined {
  if (line === undefined || !legsOf(line).includes(resource)) return undefined;
  if (delayOf(line.disrupted?.get(start)) === null) return undefined;
  const date = localDateOf(start, line.timeZone);
  const departs = [addDays(date, -1), date].some(
    (day) =>
      !line.exceptDates.has(day) &&
      line.departures.some(
        ({ days, at }) =>
          days.includes(weekdayOf(day)) && instantAt(day, at, line.timeZone) === start,
      ),
  );
  return departs ? line.pairs : undefined;
}

function shelfLimit(
  network: Network,
  storeCode: string,
  start: EpochMs,
): number | null | undefined {
  const store = network.stores.get(storeCode);
  if (store === undefined) return undefined;
  const midnight = instantAt(localDateOf(start, store.timeZone), 0, store.timeZone);
  return midnight === start ? store.shelfPairs : undefined;
}

/** The parts before and after the first `separator`. */
function splitAt(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
