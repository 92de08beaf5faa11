import { performance } from 'node:perf_hooks';

import { DateTime } from 'luxon';

import { Usage } from '../../src/core/claims/usage.ts';
import { availableSlots } from '../../src/core/counter/remaining.ts';
import { slotsOf } from '../../src/core/counter/slots.ts';
import { compileStore } from '../../src/core/network/compile-store.ts';
import type { Store } from '../../src/core/network/network.ts';
import { daysFrom, weekdayOf } from '../../src/core/time/local-date.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { measure, type Measure } from './support/measure.ts';

const STORES = 100;
const FROM = '2026-10-26';
/** Fourteen days, over the end of summer time in New York. */
const TO = '2026-11-08';
const ZONES = ['Asia/Shanghai', 'America/New_York', 'Europe/London', 'Asia/Kolkata'];
const WARM_UPS = 30;
const RUNS = 15;
/** One takes seconds. */
const REFERENCE_RUNS = 3;

/**
 * The counter alone, without service and database: from hours and bands to the half-hour slots of 100
 * stores by 14 days, nothing remembered of the stores; and what remains of those slots, the grid known.
 * Reference: the slots' starts by luxon, one value a slot, without special hours, bands or limits.
 */
export function run(): Measure[] {
  const stores = someStores();
  const fromNothing = () => count(fresh(stores), (store) => slotsOf(store, FROM, TO).length);
  const usage = new Usage();
  const known = fresh(stores);
  const now = Date.parse(`${FROM}T00:00:00Z`);
  const query = { kind: 'DROP_OFF', from: FROM, to: TO, pairs: 1, now, includeFull: true } as const;
  const remaining = () => count(known, (store) => availableSlots(store, query, usage).length);
  const byLuxon = () => count(stores, (store) => plainStarts(store).length);
  const sample = stores.slice(0, 8);
  const ours = count(fresh(sample), (store) => slotsOf(store, FROM, TO).length);
  if (ours !== count(sample, (store) => plainStarts(store).length)) {
    throw new Error('the two sides give different numbers of slots');
  }

  for (let i = 0; i < WARM_UPS; i++) fromNothing();
  for (let i = 0; i < WARM_UPS; i++) remaining();
  const reference = timed(byLuxon, REFERENCE_RUNS);
  return [
    measure('core-slots', 'ms', timed(fromNothing), reference),
    measure('core-slots-remaining', 'ms', timed(remaining), reference),
  ];
}

function timed(work: () => unknown, runs = RUNS): readonly number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
}

function count(stores: readonly Store[], of: (store: Store) => number): number {
  return stores.reduce((sum, store) => sum + of(store), 0);
}

/** Nothing is remembered of a value that is new. */
function fresh(stores: readonly Store[]): readonly Store[] {
  return stores.map((store) => ({ ...store }));
}

function someStores(): readonly Store[] {
  const { stores } = generateNetwork({ stores: STORES, seed: 1 });
  return stores!.map((input, index) => {
    const store = compileStore(input);
    const counter = { ...store.counter, slotMin: 30 };
    return { ...store, counter, specialHours: [], timeZone: ZONES[index % ZONES.length]! };
  });
}

function plainStarts({ openingHours, timeZone, counter }: Store): readonly number[] {
  const starts: number[] = [];
  for (const date of daysFrom(FROM, TO)) {
    for (const { days, opens, closes } of openingHours) {
      if (!days.includes(weekdayOf(date))) continue;
      const midnight = DateTime.fromISO(date, { zone: timeZone });
      const at = (minute: number) =>
        midnight.set({ hour: Math.floor(minute / 60), minute: minute % 60 });
      const last = (closes <= opens ? at(closes).plus({ days: 1 }) : at(closes)).toMillis();
      let end = at(opens).plus({ minutes: counter.slotMin });
      while (end.toMillis() <= last) {
        starts.push(end.toMillis() - counter.slotMin * 60_000);
        end = end.plus({ minutes: counter.slotMin });
      }
    }
  }
  return starts;
}
