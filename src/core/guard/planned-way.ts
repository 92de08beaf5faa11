import type { Claim, LimitedClaim } from '../claims/claim.ts';
import { counterPickUps, shelfOf } from '../claims/resource.ts';
import { counterClaims, remainingOf } from '../counter/remaining.ts';
import { slotAt } from '../counter/slots.ts';
import type { PairData } from '../goods/pair.ts';
import type { OrderData, PromiseData } from '../orders/order.ts';
import { promiseOf } from '../orders/wish.ts';
import type { World } from '../orders/world.ts';
import type { NoPlan, Plan } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { claimsAfter, isSameClaims, workDone } from './claims-after.ts';
import type { GoneVan } from './gone-vans.ts';
import { isAllThere, type GoodsNow } from './goods-now.ts';
import { onwardWays, type OnwardWay } from './onward-ways.ts';

/** All that a re-planning looks at of one order. */
export interface OrderNow {
  readonly order: OrderData;
  /** What it takes, in normal form. */
  readonly claims: readonly Claim[];
  /** Of the order, by number. Empty: they have not been handed in. */
  readonly pairs: readonly PairData[];
  /** Vans that have left stops, of lines that it rides; left out: none. */
  readonly gone?: readonly GoneVan[];
}

/** A way on from where the goods are, with what it takes. */
export interface PlannedWay {
  readonly plan: Plan;
  /** Without a choice of slots. */
  readonly promise: PromiseData;
  /** All that the order takes if it goes this way, in normal form. */
  readonly claims: readonly LimitedClaim[];
}

/**
 * The way on for `order`, planned on the usage without what it takes now, but for work that was done. Of two
 * as early the one that it is on already.
 *
 * @param kept what it takes now as far as it may keep it; left out: all of it
 */
export function plannedWay(
  world: World,
  { order, claims, pairs }: OrderNow,
  goods: GoodsNow,
  kept: readonly Claim[] = claims,
): Result<PlannedWay, NoPlan> {
  const { usage } = world;
  const done = workDone(pairs);
  return usage.without(claims, () => {
    const taken = [...done, ...beyondShelf(world, order, claims)];
    const found = usage.withAlso(taken, () => onwardWays(world, order, goods, claims));
    if (!found.ok) return refuse(found.error);
    const [first, asEarly] = found.value;
    const way = wayOf(world, order, goods, first, { kept, done });
    if (asEarly === undefined || isSameClaims(claims, way.claims)) return ok(way);
    const other = wayOf(world, order, goods, asEarly, { kept, done });
    return ok(isSameClaims(claims, other.claims) ? other : way);
  });
}

/**
 * What is on the pick-up store's shelf beyond its limit, as amounts to be given back: on a shelf that was made
 * smaller the order keeps the place that it has, as its goods will lie there until they are collected.
 *
 * @param claims what the order takes, seen as free
 */
function beyondShelf(
  { network, usage }: World,
  { pickUp }: OrderData,
  claims: readonly Claim[],
): readonly Claim[] {
  const { code, shelfPairs } = network.stores.get(pickUp.storeCode)!;
  const most = shelfPairs ?? Infinity;
  return claims
    .filter(({ resource }) => resource === shelfOf(code))
    .map((held) => {
      const taken = usage.taken(held.resource, held.start) + held.amount;
      return { ...held, amount: Math.min(0, most - taken) };
    });
}

function wayOf(
  world: World,
  order: OrderData,
  goods: GoodsNow,
  { plan, rides, kept: awaited }: OnwardWay,
  { kept, done }: { readonly kept: readonly Claim[]; readonly done: readonly Claim[] },
): PlannedWay {
  const visit = pickUpAnew(world, order, kept);
  const claims = claimsAfter(kept, done, [...plan.claims, ...awaited, ...visit], world.now);
  const promise = world.usage.withAlso(claims, () =>
    promiseOf(world, order.pickUp.storeCode, plan),
  );
  const readyBy = isAllThere(goods, order) ? readySince(world, order, goods) : plan.readyBy;
  const steps = [...rides, ...plan.steps].sort((a, b) => a.start - b.start || a.end - b.end);
  return { plan, claims, promise: { ...promise, readyBy, steps } };
}

/** Goods that are there have been ready since they were put away, whenever that is looked at. */
function readySince({ network }: World, { pickUp }: OrderData, { groups }: GoodsNow): EpochMs {
  const { putAwayMin } = network.stores.get(pickUp.storeCode)!;
  return Math.max(...groups.map(({ since }) => since)) + putAwayMin * MINUTE_MS;
}

/**
 * The place in the slot of a booked pick-up that the order does not have, as it was given back when nobody
 * came to hand the goods in. Nothing if the slot is full by now: the visit stays booked, without a place.
 */
function pickUpAnew(
  { network, usage, now }: World,
  { pickUp }: OrderData,
  kept: readonly Claim[],
): readonly LimitedClaim[] {
  if (pickUp.status !== 'BOOKED' || pickUp.start <= now) return [];
  if (hasVisit(kept, pickUp)) return [];
  const store = network.stores.get(pickUp.storeCode)!;
  const slot = slotAt(store, pickUp.start);
  if (slot === null || remainingOf(store, slot, 'PICK_UP', 1, usage) === 0) return [];
  return counterClaims(store, slot, 'PICK_UP', 1);
}

/** Whether a place for a pick-up is among `claims`. */
export function hasVisit(
  claims: readonly Claim[],
  { storeCode, start }: Pick<OrderData['pickUp'], 'storeCode' | 'start'>,
): boolean {
  const resource = counterPickUps(storeCode);
  return claims.some((claim) => claim.resource === resource && claim.start === start);
}
