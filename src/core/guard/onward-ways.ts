import type { Claim, LimitedClaim } from '../claims/claim.ts';
import type { Network } from '../network/network.ts';
import type { OrderData } from '../orders/order.ts';
import type { World } from '../orders/world.ts';
import type { NoPlan, OnwardRequest, Plan, PlanStep } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import { awaitedRides } from './awaited-rides.ts';
import type { GoodsNow, WaitingGroup } from './goods-now.ts';
import { isOpenFor } from './slots-to-choose.ts';

/** The way on for all goods of an order. */
export interface OnwardWay {
  readonly plan: Plan;
  /** Rides that goods are on, or wait for as before; the plan begins where they end. */
  readonly rides: readonly PlanStep[];
  /** What the rides that goods wait for take. */
  readonly kept: readonly LimitedClaim[];
}

/**
 * The earliest way on for an order, its booked pick-up kept if it can be. Goods that wait for a late van
 * may wait on, or take any other way: what brings them first. If both do, both are answered, the van that
 * they wait for first.
 *
 * @param claims what the order takes now
 */
export function onwardWays(
  world: World,
  order: OrderData,
  { groups }: GoodsNow,
  claims: readonly Claim[],
): Result<readonly [OnwardWay, OnwardWay?], NoPlan> {
  const other = planned(world, order, groups, []);
  const awaited = awaitedRides(world, order, groups, claims);
  const stay = awaited.some((ride) => ride !== null)
    ? planned(
        world,
        order,
        groups.map((group, at) => awaited[at]?.group ?? group),
        awaited.flatMap((ride) => ride?.kept ?? []),
      )
    : null;
  if (!other.ok) return stay?.ok === true ? ok([stay.value]) : other;
  if (stay?.ok !== true) return ok([other.value]);
  const sooner = stay.value.plan.readyBy - other.value.plan.readyBy;
  if (sooner === 0) return ok([stay.value, other.value]);
  return ok([sooner < 0 ? stay.value : other.value]);
}

function planned(
  { planner, network, usage, now }: World,
  { pickUp }: OrderData,
  groups: readonly WaitingGroup[],
  kept: readonly LimitedClaim[],
): Result<OnwardWay, NoPlan> {
  const request: OnwardRequest = { groups, pickUpStoreCode: pickUp.storeCode, now };
  const wanted = canBeCollected(network, pickUp, now) ? { pickUpStart: pickUp.start } : {};
  const plan = usage.withAlso(kept, () => planner.planOnward({ ...request, ...wanted }));
  if (!plan.ok) return refuse(plan.error);
  const rides = groups.flatMap(({ ride }) => (ride === null ? [] : [ride]));
  return ok({ plan: plan.value, rides: distinct(rides), kept });
}

function canBeCollected(network: Network, pickUp: OrderData['pickUp'], now: number): boolean {
  return pickUp.start > now && isOpenFor(network.stores.get(pickUp.storeCode)!, pickUp);
}

function distinct(rides: readonly PlanStep[]): readonly PlanStep[] {
  const byText = new Map(rides.map((ride) => [JSON.stringify(ride), ride]));
  return [...byText.values()];
}
