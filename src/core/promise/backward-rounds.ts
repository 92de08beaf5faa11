import type { LineTable } from './line-table.ts';
import { PlaceLimits } from './place-limits.ts';
import { PlaceSet } from './place-set.ts';
import type { Timetable } from './timetable.ts';

/** Earlier than any minute. */
export const LONG_AGO = -1;

export interface BackwardSearch {
  readonly pairs: number;
  /** Where the last ride ends, and exactly when. */
  readonly place: number;
  readonly arrival: number;
  /** The earliest minute at which goods can be at a place, negative. */
  readonly earliest: PlaceLimits;
}

/**
 * Latest minutes at which goods may be at each place to come to one place exactly at a given minute, by
 * the number of rides: the mirror of `ForwardRounds`, whose names it uses.
 */
export class BackwardRounds {
  private readonly labels: Int32Array[] = [];
  private readonly marked: PlaceSet[] = [];
  private readonly best: Int32Array;
  /** Last stop to get off at, by line; -1: the line is not in this round. */
  private readonly lastStop: Int32Array;
  private readonly queue: Int32Array;
  private search: BackwardSearch = { pairs: 0, place: 0, arrival: 0, earliest: new PlaceLimits(0) };
  private round = 0;

  constructor(private readonly timetable: Timetable) {
    this.best = new Int32Array(timetable.placeCount).fill(LONG_AGO);
    this.lastStop = new Int32Array(timetable.lines.length).fill(-1);
    this.queue = new Int32Array(timetable.lines.length);
  }

  /** The first round: rides that end exactly as asked. */
  begin(search: BackwardSearch, layOut: (line: LineTable) => void): void {
    for (let round = 0; round < this.marked.length; round++) {
      const labels = this.labels[round]!;
      const { places, size } = this.marked[round]!;
      for (let at = 0; at < size; at++) {
        labels[places[at]!] = LONG_AGO;
        this.best[places[at]!] = LONG_AGO;
      }
      this.marked[round]!.clear();
    }
    this.search = search;
    this.round = 0;
    this.addRoundUpTo(0);
    const { first, lines, stops } = this.timetable.alightings;
    for (let entry = first[search.place]!; entry < first[search.place + 1]!; entry++) {
      const line = this.timetable.lines[lines[entry]!]!;
      if (line.line.pairs < search.pairs) continue;
      layOut(line);
      const stop = stops[entry]!;
      const trip = line.tripAt(search.arrival - line.offsets[stop]!);
      if (trip >= 0 && line.canAlight(trip, stop)) this.boardBefore(line, trip, stop);
    }
  }

  /** Makes rounds up to so many rides, unless no more place gains by one. */
  extendTo(rides: number, layOut: (line: LineTable) => void): void {
    while (this.rides < rides && !this.isDone()) {
      const count = this.enqueue(this.round);
      this.round++;
      this.addRoundUpTo(this.round);
      for (let at = 0; at < count; at++) {
        const number = this.queue[at]!;
        const line = this.timetable.lines[number]!;
        const last = this.lastStop[number]!;
        this.lastStop[number] = -1;
        if (line.line.pairs < this.search.pairs) continue;
        layOut(line);
        if (line.isTightFor(this.search.pairs)) this.rideOneByOne(line, last);
        else this.ride(line, last);
      }
    }
  }

  /** More rides would change nothing. */
  isDone(): boolean {
    return this.marked[this.round]!.size === 0;
  }

  /** Of the rounds made. */
  get rides(): number {
    return this.round + 1;
  }

  /** Latest minute at the place with at most so many rides, of those looked at; LONG_AGO: no way. */
  latest(place: number, rides = this.rides): number {
    let latest = LONG_AGO;
    for (let round = Math.min(rides - 1, this.round); round >= 0 && latest === LONG_AGO; round--) {
      latest = this.labels[round]![place]!;
    }
    return latest;
  }

  private addRoundUpTo(round: number): void {
    if (round < this.labels.length) return;
    this.labels.push(new Int32Array(this.timetable.placeCount).fill(LONG_AGO));
    this.marked.push(new PlaceSet(this.timetable.placeCount));
  }

  private improve(place: number, minute: number): void {
    if (minute <= this.best[place]! || !this.isReachable(place, minute)) return;
    this.best[place] = minute;
    const labels = this.labels[this.round]!;
    if (labels[place] === LONG_AGO) this.marked[this.round]!.push(place);
    labels[place] = minute;
  }

  private isReachable(place: number, minute: number): boolean {
    return this.search.earliest.allows(place, -minute);
  }

  private boardBefore(line: LineTable, trip: number, stop: number): void {
    for (let from = stop - 1; from >= 0; from--) {
      if (!line.hasRoom(trip, from, this.search.pairs)) return;
      this.improve(line.places[from]!, boardBy(line, trip, from));
    }
  }

  private enqueue(round: number): number {
    const { first, lines, stops } = this.timetable.alightings;
    const { places, size } = this.marked[round]!;
    let count = 0;
    for (let at = 0; at < size; at++) {
      const place = places[at]!;
      for (let entry = first[place]!; entry < first[place + 1]!; entry++) {
        const line = lines[entry]!;
        const stop = stops[entry]!;
        if (this.lastStop[line] === -1) this.queue[count++] = line;
        else if (this.lastStop[line]! >= stop) continue;
        this.lastStop[line] = stop;
      }
    }
    return count;
  }

  /** No trip is full: at each stop the goods can be on the last trip to get off from, or any earlier one. */
  private ride(line: LineTable, last: number): void {
    const labels = this.labels[this.round - 1]!;
    let trip = -1;
    for (let stop = last; stop >= 0; stop--) {
      const place = line.places[stop]!;
      if (trip >= 0) this.improve(place, boardBy(line, trip, stop));
      const label = labels[place]!;
      if (label !== LONG_AGO && stop > 0) trip = this.lastAlighting(line, stop, label, trip);
    }
  }

  /** The last trip after `than` that goods can be taken off by `minute`; `than`: none. */
  private lastAlighting(line: LineTable, stop: number, minute: number, than: number): number {
    let trip = lastTripTo(line, minute - line.offsets[stop]!);
    while (trip > than) {
      if (!this.isReachable(line.places[stop]!, line.departs[trip]! + line.offsets[stop]!))
        return than;
      if (line.canAlight(trip, stop)) return trip;
      trip--;
    }
    return than;
  }

  private rideOneByOne(line: LineTable, last: number): void {
    const labels = this.labels[this.round - 1]!;
    let trip = -1;
    for (let stop = last; stop > 0; stop--) {
      const label = labels[line.places[stop]!]!;
      if (label !== LONG_AGO) trip = Math.max(trip, lastTripTo(line, label - line.offsets[stop]!));
    }
    while (trip >= 0 && this.canStillImprove(line, trip, last)) {
      this.rideTrip(line, trip, last);
      trip--;
    }
  }

  private canStillImprove(line: LineTable, trip: number, last: number): boolean {
    for (let stop = last - 1; stop >= 0; stop--) {
      const place = line.places[stop]!;
      const minute = boardBy(line, trip, stop);
      if (minute > this.best[place]! && this.isReachable(place, minute)) return true;
    }
    return false;
  }

  private rideTrip(line: LineTable, trip: number, last: number): void {
    const labels = this.labels[this.round - 1]!;
    let isAboard = false;
    for (let stop = last; stop >= 0; stop--) {
      const place = line.places[stop]!;
      if (isAboard) isAboard = line.hasRoom(trip, stop, this.search.pairs);
      if (isAboard) this.improve(place, boardBy(line, trip, stop));
      if (stop === 0 || isAboard) continue;
      const minute = line.departs[trip]! + line.offsets[stop]!;
      const label = labels[place]!;
      if (label !== LONG_AGO && minute <= label) isAboard = line.canAlight(trip, stop);
    }
  }
}

/** The last minute at which goods for the trip can be at the stop. */
function boardBy(line: LineTable, trip: number, stop: number): number {
  return line.departs[trip]! + line.offsets[stop]! - line.cutOffMin;
}

function lastTripTo(line: LineTable, minute: number): number {
  return line.firstTripFrom(minute + 1) - 1;
}
