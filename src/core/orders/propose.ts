import { normalLimitedClaims, type Bucket, type LimitedClaim } from '../claims/claim.ts';
import { counterClaims, remainingOf, type VisitKind } from '../counter/remaining.ts';
import type { CounterSlot } from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import type { Plan, PlanDelayKind } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { EpochMs } from '../time/time.ts';
import { otherSlots } from './alternatives.ts';
import type { PromiseData } from './order.ts';
import type { ProposalRefusal, SlotFull } from './refusals.ts';
import {
  checkWish,
  planFor,
  promiseOf,
  servesPickUp,
  type CheckedWish,
  type KeptSlots,
  type Visit,
  type Wish,
} from './wish.ts';
import type { World } from './world.ts';

/** Everything that an order needs, found free. */
export interface Proposal {
  readonly dropOff: Visit;
  readonly pickUp: Visit;
  readonly promise: PromiseData;
  /** Visits whose slots have no room for them; empty unless the wish allows it. */
  readonly overLimit?: readonly VisitKind[];
  /** In normal form. */
  readonly claims: readonly LimitedClaim[];
}

/**
 * The earliest way for `wish` with all that it takes, or why there is none. What the asker holds
 * already must be off the usage (see `Usage.without`).
 */
export function propose(
  world: World,
  wish: Wish,
  kept?: KeptSlots,
): Result<Proposal, ProposalRefusal> {
  const checked = checkWish(world, wish, kept);
  if (!checked.ok) return checked;
  const { dropOff, pickUp, pairs } = checked.value;

  const wayIn = counterRoom(world, dropOff.store, dropOff.slot, 'DROP_OFF', pairs);
  const isOverIn = wish.moved !== 'PICK_UP' && !wayIn;
  if (isOverIn && wish.isOverLimit !== true) return full(world, checked.value, 'DROP_OFF');

  const planned = planFor(world, checked.value, pickUp.slot.start);
  if (!planned.ok) return refuse({ code: 'NO_WAY', why: planned.error });
  const plan = planned.value;
  if (!servesPickUp(plan, pickUp.store, pickUp.slot.start)) {
    return tooLate(world, checked.value, plan);
  }

  const wayOut = counterRoom(world, pickUp.store, pickUp.slot, 'PICK_UP', pairs);
  const isOverOut = wish.moved !== 'DROP_OFF' && !wayOut;
  if (isOverOut && wish.isOverLimit !== true) return full(world, checked.value, 'PICK_UP');
  const overLimit = [isOverIn ? ['DROP_OFF' as const] : [], isOverOut ? ['PICK_UP' as const] : []];
  return ok(proposalOf(world, checked.value, plan, overLimit.flat()));
}

/**
 * The refusal for a bucket that others filled between the proposal and the attempt to take it.
 * `wish` is known to be good but for that.
 */
export function filledMeanwhile(
  world: World,
  wish: Wish,
  bucket: Bucket,
  kept?: KeptSlots,
): Result<never, ProposalRefusal> {
  const checked = checkWish(world, wish, kept);
  if (!checked.ok) return checked;
  const atDropOff =
    bucket.resource.startsWith(`counter:${wish.dropOff.storeCode}/`) &&
    bucket.start === wish.dropOff.start;
  const kind = atDropOff ? 'DROP_OFF' : 'PICK_UP';
  return full(world, checked.value, kind, fullKind(bucket), bucket.start);
}

function fullKind({ resource }: Bucket): PlanDelayKind {
  switch (resource.slice(0, resource.indexOf(':'))) {
    case 'counter':
      return 'COUNTER_FULL';
    case 'work':
      return 'WORKSHOP_FULL';
    case 'ride':
      return 'TRIP_FULL';
    default:
      return 'SHELF_FULL';
  }
}

function counterRoom(
  world: World,
  store: Store,
  slot: CounterSlot,
  kind: VisitKind,
  pairs: number,
): boolean {
  return remainingOf(store, slot, kind, pairs, world.usage) > 0;
}

function full(
  world: World,
  checked: CheckedWish,
  kind: VisitKind,
  what: PlanDelayKind = 'COUNTER_FULL',
  at?: EpochMs,
): { readonly ok: false; readonly error: SlotFull } {
  const { slot } = kind === 'DROP_OFF' ? checked.dropOff : checked.pickUp;
  const alternatives = otherSlots(world, checked, kind);
  return refuse({ code: 'SLOT_FULL', kind: what, at: at ?? slot.start, alternatives });
}

/** Only the shelf in the way: that is something full, not a way that takes too long. */
function tooLate(
  world: World,
  checked: CheckedWish,
  plan: Plan,
): { readonly ok: false; readonly error: ProposalRefusal } {
  const shelf = plan.delays.find((delay) => delay.kind === 'SHELF_FULL');
  if (shelf !== undefined) return full(world, checked, 'PICK_UP', 'SHELF_FULL', shelf.at);
  const promise = promiseOf(world, checked.pickUp.store.code, plan);
  return refuse({ code: 'READY_TOO_LATE', promise });
}

function proposalOf(
  world: World,
  checked: CheckedWish,
  plan: Plan,
  overLimit: readonly VisitKind[],
): Proposal {
  const { dropOff, pickUp } = checked;
  const claims = normalLimitedClaims([
    ...plan.claims,
    ...visitClaims(checked, 'DROP_OFF', overLimit),
    ...visitClaims(checked, 'PICK_UP', overLimit),
  ]);
  const promise = world.usage.withAlso(claims, () => promiseOf(world, pickUp.store.code, plan));
  return {
    dropOff: { storeCode: dropOff.store.code, start: dropOff.slot.start, end: dropOff.slot.end },
    pickUp: { storeCode: pickUp.store.code, start: pickUp.slot.start, end: pickUp.slot.end },
    promise,
    ...(overLimit.length === 0 ? {} : { overLimit }),
    claims,
  };
}

/** What goes over the limit is taken without one. */
function visitClaims(
  checked: CheckedWish,
  kind: VisitKind,
  overLimit: readonly VisitKind[],
): readonly LimitedClaim[] {
  const { store, slot } = kind === 'DROP_OFF' ? checked.dropOff : checked.pickUp;
  const claims = counterClaims(store, slot, kind, checked.pairs);
  return overLimit.includes(kind) ? claims.map((claim) => ({ ...claim, limit: null })) : claims;
}
