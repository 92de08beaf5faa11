import type { Usage } from '../claims/usage.ts';
import type { Network } from '../network/network.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { EpochMs } from '../time/time.ts';
import { ChainTables } from './chain-tables.ts';
import { coverageAt, maxHorizonDaysOf, type Coverage } from './coverage.ts';
import { loadOf } from './load.ts';
import { OrderPlanner, type Goods } from './order-planner.ts';
import type { NoPlan, OnwardGroup, OnwardRequest, Plan, PlanRequest } from './plan.ts';
import { Refusals } from './refusals.ts';
import { WayFinder } from './way-finder.ts';

/**
 * Finds the earliest promise on one version of the network, over what is taken now.
 *
 * Built once per network version; follows `usage` from then on. Timetable and shifts are laid out where
 * and when they are first asked for, and anew when `now` has left the days laid out. Call {@link dispose}
 * when another version takes its place.
 */
export class Planner {
  private readonly tables: ChainTables;
  private readonly orders: OrderPlanner;
  private readonly refusals: Refusals;
  private readonly maxHorizonDays: number;
  private coverage: Coverage | null = null;

  constructor(
    private readonly network: Network,
    usage: Usage,
  ) {
    this.tables = new ChainTables(network, usage);
    const finder = new WayFinder(this.tables.timetable, usage);
    this.orders = new OrderPlanner(this.tables.timetable, finder, usage);
    this.maxHorizonDays = maxHorizonDaysOf(network);
    this.refusals = new Refusals(network, (relaxed, nothing) => new Planner(relaxed, nothing));
  }

  /** The best way (see `WayFinder` for what is best), or why there is none. Changes nothing. */
  plan(request: PlanRequest): Result<Plan, NoPlan> {
    const { stores } = this.network;
    const isKnown = stores.has(request.dropOffStoreCode);
    return isKnown ? this.planOnward(fromDropOff(request)) : refuse({ code: 'NO_CONNECTION' });
  }

  /**
   * As {@link plan}, for goods that are under way: from where each group of them is, by what work each still
   * needs. See `OrderPlanner` for what is best for several. None at all have no connection.
   */
  planOnward(request: OnwardRequest): Result<Plan, NoPlan> {
    const plan = this.findOnward(request);
    return plan === null ? refuse(this.refusals.reasonFor(request)) : ok(plan);
  }

  /** As {@link plan}; null: there is no way, whatever the reason. */
  find(request: PlanRequest): Plan | null {
    const isKnown = this.network.stores.has(request.dropOffStoreCode);
    return isKnown ? this.findOnward(fromDropOff(request)) : null;
  }

  /** As {@link planOnward}; null: there is no way, whatever the reason. */
  findOnward(request: OnwardRequest): Plan | null {
    const { now, pickUpStart, pickUpStoreCode } = request;
    const store = this.network.stores.get(pickUpStoreCode);
    const goods = request.groups.map((group) => this.goodsOf(group, request));
    if (store === undefined || goods.length === 0 || !goods.every(isPlannable)) return null;
    this.coverage = coverageAt(now, this.maxHorizonDays, this.coverage);
    const question = { goods, store, now, coverage: this.coverage };
    return this.orders.find(question, pickUpStart ?? null);
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

  /** null: the network does not have the places. */
  private goodsOf(
    { fromCode, since, items }: OnwardGroup,
    { now, pickUpStoreCode }: OnwardRequest,
  ): Goods | null {
    const { numberOf } = this.tables.places;
    const from = numberOf.get(fromCode);
    const to = numberOf.get(pickUpStoreCode);
    if (from === undefined || to === undefined) return null;
    const load = loadOf(items, since < now ? now : 0);
    const workshops = load.skills.length === 0 ? [] : this.tables.workshopsWith(load.skills);
    return { load, from, to, handedOver: since, workshops };
  }
}

function isPlannable(goods: Goods | null): goods is Goods {
  return goods !== null && (goods.load.skills.length === 0 || goods.workshops.length > 0);
}

function fromDropOff(request: PlanRequest): OnwardRequest {
  const { dropOffStoreCode, handedOverAt, items, ...rest } = request;
  const since = Math.max(handedOverAt, request.now);
  return { ...rest, groups: [{ fromCode: dropOffStoreCode, since, items }] };
}
