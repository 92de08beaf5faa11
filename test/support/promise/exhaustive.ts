import type { LimitedClaim } from '../../../src/core/claims/claim.ts';
import { legsOf, shelfOf, workOf } from '../../../src/core/claims/resource.ts';
import type { Usage } from '../../../src/core/claims/usage.ts';
import { openingAt } from '../../../src/core/hours/openings.ts';
import { NO_DISRUPTIONS } from '../../../src/core/network/disruptions.ts';
import type { Network, Store, Workshop } from '../../../src/core/network/network.ts';
import { withDisruptions } from '../../../src/core/network/with-disruptions.ts';
import type { OnwardGroup, OnwardRequest, PlanStep } from '../../../src/core/promise/plan.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import { addDays, daysFrom, localDateOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';
import { pickUpSlot, type PickUp } from './exhaustive-pick-up.ts';
import {
  arrival,
  departure,
  isBetter,
  rideStep,
  ridesOn,
  type SlowRide,
} from './exhaustive-rides.ts';
import { bestWork, type WorkDone } from './exhaustive-work.ts';

/** The best way of one group of goods. */
export interface SlowPart {
  readonly readyBy: EpochMs;
  readonly pickUpStart: EpochMs;
  readonly steps: readonly PlanStep[];
  /** Not in normal form, without the shelf. */
  readonly claims: readonly LimitedClaim[];
}

/** Rides that end at one place at one instant, the best of all that do with so many rides. */
interface State {
  readonly place: string;
  readonly at: EpochMs;
  readonly rides: readonly SlowRide[];
}

interface Way {
  readonly workshop: Workshop | null;
  readonly inward: State;
  readonly work: WorkDone;
  readonly outward: State;
}

/**
 * The earliest arrival of one group by looking at every way there is, without any of the planner's shortcuts:
 * all instants at which goods can come to a place are kept, not only the earliest, and every combination of
 * shifts is tried. Only for networks of a few places and days.
 */
export class SlowSearch {
  private readonly pairs: number;
  private readonly store: Store;
  private readonly ridesFrom: ReadonlyMap<string, readonly SlowRide[]>;
  private readonly dates: readonly string[];
  /** Nothing can be collected any more. */
  private readonly end: EpochMs;
  private readonly accepted = new Map<EpochMs, PickUp | null>();
  private readonly states = new Map<string, readonly State[]>();

  private readonly network: Network;

  /** @param network its parts are read as they were stated, its disruptions by themselves */
  constructor(
    private readonly disrupted: Network,
    private readonly usage: Usage,
    private readonly request: OnwardRequest,
    private readonly group: OnwardGroup,
    private readonly pickUpStart: EpochMs | null,
  ) {
    const network = (this.network = withDisruptions(disrupted, NO_DISRUPTIONS));
    this.pairs = group.items.reduce((sum, item) => sum + item.pairs, 0);
    this.store = network.stores.get(request.pickUpStoreCode)!;
    const today = localDateOf(request.now, 'UTC');
    const horizon = this.store.counter.horizonDays;
    this.dates = daysFrom(addDays(today, -3), addDays(today, horizon + 3));
    this.end = instantAt(addDays(today, horizon + 1), 720, 'UTC');
    const rides = [...network.lines.values()].flatMap((line) => this.ridesOf(line.code));
    this.ridesFrom = new Map(
      [...network.stores.keys(), ...network.workshops.keys()].map((place) => [
        place,
        rides.filter(({ line, from }) => this.place(line.stops[from]!.code) === place),
      ]),
    );
  }

  /** null: no way. */
  find(): SlowPart | null {
    const ways = this.isIdle() ? this.directWays() : this.allWays();
    if (ways.length === 0) return null;
    const way = this.bestOf(ways);
    const pickUp = this.accepts(way.outward.at)!;
    return {
      readyBy: pickUp.readyBy,
      pickUpStart: pickUp.slot.start,
      steps: this.stepsOf(way, pickUp),
      claims: this.claimsOf(way),
    };
  }

  /** Places on the shelf from one instant's date to another's. */
  shelfClaims(readyBy: EpochMs, pickUpStart: EpochMs): readonly LimitedClaim[] {
    const { code, timeZone, shelfPairs } = this.store;
    return daysFrom(localDateOf(readyBy, timeZone), localDateOf(pickUpStart, timeZone)).map(
      (date) => ({
        resource: shelfOf(code),
        start: instantAt(date, 0, timeZone),
        amount: this.pairs,
        limit: shelfPairs,
      }),
    );
  }

  private isIdle(): boolean {
    return this.group.items.every(({ operations }) => operations.length === 0);
  }

  private directWays(): readonly Way[] {
    const { fromCode, since } = this.group;
    const inward = { place: this.place(fromCode), at: since, rides: [] };
    const work = { finish: since, steps: [], claims: [], taken: 0, units: 1 };
    const ways = this.outward(inward.place, since)
      .filter(({ at }) => this.accepts(at) !== null)
      .map((outward): Way => ({ workshop: null, inward, work, outward }));
    const earliest = Math.min(...ways.map(({ outward }) => outward.at));
    return ways.filter(({ outward }) => outward.at === earliest);
  }

  /** All ways with the earliest arrival. */
  private allWays(): readonly Way[] {
    const inward = this.statesFrom(this.group.fromCode, this.group.since);
    const ways: Way[] = [];
    let earliest = Infinity;
    const waiting: (() => readonly Way[])[] = [];
    for (const workshop of this.network.workshops.values()) {
      for (const state of inward.filter(({ place }) => place === this.place(workshop.code))) {
        const work = this.workAt(workshop, state.at);
        if (work === null) continue;
        for (const outward of this.outward(this.place(workshop.code), work.finish)) {
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

  private workAt(workshop: Workshop, there: EpochMs): WorkDone | null {
    const { usage, request, group, disrupted } = this;
    const cuts = disrupted.disruptions.shifts.get(workshop.code);
    const { now } = request;
    return bestWork(workshop, { usage, items: group.items, now, since: group.since, cuts }, there);
  }

  private outward(place: string, finish: EpochMs): readonly State[] {
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
    const { now } = request;
    const closures = this.disrupted.disruptions.closures.get(this.store.code) ?? [];
    const readyBy = Math.max(now, arrival + this.store.putAwayMin * MINUTE_MS);
    return pickUpSlot(this.store, { readyBy, pairs, now, pickUpStart, closures }, usage);
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
          if (state.at > cutOff || departure(ride) < this.firstDeparture()) continue;
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

  private firstDeparture(): EpochMs {
    const { now } = this.request;
    return this.group.since < now ? now : -Infinity;
  }

  private ridesOf(lineCode: string): readonly SlowRide[] {
    const { dates, usage, pairs } = this;
    const disrupted = this.disrupted.disruptions.trips.get(lineCode);
    return ridesOn(this.network.lines.get(lineCode)!, { dates, disrupted, usage, pairs }).filter(
      (ride) => this.isOpen(ride.line.stops[ride.to]!.code, arrival(ride)),
    );
  }

  private isOpen(code: string, at: EpochMs): boolean {
    const store = this.network.stores.get(code);
    if (store === undefined || store.nightDrop) return true;
    const closures = this.disrupted.disruptions.closures.get(code) ?? [];
    return (
      openingAt(store, at) !== null && !closures.some(({ start, end }) => start <= at && at < end)
    );
  }

  private place(code: string): string {
    return this.network.workshops.get(code)?.storeCode ?? code;
  }

  private bestOf(ways: readonly Way[]): Way {
    const fewest = Math.min(...ways.map(ridesOf));
    const byWorkshop = new Map<string, Way>();
    for (const way of ways.filter((each) => ridesOf(each) === fewest)) {
      const code = way.workshop?.code ?? '';
      const known = byWorkshop.get(code);
      if (known === undefined || compareWithin(way, known) < 0) byWorkshop.set(code, way);
    }
    const [best] = [...byWorkshop.values()].sort(
      (a, b) =>
        a.work.taken * b.work.units - b.work.taken * a.work.units ||
        (a.workshop!.code < b.workshop!.code ? -1 : 1),
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

  private claimsOf(way: Way): readonly LimitedClaim[] {
    const rides = [...way.inward.rides, ...way.outward.rides].flatMap(({ line, trip, from, to }) =>
      legsOf(line)
        .slice(from, to)
        .map((resource) => ({ resource, start: trip, amount: this.pairs, limit: line.pairs })),
    );
    const work = way.work.claims.map(({ skill, start, amount, limit }) => ({
      resource: workOf(way.workshop!.code, skill),
      start,
      amount,
      limit,
    }));
    return [...rides, ...work];
  }
}

const ridesOf = ({ inward, outward }: Way): number => inward.rides.length + outward.rides.length;

/** Of two ways through one workshop. */
function compareWithin(a: Way, b: Way): number {
  if (a.inward.at !== b.inward.at) return a.inward.at - b.inward.at;
  if (isBetter(a.inward.rides, b.inward.rides)) return -1;
  if (isBetter(b.inward.rides, a.inward.rides)) return 1;
  return isBetter(a.outward.rides, b.outward.rides) ? -1 : 1;
}
