import type { LimitedClaim } from '../claims/claim.ts';
import { pairsOf, type OrderData, type PromiseData, type VisitChoice } from '../orders/order.ts';
import type { World } from '../orders/world.ts';
import type { NoPlan } from '../promise/plan.ts';
import { isSameClaims } from './claims-after.ts';
import { goodsNow, isAllThere, type GoodsNow } from './goods-now.ts';
import { plannedWay, type OrderNow, type PlannedWay } from './planned-way.ts';
import { isChoiceAlive, isOpenFor, slotsToChoose } from './slots-to-choose.ts';

/** A promise that takes the place of one that does not hold, or no longer needs what it took. */
export interface NewPromise {
  readonly promise: PromiseData;
  /** All that the order takes from now on, in normal form. */
  readonly claims: readonly LimitedClaim[];
}

/** What has become of the promise of an order. */
export type Outcome =
  /** There is nothing that could be planned: no goods are under way, or none are to come. */
  | { readonly is: 'OVER' }
  | { readonly is: 'SAME' }
  /** Another way, and the customer can collect as booked: nobody needs to be told. */
  | ({ readonly is: 'WITHIN_SLACK' } & NewPromise)
  /** A visit cannot be as it is booked: the customer has to choose another. */
  | ({ readonly is: 'PASSES'; readonly choice: VisitChoice } & NewPromise)
  | { readonly is: 'NO_WAY'; readonly why: NoPlan };

/**
 * Plans an order again from where its goods are now, on what is free now. The booked pick-up is kept
 * whenever the goods can be there by then and the store is open.
 *
 * What the order takes must be on the usage; it is seen as free for the order itself. Doing it again
 * without any change between gives SAME; of goods in several places it may also find that they are ready
 * sooner, by the van that others of them wait for.
 */
export function replan(world: World, now: OrderNow): Outcome {
  const { order } = now;
  if (isOver(order)) return { is: 'OVER' };
  const goods = goodsNow(world, order, now.pairs, now.gone);
  if (goods === null) return { is: 'NO_WAY', why: { code: 'NO_SKILL' } };
  if (goods.groups.length === 0) return { is: 'OVER' };
  if (!isDropOffPossible(world, order)) return dropOffToChoose(world, now);
  // Who has not come for goods that are there is reminded, and nothing can be planned for them.
  if (isWaitingForCustomer(world, order, goods)) return { is: 'SAME' };
  const planned = plannedWay(world, now, goods);
  if (!planned.ok) return { is: 'NO_WAY', why: planned.error };
  return judged(world, now, planned.value);
}

function isOver({ status, dropOff }: OrderData): boolean {
  if (status === 'CANCELLED' || status === 'COLLECTED') return true;
  return status === 'BOOKED' && dropOff.status === 'NO_SHOW';
}

function isDropOffPossible({ network, now }: World, { status, dropOff }: OrderData): boolean {
  if (status !== 'BOOKED' || dropOff.status !== 'BOOKED' || dropOff.start <= now) return true;
  return isOpenFor(network.stores.get(dropOff.storeCode)!, dropOff);
}

/** All that was promised stays as it is until the customer says when they come instead. */
function dropOffToChoose(world: World, { order, claims }: OrderNow): Outcome {
  const { dropOff, promise } = order;
  const question = { from: Math.max(dropOff.start, world.now), pairs: pairsOf(order.items) };
  const choice = choiceOf(world, order, 'DROP_OFF', question.from);
  const kept = claims.map((claim) => ({ ...claim, limit: null }));
  if (isStillOffered(world, order, choice)) return { is: 'SAME' };
  return { is: 'PASSES', choice, promise: { ...promise, choice }, claims: kept };
}

function isWaitingForCustomer({ now }: World, order: OrderData, goods: GoodsNow): boolean {
  const { pickUp, promise } = order;
  return isAllThere(goods, order) && pickUp.start <= now && promise.readyBy <= pickUp.start;
}

function judged(world: World, now: OrderNow, { promise, claims }: PlannedWay): Outcome {
  const { order } = now;
  const before = order.promise;
  const isSameWay = promise.readyBy === before.readyBy && isSameClaims(now.claims, claims);
  if (isPickUpPossible(world, order, promise.readyBy)) {
    if (isSameWay && before.choice === undefined) return { is: 'SAME' };
    return { is: 'WITHIN_SLACK', promise, claims };
  }
  const choice = world.usage.without(now.claims, () =>
    world.usage.withAlso(claims, () => choiceOf(world, order, 'PICK_UP', promise.readyBy)),
  );
  if (isSameWay && isStillOffered(world, order, choice)) return { is: 'SAME' };
  return { is: 'PASSES', choice, promise: { ...promise, choice }, claims };
}

function isPickUpPossible(
  { network, now }: World,
  { pickUp }: OrderData,
  readyBy: number,
): boolean {
  if (readyBy > pickUp.start) return false;
  return pickUp.start <= now || isOpenFor(network.stores.get(pickUp.storeCode)!, pickUp);
}

function choiceOf(
  world: World,
  order: OrderData,
  visit: VisitChoice['visit'],
  from: number,
): VisitChoice {
  const { storeCode } = visit === 'PICK_UP' ? order.pickUp : order.dropOff;
  const store = world.network.stores.get(storeCode)!;
  const question = { store, visit, from, pairs: pairsOf(order.items) };
  return { visit, slots: slotsToChoose(world, question) };
}

/** What the customer was offered can still be had, or there is nothing else to offer. */
function isStillOffered(world: World, order: OrderData, next: VisitChoice): boolean {
  const { choice } = order.promise;
  if (choice?.visit !== next.visit || choice.isWithoutWay === true) return false;
  const { storeCode } = next.visit === 'PICK_UP' ? order.pickUp : order.dropOff;
  const store = world.network.stores.get(storeCode)!;
  const isNothingNew = choice.slots.length === 0 && next.slots.length === 0;
  return isNothingNew || isChoiceAlive(world, store, choice, pairsOf(order.items));
}
