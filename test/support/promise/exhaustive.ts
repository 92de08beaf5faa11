import { normalLimitedClaims, type LimitedClaim } from '../../../src/core/claims/claim.ts';
import { legsOf, shelfOf, workOf } from '../../../src/core/claims/resource.ts';
import type { Usage } from '../../../src/core/claims/usage.ts';
import { openingAt } from '../../../src/core/hours/openings.ts';
import type { Line, Network, Store, Workshop } from '../../../src/core/network/network.ts';
import type { PlanRequest, PlanStep } from '../../../src/core/promise/plan.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import { addDays, daysFrom, localDateOf, weekdayOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';
import { bestWork, type WorkDone } from './exhaustive-work.ts';
import { pickUpSlot, type PickUp } from './exhaustive-pick-up.ts';

/** What a plan says that the slow search says too. */
export interface SlowPlan {
  readonly readyBy: EpochMs;
  readonly pickUpStart: EpochMs;
  readonly steps: readonly PlanStep[];
  readonly claims: readonly LimitedClaim[];
}

interface SlowRide {
  readonly line: Line;
  readonly trip: EpochMs;
  readonly from: number;
  readonly to: number;
}

/** Rides that end at one place at one instant, the best of all that do with so many rides. */
interface State {
  readonly place: string;
  readonly at: EpochMs;
  readonly rides: readonly SlowRide[];
}

interface Way {
  readonly workshop: Workshop;
  readonly inward: State;
  readonly work: WorkDone;
  readonly outward: State;
}

/**
 * The earliest promise by looking at every way there is, without any of the planner's shortcuts: all
 * instants at which goods can come to a place are kept, not only the earliest, and every combination of
 * shifts is tried. Only for networks of a few places and days. null: no way.
 */
export function slowPlan(network: Network, usage: Usage, request: PlanRequest): SlowPlan | null {
  if (request.pickUpStart !== undefined) {
    const plan = new SlowSearch(network, usage, request, request.pickUpStart).plan();
    if (plan !== null) return plan;
  }
  return new SlowSearch(network, usage, request, null).plan();
}

class SlowSearch {
  private readonly pairs: number;
  private readonly store: Store;
  private readonly ridesFrom: ReadonlyMap<string, readonly SlowRide[]>;
  private readonly dates: readonly string[];
  /** Nothing can be collected any more. */
  private readonly end: EpochMs;
  private readonly accepted = new Map<EpochMs, PickUp | null>();
  private readonly states = new Map<string, readonly State[]>();

  constructor(
    private readonly network: Network,
    private readonly usage: Usage,
    private readonly request: PlanRequest,
    private readonly pickUpStart: EpochMs | null,
  ) {
    this.pairs = request.items.reduce((sum, item) => sum + item.pairs, 0);
    this.store = network.stores.get(request.pickUpStoreCode)!;
    const today = localDateOf(request.now, 'UTC');
    const horizon = this.store.counter.horizonDays;
    this.dates = daysFrom(addDays(today, -3), addDays(today, horizon + 3));
    this.end = instantAt(addDays(today, horizon + 1), 720, 'UTC');
    const rides = [...network.lines.values()].flatMap((line) => this.ridesOf(line));
    this.ridesFrom = new Map(
      [...network.stores.keys(), ...network.workshops.keys()].map((place) => [
        place,
        rides.filter(({ line, from }) => this.place(line.stops[from]!.code) === place),
      ]),
    );
  }

  plan(): SlowPlan | null {
    const ways = this.allWays();
    if (ways.length === 0) return null;
    const way = this.bestOf(ways);
    const pickUp = this.accepts(way.outward.at)!;
    return {
      readyBy: pickUp.readyBy,
      pickUpStart: pickUp.slot.start,
      steps: this.stepsOf(way, pickUp),
      claims: this.claimsOf(way, pickUp),
    };
  }

  /** All ways with the earliest arrival. */
  private allWays(): readonly Way[] {
    const handedOver = Math.max(this.request.handedOverAt, this.request.now);
    const inward = this.statesFrom(this.request.dropOffStoreCode, handedOver);
    const ways: Way[] = [];
    let earliest = Infinity;
    const waiting: (() => readonly Way[])[] = [];
    for (const workshop of this.network.workshops.values()) {
      for (const state of inward.filter(({ place }) => place === this.place(workshop.code))) {
        const work = bestWork(workshop, this.usage, this.request, state.at);
        if (work === null) continue;
        for (const outward of this.outward(workshop, work.finish)) {
          if (this.accepts(outward.at) === null) continue;
          earliest = Math.min(earliest, outward.at);
          ways.push({ workshop, inward: state, work, outward });
        }
        // Goods that are at the store already can come whenever they like.
        waiting.push(() => {
          const isThere = this.place(workshop.code) === this.store.code && work.finish <= earliest;
          const outward = { place: this.store.code, at: earliest, rides: [] };
          return isThere ? [{ workshop, inward: state, work, outward }] : [];
        });
      }
    }
    if (ways.length === 0) return [];
    for (const way of waiting) ways.push(...way());
    return ways.filter((way) => way.outward.at === earliest);
  }

  private outward(workshop: Workshop, finish: EpochMs): readonly State[] {
    const place = this.place(workshop.code);
    if (place === this.store.code) return this.waits(finish);
    const isOut = (state: State) => state.place === this.store.code;
    return this.statesFrom(place, finish, isOut).filter(isOut);
  }

  /** The first of all instants, five minutes apart, from `finish` on that the store accepts. */
  private waits(finish: EpochMs): readonly State[] {
    const fiveMin = 5 * MINUTE_MS;
    const end = instantAt(this.dates.at(-1)!, 0, 'UTC');
    for (let at = finish; at < end; at = (Math.floor(at / fiveMin) + 1) * fiveMin) {
      if (this.accepts(at) !== null) return [{ place: this.store.code, at, rides: [] }];
    }
    return [];
  }

  private accepts(arrival: EpochMs): PickUp | null {
    const known = this.accepted.get(arrival);
    if (known !== undefined) return known;
    const answer = this.pickUpFor(arrival);
    this.accepted.set(arrival, answer);
    return answer;
  }

  private pickUpFor(arrival: EpochMs): PickUp | null {
    const { request, pairs, usage, pickUpStart } = this;
    const readyBy = arrival + this.store.putAwayMin * MINUTE_MS;
    return pickUpSlot(this.store, { readyBy, pairs, now: request.now, pickUpStart }, usage);
  }

  /** Every (place, instant, number of rides) that can be reached, each with its best rides. Ways end at `isEnd`. */
  private statesFrom(
    place: string,
    at: EpochMs,
    isEnd: ((state: State) => boolean) | null = null,
  ): readonly State[] {
    const key = `${place} ${at} ${isEnd === null}`;
    const known = this.states.get(key);
    if (known !== undefined) return known;
    const states = this.allStatesFrom(place, at, isEnd);
    this.states.set(key, states);
    return states;
  }

  private allStatesFrom(
    place: string,
    at: EpochMs,
    isEnd: ((state: State) => boolean) | null,
  ): readonly State[] {
    let states: State[] = [{ place: this.place(place), at, rides: [] }];
    const all = [...states];
    const placeCount = this.network.stores.size + this.network.workshops.size;
    for (let rides = 1; rides < placeCount && states.length > 0; rides++) {
      const next = new Map<string, State>();
      for (const state of states.filter((each) => isEnd?.(each) !== true)) {
        for (const ride of this.ridesFrom.get(state.place) ?? []) {
          const cutOff = departure(ride) - ride.line.cutOffMin * MINUTE_MS;
          if (state.at > cutOff) continue;
          const to = this.place(ride.line.stops[ride.to]!.code);
          const reached = { place: to, at: arrival(ride), rides: [...state.rides, ride] };
          if (reached.at > this.end) continue;
          const key = `${to} ${reached.at}`;
          const known = next.get(key);
          if (known === undefined || isBetter(reached.rides, known.rides)) next.set(key, reached);
        }
      }
      states = [...next.values()];
      all.push(...states);
    }
    return all;
  }

  private ridesOf(line: Line): readonly SlowRide[] {
    const legs = legsOf(line);
    const rides: SlowRide[] = [];
    for (const date of this.dates) {
      for (const { days, at } of line.departures) {
        if (line.exceptDates.has(date) || !days.includes(weekdayOf(date))) continue;
        const trip = instantAt(date, at, line.timeZone);
        for (let from = 0; from < line.stops.length; from++) {
          for (let to = from + 1; to < line.stops.length; to++) {
            if (this.usage.taken(legs[to - 1]!, trip) + this.pairs > line.pairs) break;
            const ride = { line, trip, from, to };
            if (this.isOpen(line.stops[to]!.code, arrival(ride))) rides.push(ride);
          }
        }
      }
    }
    return rides;
  }

  private isOpen(code: string, at: EpochMs): boolean {
    const store = this.network.stores.get(code);
    return store === undefined || store.nightDrop || openingAt(store, at) !== null;
  }

  private place(code: string): string {
    return this.network.workshops.get(code)?.storeCode ?? code;
  }

  private bestOf(ways: readonly Way[]): Way {
    const fewest = Math.min(...ways.map(ridesOf));
    const byWorkshop = new Map<string, Way>();
    for (const way of ways.filter((each) => ridesOf(each) === fewest)) {
      const { code } = way.workshop;
      const known = byWorkshop.get(code);
      if (known === undefined || compareWithin(way, known) < 0) byWorkshop.set(code, way);
    }
    const [best] = [...byWorkshop.values()].sort(
      (a, b) =>
        a.work.taken * b.work.units - b.work.taken * a.work.units ||
        (a.workshop.code < b.workshop.code ? -1 : 1),
    );
    return best!;
  }

  private stepsOf(way: Way, { readyBy }: PickUp): readonly PlanStep[] {
    const { code } = this.store;
    return [
      ...way.inward.rides.map(rideStep),
      ...way.work.steps,
      ...way.outward.rides.map(rideStep),
      {
        kind: 'PUT_AWAY',
        fromCode: code,
        toCode: code,
        start: way.outward.at,
        end: readyBy,
        by: null,
      },
    ];
  }

  private claimsOf(way: Way, pickUp: PickUp): readonly LimitedClaim[] {
    const { pairs, store } = this;
    const rides = [...way.inward.rides, ...way.outward.rides].flatMap(({ line, trip, from, to }) =>
      legsOf(line)
        .slice(from, to)
        .map((resource) => ({ resource, start: trip, amount: pairs, limit: line.pairs })),
    );
    const work = way.work.claims.map(({ skill, start, amount, limit }) => ({
      resource: workOf(way.workshop.code, skill),
      start,
      amount,
      limit,
    }));
    const shelf = pickUp.shelfDates.map((date) => ({
      resource: shelfOf(store.code),
      start: instantAt(date, 0, store.timeZone),
      amount: pairs,
      limit: store.shelfPairs,
    }));
    return normalLimitedClaims([...rides, ...work, ...shelf]);
  }
}

const departure = ({ line, trip, from }: SlowRide): EpochMs =>
  trip + line.stops[from]!.minutes * MINUTE_MS;
const arrival = ({ line, trip, to }: SlowRide): EpochMs =>
  trip + line.stops[to]!.minutes * MINUTE_MS;
const ridesOf = ({ inward, outward }: Way): number => inward.rides.length + outward.rides.length;

/** Of two ways through one workshop. */
function compareWithin(a: Way, b: Way): number {
  if (a.inward.at !== b.inward.at) return a.inward.at - b.inward.at;
  if (isBetter(a.inward.rides, b.inward.rides)) return -1;
  if (isBetter(b.inward.rides, a.inward.rides)) return 1;
  return isBetter(a.outward.rides, b.outward.rides) ? -1 : 1;
}

/** Of two lists of rides of one length that end at the same place and instant. */
function isBetter(a: readonly SlowRide[], b: readonly SlowRide[]): boolean {
  for (let last = a.length - 1; last >= 0; last--) {
    const [one, other] = [a[last]!, b[last]!];
    if (arrival(one) !== arrival(other)) return arrival(one) < arrival(other);
    if (departure(one) !== departure(other)) return departure(one) > departure(other);
    if (one.line !== other.line) return one.line.code < other.line.code;
    if (one.trip !== other.trip) return one.trip < other.trip;
  }
  return false;
}

function rideStep(ride: SlowRide): PlanStep {
  const { line, from, to } = ride;
  return {
    kind: 'RIDE',
    fromCode: line.stops[from]!.code,
    toCode: line.stops[to]!.code,
    start: departure(ride),
    end: arrival(ride),
    by: line.code,
  };
}
