import type { Usage } from '../claims/usage.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { assign, latestAlone, latestIntake } from './assignment.ts';
import { BackwardRounds } from './backward-rounds.ts';
import { Choice, type Option, type Visit } from './choice.ts';
import type { Coverage } from './coverage.ts';
import { ForwardRounds, NEVER } from './forward-rounds.ts';
import type { LineTable } from './line-table.ts';
import type { FoundWay, WayQuestion } from './found-way.ts';
import { minuteFrom, minuteOf } from './minutes.ts';
import type { Timetable } from './timetable.ts';
import { PlaceLimits } from './place-limits.ts';
import { TravelBounds, UNREACHABLE } from './travel-bounds.ts';
import { canonicalWay } from './way.ts';
import type { WorkshopTable } from './workshop-table.ts';

/** A workshop that bounds do not rule out. */
interface Candidate {
  readonly workshop: WorkshopTable;
  readonly place: number;
  /** The minute at which goods must be there to arrive in time. */
  readonly intake: number;
  /** The work is not finished earlier. Infinity: it is known that goods do not get there in time. */
  soonestFinish: EpochMs;
  /** By number of rides, as far as looked at; null: the work is not finished within the days laid out. */
  readonly visits: (Visit | null | undefined)[];
}

const HOUR_MS = 60 * MINUTE_MS;
/** Searches of one question, each up to so long after the earliest arrival that is thinkable. */
const STAGES_MS = [12 * HOUR_MS, 48 * HOUR_MS, Infinity];

/**
 * The search for the best way: earliest arrival that the pick-up store accepts; then fewest rides; then the
 * less loaded workshop, over the shifts used; then code; then the earliest arrival at the workshop; then
 * the order of ways that {@link canonicalWay} states. A way out never leads through the pick-up store.
 *
 * The instants at which a van comes to the pick-up store are few, so they are tried in order. For each, two
 * searches grow towards each other, ride by ride: from the drop-off, when goods can be at each workshop;
 * and back from the arrival, until when each must have finished. Coming earlier to a workshop never means
 * being finished later, so they meet in a workshop exactly if it finishes the goods of the one in time for
 * the other, and the first number of rides with which they do is the least.
 *
 * Both look only at what bounds of travel times and of the shifts leave possible (see {@link TravelBounds}).
 */
export class WayFinder {
  private readonly bounds: TravelBounds;
  private readonly inward: ForwardRounds;
  private readonly outward: ForwardRounds;
  private readonly back: BackwardRounds;
  /** The latest minute at which goods are of use on the way in and out, the earliest on the way back. */
  private readonly latestIn: PlaceLimits;
  private readonly latestOut: PlaceLimits;
  private readonly earliestOut: PlaceLimits;
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
    this.latestIn = new PlaceLimits(timetable.placeCount);
    this.latestOut = new PlaceLimits(timetable.placeCount);
    this.earliestOut = new PlaceLimits(timetable.placeCount);
  }

  /** @returns null: there is no way within the days covered */
  find(question: WayQuestion, coverage: Coverage): FoundWay | null {
    this.coverage = coverage;
    const { lastArrival } = question.desk;
    let from = this.earliestThinkable(question);
    const first = from;
    for (const stageMs of STAGES_MS) {
      if (from > lastArrival) return null;
      const by = Math.min(first + stageMs, lastArrival);
      const way = this.findBetween(question, from, by);
      if (way !== null) return way;
      from = by + 1;
    }
    return null;
  }

  /** When the work of a way that was found can be at the pick-up store at the earliest. */
  arrivalFrom(question: WayQuestion, { workshop, assignment, arrival }: FoundWay): EpochMs {
    const { to, desk, load } = question;
    if (workshop.place === to) return desk.firstAccepted(assignment.finish);
    const by = minuteOf(arrival);
    this.limitOutward(to, by);
    const target = { place: to, accepts: (minute: number) => desk.accepts(minute * MINUTE_MS) };
    this.outward.begin({ pairs: load.pairs, latest: this.latestOut, by, target });
    this.outward.addSource(workshop.place, minuteFrom(assignment.finish));
    this.outward.extendTo(NEVER, this.layOut);
    return Math.min(arrival, this.outward.targetArrival * MINUTE_MS);
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

  private findBetween(question: WayQuestion, from: EpochMs, by: EpochMs): FoundWay | null {
    const candidates = this.candidatesBy(question, by);
    if (candidates.length === 0) return null;
    const { pairs } = question.load;
    const tighten = () => {
      this.limitInward(question, candidates);
    };
    this.inward.begin({ pairs, latest: this.latestIn, by: minuteOf(by), tighten });
    tighten();
    this.inward.addSource(question.from, minuteFrom(question.handedOver));

    const here = this.arrivalAtHand(question, candidates);
    for (const minute of this.arrivalsBetween(question, from, Math.min(by, here - 1))) {
      const arrival = minute * MINUTE_MS;
      if (!question.desk.accepts(arrival)) continue;
      const option = this.meet(question, candidates, arrival);
      if (option !== null) return this.wayOf(question, option, arrival);
      this.learnFinishes(question, candidates);
    }
    if (here > by) return null;
    return this.wayOf(question, this.meet(question, candidates, here)!, here);
  }

  /** Workshops from which goods may arrive by `by`, in order of code. */
  private candidatesBy(question: WayQuestion, by: EpochMs): readonly Candidate[] {
    const { from, to, handedOver, load, workshops } = question;
    const outBounds = this.bounds.to(to);
    const candidates: Candidate[] = [];
    for (const workshop of workshops) {
      const { place } = workshop;
      const inBounds = this.bounds.to(place);
      if (inBounds[from] === UNREACHABLE || outBounds[place] === UNREACHABLE) continue;
      const soonest = handedOver + inBounds[from]! * MINUTE_MS;
      const intake = latestIntake(workshop, load, by - outBounds[place]! * MINUTE_MS, soonest);
      if (intake < soonest) continue;
      const soonestFinish = latestAlone(workshop, load, soonest);
      candidates.push({
        workshop,
        place,
        intake: minuteFrom(intake),
        soonestFinish,
        visits: [],
      });
    }
    return candidates;
  }

  /**
   * Goods on the way in are of use if they can come to a workshop in time, and earlier than with the rides
   * looked at so far, unless these bring them there early enough for the soonest finish.
   */
  private limitInward(question: WayQuestion, candidates: readonly Candidate[]): void {
    this.latestIn.clear();
    for (const candidate of candidates) {
      const { place, intake, soonestFinish } = candidate;
      const rides = this.inward.ridesTo(place);
      const visit = this.visit(question, candidate, rides);
      if (visit?.assignment.finish === soonestFinish) continue;
      const before = this.inward.arrival(place, rides);
      this.latestIn.add(Math.min(intake, before - 1), this.bounds.to(place));
    }
  }

  private limitOutward(to: number, by: number): void {
    this.latestOut.clear();
    this.latestOut.add(by, this.bounds.to(to));
    this.latestOut.exclude(to);
  }

  /** The first accepted arrival of goods that are worked on at the pick-up store itself. Infinity: none. */
  private arrivalAtHand(question: WayQuestion, candidates: readonly Candidate[]): EpochMs {
    let first = Infinity;
    for (const candidate of candidates) {
      if (candidate.place !== question.to) continue;
      if (candidate.place !== question.from) this.inward.extendTo(NEVER, this.layOut);
      const visit = this.visit(question, candidate, this.inward.ridesTo(candidate.place));
      if (visit === null) continue;
      first = Math.min(first, question.desk.firstAccepted(visit.assignment.finish));
    }
    return first;
  }

  /** Minutes, growing, at which some van comes to the pick-up store and can be unloaded. */
  private arrivalsBetween(question: WayQuestion, from: EpochMs, by: EpochMs): readonly number[] {
    const { alightings, lines } = this.timetable;
    const { to } = question;
    const minutes = new Set<number>();
    for (let entry = alightings.first[to]!; entry < alightings.first[to + 1]!; entry++) {
      const line = lines[alightings.lines[entry]!]!;
      if (line.line.pairs < question.load.pairs) continue;
      this.layOut(line);
      const stop = alightings.stops[entry]!;
      const offset = line.offsets[stop]!;
      for (
        let trip = line.firstTripFrom(minuteFrom(from) - offset);
        trip < line.tripCount;
        trip++
      ) {
        const minute = line.departs[trip]! + offset;
        if (minute * MINUTE_MS > by) break;
        if (line.canAlight(trip, stop)) minutes.add(minute);
      }
    }
    return [...minutes].sort((a, b) => a - b);
  }

  /** The best option that arrives exactly at `arrival`. null: none does. */
  private meet(
    question: WayQuestion,
    candidates: readonly Candidate[],
    arrival: EpochMs,
  ): Option | null {
    const choice = new Choice();
    const outBounds = this.bounds.to(question.to);
    const away: Candidate[] = [];
    for (const candidate of candidates) {
      const { place, soonestFinish } = candidate;
      if (soonestFinish + outBounds[place]! * MINUTE_MS > arrival) continue;
      if (place === question.to) this.offerAtHand(question, candidate, arrival, choice);
      else away.push(candidate);
    }
    const isOfVan = away.length > 0 && arrival % MINUTE_MS === 0;
    if (isOfVan) this.meetAway(question, away, arrival / MINUTE_MS, choice);
    return choice.best();
  }

  /** After an arrival in vain: makes all rides in, so that what is not possible is seen sooner from now on. */
  private learnFinishes(question: WayQuestion, candidates: readonly Candidate[]): void {
    this.inward.extendTo(NEVER, this.layOut);
    for (const candidate of candidates) {
      const visit = this.visit(question, candidate, this.inward.ridesTo(candidate.place));
      candidate.soonestFinish = visit === null ? Infinity : visit.assignment.finish;
    }
  }

  /** Work done at the pick-up store: with the fewest rides that bring it there in time. */
  private offerAtHand(
    question: WayQuestion,
    candidate: Candidate,
    arrival: EpochMs,
    choice: Choice,
  ): void {
    for (let rides = 0; rides <= this.inward.rounds; rides++) {
      const visit = this.visit(question, candidate, rides);
      if (visit === null || visit.assignment.finish > arrival) continue;
      choice.offer({ ...visit, workshop: candidate.workshop, ridesOut: 0 });
      return;
    }
  }

  private meetAway(
    question: WayQuestion,
    candidates: readonly Candidate[],
    arrival: number,
    choice: Choice,
  ): void {
    const { inward, back } = this;
    const { load, to, from } = question;
    this.earliestOut.clear();
    for (const { place, soonestFinish } of candidates) {
      this.earliestOut.add(-minuteFrom(soonestFinish), this.bounds.from(place));
    }
    this.earliestOut.exclude(to);
    const search = { pairs: load.pairs, place: to, arrival, earliest: this.earliestOut };
    back.begin(search, this.layOut);
    const fewestIn = candidates.some(({ place }) => place === from) ? 0 : 1;
    for (let rides = fewestIn + 1; rides <= choice.rides; rides++) {
      back.extendTo(rides - fewestIn, this.layOut);
      if (back.isDone() && !candidates.some((candidate) => this.isThinkable(candidate))) return;
      inward.extendTo(rides - 1, this.layOut);
      for (const candidate of candidates) this.offerAway(question, candidate, rides, choice);
      if (inward.isDone() && back.isDone() && rides >= inward.rounds + back.rides) return;
    }
  }

  private isThinkable({ place, soonestFinish }: Candidate): boolean {
    return soonestFinish <= this.back.latest(place) * MINUTE_MS;
  }

  /** With so many rides in all: of two ways to share them out, the one that comes to the workshop earlier. */
  private offerAway(
    question: WayQuestion,
    candidate: Candidate,
    rides: number,
    choice: Choice,
  ): void {
    if (!this.isThinkable(candidate)) return;
    for (let ridesIn = Math.min(rides - 1, this.inward.rounds); ridesIn >= 0; ridesIn--) {
      const by = this.back.latest(candidate.place, rides - ridesIn) * MINUTE_MS;
      if (candidate.soonestFinish > by) continue;
      const visit = this.visit(question, candidate, ridesIn);
      if (visit === null || visit.assignment.finish > by) continue;
      choice.offer({ ...visit, workshop: candidate.workshop, ridesOut: rides - ridesIn });
      return;
    }
  }

  /** null: with so many rides goods are not there earlier than with fewer, or too late. */
  private visit(question: WayQuestion, candidate: Candidate, rides: number): Visit | null {
    const { workshop, place, visits } = candidate;
    if (!this.inward.isImproved(place, rides)) return null;
    let visit = visits[rides];
    if (visit === undefined) {
      const isHere = place === question.from;
      const label = this.inward.arrival(place, rides);
      const there = isHere ? question.handedOver : label * MINUTE_MS;
      const assignment = assign(workshop, question.load, there);
      visit = assignment === null ? null : { ridesIn: rides, there, assignment };
      visits[rides] = visit;
    }
    return visit;
  }

  private wayOf(question: WayQuestion, option: Option, arrival: EpochMs): FoundWay {
    const { workshop, there, assignment, ridesIn, ridesOut } = option;
    const { pairs } = question.load;
    const by = arrival / MINUTE_MS;
    if (ridesOut > 0) {
      this.limitOutward(question.to, by);
      this.outward.begin({ pairs, latest: this.latestOut, by });
      this.outward.addSource(workshop.place, minuteFrom(assignment.finish));
      this.outward.extendTo(ridesOut - 1, this.layOut);
    }
    const inEnd = { place: workshop.place, arrival: there / MINUTE_MS, rides: ridesIn };
    const outEnd = { place: question.to, arrival: by, rides: ridesOut };
    return {
      workshop,
      ridesIn: canonicalWay(this.timetable, this.inward, inEnd, pairs),
      there,
      assignment,
      ridesOut: canonicalWay(this.timetable, this.outward, outEnd, pairs),
      arrival,
    };
  }
}
