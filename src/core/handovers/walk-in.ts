import { normalLimitedClaims, type LimitedClaim } from '../claims/claim.ts';
import { counterClaims, remainingOf, type VisitKind } from '../counter/remaining.ts';
import { slotAt, slotFault, type CounterSlot } from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import { otherSlots } from '../orders/alternatives.ts';
import { pairsOf, type OrderItem, type SlotChoice } from '../orders/order.ts';
import type { Proposal } from '../orders/propose.ts';
import type { ProposalRefusal, SlotFull } from '../orders/refusals.ts';
import { planItems, promiseOf, servesPickUp, type CheckedWish } from '../orders/wish.ts';
import type { World } from '../orders/world.ts';
import type { Plan } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import { slotsFromNow } from './walk-in-slot.ts';

/** Goods that a customer without an appointment hands in. */
export interface WalkInWish {
  readonly storeCode: string;
  readonly items: readonly OrderItem[];
  /** Where the goods are collected, and in which slot; null: the first that there is. */
  readonly pickUp: { readonly storeCode: string; readonly start: number | null };
  /** Slots without room are taken over their limits. */
  readonly isOverLimit: boolean;
}

/**
 * A promise on the spot. The visit takes a place of the slot that covers now, or of the next one of today
 * that has room; of the places that are kept from the public too. The goods are handed over now.
 */
export function proposeWalkIn(world: World, wish: WalkInWish): Result<Proposal, ProposalRefusal> {
  const store = world.network.stores.get(wish.storeCode);
  const pickUpStore = world.network.stores.get(wish.pickUp.storeCode);
  if (store === undefined || pickUpStore === undefined) return refuse({ code: 'UNKNOWN_STORE' });
  const work = planItems(world, wish.items);
  if (work === null) return refuse({ code: 'UNKNOWN_SERVICE' });
  const slots = slotsFromNow(store, world.now);
  if (slots.length === 0) return refuse({ code: 'CLOSED' });
  const pairs = pairsOf(wish.items);
  const free = slots.find((slot) => hasRoom(world, store, withWalkIns(slot), 'DROP_OFF', pairs));
  const slot = free ?? slots[0]!;
  if (free === undefined && !wish.isOverLimit) return full(slot, []);

  const { start } = wish.pickUp;
  const fault = start === null ? null : slotFault(pickUpStore, start, world.now);
  if (fault !== null) return refuse({ code: fault });
  const planned = world.planner.plan({
    dropOffStoreCode: store.code,
    handedOverAt: world.now,
    pickUpStoreCode: pickUpStore.code,
    items: work,
    now: world.now,
    ...(start === null ? {} : { pickUpStart: start }),
  });
  if (!planned.ok) return refuse({ code: 'NO_WAY', why: planned.error });
  const plan = planned.value;
  const pickUpSlot = start === null ? plan.earliestPickUp : slotAt(pickUpStore, start)!;
  const checked: CheckedWish = {
    wish: {
      items: wish.items,
      dropOff: slotOf(store, slot),
      pickUp: slotOf(pickUpStore, pickUpSlot),
    },
    items: work,
    pairs,
    dropOff: { store, slot: { ...slot, end: world.now } },
    pickUp: { store: pickUpStore, slot: pickUpSlot },
  };
  const isOverIn = free === undefined;
  return withPickUp(world, { checked, slot, plan, isOverIn, mayGoOver: wish.isOverLimit });
}

interface Planned {
  readonly checked: CheckedWish;
  readonly slot: CounterSlot;
  readonly plan: Plan;
  readonly isOverIn: boolean;
  readonly mayGoOver: boolean;
}

function withPickUp(world: World, planned: Planned): Result<Proposal, ProposalRefusal> {
  const { checked, slot, plan, isOverIn, mayGoOver } = planned;
  const { store: dropOffStore } = checked.dropOff;
  const { store, slot: pickUp } = checked.pickUp;
  if (!servesPickUp(plan, store, pickUp.start)) {
    return refuse({ code: 'READY_TOO_LATE', promise: promiseOf(world, store.code, plan) });
  }
  const isOverOut = !hasRoom(world, store, pickUp, 'PICK_UP', checked.pairs);
  if (isOverOut && !mayGoOver) return full(pickUp, otherSlots(world, checked, 'PICK_UP'));
  const visit = counterClaims(dropOffStore, withWalkIns(slot), 'DROP_OFF', checked.pairs);
  const claims = normalLimitedClaims([
    ...plan.claims,
    ...limited(visit, isOverIn),
    ...limited(counterClaims(store, pickUp, 'PICK_UP', checked.pairs), isOverOut),
  ]);
  const overLimit: readonly VisitKind[] = [
    ...(isOverIn ? ['DROP_OFF' as const] : []),
    ...(isOverOut ? ['PICK_UP' as const] : []),
  ];
  return ok({
    dropOff: { ...slotOf(dropOffStore, slot), end: slot.end },
    pickUp: { ...slotOf(store, pickUp), end: pickUp.end },
    promise: world.usage.withAlso(claims, () => promiseOf(world, store.code, plan)),
    ...(overLimit.length === 0 ? {} : { overLimit }),
    claims,
  });
}

/** The same slot with the places of walk-ins open. */
const withWalkIns = (slot: CounterSlot): CounterSlot => ({
  ...slot,
  numbers: { ...slot.numbers, walkInVisits: 0 },
});

const slotOf = ({ code: storeCode }: Store, { start }: CounterSlot): SlotChoice => ({
  storeCode,
  start,
});

const hasRoom = (
  { usage }: World,
  store: Store,
  slot: CounterSlot,
  kind: VisitKind,
  pairs: number,
): boolean => remainingOf(store, slot, kind, pairs, usage) > 0;

const limited = (claims: readonly LimitedClaim[], isOver: boolean): readonly LimitedClaim[] =>
  isOver ? claims.map((claim) => ({ ...claim, limit: null })) : claims;

const full = (
  { start: at }: CounterSlot,
  alternatives: SlotFull['alternatives'],
): { readonly ok: false; readonly error: SlotFull } =>
  refuse({ code: 'SLOT_FULL', kind: 'COUNTER_FULL', at, alternatives });
