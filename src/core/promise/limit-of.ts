import type { Bucket } from '../claims/claim.ts';
import {
  counterDropOffs,
  counterPairs,
  counterPickUps,
  counterVisits,
  legsOf,
  shelfOf,
  workOf,
} from '../claims/resource.ts';
import { slotAt, type CounterSlot } from '../counter/slots.ts';
import type { Line, Network, Store, Workshop } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { dateOfDay, localDayOf, weekdayOfDay } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import { shiftDates } from './shift-dates.ts';

/** A shift or trip belongs to a date at most so many days from that of its start: a clock can be put forward. */
const DAYS_AROUND = 1;

/**
 * The most that a bucket may hold in this network, as the claims of new orders state it.
 *
 * @returns null: no limit; undefined: the network has no such resource, or no such window of it (the store
 * is closed then, the trip or shift does not run)
 */
export function limitOf(network: Network, { resource, start }: Bucket): number | null | undefined {
  const [, kind, rest = ''] = /^([a-z]+):(.*)$/.exec(resource) ?? [];
  const code = rest.split('/', 1)[0]!;
  switch (kind) {
    case 'counter':
      return counterLimit(network.stores.get(code), { resource, start });
    case 'shelf':
      return shelfLimit(network.stores.get(code), { resource, start });
    case 'work':
      return workLimit(network.workshops.get(code), { resource, start });
    case 'ride':
      return rideLimit(network.lines.get(code), { resource, start });
    default:
      return undefined;
  }
}

function counterLimit(store: Store | undefined, { resource, start }: Bucket) {
  const slot = store === undefined ? null : slotAt(store, start);
  return slot === null ? undefined : limitsOfSlot(store!.code, slot).get(resource);
}

function limitsOfSlot(code: string, { numbers }: CounterSlot): ReadonlyMap<string, number | null> {
  return new Map([
    [counterVisits(code), Math.max(0, numbers.visits - numbers.walkInVisits)],
    [counterDropOffs(code), numbers.dropOffVisits],
    [counterPickUps(code), numbers.pickUpVisits],
    [counterPairs(code), numbers.dropOffPairs],
  ]);
}

function shelfLimit(store: Store | undefined, { resource, start }: Bucket) {
  if (store === undefined || resource !== shelfOf(store.code)) return undefined;
  const day = localDayOf(start, store.timeZone);
  return instantOfDay(day, 0, store.timeZone) === start ? store.shelfPairs : undefined;
}

/** Of two shifts that start together the lower number of units counts. */
function workLimit(workshop: Workshop | undefined, { resource, start }: Bucket) {
  if (workshop === undefined) return undefined;
  const day = localDayOf(start, workshop.timeZone);
  let least: number | undefined;
  for (const run of shiftDates(workshop, day - DAYS_AROUND, day + DAYS_AROUND)) {
    if (run.isClosed || run.start !== start) continue;
    for (const [skill, units] of run.shift.units) {
      if (units === 0 || workOf(workshop.code, skill) !== resource) continue;
      least = Math.min(least ?? units, units);
    }
  }
  return least;
}

function rideLimit(line: Line | undefined, { resource, start }: Bucket) {
  if (line === undefined || !legsOf(line).includes(resource)) return undefined;
  return runsAt(line, start) ? line.pairs : undefined;
}

function runsAt({ departures, exceptDates, timeZone }: Line, start: EpochMs): boolean {
  const today = localDayOf(start, timeZone);
  for (let day = today - DAYS_AROUND; day <= today + DAYS_AROUND; day++) {
    if (exceptDates.has(dateOfDay(day))) continue;
    const weekday = weekdayOfDay(day);
    for (const { days, at } of departures) {
      if (days.includes(weekday) && instantOfDay(day, at, timeZone) === start) return true;
    }
  }
  return false;
}
