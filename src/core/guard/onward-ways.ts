import type { Claim, LimitedClaim } from '../claims/claim.ts';
import type { Network } from '../network/network.ts';
import type { OrderData } from '../orders/order.ts';
import type { World } from '../orders/world.ts';
import type { NoPlan, OnwardRequest, Plan, PlanStep } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { GoodsNow, WaitingGroup } from './goods-now.ts';
import { isOpenFor } from './slots-to-choose.ts';
import { isCancelled, lateByMs, legsRidden, rideOf, tripsOf, type TripPart } from './trips.ts';

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
 * may wait on, or take any other way: what brings them first, and of two as early the van they wait for.
 *
 * @param claims what the order takes now
 */
export function onwardPlan(
  world: World,
  order: OrderData,
  { groups }: GoodsNow,
  claims: readonly Claim[],
): Result<OnwardWay, NoPlan> {
  const other = planned(world, order, groups, []);
  const staying = groups.map((group) => waitingOn(world, order, group, claims));
  if (staying.every((waiting) => waiting === null)) return other;
  const stay = planned(
    world,
    order,
    groups.map((group, at) => staying[at]?.group ?? group),
    staying.flatMap((waiting) => waiting?.kept ?? []),
  );
  if (!stay.ok || !other.ok) return stay.ok ? stay : other;
  return stay.value.plan.readyBy <= other.value.plan.readyBy ? stay : other;
}

function planned(
  { planner, network, now }: World,
  { pickUp }: OrderData,
  groups: readonly WaitingGroup[],
  kept: readonly LimitedClaim[],
): Result<OnwardWay, NoPlan> {
  const request: OnwardRequest = { groups, pickUpStoreCode: pickUp.storeCode, now };
  const wanted = canBeCollected(network, pickUp, now) ? { pickUpStart: pickUp.start } : {};
  const plan = planner.planOnward({ ...request, ...wanted });
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

interface Waiting {
  readonly group: WaitingGroup;
  readonly kept: readonly LimitedClaim[];
}

/**
 * The group as it is when its promised ride, which is late, has brought it to where it gets off. Null: it
 * has no such ride next, or work to do before.
 */
function waitingOn(
  { network, now }: World,
  order: OrderData,
  group: WaitingGroup,
  claims: readonly Claim[],
): Waiting | null {
  if (group.ride !== null) return null;
  const next = nextRide(network, order, group, claims);
  if (next === null || rideOf(next).start < Math.max(now, group.since)) return null;
  const ride = rideOf(next);
  return {
    group: { ...group, fromCode: ride.toCode, since: ride.end, ride },
    kept: legClaims(next, group),
  };
}

/** The late trip that the goods of a group have room on and leave by, without being worked on before. */
function nextRide(
  network: Network,
  order: OrderData,
  group: WaitingGroup,
  claims: readonly Claim[],
): TripPart | null {
  const [first] = order.promise.steps.filter(({ end }) => end >= group.since);
  if (first?.kind !== 'RIDE' || first.fromCode !== group.fromCode) return null;
  const part = tripsOf(network, first).find((one) => isTaken(one, claims));
  if (part === undefined || isCancelled(part.line, part.departs)) return null;
  return lateByMs(part.line, part.departs) === 0 ? null : part;
}

function isTaken(part: TripPart, claims: readonly Claim[]): boolean {
  const [leg] = legsRidden(part);
  return claims.some(({ resource, start }) => resource === leg && start === part.departs);
}

function legClaims(part: TripPart, { items }: WaitingGroup): readonly LimitedClaim[] {
  const amount = items.reduce((sum, { pairs }) => sum + pairs, 0);
  const start = part.departs;
  return legsRidden(part).map((resource): LimitedClaim => {
    const claim: Claim = { resource, start, amount };
    return { ...claim, limit: part.line.pairs };
  });
}
