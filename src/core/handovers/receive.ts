import { normalLimitedClaims, type Claim, type LimitedClaim } from '../claims/claim.ts';
import { counterVisits } from '../claims/resource.ts';
import { counterClaims, remainingOf } from '../counter/remaining.ts';
import { slotAt, slotFault, type CounterSlot } from '../counter/slots.ts';
import type { Network, Store } from '../network/network.ts';
import { otherSlots } from '../orders/alternatives.ts';
import {
  pairsOf,
  type AppointmentData,
  type OrderData,
  type OrderItem,
  type Price,
  type SlotChoice,
} from '../orders/order.ts';
import type { ProposalRefusal } from '../orders/refusals.ts';
import { planItems, promiseOf, servesPickUp } from '../orders/wish.ts';
import type { World } from '../orders/world.ts';
import type { Plan, PlanItem } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import { countedItems, listPrice, type CountedItem, type NotReceivable } from './counted-items.ts';
import { slotAround } from './walk-in-slot.ts';

/** What staff counted and agreed with the customer at the counter. */
export interface Receiving {
  /** Where the goods are. */
  readonly storeCode: string;
  readonly items: readonly CountedItem[];
  /** Another pick-up, agreed at once; null: as it is booked. */
  readonly pickUp: SlotChoice | null;
  /** Goods of a drop-off that was booked elsewhere are taken here. */
  readonly acceptsElsewhere: boolean;
}

/** The drop-off was booked at another store. */
export interface WrongStore {
  readonly code: 'WRONG_STORE';
  /** The right one. */
  readonly storeCode: string;
}

export type ReceiveRefusal = ProposalRefusal | NotReceivable | WrongStore;

/** The next version of an order whose goods are taken, and what goes with it. */
export interface Received {
  readonly after: OrderData;
  /** Absent: as before. */
  readonly claims?: readonly LimitedClaim[];
  /** Why the promise has to be looked at again, as the pick-up cannot be as booked. */
  readonly replan: 'HANDED_OVER_LATE' | 'SERVICES_CHANGED' | null;
}

interface OrderToReceive {
  readonly order: OrderData;
  readonly claims: readonly Claim[];
}

/**
 * Takes the goods of a booked order. The promise stands if they came in time, as they were booked, and
 * nothing was given back; else they are planned from here and now.
 *
 * Goods that came late and have no way now are taken all the same, on the old promise, to be planned
 * again; what was changed at the counter, the store too, is refused if there is no way for it.
 */
export function receive(
  world: World,
  before: OrderToReceive,
  receiving: Receiving,
): Result<Received, ReceiveRefusal> {
  const { order } = before;
  const { storeCode } = receiving;
  if (order.status !== 'BOOKED') return refuse({ code: 'WRONG_STATUS' });
  const store = world.network.stores.get(storeCode);
  if (store === undefined) return refuse({ code: 'UNKNOWN_STORE' });
  if (order.dropOff.storeCode !== storeCode && !receiving.acceptsElsewhere) {
    return refuse({ code: 'WRONG_STORE', storeCode: order.dropOff.storeCode });
  }
  const counted = countedItems(order.items, receiving.items, world.network);
  if (!counted.ok) return counted;
  const work = planItems(world, counted.value);
  if (work === null) return refuse({ code: 'UNKNOWN_SERVICE' });
  const after = received(order, counted.value, store, world);
  const isChanged = !isSameWork(order.items, counted.value);
  if (!isChanged && isAsPromised(world, before, receiving)) return ok({ after, replan: null });
  return plannedAnew(world, { before, after, work, isChanged, receiving });
}

interface PlanningAnew {
  readonly before: OrderToReceive;
  readonly after: OrderData;
  readonly work: readonly PlanItem[];
  readonly isChanged: boolean;
  readonly receiving: Receiving;
}

function plannedAnew(world: World, anew: PlanningAnew): Result<Received, ReceiveRefusal> {
  return world.usage.without(anew.before.claims, () => {
    const { after, work, receiving, isChanged } = anew;
    const choice = receiving.pickUp ?? after.pickUp;
    if (!world.network.stores.has(choice.storeCode)) return refuse({ code: 'UNKNOWN_STORE' });
    const planned = world.planner.plan({
      dropOffStoreCode: receiving.storeCode,
      handedOverAt: world.now,
      pickUpStoreCode: choice.storeCode,
      items: work,
      now: world.now,
      pickUpStart: choice.start,
    });
    const why = isChanged ? 'SERVICES_CHANGED' : 'HANDED_OVER_LATE';
    if (!planned.ok) {
      const isElsewhere = anew.before.order.dropOff.storeCode !== receiving.storeCode;
      const mustHave = isChanged || isElsewhere || receiving.pickUp !== null;
      if (mustHave) return refuse({ code: 'NO_WAY', why: planned.error });
      return ok({ after, replan: why });
    }
    const pickUp = pickUpOf(world, anew, planned.value);
    if (!pickUp.ok) return pickUp;
    return ok(withPlan(world, anew, planned.value, pickUp.value, why));
  });
}

interface KeptPickUp {
  readonly visit: AppointmentData;
  readonly claims: readonly LimitedClaim[];
}

/**
 * The pick-up that goes with a plan: the one that was chosen now, the booked one as long as its place is
 * kept, and for one whose place was given back the first that the plan has.
 */
function pickUpOf(
  world: World,
  anew: PlanningAnew,
  plan: Plan,
): Result<KeptPickUp, ProposalRefusal> {
  const { before, after, receiving } = anew;
  const visit = after.pickUp;
  if (receiving.pickUp !== null) return chosenPickUp(world, anew, plan, receiving.pickUp);
  const store = world.network.stores.get(visit.storeCode)!;
  if (holdsPlace(before.claims, visit)) {
    return ok({ visit, claims: placeOf(store, visit, pairsOf(after.items)) });
  }
  const booked = slotAt(store, visit.start);
  const canStay =
    booked !== null &&
    servesPickUp(plan, store, visit.start) &&
    remainingOf(store, booked, 'PICK_UP', 1, world.usage) > 0;
  const slot = canStay ? booked : plan.earliestPickUp;
  const { start, end } = slot;
  return ok({ visit: { ...visit, start, end }, claims: counterClaims(store, slot, 'PICK_UP', 1) });
}

function chosenPickUp(
  world: World,
  { after, work }: PlanningAnew,
  plan: Plan,
  choice: SlotChoice,
): Result<KeptPickUp, ProposalRefusal> {
  const store = world.network.stores.get(choice.storeCode)!;
  const fault = slotFault(store, choice.start, world.now);
  if (fault !== null) return refuse({ code: fault });
  if (!servesPickUp(plan, store, choice.start)) {
    return refuse({ code: 'READY_TOO_LATE', promise: promiseOf(world, store.code, plan) });
  }
  const slot = slotAt(store, choice.start)!;
  if (remainingOf(store, slot, 'PICK_UP', 1, world.usage) === 0) {
    const { items, dropOff } = after;
    const at = world.network.stores.get(dropOff.storeCode)!;
    const alternatives = otherSlots(
      world,
      {
        wish: { items, dropOff, pickUp: choice },
        items: work,
        pairs: pairsOf(items),
        dropOff: { store: at, slot: { ...slotOfVisit(at, dropOff), end: world.now } },
        pickUp: { store, slot },
      },
      'PICK_UP',
    );
    return refuse({ code: 'SLOT_FULL', kind: 'COUNTER_FULL', at: slot.start, alternatives });
  }
  const { start, end } = slot;
  const visit = { ...after.pickUp, storeCode: store.code, start, end };
  return ok({ visit, claims: counterClaims(store, slot, 'PICK_UP', 1) });
}

function withPlan(
  world: World,
  { before, after, receiving }: PlanningAnew,
  plan: Plan,
  pickUp: KeptPickUp,
  why: NonNullable<Received['replan']>,
): Received {
  const { dropOff } = before.order;
  const isHere = dropOff.storeCode === receiving.storeCode;
  const store = world.network.stores.get(dropOff.storeCode)!;
  const dropOffClaims =
    isHere && holdsPlace(before.claims, dropOff)
      ? placeOf(store, dropOff, pairsOf(after.items))
      : [];
  const claims = normalLimitedClaims([...plan.claims, ...dropOffClaims, ...pickUp.claims]);
  const { visit } = pickUp;
  const promise = world.usage.withAlso(claims, () => promiseOf(world, visit.storeCode, plan));
  const isLate = promise.readyBy > visit.start;
  return { after: { ...after, pickUp: visit, promise }, claims, replan: isLate ? why : null };
}

/** The goods are as booked, came in time where they were expected, and have all that they need. */
function isAsPromised(
  world: World,
  { order, claims }: OrderToReceive,
  { storeCode, pickUp }: Receiving,
): boolean {
  const { dropOff } = order;
  return (
    pickUp === null &&
    dropOff.storeCode === storeCode &&
    dropOff.status !== 'NO_SHOW' &&
    world.now <= dropOff.end &&
    claims.some(({ resource }) => resource.startsWith('shelf:'))
  );
}

function received(
  order: OrderData,
  items: readonly OrderItem[],
  store: Store,
  { now }: World,
): OrderData {
  const { code: storeCode } = store;
  const around = order.dropOff.storeCode === storeCode ? null : slotAround(store, now);
  const times = around === null ? {} : { start: around.start, end: around.end };
  return {
    ...order,
    status: 'RECEIVED',
    version: order.version + 1,
    items,
    dropOff: { ...order.dropOff, ...times, storeCode, status: 'FULFILLED' },
  };
}

const isSameWork = (a: readonly OrderItem[], b: readonly OrderItem[]): boolean =>
  JSON.stringify(a.map(work)) === JSON.stringify(b.map(work));

const work = ({ pairs, serviceCodes }: OrderItem) => [pairs, serviceCodes];

const holdsPlace = (claims: readonly Claim[], { storeCode, start }: AppointmentData): boolean =>
  claims.some((claim) => claim.resource === counterVisits(storeCode) && claim.start === start);

/** Of a visit whose place is kept. The goods are there: no limit says no to more pairs of them. */
const placeOf = (store: Store, visit: AppointmentData, pairs: number): readonly LimitedClaim[] =>
  counterClaims(store, slotOfVisit(store, visit), visit.kind, pairs).map((claim) => ({
    ...claim,
    limit: null,
  }));

function slotOfVisit(store: Store, { start, end }: AppointmentData): CounterSlot {
  return { start, end, numbers: slotAt(store, start)?.numbers ?? store.counter };
}

/** What the customer pays for an order, by currency in order of code; findings are not in it. */
export function priceOfOrder(
  items: readonly OrderItem[],
  services: Network['services'],
): readonly Price[] {
  const sums = new Map<string, number>();
  for (const item of items) {
    for (const { minor, currency } of item.price == null
      ? listPrice(item.serviceCodes, services)
      : [item.price]) {
      sums.set(currency, (sums.get(currency) ?? 0) + minor * item.pairs);
    }
  }
  return [...sums]
    .map(([currency, minor]) => ({ minor, currency }))
    .sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
