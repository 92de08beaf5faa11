import type { LineTable } from './line-table.ts';
import type { Freight } from './load.ts';
import { PlaceLimits } from './place-limits.ts';
import { PlaceSet } from './place-set.ts';
import type { Timetable } from './timetable.ts';

/** Later than any minute. */
export const NEVER = 0x7fff_ffff;

/** What is wanted at the end of the last ride. */
export interface Target {
  readonly place: number;
  /** The latest minute of use there, which the limits of the search count on. */
  readonly by: number;
  /** Whether goods that come at `minute` can stay there. Asked of few minutes. */
  accepts(minute: number): boolean;
}

export interface ForwardSearch extends Freight {
  /** The latest minute at which goods at a place are of use. */
  readonly latest: PlaceLimits;
  /** Called before each round: `latest` may be made stricter by what the rounds before have reached. */
  readonly tighten?: () => void;
  readonly target?: Target;
}

const NOWHERE = new PlaceSet(0);

/**
 * Earliest arrivals at every place, by the number of rides.
 *
 * Round k looks at each line that calls where round k - 1 came earlier than before, once, and finds what
 * one ride more can reach. A place's label in round k is its earliest arrival with k rides, if that is
 * earlier than with fewer. Times are epoch minutes.
 *
 * Source: Delling, Pajor, Werneck, "Round-Based Public Transit Routing" (RAPTOR), 2015. Here trips of a
 * line can be full on a leg, or come to a closed store, so that the next one is the first of use.
 */
export class ForwardRounds {
  /** Rounds that hold labels: 0 up to this. */
  rounds = 0;
  /** Earliest arrival at the target that it accepts; NEVER: none by the minute asked for. */
  targetArrival = NEVER;
  /** The fewest with which it is reached then. */
  targetRides = 0;

  private readonly labels: Int32Array[] = [];
  private readonly marked: PlaceSet[] = [];
  private readonly best: Int32Array;
  /** First stop to board at, by line; -1: the line is not in this round. */
  private readonly firstStop: Int32Array;
  private readonly queue: Int32Array;
  private search: ForwardSearch = { pairs: 0, notBefore: 0, latest: new PlaceLimits(0) };
  /** Minutes by which the earliest arrival at the target is ahead of the latest one of use. */
  private ahead = 0;
  private notBefore = 0;

  constructor(private readonly timetable: Timetable) {
    this.best = new Int32Array(timetable.placeCount).fill(NEVER);
    this.firstStop = new Int32Array(timetable.lines.length).fill(-1);
    this.queue = new Int32Array(timetable.lines.length);
    this.addRound();
  }

  /** Forgets the search before. Sources are then given by {@link addSource}. */
  begin(search: ForwardSearch): void {
    for (let round = 0; round < this.marked.length; round++) {
      const labels = this.labels[round]!;
      const { places, size } = this.marked[round]!;
      for (let at = 0; at < size; at++) {
        labels[places[at]!] = NEVER;
        this.best[places[at]!] = NEVER;
      }
      this.marked[round]!.clear();
    }
    this.rounds = 0;
    this.search = search;
    this.notBefore = search.notBefore;
    this.targetArrival = NEVER;
    this.ahead = 0;
  }

  addSource(place: number, minute: number): void {
    this.improve(place, minute, 0);
  }

  /**
   * Makes rounds up to so many rides, unless no more place gains by one.
   *
   * @param layOut called with each line before its use
   */
  extendTo(rides: number, layOut: (line: LineTable) => void): void {
    while (this.rounds < rides && !this.isDone()) {
      this.search.tighten?.();
      this.rounds++;
      if (this.labels.length <= this.rounds) this.addRound();
      const count = this.enqueue(this.rounds - 1);
      for (let at = 0; at < count; at++) {
        const number = this.queue[at]!;
        const line = this.timetable.lines[number]!;
        const first = this.firstStop[number]!;
        this.firstStop[number] = -1;
        if (line.line.pairs < this.search.pairs) continue;
        layOut(line);
        if (line.isTightFor(this.search.pairs)) this.rideOneByOne(line, first, this.rounds);
        else this.ride(line, first, this.rounds);
      }
    }
  }

  /** More rides would change nothing. */
  isDone(): boolean {
    return this.marked[this.rounds]!.size === 0;
  }

  /** Whether goods with at most so many rides can be on a van that leaves the place at `minute`. */
  canBoard(place: number, rides: number, minute: number, cutOffMin: number): boolean {
    if (minute < this.notBefore) return false;
    return this.arrival(place, rides) <= minute - cutOffMin;
  }

  /** Earliest arrival with at most so many rides. */
  arrival(place: number, rides: number): number {
    let least = NEVER;
    for (let round = Math.min(rides, this.rounds); round >= 0 && least === NEVER; round--) {
      least = this.labels[round]![place]!;
    }
    return least;
  }

  /** Whether so many rides, of those looked at, come earlier than fewer do. */
  isImproved(place: number, rides: number): boolean {
    return rides >= 0 && rides <= this.rounds && this.labels[rides]![place] !== NEVER;
  }

  /** The fewest rides with which the place is reached earliest; -1: it is not reached. */
  ridesTo(place: number): number {
    let rides = this.rounds;
    while (rides >= 0 && !this.isImproved(place, rides)) rides--;
    return rides;
  }

  /** The places reached earlier with so many rides, of those looked at, than with fewer. */
  improvedWith(rides: number): PlaceSet {
    return this.marked[rides] ?? NOWHERE;
  }

  private addRound(): void {
    this.labels.push(new Int32Array(this.timetable.placeCount).fill(NEVER));
    this.marked.push(new PlaceSet(this.timetable.placeCount));
  }

  private improve(place: number, minute: number, round: number): void {
    if (minute >= this.best[place]! || !this.isOfUse(place, minute)) return;
    this.best[place] = minute;
    const labels = this.labels[round]!;
    if (labels[place] === NEVER) this.marked[round]!.push(place);
    labels[place] = minute;
  }

  private enqueue(round: number): number {
    const { first, lines, stops } = this.timetable.boardings;
    const { places, size } = this.marked[round]!;
    let count = 0;
    for (let at = 0; at < size; at++) {
      const place = places[at]!;
      for (let entry = first[place]!; entry < first[place + 1]!; entry++) {
        const line = lines[entry]!;
        const stop = stops[entry]!;
        if (this.firstStop[line] === -1) this.queue[count++] = line;
        else if (this.firstStop[line]! <= stop) continue;
        this.firstStop[line] = stop;
      }
    }
    return count;
  }

  /** No trip is full: at each stop the goods can be on the first trip boarded so far, or any later one. */
  private ride(line: LineTable, first: number, round: number): void {
    const { places, offsets, tripCount, stopCount } = line;
    const { target } = this.search;
    const labels = this.labels[round - 1]!;
    let trip = tripCount;
    for (let stop = first; stop < stopCount; stop++) {
      const place = places[stop]!;
      if (trip < tripCount) {
        if (place === target?.place) this.rideToTarget(target, line, trip, stop);
        const minute = this.firstAlighting(line, trip, stop);
        if (minute !== NEVER) this.improve(place, minute, round);
      }
      const label = labels[place]!;
      if (label !== NEVER) {
        trip = Math.min(trip, line.firstTripFrom(this.boardFrom(line, label) - offsets[stop]!));
      }
    }
  }

  /** The first minute at which goods that are at a stop at `label` can leave it on a van. */
  private boardFrom(line: LineTable, label: number): number {
    return Math.max(label + line.cutOffMin, this.notBefore);
  }

  private firstAlighting(line: LineTable, from: number, stop: number): number {
    const offset = line.offsets[stop]!;
    const place = line.places[stop]!;
    for (let trip = from; trip < line.tripCount; trip++) {
      const minute = line.departs[trip]! + offset;
      if (minute >= this.best[place]! || !this.isOfUse(place, minute)) return NEVER;
      if (line.canAlight(trip, stop)) return minute;
    }
    return NEVER;
  }

  private isOfUse(place: number, minute: number): boolean {
    return this.search.latest.allows(place, minute + this.ahead);
  }

  private rideToTarget(target: Target, line: LineTable, from: number, stop: number): void {
    for (let trip = from; trip < line.tripCount; trip++) {
      if (!this.isOfUseAt(target, line.departs[trip]! + line.offsets[stop]!)) return;
      this.alightAt(target, line, trip, stop);
    }
  }

  private isOfUseAt(target: Target, minute: number): boolean {
    return minute <= target.by && minute < this.targetArrival;
  }

  private alightAt(target: Target, line: LineTable, trip: number, stop: number): void {
    const minute = line.departs[trip]! + line.offsets[stop]!;
    if (!this.isOfUseAt(target, minute) || !line.canAlight(trip, stop)) return;
    if (!target.accepts(minute)) return;
    this.targetArrival = minute;
    this.targetRides = this.rounds;
    this.ahead = target.by - minute;
  }

  /** Some trip is full somewhere: each is looked at by itself, until later ones can reach nothing earlier. */
  private rideOneByOne(line: LineTable, first: number, round: number): void {
    const { places, offsets, tripCount, stopCount } = line;
    const labels = this.labels[round - 1]!;
    let trip = tripCount;
    for (let stop = first; stop < stopCount - 1; stop++) {
      const label = labels[places[stop]!]!;
      if (label === NEVER) continue;
      trip = Math.min(trip, line.firstTripFrom(this.boardFrom(line, label) - offsets[stop]!));
    }
    while (trip < tripCount && this.canStillImprove(line, trip, first)) {
      this.rideTrip(line, trip, first, round);
      trip++;
    }
  }

  private canStillImprove(line: LineTable, trip: number, first: number): boolean {
    const { target } = this.search;
    for (let stop = first + 1; stop < line.stopCount; stop++) {
      const place = line.places[stop]!;
      const minute = line.departs[trip]! + line.offsets[stop]!;
      if (minute < this.best[place]! && this.isOfUse(place, minute)) return true;
      if (place === target?.place && this.isOfUseAt(target, minute)) return true;
    }
    return false;
  }

  private rideTrip(line: LineTable, trip: number, first: number, round: number): void {
    const { target, pairs } = this.search;
    const labels = this.labels[round - 1]!;
    const depart = line.departs[trip]!;
    let isAboard = false;
    for (let stop = first; stop < line.stopCount; stop++) {
      const place = line.places[stop]!;
      const minute = depart + line.offsets[stop]!;
      if (isAboard) isAboard = line.hasRoom(trip, stop - 1, pairs);
      if (isAboard) {
        if (place === target?.place) this.alightAt(target, line, trip, stop);
        if (minute < this.best[place]! && line.canAlight(trip, stop)) {
          this.improve(place, minute, round);
        }
      }
      const label = labels[place]!;
      if (label !== NEVER && this.boardFrom(line, label) <= minute) isAboard = true;
    }
  }
}
