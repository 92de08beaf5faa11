import type { Usage } from '../claims/usage.ts';
import type { Network } from '../network/network.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { EpochMs } from '../time/time.ts';
import { ChainTables } from './chain-tables.ts';
import { coverageAt, maxHorizonDaysOf, type Coverage } from './coverage.ts';
import { delaysOf } from './delays.ts';
import { loadOf } from './load.ts';
import { PickUpDesk } from './pick-up-desk.ts';
import type { NoPlan, OnwardRequest, Plan, PlanRequest } from './plan.ts';
import { Refusals } from './refusals.ts';
import { claimsOf, stepsOf } from './steps.ts';
import type { FoundWay, WayQuestion } from './found-way.ts';
import { WayFinder } from './way-finder.ts';

/** A request with its stores and workshops found. */
type Asked = Omit<WayQuestion, 'desk'> & {
  readonly request: PlanRequest;
};

/**
 * Finds the earliest promise on one version of the network, over what is taken now.
 *
 * Built once per network version; follows `usage` from then on. Timetable and shifts are laid out where
 * and when they are first asked for, and anew when `now` has left the days laid out. Call {@link dispose}
 * when another version takes its place.
 */
export class Planner {
  private readonly tables: ChainTables;
  private readonly finder: WayFinder;
  private readonly refusals: Refusals;
  private readonly maxHorizonDays: number;
  private coverage: Coverage | null = null;

  constructor(
    private readonly network: Network,
    private readonly usage: Usage,
  ) {
    this.tables = new ChainTables(network, usage);
    this.finder = new WayFinder(this.tables.timetable, usage);
    this.maxHorizonDays = maxHorizonDaysOf(network);
    this.refusals = new Refusals(network, (relaxed, nothing) => new Planner(relaxed, nothing));
  }

  /** The best way (see `WayFinder` for what is best), or why there is none. Changes nothing. */
  plan(request: PlanRequest): Result<Plan, NoPlan> {
    const plan = this.find(request);
    return plan === null ? refuse(this.refusals.reasonFor(request)) : ok(plan);
  }

  /** As {@link plan}, for goods that are under way: from where each group of them is. */
  planOnward(request: OnwardRequest): Result<Plan, NoPlan> {
    return refuse({ code: request.groups.length === 0 ? 'NO_CONNECTION' : 'BEYOND_HORIZON' });
  }

  /** As {@link plan}; null: there is no way, whatever the reason. */
  find(request: PlanRequest): Plan | null {
    const asked = this.ask(request);
    if (asked === null || asked.workshops.length === 0) return null;
    this.coverage = coverageAt(request.now, this.maxHorizonDays, this.coverage);
    if (request.pickUpStart === undefined) return this.planWith(asked, null, []);
    const planned = this.planWith(asked, request.pickUpStart, []);
    return planned ?? this.planWith(asked, null, this.shelfInTheWay(asked, request.pickUpStart));
  }

  /**
   * Lays out every trip and shift that a plan at `now` can touch, which else is done when they are first
   * asked for. For a service that wants no slow first answers.
   */
  layOut(now: EpochMs): void {
    this.coverage = coverageAt(now, this.maxHorizonDays, this.coverage);
    this.tables.layOut(this.coverage);
  }

  /** Stops listening to the usage. The planner must not be used after it. */
  dispose(): void {
    this.tables.dispose();
    this.refusals.dispose();
  }

  private ask(request: PlanRequest): Asked | null {
    const { stores } = this.network;
    const { dropOffStoreCode, pickUpStoreCode } = request;
    if (!stores.has(dropOffStoreCode) || !stores.has(pickUpStoreCode)) return null;
    const load = loadOf(request.items);
    return {
      request,
      load,
      from: this.tables.places.numberOf.get(dropOffStoreCode)!,
      to: this.tables.places.numberOf.get(pickUpStoreCode)!,
      handedOver: Math.max(request.handedOverAt, request.now),
      workshops: this.tables.workshopsWith(load.skills),
    };
  }

  private desk(asked: Asked, pickUpStart: EpochMs | null): PickUpDesk {
    const { request, load } = asked;
    const store = this.network.stores.get(request.pickUpStoreCode)!;
    const question = { store, pairs: load.pairs, now: request.now, pickUpStart };
    return new PickUpDesk(question, this.usage);
  }

  private planWith(
    asked: Asked,
    pickUpStart: EpochMs | null,
    fullShelfDates: readonly EpochMs[],
  ): Plan | null {
    const desk = this.desk(asked, pickUpStart);
    const way = this.finder.find({ ...asked, desk }, this.coverage!);
    if (way === null) return null;
    const { request, load, handedOver } = asked;
    const store = this.network.stores.get(request.pickUpStoreCode)!;
    const readyBy = desk.readyBy(way.arrival);
    const slot = desk.slotFor(readyBy)!;
    const passed = desk.isShelfInTheWay ? this.passedShelf(asked, desk, way) : [];
    const delays = delaysOf(
      this.tables.timetable,
      { way, load, handedOver },
      {
        store,
        usage: this.usage,
        now: request.now,
        pairs: load.pairs,
        readyBy,
        slot,
        fullShelfDates: [...fullShelfDates, ...passed],
      },
    );
    return {
      readyBy,
      earliestPickUp: slot,
      steps: stepsOf(way, store, readyBy),
      delays,
      claims: claimsOf(way, store, desk.shelfDaysOf(way.arrival), load.pairs),
    };
  }

  /** The dates on which a full shelf kept goods out that the way could have brought sooner. */
  private passedShelf(asked: Asked, shelfDesk: PickUpDesk, way: FoundWay): readonly EpochMs[] {
    const desk = shelfDesk.withoutShelf();
    const arrival = this.finder.arrivalFrom({ ...asked, desk }, way);
    if (arrival >= way.arrival) return [];
    const first = desk.shelfDaysOf(arrival).first;
    return desk.fullShelfDays({ first, last: desk.shelfDaysOf(way.arrival).first - 1 });
  }

  /** The full dates of the shelf that alone keep goods from being ready for the wanted pick-up. */
  private shelfInTheWay(asked: Asked, pickUpStart: EpochMs): readonly EpochMs[] {
    const desk = this.desk(asked, pickUpStart).withoutShelf();
    const way = this.finder.find({ ...asked, desk }, this.coverage!);
    return way === null ? [] : desk.fullShelfDays(desk.shelfDaysOf(way.arrival));
  }
}
