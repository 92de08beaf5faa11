import type { Coverage } from './coverage.ts';
import { MINUTES_OF_DAY, TimetableDays, type TimetableDay } from './day-legs.ts';
import { NEVER } from './forward-rounds.ts';
import type { LineTable } from './line-table.ts';
import { PlaceSet } from './place-set.ts';
import type { Timetable } from './timetable.ts';

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
    this.reached = new PlaceSet(timetable.placeCount);
    this.days = new TimetableDays(timetable.lines);
    this.firstTrips = new Int32Array(timetable.lines.length);
  }

  /** Forgets the scan before; `pairs` are at `place` from `minute` on. */
  begin(
    { place, minute, pairs }: { place: number; minute: number; pairs: number },
    coverage: Coverage,
    layOut: (line: LineTable) => void,
  ): void {
    if (this.preparedFor !== coverage) this.prepare(coverage, layOut);
    const { places, size } = this.reached;
    for (let at = 0; at < size; at++) this.arrivals[places[at]!] = NEVER;
    this.reached.clear();
    this.turn += 2;
    this.pairs = pairs;
    this.scanned = minute;
    this.reach(place, minute);
  }

  /** The earliest arrival of those looked at; NEVER: none. */
  arrival(place: number): number {
    return this.arrivals[place]!;
  }

  /** Looks at all that leaves before `minute`. */
  scanTo(minute: number): void {
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
    this.turn = 0;
  }

  private reach(place: number, minute: number): void {
    if (this.arrivals[place] === NEVER) this.reached.push(place);
    this.arrivals[place] = minute;
  }

  private scanDay(
    { legs, firstTrips }: TimetableDay,
    start: number,
    minutes: { readonly from: number; readonly to: number },
  ): void {
    const { arrivals, aboard, turn } = this;
    const { departs, boardBy, arrives, from, to, lines, trips } = legs;
    for (let at = firstAtLeast(departs, minutes.from); at < legs.count; at++) {
      if (departs[at]! >= minutes.to) return;
      const line = lines[at]!;
      const trip = firstTrips[line]! + trips[at]!;
      const index = this.firstTrips[line]! + trip;
      if (aboard[index]! < turn) {
        if (arrivals[from[at]!]! > start + boardBy[at]!) continue;
        aboard[index] = this.timetable.lines[line]!.isTightFor(this.pairs) ? turn + 1 : turn;
      }
      const leg = legs.legs[at]!;
      if (aboard[index]! > turn && !this.timetable.lines[line]!.hasRoom(trip, leg, this.pairs)) {
        aboard[index] = 0;
        continue;
      }
      const arrival = start + arrives[at]!;
      if (arrival >= arrivals[to[at]!]!) continue;
      if (this.timetable.lines[line]!.canAlight(trip, leg + 1)) this.reach(to[at]!, arrival);
    }
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
