import type { Usage } from '../claims/usage.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { BackwardRounds } from './backward-rounds.ts';
import type { Candidate } from './candidate.ts';
import { Choice, type Option } from './choice.ts';
import type { Coverage } from './coverage.ts';
import type { FoundWay, WayQuestion } from './found-way.ts';
import { InwardSearch } from './inward-search.ts';
import type { LineTable } from './line-table.ts';
import { minuteFrom } from './minutes.ts';
import { OutwardSearch, type End, type Start } from './outward-search.ts';
import { PlaceLimits } from './place-limits.ts';
import type { Timetable } from './timetable.ts';
import { TravelBounds } from './travel-bounds.ts';
import { VanArrivals } from './van-arrivals.ts';
import { canonicalWay } from './way.ts';

/**
 * The search for the best way: earliest arrival that the pick-up store accepts; then fewest rides; then the
 * less loaded workshop, over the shifts used; then code; then the earliest arrival at the workshop; then
 * the order of ways that {@link canonicalWay} states. A way out never leads through the pick-up store.
 *
 * The instants at which goods can come to the pick-up store are few, so they are tried in order. For each,
 * a search back from it tells until when each workshop must have finished, and with how many rides out.
 * When goods can be at a workshop is known by bounds, and exactly of those that the first ride reaches; of
 * others it is found out where bounds leave them possible. For the first arrival that some workshop surely
 * makes, a search from the drop-off, ride by ride, and only to workshops that could make it too, meets the
 * one back. Coming earlier to a workshop never means being finished later, so the two meet in a workshop
 * exactly if it finishes the goods of the one in time for the other, and the first number of rides with
 * which they do is the least.
 */
export class WayFinder {
  private readonly bounds: TravelBounds;
  private readonly inward: InwardSearch;
  private readonly outward: OutwardSearch;
  private readonly back: BackwardRounds;
  /** The earliest minute at which goods can be at a place on the way out, negative. */
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
    this.inward = new InwardSearch(timetable, this.bounds, this.layOut);
    this.outward = new OutwardSearch(timetable, this.bounds, this.layOut);
    this.back = new BackwardRounds(timetable);
    this.earliestOut = new PlaceLimits(timetable.placeCount);
  }

  /** @returns null: there is no way within the days covered */
  find(question: WayQuestion, coverage: Coverage): FoundWay | null {
    this.coverage = coverage;
    const { to, load, desk } = question;
    const candidates = this.inward.candidates(question, (workshop) => {
      workshop.layOut(coverage, this.usage);
    });
    const vans = new VanArrivals(this.timetable, { place: to, pairs: load.pairs }, this.layOut);
    let from = this.earliestThinkable(question, candidates);
    while (from <= desk.lastArrival) {
      const arrival = Math.min(vans.next(from), this.arrivalAtHand(question, candidates, from));
      if (arrival > desk.lastArrival) return null;
      from = arrival + 1;
      if (!desk.accepts(arrival)) continue;
      const possible = this.possibleBy(question, candidates, arrival);
      if (possible.length === 0) continue;
      return this.wayOf(question, this.meet(question, possible, arrival), arrival);
    }
    return null;
  }

  /**
   * The best way of goods that need no work: earliest arrival that the pick-up store accepts, then fewest
   * rides, then the order of ways that {@link canonicalWay} states.
   *
   * @returns null: there is no way within the days covered
   */
  findDirect(question: WayQuestion, coverage: Coverage): FoundWay | null {
    this.coverage = coverage;
    const { from, handedOver } = question;
    const start = { place: from, at: handedOver };
    const end = this.earliestEnd(question, start, question.desk.lastArrival);
    if (end === null) return null;
    return {
      workshop: null,
      ridesIn: [],
      there: handedOver,
      assignment: { finish: handedOver, picks: [] },
      ridesOut: this.outward.ridesTo(question, start, end),
      arrival: end.arrival,
    };
  }

  /** When the work of a way that was found can be at the pick-up store at the earliest. */
  arrivalFrom(question: WayQuestion, { workshop, assignment, arrival }: FoundWay): EpochMs {
    const start = { place: workshop?.place ?? question.from, at: assignment.finish };
    return this.earliestEnd(question, start, arrival)?.arrival ?? arrival;
  }

  private earliestEnd(question: WayQuestion, start: Start, by: EpochMs): End | null {
    if (start.place !== question.to) return this.outward.earliest(question, start, by);
    const arrival = question.desk.firstAccepted(start.at);
    return arrival > by ? null : { arrival, rides: 0 };
  }

  /** No way arrives before it, by the soonest finishes and no waiting for vans. */
  private earliestThinkable({ to }: WayQuestion, candidates: readonly Candidate[]): EpochMs {
    const outBounds = this.bounds.to(to);
    let first = Infinity;
    for (const { place, soonestFinish } of candidates) {
      first = Math.min(first, soonestFinish + outBounds[place]! * MINUTE_MS);
    }
    return first;
  }

  /** Of goods that are worked on at the pick-up store, by their soonest finish. Infinity: none. */
  private arrivalAtHand(
    { to, desk }: WayQuestion,
    candidates: readonly Candidate[],
    from: EpochMs,
  ): EpochMs {
    let first = Infinity;
    for (const { place, soonestFinish } of candidates) {
      if (place !== to || soonestFinish > desk.lastArrival) continue;
      first = Math.min(first, desk.firstAccepted(Math.max(from, soonestFinish)));
    }
    return first;
  }

  /**
   * The workshops whose work can arrive exactly at `arrival`: none, or at least one of them surely does, and
   * all that could do so with no more rides are among them.
   */
  private possibleBy(
    question: WayQuestion,
    candidates: readonly Candidate[],
    arrival: EpochMs,
  ): readonly Candidate[] {
    const { to, from } = question;
    const outBounds = this.bounds.to(to);
    const thinkable = candidates.filter(
      ({ place, soonestFinish }) => soonestFinish + outBounds[place]! * MINUTE_MS <= arrival,
    );
    const settled = thinkable.filter(({ isSettled }) => isSettled);
    const fewestIn = thinkable.some(({ place }) => place === from) ? 0 : 1;
    this.beginBack(question, thinkable, arrival);
    const byOf = ({ place }: Candidate): EpochMs =>
      place === to ? arrival : this.back.latest(place) * MINUTE_MS;
    const isInTime = (candidate: Candidate): boolean => candidate.soonestFinish <= byOf(candidate);

    let most = Infinity;
    let isCertain = false;
    for (;;) {
      const { rides } = this.back;
      for (const candidate of settled) {
        if (!isInTime(candidate)) continue;
        isCertain = true;
        most = Math.min(most, candidate.ridesIn + (candidate.place === to ? 0 : rides));
      }
      if (this.back.isDone() || rides >= most - fewestIn) break;
      this.back.extendTo(rides + 1, this.layOut);
    }
    const possible = thinkable.filter(isInTime);
    for (const candidate of possible) candidate.finishBy(byOf(candidate));
    if (isCertain) return possible;
    this.inward.settle(question, possible, this.coverage!);
    return possible.filter(isInTime);
  }

  private beginBack(
    { load, to }: WayQuestion,
    thinkable: readonly Candidate[],
    arrival: EpochMs,
  ): void {
    this.earliestOut.clear();
    for (const { place, soonestFinish } of thinkable) {
      if (place !== to) this.earliestOut.add(-minuteFrom(soonestFinish), this.bounds.from(place));
    }
    this.earliestOut.exclude(to);
    const minute = arrival % MINUTE_MS === 0 ? arrival / MINUTE_MS : -1;
    const search = { pairs: load.pairs, place: to, arrival: minute, earliest: this.earliestOut };
    this.back.begin(search, this.layOut);
  }

  /** The best option that arrives exactly at `arrival`: at least one of the `possible` does. */
  private meet(question: WayQuestion, possible: readonly Candidate[], arrival: EpochMs): Option {
    const { inward, back } = this;
    const choice = new Choice();
    const isAtHand = possible.some(({ place }) => place === question.to);
    inward.begin(question, possible);
    for (let rides = 0; rides <= choice.rides; rides++) {
      inward.extendTo(isAtHand ? rides : rides - 1);
      for (const candidate of possible) {
        if (candidate.place === question.to)
          this.offerAtHand(question, candidate, { rides, arrival }, choice);
        else this.offerAway(question, candidate, rides, choice);
      }
      if (inward.rounds.isDone() && rides >= inward.rounds.rounds + back.rides) break;
    }
    const best = choice.best();
    if (best === null) throw new Error('no way to a workshop that is reached in time');
    return best;
  }

  private offerAtHand(
    question: WayQuestion,
    candidate: Candidate,
    { rides, arrival }: { rides: number; arrival: EpochMs },
    choice: Choice,
  ): void {
    const visit = this.inward.visit(question, candidate, rides);
    if (visit === null || visit.assignment.finish > arrival) return;
    choice.offer({ ...visit, workshop: candidate.workshop, ridesOut: 0 });
  }

  /** With so many rides in all: of two ways to share them out, the one that comes to the workshop earlier. */
  private offerAway(
    question: WayQuestion,
    candidate: Candidate,
    rides: number,
    choice: Choice,
  ): void {
    const { inward, back } = this;
    for (let ridesIn = Math.min(rides - 1, inward.rounds.rounds); ridesIn >= 0; ridesIn--) {
      const by = back.latest(candidate.place, rides - ridesIn) * MINUTE_MS;
      if (candidate.soonestFinish > by) continue;
      const visit = inward.visit(question, candidate, ridesIn);
      if (visit === null || visit.assignment.finish > by) continue;
      choice.offer({ ...visit, workshop: candidate.workshop, ridesOut: rides - ridesIn });
      return;
    }
  }

  private wayOf(question: WayQuestion, option: Option, arrival: EpochMs): FoundWay {
    const { workshop, there, assignment, ridesIn, ridesOut } = option;
    const { pairs } = question.load;
    const start = { place: workshop.place, at: assignment.finish };
    const inEnd = { place: workshop.place, arrival: there / MINUTE_MS, rides: ridesIn };
    return {
      workshop,
      ridesIn: canonicalWay(this.timetable, this.inward.rounds, inEnd, pairs),
      there,
      assignment,
      ridesOut: this.outward.ridesTo(question, start, { arrival, rides: ridesOut }),
      arrival,
    };
  }
}
