import type { Coverage } from './coverage.ts';
import { MINUTES_OF_DAY, TimetableDays, type DayLegs, type TimetableDay } from './day-legs.ts';
import { NEVER } from './forward-rounds.ts';
import type { LineTable } from './line-table.ts';
import type { Freight } from './load.ts';
import { PlaceSet } from './place-set.ts';
import type { Timetable } from './timetable.ts';

/** Less than an Int32Array can hold. */
const LAST_TURN = 2 ** 30;

/** Goods are at a place from a minute on. */
export interface ScanStart extends Freight {
  readonly place: number;
  readonly minute: number;
}

/**
 * Earliest arrivals at every place, with any number of rides: what vans drive is looked at once, by
 * departure, from the minute at which goods are somewhere until the minute up to which an answer is needed.
 *
 * Source: Dibbelt, Pajor, Strasser, Wagner, "Connection Scan Algorithm", arXiv 1703.05997.
 */
export class ConnectionScan {
  /** All that leaves before this minute has been looked at: arrivals up to it are final. */
  scanned = 0;

  private readonly arrivals: Int32Array;
  /** Of goods aboard a van or not, whether they can be taken off there or not. */
  private readonly passed: Int32Array;
  private readonly reached: PlaceSet;
  private preparedFor: Coverage | null = null;
  private days: TimetableDays;
  /** By line: where its trips begin in `aboard`. */
  private readonly firstTrips: Int32Array;
  /** By trip of all lines: `turn` if goods can be aboard; `turn + 1` if they can, but some leg is full. */
  private aboard = new Int32Array(0);
  private turn = 0;
  private pairs = 0;

  constructor(private readonly timetable: Timetable) {
    this.arrivals = new Int32Array(timetable.placeCount).fill(NEVER);
    this.passed = new Int32Array(timetable.placeCount).fill(NEVER);
    this.reached = new PlaceSet(timetable.placeCount);
    this.days = new TimetableDays(timetable.lines);
    this.firstTrips = new Int32Array(timetable.lines.length);
  }

  /** Forgets the scan before. */
  begin({ place, minute, notBefore, pairs }: ScanStart): void {
    const { places, size } = this.reached;
    for (let at = 0; at < size; at++) {
      this.arrivals[places[at]!] = NEVER;
      this.passed[places[at]!] = NEVER;
    }
    this.reached.clear();
    this.turn += 2;
    if (this.turn > LAST_TURN) this.forgetTurns();
    this.pairs = pairs;
    this.scanned = Math.max(minute, notBefore);
    this.pass(place, minute);
    this.arrivals[place] = minute;
  }

  /** The earliest arrival of those looked at; NEVER: none. */
  arrival(place: number): number {
    return this.arrivals[place]!;
  }

  /**
   * Looks at all that leaves before `minute`.
   *
   * @param layOut called with each line when days are scanned of which it was not yet
   */
  scanTo(minute: number, coverage: Coverage, layOut: (line: LineTable) => void): void {
    if (this.preparedFor !== coverage) this.prepare(coverage, layOut);
    while (this.scanned < minute) {
      const day = Math.floor(this.scanned / MINUTES_OF_DAY);
      const end = Math.min(minute, (day + 1) * MINUTES_OF_DAY);
      const start = day * MINUTES_OF_DAY;
      this.scanDay(this.days.of(day), start, { from: this.scanned - start, to: end - start });
      this.scanned = end;
    }
  }

  private prepare(coverage: Coverage, layOut: (line: LineTable) => void): void {
    this.preparedFor = coverage;
    this.days = new TimetableDays(this.timetable.lines);
    let trips = 0;
    for (const [number, line] of this.timetable.lines.entries()) {
      layOut(line);
      this.firstTrips[number] = trips;
      trips += line.tripCount;
    }
    this.aboard = new Int32Array(trips);
    this.forgetTurns();
  }

  private forgetTurns(): void {
    this.aboard.fill(0);
    this.turn = 2;
  }

  private pass(place: number, minute: number): void {
    if (this.passed[place] === NEVER) this.reached.push(place);
    this.passed[place] = minute;
  }

  private scanDay(
    { legs, firstTrips }: TimetableDay,
    start: number,
    minutes: { readonly from: number; readonly to: number },
  ): void {
    const { passed } = this;
    const { departs, from, to, arrives } = legs;
    const end = firstAtLeast(departs, minutes.to);
    for (let at = firstAtLeast(departs, minutes.from); at < end; at++) {
      if (passed[from[at]!]! - start > departs[at]!) continue;
      const line = legs.lines[at]!;
      const trip = firstTrips[line]! + legs.trips[at]!;
      const index = this.firstTrips[line]! + trip;
      if (this.aboard[index]! < this.turn && !this.canBoard(legs, at, index, start)) continue;
      const leg = legs.legs[at]!;
      if (this.aboard[index]! > this.turn && !this.hasRoom(line, trip, leg)) {
        this.aboard[index] = 0;
        continue;
      }
      const place = to[at]!;
      const arrival = start + arrives[at]!;
      if (arrival < passed[place]!) this.pass(place, arrival);
      if (arrival >= this.arrivals[place]!) continue;
      if (this.timetable.lines[line]!.canAlight(trip, leg + 1)) this.arrivals[place] = arrival;
    }
  }

  private canBoard(legs: DayLegs, at: number, index: number, start: number): boolean {
    if (this.arrivals[legs.from[at]!]! - start > legs.boardBy[at]!) return false;
    const line = this.timetable.lines[legs.lines[at]!]!;
    this.aboard[index] = line.isTightFor(this.pairs) ? this.turn + 1 : this.turn;
    return true;
  }

  private hasRoom(line: number, trip: number, leg: number): boolean {
    return this.timetable.lines[line]!.hasRoom(trip, leg, this.pairs);
  }
}

/** Index of the first of growing values that is at least `least`; their number: none. */
function firstAtLeast(values: Int32Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
