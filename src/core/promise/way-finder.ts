import type { Usage } from '../claims/usage.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { assign, type Assignment } from './assignment.ts';
import { BackwardRounds } from './backward-rounds.ts';
import type { Coverage } from './coverage.ts';
import { ForwardRounds } from './forward-rounds.ts';
import type { LineTable } from './line-table.ts';
import type { Load } from './load.ts';
import type { PickUpDesk } from './pick-up-desk.ts';
import type { Timetable } from './timetable.ts';
import { canonicalWay, type Ride } from './way.ts';
import type { WorkshopTable } from './workshop-table.ts';

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

/**
 * The search for the best way: earliest arrival that the pick-up store accepts; then fewest rides; then the
 * less loaded workshop, over the shifts used; then code; then the earliest arrival at the workshop; then
 * the order of ways that {@link canonicalWay} states.
 *
 * Coming earlier to a workshop never means being finished later, and leaving it earlier never means
 * arriving later, so three passes find the earliest arrival: rides to every workshop, its shifts, and rides
 * from all workshops together. For the ties a fourth goes back from that arrival, ride by ride, and finds
 * until when each workshop may finish; where it meets the first pass in fewest rides is the answer.
 */
export class WayFinder {
  private readonly inward: ForwardRounds;
  private readonly outward: ForwardRounds;
  private readonly back: BackwardRounds;
  private coverage: Coverage | null = null;
  private readonly layOut = (line: LineTable): void => {
    line.layOut(this.coverage!, this.usage);
  };

  constructor(
    private readonly timetable: Timetable,
    private readonly usage: Usage,
  ) {
    this.inward = new ForwardRounds(timetable);
    this.outward = new ForwardRounds(timetable);
    this.back = new BackwardRounds(timetable);
  }

  /** @returns null: there is no way within the days covered */
  find(question: WayQuestion, coverage: Coverage): FoundWay | null {
    this.coverage = coverage;
    const candidates = this.reach(question);
    const arrival = this.earliestArrival(question, candidates);
    if (arrival === Infinity) return null;
    return this.wayOf(question, this.choose(question, candidates, arrival), arrival);
  }

  /** When the work of a way that was found can be at the pick-up store at the earliest. Infinity: never. */
  arrivalFrom(question: WayQuestion, { workshop, assignment }: FoundWay): EpochMs {
    return this.ride(question, [{ place: workshop.place, finish: assignment.finish }]);
  }

  private reach(question: WayQuestion): readonly Candidate[] {
    const { from, handedOver, load, workshops, desk } = question;
    this.inward.begin({ pairs: load.pairs, before: minutesUpTo(desk.lastArrival) });
    this.inward.addSource(from, minuteFrom(handedOver));
    this.inward.run(this.layOut);

    const candidates: Candidate[] = [];
    for (const workshop of workshops) {
      const earliest = this.visit(question, workshop, this.inward.ridesTo(workshop.place));
      if (earliest !== null) candidates.push({ workshop, earliest });
    }
    return candidates;
  }

  /** @param rides with which the workshop is reached earlier than with fewer; -1: it is not reached */
  private visit(question: WayQuestion, workshop: WorkshopTable, rides: number): Visit | null {
    if (rides < 0) return null;
    const label = this.inward.arrival(workshop.place, rides);
    const there = workshop.place === question.from ? question.handedOver : label * MINUTE_MS;
    if (there > question.desk.lastArrival) return null;
    workshop.layOut(this.coverage!, this.usage);
    const assignment = assign(workshop, question.load, there);
    return assignment === null ? null : { ridesIn: rides, there, assignment };
  }

  private earliestArrival(question: WayQuestion, candidates: readonly Candidate[]): EpochMs {
    return this.ride(
      question,
      candidates.map(({ workshop, earliest }) => ({
        place: workshop.place,
        finish: earliest.assignment.finish,
      })),
    );
  }

  private ride(
    { to, desk, load }: WayQuestion,
    sources: readonly { readonly place: number; readonly finish: EpochMs }[],
  ): EpochMs {
    let best = Infinity;
    for (const { place, finish } of sources) {
      if (place === to && finish < best) best = Math.min(best, desk.firstAccepted(finish));
    }
    const before = Math.min(minutesUpTo(desk.lastArrival), minuteFrom(best));
    const target = { place: to, accepts: (minute: number) => desk.accepts(minute * MINUTE_MS) };
    this.outward.begin({ pairs: load.pairs, before, target });
    for (const { place, finish } of sources) {
      if (place !== to) this.outward.addSource(place, minuteFrom(finish));
    }
    this.outward.run(this.layOut);
    const minute = this.outward.targetArrival;
    return minute < before ? minute * MINUTE_MS : best;
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
    this.back.begin({ ...search, from: earliestFinish(candidates) }, this.layOut);
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
      this.outward.begin({ pairs, before: arrival / MINUTE_MS, maxRides });
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

/** Whole minutes up to an instant are before this one. */
function minutesUpTo(instant: EpochMs): number {
  return Math.floor(instant / MINUTE_MS) + 1;
}
