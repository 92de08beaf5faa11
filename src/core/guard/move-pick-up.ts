import {
  normalLimitedClaims,
  normalClaims,
  type Claim,
  type LimitedClaim,
} from '../claims/claim.ts';
import { counterPickUps, counterVisits } from '../claims/resource.ts';
import { availableSlots, counterClaims, remainingOf } from '../counter/remaining.ts';
import { slotAt, slotFault, type CounterSlot } from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import { pairsOf, type OrderData, type SlotChoice, type SlotOffer } from '../orders/order.ts';
import type { ProposalRefusal, SlotFull } from '../orders/refusals.ts';
import { servesPickUp } from '../orders/wish.ts';
import type { World } from '../orders/world.ts';
import type { PlanDelayKind } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import { addDays, localDateOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import { goodsNow, isAllThere, type GoodsNow } from './goods-now.ts';
import { hasVisit, plannedWay, type OrderNow, type PlannedWay } from './planned-way.ts';

const MOST_ALTERNATIVES = 5;
const DAYS_AFTER = 7;

/** An order with its pick-up in another slot, and all that it then takes, in normal form. */
export interface MovedPickUp {
  readonly order: OrderData;
  readonly claims: readonly LimitedClaim[];
  /** The slot had no room for it. */
  readonly isOverLimit: boolean;
}

/** An order as it would be with another pick-up, not yet known to be possible. */
interface Wanted {
  readonly now: OrderNow;
  readonly store: Store;
  readonly slot: CounterSlot;
  readonly goods: GoodsNow;
}

/**
 * Moves the pick-up of goods that are with the chain to a slot that can be booked and by which they can be
 * there: from where they are now, whatever store it is.
 *
 * @param mayGoOver the slot may be taken over its limits
 */
export function movePickUp(
  world: World,
  before: OrderNow,
  to: SlotChoice,
  mayGoOver = false,
): Result<MovedPickUp, ProposalRefusal> {
  const wanted = wantedOf(world, before, to);
  if (!wanted.ok) return wanted;
  const { store, slot } = wanted.value;
  const hasRoom = world.usage.without(before.claims, () => {
    return remainingOf(store, slot, 'PICK_UP', 1, world.usage) > 0;
  });
  if (!hasRoom && !mayGoOver) return full(world, wanted.value, 'COUNTER_FULL', slot.start);
  const way = wayTo(world, wanted.value, slot);
  if (!way.ok) return refuse({ code: 'NO_WAY', why: way.error });
  if (!isInTime(way.value, wanted.value)) return tooLate(world, wanted.value, way.value);
  return ok(moved(wanted.value, way.value, !hasRoom));
}

/** The refusal when something that a move needs was filled meanwhile. */
export function pickUpFilled(
  world: World,
  before: OrderNow,
  to: SlotChoice,
  at: EpochMs,
): Result<never, ProposalRefusal> {
  const wanted = wantedOf(world, before, to);
  return wanted.ok ? full(world, wanted.value, 'COUNTER_FULL', at) : wanted;
}

function wantedOf(world: World, before: OrderNow, to: SlotChoice): Result<Wanted, ProposalRefusal> {
  const store = world.network.stores.get(to.storeCode);
  if (store === undefined) return refuse({ code: 'UNKNOWN_STORE' });
  const fault = slotFault(store, to.start, world.now);
  if (fault !== null) return refuse({ code: fault });
  const slot = slotAt(store, to.start)!;
  const pickUp = {
    ...before.order.pickUp,
    storeCode: store.code,
    start: slot.start,
    end: slot.end,
    status: 'BOOKED' as const,
  };
  const order = { ...before.order, pickUp };
  const goods = goodsNow(world, order, before.pairs, before.gone);
  if (goods === null) return refuse({ code: 'UNKNOWN_SERVICE' });
  if (goods.groups.length === 0) return refuse({ code: 'WRONG_STATUS' });
  return ok({ now: { ...before, order }, store, slot, goods });
}

/** To a pick-up in `slot`, which takes its place when the way is chosen. */
function wayTo(world: World, { now, goods }: Wanted, { start, end }: CounterSlot) {
  const order = { ...now.order, pickUp: { ...now.order.pickUp, start, end } };
  const kept = withoutPickUps(now.claims);
  return plannedWay(world, { ...now, order }, goods, kept);
}

/** What is taken without any visit to collect. */
function withoutPickUps(claims: readonly Claim[]): readonly Claim[] {
  const visits = claims.filter(({ resource }) => resource.endsWith('/pick-up'));
  const given = visits.flatMap(({ resource, start, amount }) => {
    const storeCode = resource.slice('counter:'.length, -'/pick-up'.length);
    return [counterPickUps(storeCode), counterVisits(storeCode)].map((each) => ({
      resource: each,
      start,
      amount: -amount,
    }));
  });
  return normalClaims([...claims, ...given]);
}

const isInTime = ({ plan, promise }: PlannedWay, { store, slot }: Wanted): boolean =>
  promise.readyBy <= slot.start && servesPickUp(plan, store, slot.start);

/** What goes over the limit is taken without one. */
function moved(
  { now, store, slot, goods }: Wanted,
  way: PlannedWay,
  isOverLimit: boolean,
): MovedPickUp {
  const visit = hasVisit(way.claims, now.order.pickUp)
    ? []
    : counterClaims(store, slot, 'PICK_UP', 1).map((claim) =>
        isOverLimit ? { ...claim, limit: null } : claim,
      );
  return {
    isOverLimit,
    order: {
      ...now.order,
      version: now.order.version + 1,
      status: statusOf(now.order, goods),
      promise: { ...way.promise, ...dropOffChoice(now.order) },
    },
    claims: normalLimitedClaims([...way.claims, ...visit]),
  };
}

/** A drop-off that has to be chosen anew still has to. */
const dropOffChoice = ({ promise: { choice } }: OrderData) =>
  choice?.visit === 'DROP_OFF' ? { choice } : {};

/** Goods that are ready at one store are under way to another; and those that lie there are ready. */
function statusOf(order: OrderData, goods: GoodsNow): OrderData['status'] {
  const { status } = order;
  if (status === 'BOOKED') return status;
  if (!isAllThere(goods, order)) return status === 'READY' ? 'IN_TRANSIT' : status;
  return goods.missing === 0 && status === 'IN_TRANSIT' ? 'READY' : status;
}

/** Only the shelf in the way: that is something full, not a way that takes too long. */
function tooLate(
  world: World,
  wanted: Wanted,
  { plan, promise }: PlannedWay,
): Result<never, ProposalRefusal> {
  const shelf = plan.delays.find(({ kind }) => kind === 'SHELF_FULL');
  if (shelf !== undefined) return full(world, wanted, 'SHELF_FULL', shelf.at);
  return refuse({ code: 'READY_TOO_LATE', promise });
}

function full(
  world: World,
  wanted: Wanted,
  kind: PlanDelayKind,
  at: EpochMs,
): { readonly ok: false; readonly error: SlotFull } {
  return refuse({ code: 'SLOT_FULL', kind, at, alternatives: otherSlots(world, wanted) });
}

/** Up to five slots from the one asked for on that could be chosen now. */
function otherSlots(world: World, wanted: Wanted): readonly SlotOffer[] {
  const { store, slot, now } = wanted;
  const from = localDateOf(slot.start, store.timeZone);
  const query = {
    kind: 'PICK_UP',
    from,
    to: addDays(from, DAYS_AFTER),
    pairs: pairsOf(now.order.items),
    now: world.now,
  } as const;
  const out: SlotOffer[] = [];
  for (const offer of availableSlots(store, query, world.usage)) {
    if (out.length === MOST_ALTERNATIVES) break;
    if (offer.slot.start === slot.start) continue;
    const way = wayTo(world, wanted, offer.slot);
    if (!way.ok || !isInTime(way.value, { ...wanted, slot: offer.slot })) continue;
    const { start, end } = offer.slot;
    out.push({ start, end, capacity: offer.capacity, remaining: offer.remaining });
  }
  return out;
}
