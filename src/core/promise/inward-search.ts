import { MINUTE_MS } from '../time/time.ts';
import { Candidate } from './candidate.ts';
import type { Visit } from './choice.ts';
import { ConnectionScan } from './connection-scan.ts';
import type { Coverage } from './coverage.ts';
import { ForwardRounds } from './forward-rounds.ts';
import type { WayQuestion } from './found-way.ts';
import type { LineTable } from './line-table.ts';
import { freightOf } from './load.ts';
import { minuteFrom, minuteOf } from './minutes.ts';
import { PlaceLimits } from './place-limits.ts';
import type { Timetable } from './timetable.ts';
import { UNREACHABLE, type TravelBounds } from './travel-bounds.ts';
import type { WorkshopTable } from './workshop-table.ts';

/** Minutes of the timetable that are scanned between two looks at what was reached. */
const SCAN_MIN = 60;
/**
 * Minutes by which it is scanned on for a workshop at the pick-up store: from others only the vans' arrivals
 * are tried, from it every minute could be.
 */
const AHEAD_MIN = 720;

/** From the drop-off to workshops: when goods can be there, and when their work is finished. */
export class InwardSearch {
  readonly rounds: ForwardRounds;
  private readonly scan: ConnectionScan;
  /** The latest minute at which goods are of use. */
  private readonly latest: PlaceLimits;
  private readonly anywhere: Uint16Array;

  constructor(
    timetable: Timetable,
    private readonly bounds: TravelBounds,
    private readonly layOut: (line: LineTable) => void,
  ) {
    this.rounds = new ForwardRounds(timetable);
    this.scan = new ConnectionScan(timetable);
    this.latest = new PlaceLimits(timetable.placeCount);
    this.anywhere = new Uint16Array(timetable.placeCount);
  }

  /**
   * The workshops that lines connect with drop-off and pick-up, and when each is finished at the earliest
   * by what the first ride can reach, bounds of the travel from there, and each item by itself.
   */
  candidates(question: WayQuestion, layOut: (workshop: WorkshopTable) => void): Candidate[] {
    const { workshops, load, from, to, handedOver } = question;
    this.rideOnce(question);
    this.scan.begin({
      place: from,
      minute: minuteFrom(handedOver),
      ...freightOf(load),
    });
    const outBounds = this.bounds.to(to);
    const candidates: Candidate[] = [];
    for (const workshop of workshops) {
      const { place } = workshop;
      if (outBounds[place] === UNREACHABLE) continue;
      const soonest = place === from ? handedOver : this.soonest(place) * MINUTE_MS;
      if (soonest === Infinity) continue;
      layOut(workshop);
      const candidate = new Candidate(workshop, load, soonest);
      if (place === from) candidate.settle(soonest, 0);
      else if (this.rounds.arrival(place, 1) * MINUTE_MS === soonest) candidate.settle(soonest, 1);
      candidates.push(candidate);
    }
    return candidates;
  }

  /** Forgets the search before, and looks for ways to these, as long as goods are of use there. */
  begin(question: WayQuestion, candidates: readonly Candidate[]): void {
    for (const candidate of candidates) candidate.visits.length = 0;
    const tighten = () => {
      this.limit(question, candidates);
    };
    this.rounds.begin({ ...freightOf(question.load), latest: this.latest, tighten });
    tighten();
    this.rounds.addSource(question.from, minuteFrom(question.handedOver));
  }

  extendTo(rides: number): void {
    this.rounds.extendTo(rides, this.layOut);
  }

  /** null: with so many rides goods are not there earlier than with fewer, or too late. */
  visit(question: WayQuestion, candidate: Candidate, rides: number): Visit | null {
    const { place, visits } = candidate;
    if (!this.rounds.isImproved(place, rides)) return null;
    let visit = visits[rides];
    if (visit === undefined) {
      const isHere = place === question.from;
      const label = this.rounds.arrival(place, rides);
      const there = isHere ? question.handedOver : label * MINUTE_MS;
      const assignment = candidate.assignment(there);
      visit = assignment === null ? null : { ridesIn: rides, there, assignment };
      visits[rides] = visit;
    }
    return visit;
  }

  /** Finds out of each when its work is finished at the soonest, as far as goods are of use there. */
  settle(question: WayQuestion, candidates: readonly Candidate[], coverage: Coverage): void {
    for (const candidate of candidates) {
      if (candidate.isSettled) continue;
      const isAtHand = candidate.place === question.to;
      const by = isAtHand ? candidate.intake + AHEAD_MIN : candidate.intake;
      const minute = this.arrivalBy(candidate.place, by, coverage);
      if (minute <= by) candidate.settle(minute * MINUTE_MS);
      else candidate.comesAfter(by * MINUTE_MS);
    }
  }

  private arrivalBy(place: number, minute: number, coverage: Coverage): number {
    const { scan } = this;
    while (scan.arrival(place) > scan.scanned && scan.scanned <= minute) {
      scan.scanTo(Math.min(scan.scanned + SCAN_MIN, minute + 1), coverage, this.layOut);
    }
    return scan.arrival(place);
  }

  private rideOnce(question: WayQuestion): void {
    const { from, handedOver, desk } = question;
    this.latest.clear();
    this.latest.add(minuteOf(desk.lastArrival), this.anywhere);
    this.rounds.begin({ ...freightOf(question.load), latest: this.latest });
    this.rounds.addSource(from, minuteFrom(handedOver));
    this.extendTo(1);
  }

  /** The earliest minute at a place that needs a ride. Infinity: no line goes there. */
  private soonest(place: number): number {
    const bounds = this.bounds.to(place);
    const { places, size } = this.rounds.improvedWith(1);
    let soonest = Infinity;
    for (let at = 0; at < size; at++) {
      const bound = bounds[places[at]!]!;
      if (bound === UNREACHABLE) continue;
      soonest = Math.min(soonest, this.rounds.arrival(places[at]!, 1) + bound);
    }
    return soonest;
  }

  /**
   * Goods on the way in are of use if they can come to a workshop in time, and earlier than with the rides
   * looked at so far, unless these bring them there early enough for the soonest finish.
   */
  private limit(question: WayQuestion, candidates: readonly Candidate[]): void {
    this.latest.clear();
    for (const candidate of candidates) {
      const { place, intake, soonestFinish } = candidate;
      const rides = this.rounds.ridesTo(place);
      const visit = this.visit(question, candidate, rides);
      if (visit?.assignment.finish === soonestFinish) continue;
      const before = this.rounds.arrival(place, rides);
      this.latest.add(Math.min(intake, before - 1), this.bounds.to(place));
    }
  }
}
