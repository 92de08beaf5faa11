import { legsOf } from '../claims/resource.ts';
import type { Usage } from '../claims/usage.ts';
import { openingAt } from '../hours/openings.ts';
import { delayOf } from '../network/disruptions.ts';
import type { Line, Store } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { dateOfDay, weekdayOfDay } from '../time/local-date.ts';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { Coverage } from './coverage.ts';

const MINUTES_OF_DAY = DAY_MS / MINUTE_MS;
/** Trips are found by parts of a UTC day, in which a line has few. */
const PARTS_OF_DAY = 6;
const PART_MIN = MINUTES_OF_DAY / PARTS_OF_DAY;
const UNKNOWN = 0;
const YES = 1;
const NO = 2;

/** Where a line's stops are. */
export interface StopPlaces {
  /** Place numbers, by stop. */
  readonly places: Int32Array;
  /** The store whose doors must be open, by stop; null: goods can be taken off at any hour. */
  readonly doors: readonly (Store | null)[];
}

/**
 * The trips of one line, by departure from the first stop, and what is taken of them. All trips take the
 * same minutes from stop to stop, so none overtakes another.
 *
 * A cancelled trip is not among them. A late one is where its actual departure puts it, be that after trips
 * scheduled later, but keeps the name that its schedule gave it. Of trips that now leave at one minute only
 * the one scheduled last can be ridden: a search tells a line's trips apart by their minutes. Goods on board
 * of another still come: see `lateArrival`.
 *
 * Times are whole epoch minutes. Laid out on first use (see {@link layOut}): a query touches few lines.
 */
export class LineTable {
  readonly code: string;
  readonly places: Int32Array;
  readonly cutOffMin: number;
  /** Minutes from the first stop, by stop. */
  readonly offsets: Int32Array;
  readonly stopCount: number;
  readonly legNames: readonly string[];
  departs = new Int32Array(0);
  /** By trip: when it leaves by its schedule, which names it in claims. */
  scheduled = new Int32Array(0);
  tripCount = 0;

  private laidOutFor: Coverage | null = null;
  /** By scheduled minute; null: all trips are as scheduled. */
  private tripOf: ReadonlyMap<number, number> | null = null;
  /** Number of the first trip of each part of a day from the first one covered. */
  private firstOfPart = new Int32Array(0);
  private firstMinute = 0;
  private readonly doors: readonly (Store | null)[];
  /** By trip and stop. */
  private alighting = new Uint8Array(0);
  /** Pairs, by trip and leg; null: nothing is taken. */
  private taken: Int32Array | null = null;
  private mostTaken = 0;
  private isMostTakenStale = false;

  constructor(
    readonly line: Line,
    stops: StopPlaces,
  ) {
    this.code = line.code;
    this.places = stops.places;
    this.doors = stops.doors;
    this.cutOffMin = line.cutOffMin;
    this.offsets = Int32Array.from(line.stops, (stop) => stop.minutes);
    this.stopCount = line.stops.length;
    this.legNames = legsOf(line);
  }

  layOut(coverage: Coverage, usage: Usage): void {
    if (this.laidOutFor === coverage) return;
    this.laidOutFor = coverage;
    const runs = runsOf(this.line, departuresOf(this.line, coverage));
    this.departs = runs.departs;
    this.scheduled = runs.scheduled;
    this.tripOf = runs.tripOf;
    this.tripCount = this.departs.length;
    this.firstMinute = (coverage.firstDay - 1) * MINUTES_OF_DAY;
    this.firstOfPart = this.indexByPart((coverage.lastDay - coverage.firstDay + 4) * PARTS_OF_DAY);
    this.alighting = new Uint8Array(this.tripCount * this.stopCount);
    this.taken = null;
    this.mostTaken = 0;
    for (const [leg, name] of this.legNames.entries()) {
      for (const [start, taken] of usage.windows(name)) this.setTaken(leg, start, taken);
    }
  }

  setTaken(leg: number, start: EpochMs, taken: number): void {
    if (this.laidOutFor === null) return;
    const trip = this.tripScheduledAt(start / MINUTE_MS);
    if (trip < 0) return;
    this.taken ??= new Int32Array(this.tripCount * (this.stopCount - 1));
    const at = trip * (this.stopCount - 1) + leg;
    if (taken >= this.mostTaken) this.mostTaken = taken;
    else if (this.taken[at] === this.mostTaken) this.isMostTakenStale = true;
    this.taken[at] = taken;
  }

  /** The first trip that leaves the first stop at `minute` or later; `tripCount`: none. */
  firstTripFrom(minute: number): number {
    const part = Math.floor((minute - this.firstMinute) / PART_MIN);
    if (part < 0) return 0;
    if (part >= this.firstOfPart.length) return this.tripCount;
    let trip = this.firstOfPart[part]!;
    while (trip < this.tripCount && this.departs[trip]! < minute) trip++;
    return trip;
  }

  /** The trip that leaves the first stop exactly at `minute`; -1: none. */
  tripAt(minute: number): number {
    const trip = this.firstTripFrom(minute);
    return trip < this.tripCount && this.departs[trip] === minute ? trip : -1;
  }

  /** Goods can be taken off a trip at a stop: it is a workshop, an open store, or has a night drop. */
  canAlight(trip: number, stop: number): boolean {
    const at = trip * this.stopCount + stop;
    const known = this.alighting[at]!;
    if (known !== UNKNOWN) return known === YES;
    const store = this.doors[stop] ?? null;
    const instant = (this.departs[trip]! + this.offsets[stop]!) * MINUTE_MS;
    const answer = store === null || openingAt(store, instant) !== null;
    this.alighting[at] = answer ? YES : NO;
    return answer;
  }

  /** Some leg of some trip has no room for `pairs`: trips must be looked at one by one. */
  isTightFor(pairs: number): boolean {
    if (this.mostTaken + pairs <= this.line.pairs) return false;
    if (this.isMostTakenStale) this.findMostTaken();
    return this.mostTaken + pairs > this.line.pairs;
  }

  hasRoom(trip: number, leg: number, pairs: number): boolean {
    const taken = this.taken === null ? 0 : this.taken[trip * (this.stopCount - 1) + leg]!;
    return taken + pairs <= this.line.pairs;
  }

  private tripScheduledAt(minute: number): number {
    return this.tripOf === null ? this.tripAt(minute) : (this.tripOf.get(minute) ?? -1);
  }

  private findMostTaken(): void {
    let most = 0;
    for (const taken of this.taken ?? []) if (taken > most) most = taken;
    this.mostTaken = most;
    this.isMostTakenStale = false;
  }

  private indexByPart(parts: number): Int32Array<ArrayBuffer> {
    const index = new Int32Array(parts);
    let trip = 0;
    for (let part = 0; part < parts; part++) {
      const minute = this.firstMinute + part * PART_MIN;
      while (trip < this.tripCount && this.departs[trip]! < minute) trip++;
      index[part] = trip;
    }
    return index;
  }
}

interface Runs {
  readonly departs: Int32Array<ArrayBuffer>;
  readonly scheduled: Int32Array<ArrayBuffer>;
  readonly tripOf: ReadonlyMap<number, number> | null;
}

/** The trips scheduled at such minutes, by the minute at which each now leaves. */
function runsOf({ disrupted }: Line, scheduled: Int32Array<ArrayBuffer>): Runs {
  if (disrupted === undefined) return { departs: scheduled, scheduled, tripOf: null };
  const runs = [...scheduled]
    .flatMap((minute) => {
      const delayMin = delayOf(disrupted.get(minute * MINUTE_MS));
      return delayMin === null ? [] : [{ scheduled: minute, departs: minute + delayMin }];
    })
    .sort((a, b) => a.departs - b.departs || a.scheduled - b.scheduled)
    .filter(({ departs }, index, all) => departs !== all[index + 1]?.departs);
  return {
    departs: Int32Array.from(runs, (run) => run.departs),
    scheduled: Int32Array.from(runs, (run) => run.scheduled),
    tripOf: new Map(runs.map((run, trip) => [run.scheduled, trip])),
  };
}

/** Sorted; departures that a change of the clock lets fall together are one trip. */
function departuresOf(line: Line, { firstDay, lastDay }: Coverage): Int32Array<ArrayBuffer> {
  const minutes: number[] = [];
  for (let day = firstDay - 1; day <= lastDay + 1; day++) {
    if (line.exceptDates.size > 0 && line.exceptDates.has(dateOfDay(day))) continue;
    const weekday = weekdayOfDay(day);
    for (const { days, at } of line.departures) {
      if (days.includes(weekday)) {
        minutes.push(Math.floor(instantOfDay(day, at, line.timeZone) / MINUTE_MS));
      }
    }
  }
  minutes.sort((a, b) => a - b);
  return Int32Array.from(minutes.filter((minute, index) => minute !== minutes[index - 1]));
}
