import type { Usage } from '../claims/usage.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { assign, latestAlone, latestIntake, type Assignment } from './assignment.ts';
import { BackwardRounds } from './backward-rounds.ts';
import type { Coverage } from './coverage.ts';
import { ForwardRounds, NEVER } from './forward-rounds.ts';
import type { LineTable } from './line-table.ts';
import type { Load } from './load.ts';
import type { PickUpDesk } from './pick-up-desk.ts';
import type { Timetable } from './timetable.ts';
import { TravelBounds, UNREACHABLE } from './travel-bounds.ts';
import { canonicalWay, type Ride } from './way.ts';
import type { WorkshopTable } from './workshop-table.ts';

const HOUR_MS = 60 * MINUTE_MS;

export interface WayQuestion {
  readonly load: Load;
  /** Place and instant at which the goods are handed over. */
  readonly from: number;
  readonly handedOver: EpochMs;
  /** Place of the pick-up store, and what it says to goods that arrive. */
  readonly to: number;
  readonly desk: PickUpDesk;
  /** Those that have all skills, in order of code. */
  readonly workshops: readonly WorkshopTable[];
}

/** The chosen way of an order through the chain. */
export interface FoundWay {
  readonly workshop: WorkshopTable;
  readonly ridesIn: readonly Ride[];
  /** When the goods are at the workshop. */
  readonly there: EpochMs;
  readonly assignment: Assignment;
  readonly ridesOut: readonly Ride[];
  /** At the pick-up store. */
  readonly arrival: EpochMs;
}

/** What a workshop can do for goods that come with so many rides. */
interface Visit {
  /** With fewer they would come later. */
  readonly ridesIn: number;
  readonly there: EpochMs;
  readonly assignment: Assignment;
}

/** A workshop that the goods can reach. */
interface Candidate {
  readonly workshop: WorkshopTable;
  /** By the earliest arrival, however many rides it takes. */
  readonly earliest: Visit;
}

interface Option extends Visit {
  readonly workshop: WorkshopTable;
  readonly ridesOut: number;
}

/** Searches of one question, each up to so long after the earliest arrival that is thinkable. */
const STAGES_MS = [6 * HOUR_MS, 24 * HOUR_MS, 96 * HOUR_MS, Infinity];

/**
 * The search for the best way: earliest arrival that the pick-up store accepts; then fewest rides; then the
 * less loaded workshop, over the shifts used; then code; then the earliest arrival at the workshop; then
 * the order of ways that {@link canonicalWay} states. A way out never leads through the pick-up store.
 *
 * Coming earlier to a workshop never means being finished later, and leaving it earlier never means
 * arriving later, so three passes find the earliest arrival: rides to every workshop, its shifts, and rides
 * from all workshops together. For the ties a fourth goes back from that arrival, ride by ride, and finds
 * until when each workshop may finish; where it meets the first pass in fewest rides is the answer.
 *
 * The passes look only at what can still arrive by some instant: by bounds of travel times, and by when each
 * workshop must have the goods. If nothing can, they are made again with a later instant.
 */
export class WayFinder {
  private readonly bounds: TravelBounds;
  private readonly inward: ForwardRounds;
  private readonly outward: ForwardRounds;
  private readonly back: BackwardRounds;
  /** By place, the latest minute at which goods are of use, on the way in and out. */
  private readonly latestIn: Int32Array;
  private readonly latestOut: Int32Array;
  private coverage: Coverage | null = null;
  private readonly layOut = (line: LineTable): void => {
    line.layOut(this.coverage!, this.usage);
  };

  constructor(
    private readonly timetable: Timetable,
    private readonly usage: Usage,
  ) {
    this.bounds = new TravelBounds(timetable);
    this.inward = new ForwardRounds(timetable);
    this.outward = new ForwardRounds(timetable);
    this.back = new BackwardRounds(timetable);
    this.latestIn = new Int32Array(timetable.placeCount);
    this.latestOut = new Int32Array(timetable.placeCount);
  }

  /** @returns null: there is no way within the days covered */
  find(question: WayQuestion, coverage: Coverage): FoundWay | null {
    this.coverage = coverage;
    const { lastArrival } = question.desk;
    const first = this.earliestThinkable(question);
    for (const stageMs of STAGES_MS) {
      if (first > lastArrival) return null;
      const by = Math.min(first + stageMs, lastArrival);
      const way = this.findBy(question, by);
      if (way !== null || by === lastArrival) return way;
    }
    return null;
  }

  /** When the work of a way that was found can be at the pick-up store at the earliest. Infinity: never. */
  arrivalFrom(question: WayQuestion, { workshop, assignment, arrival }: FoundWay): EpochMs {
    return this.ride(question, [{ place: workshop.place, finish: assignment.finish }], arrival);
  }

  /** No way arrives before it: each item by itself, and no waiting for vans. Infinity: no line connects. */
  private earliestThinkable({ workshops, load, from, to, handedOver }: WayQuestion): EpochMs {
    const outBounds = this.bounds.to(to);
    let first = Infinity;
    for (const workshop of workshops) {
      const inMin = this.bounds.to(workshop.place)[from]!;
      const outMin = outBounds[workshop.place]!;
      if (inMin === UNREACHABLE || outMin === UNREACHABLE) continue;
      workshop.layOut(this.coverage!, this.usage);
      const finish = latestAlone(workshop, load, handedOver + inMin * MINUTE_MS);
      first = Math.min(first, finish + outMin * MINUTE_MS);
    }
    return first;
  }

  private findBy(question: WayQuestion, by: EpochMs): FoundWay | null {
    const candidates = this.reach(question, by);
    if (candidates.length === 0) return null;
    const arrival = this.ride(
      question,
      candidates.map(({ workshop, earliest }) => ({
        place: workshop.place,
        finish: earliest.assignment.finish,
      })),
      by,
    );
    if (arrival === Infinity) return null;
    return this.wayOf(question, this.choose(question, candidates, arrival), arrival);
  }

  /** The workshops from which goods may arrive by `by`. */
  private reach(question: WayQuestion, by: EpochMs): readonly Candidate[] {
    const { from, handedOver, load } = question;
    const inTime = this.workshopsInTime(question, by);
    if (inTime.length === 0) return [];
    this.inward.begin({ pairs: load.pairs, latest: this.latestIn, by: minuteOf(by) });
    this.inward.addSource(from, minuteFrom(handedOver));
    this.inward.run(this.layOut);

    const candidates: Candidate[] = [];
    for (const workshop of inTime) {
      const earliest = this.visit(question, workshop, this.inward.ridesTo(workshop.place));
      if (earliest !== null) candidates.push({ workshop, earliest });
    }
    return candidates;
  }

  /** Those that bounds do not rule out. Fills {@link latestIn} for them. */
  private workshopsInTime(question: WayQuestion, by: EpochMs): readonly WorkshopTable[] {
    const { from, to, handedOver, load, workshops } = question;
    const outBounds = this.bounds.to(to);
    this.latestIn.fill(-1);
    return workshops.filter((workshop) => {
      const inBounds = this.bounds.to(workshop.place);
      const [inMin, outMin] = [inBounds[from]!, outBounds[workshop.place]!];
      if (inMin === UNREACHABLE || outMin === UNREACHABLE) return false;
      const soonest = handedOver + inMin * MINUTE_MS;
      const intake = latestIntake(workshop, load, by - outMin * MINUTE_MS, soonest);
      if (intake < soonest) return false;
      // The hand-over counts from the next whole minute.
      const latest = minuteFrom(intake);
      for (let place = 0; place < inBounds.length; place++) {
        const minute = latest - inBounds[place]!;
        if (minute > this.latestIn[place]! && inBounds[place] !== UNREACHABLE) {
          this.latestIn[place] = minute;
        }
      }
      return true;
    });
  }

  /** @param rides with which the workshop is reached earlier than with fewer; -1: it is not reached */
  private visit(question: WayQuestion, workshop: WorkshopTable, rides: number): Visit | null {
    if (rides < 0) return null;
    const label = this.inward.arrival(workshop.place, rides);
    const there = workshop.place === question.from ? question.handedOver : label * MINUTE_MS;
    const assignment = assign(workshop, question.load, there);
    return assignment === null ? null : { ridesIn: rides, there, assignment };
  }

  /** The earliest accepted arrival by `by` of goods from the places and instants given. Infinity: none. */
  private ride(
    { to, desk, load }: WayQuestion,
    sources: readonly { readonly place: number; readonly finish: EpochMs }[],
    by: EpochMs,
  ): EpochMs {
    let best = Infinity;
    for (const { place, finish } of sources) {
      if (place === to && finish < best) best = Math.min(best, desk.firstAccepted(finish));
    }
    if (best > by) best = Infinity;
    const byMinute = minuteOf(Math.min(best, by));
    this.limitOutward(to, byMinute);
    const target = { place: to, accepts: (minute: number) => desk.accepts(minute * MINUTE_MS) };
    this.outward.begin({ pairs: load.pairs, latest: this.latestOut, by: byMinute, target });
    for (const { place, finish } of sources) {
      if (place !== to) this.outward.addSource(place, minuteFrom(finish));
    }
    this.outward.run(this.layOut);
    const minute = this.outward.targetArrival;
    return minute === NEVER ? best : Math.min(best, minute * MINUTE_MS);
  }

  private limitOutward(to: number, by: number): void {
    const bounds = this.bounds.to(to);
    for (let place = 0; place < bounds.length; place++) {
      this.latestOut[place] = bounds[place] === UNREACHABLE ? -1 : by - bounds[place]!;
    }
    this.latestOut[to] = -1;
  }

  private choose(
    question: WayQuestion,
    candidates: readonly Candidate[],
    arrival: EpochMs,
  ): Option {
    const { to, from } = question;
    const choice = new Choice();
    for (const candidate of candidates) {
      if (candidate.workshop.place === to) {
        choice.offer(this.option(question, candidate, 0, arrival));
      }
    }
    if (arrival % MINUTE_MS !== 0) return choice.best();

    const atHand = candidates.some(({ workshop }) => workshop.place === from);
    const search = { pairs: question.load.pairs, place: to, arrival: arrival / MINUTE_MS };
    const finish = earliestFinish(candidates);
    this.back.begin({ ...search, from: finish, reached: this.outward }, this.layOut);
    let isMore = true;
    for (let rides = 1; isMore && rides + (atHand ? 0 : 1) <= choice.rides; rides++) {
      for (const candidate of candidates) {
        if (candidate.workshop.place === to) continue;
        const by = this.back.latest(candidate.workshop.place) * MINUTE_MS;
        choice.offer(this.option(question, candidate, rides, by));
      }
      isMore = this.back.next(this.layOut);
    }
    return choice.best();
  }

  /** The visit with fewest rides that is finished by an instant. */
  private option(
    question: WayQuestion,
    { workshop, earliest }: Candidate,
    ridesOut: number,
    by: EpochMs,
  ): Option | null {
    if (earliest.assignment.finish > by) return null;
    for (let rides = 0; rides < earliest.ridesIn; rides++) {
      if (!this.inward.isImproved(workshop.place, rides)) continue;
      const visit = this.visit(question, workshop, rides);
      if (visit !== null && visit.assignment.finish <= by) return { ...visit, workshop, ridesOut };
    }
    return { ...earliest, workshop, ridesOut };
  }

  private wayOf(question: WayQuestion, option: Option, arrival: EpochMs): FoundWay {
    const { workshop, there, assignment } = option;
    const { pairs } = question.load;
    const ridesIn = canonicalWay(
      this.timetable,
      this.inward,
      { place: workshop.place, arrival: there / MINUTE_MS, rides: option.ridesIn },
      pairs,
    );
    if (option.ridesOut > 0) {
      const maxRides = option.ridesOut - 1;
      const by = arrival / MINUTE_MS;
      this.limitOutward(question.to, by);
      this.outward.begin({ pairs, latest: this.latestOut, by, maxRides });
      this.outward.addSource(workshop.place, minuteFrom(assignment.finish));
      this.outward.run(this.layOut);
    }
    const ridesOut = canonicalWay(
      this.timetable,
      this.outward,
      { place: question.to, arrival: arrival / MINUTE_MS, rides: option.ridesOut },
      pairs,
    );
    return { workshop, ridesIn, there, assignment, ridesOut, arrival };
  }
}

/** The options with fewest rides of those offered, one for each workshop: the first, which comes earliest. */
class Choice {
  /** Of the best so far, in all. */
  rides = Infinity;
  private options: Option[] = [];

  offer(option: Option | null): void {
    if (option === null) return;
    const rides = option.ridesIn + option.ridesOut;
    if (rides > this.rides) return;
    if (rides < this.rides) this.options = [];
    this.rides = rides;
    if (this.options.some(({ workshop }) => workshop === option.workshop)) return;
    this.options.push(option);
  }

  best(): Option {
    const [first, ...others] = this.options;
    if (first === undefined) throw new Error('no workshop is on the way that was found');
    return others.reduce((best, option) => (isBefore(option, best) ? option : best), first);
  }
}

/** The less loaded workshop, then code. */
function isBefore(a: Option, b: Option): boolean {
  const [load, other] = [loadOfShifts(a.assignment), loadOfShifts(b.assignment)];
  const difference = load.taken * other.units - other.taken * load.units;
  if (difference !== 0) return difference < 0;
  return a.workshop.workshop.code < b.workshop.workshop.code;
}

/** What is taken of the shifts that the work goes into, each counted once. */
function loadOfShifts({ picks }: Assignment): { readonly taken: number; readonly units: number } {
  let taken = 0;
  let units = 0;
  for (const [index, { table, shift }] of picks.entries()) {
    const start = table.starts[shift];
    const isCounted = picks
      .slice(0, index)
      .some((pick) => pick.table === table && pick.table.starts[pick.shift] === start);
    if (isCounted) continue;
    taken += table.taken[shift]!;
    units += table.units[shift]!;
  }
  return { taken, units };
}

function earliestFinish(candidates: readonly Candidate[]): number {
  return minuteFrom(Math.min(...candidates.map(({ earliest }) => earliest.assignment.finish)));
}

/** The first whole minute at or after an instant. */
function minuteFrom(instant: EpochMs): number {
  return Math.ceil(instant / MINUTE_MS);
}

/** The last whole minute up to an instant. */
function minuteOf(instant: EpochMs): number {
  return Math.floor(instant / MINUTE_MS);
}
