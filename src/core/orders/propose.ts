import { normalLimitedClaims, type LimitedClaim } from '../claims/claim.ts';
import { capacityOf, counterClaims, remainingOf, type VisitKind } from '../counter/remaining.ts';
import { slotAt, slotFault, type CounterSlot } from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import type { Plan, PlanDelayKind, PlanItem } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import type { EpochMs } from '../time/time.ts';
import { otherSlots } from './alternatives.ts';
import { pairsOf, type OrderItem, type PromiseData, type SlotChoice } from './order.ts';
import type { NotBookable, ProposalRefusal, SlotFull } from './refusals.ts';
import type { World } from './world.ts';

/** What is wanted: two slots and the care of the goods between them. */
export interface Wish {
  readonly dropOff: SlotChoice;
  readonly pickUp: SlotChoice;
  readonly items: readonly OrderItem[];
  /**
   * The appointment that is newly chosen; the other one is kept as it was made, even if its slot could
   * not be chosen today. Absent: both are new.
   */
  readonly moved?: VisitKind;
}

/** A visit in its slot. */
export interface Visit extends SlotChoice {
  readonly end: EpochMs;
}

/** Everything that an order needs, found free. */
export interface Proposal {
  readonly dropOff: Visit;
  readonly pickUp: Visit;
  readonly promise: PromiseData;
  /** In normal form. */
  readonly claims: readonly LimitedClaim[];
}

/** A wish whose stores, services and slots exist. */
export interface CheckedWish {
  readonly wish: Wish;
  readonly items: readonly PlanItem[];
  readonly pairs: number;
  readonly dropOff: { readonly store: Store; readonly slot: CounterSlot };
  readonly pickUp: { readonly store: Store; readonly slot: CounterSlot };
}

/** Slots as an order that is being moved made them; they may have left the grid since. */
export interface KeptSlots {
  readonly dropOff: Visit;
  readonly pickUp: Visit;
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
  const checked = check(world, wish, kept);
  if (!checked.ok) return checked;
  const { dropOff, pickUp, pairs } = checked.value;

  const wayIn = counterRoom(world, dropOff.store, dropOff.slot, 'DROP_OFF', pairs);
  if (wish.moved !== 'PICK_UP' && !wayIn) return full(world, checked.value, 'DROP_OFF');

  const planned = planFor(world, checked.value, pickUp.slot.start);
  if (!planned.ok) return planned;
  const plan = planned.value;
  if (plan.readyBy > pickUp.slot.start) return tooLate(world, checked.value, plan);

  const wayOut = counterRoom(world, pickUp.store, pickUp.slot, 'PICK_UP', pairs);
  if (wish.moved !== 'DROP_OFF' && !wayOut) return full(world, checked.value, 'PICK_UP');
  return ok(proposalOf(world, checked.value, plan));
}

/** The way of the goods of `checked` to its pick-up store, by the start of a pick-up slot. */
export function planFor(world: World, checked: CheckedWish, pickUpStart: EpochMs) {
  return world.planner.plan({
    dropOffStoreCode: checked.dropOff.store.code,
    handedOverAt: checked.dropOff.slot.end,
    pickUpStoreCode: checked.pickUp.store.code,
    items: checked.items,
    now: world.now,
    pickUpStart,
  });
}

/** The answer form of a plan: its first pick-up slot with what is free of it. */
export function promiseOf(world: World, pickUpStoreCode: string, plan: Plan): PromiseData {
  const store = world.network.stores.get(pickUpStoreCode)!;
  const slot = plan.earliestPickUp;
  return {
    readyBy: plan.readyBy,
    earliestPickUp: {
      start: slot.start,
      end: slot.end,
      capacity: capacityOf(slot, 'PICK_UP'),
      remaining: remainingOf(store, slot, 'PICK_UP', 1, world.usage),
    },
    steps: plan.steps,
    delays: plan.delays,
  };
}

/** The work of each item: the operations of its services, in the order of the services. Null: unknown service. */
export function planItems(world: World, items: readonly OrderItem[]): readonly PlanItem[] | null {
  const out: PlanItem[] = [];
  for (const { pairs, serviceCodes } of items) {
    const services = serviceCodes.map((code) => world.network.services.get(code));
    if (services.includes(undefined)) return null;
    out.push({ pairs, operations: services.flatMap((service) => service!.operations) });
  }
  return out;
}

function check(
  world: World,
  wish: Wish,
  kept: KeptSlots | undefined,
): Result<CheckedWish, NotBookable> {
  const dropOffStore = world.network.stores.get(wish.dropOff.storeCode);
  const pickUpStore = world.network.stores.get(wish.pickUp.storeCode);
  if (dropOffStore === undefined || pickUpStore === undefined) {
    return refuse({ code: 'UNKNOWN_STORE' });
  }
  const items = planItems(world, wish.items);
  if (items === null) return refuse({ code: 'UNKNOWN_SERVICE' });
  const newDropOff = wish.moved !== 'PICK_UP';
  const dropOff = slotFor(world, dropOffStore, wish.dropOff, newDropOff ? undefined : kept?.dropOff);
  if (!dropOff.ok) return dropOff;
  const newPickUp = wish.moved !== 'DROP_OFF';
  const pickUp = slotFor(world, pickUpStore, wish.pickUp, newPickUp ? undefined : kept?.pickUp);
  if (!pickUp.ok) return pickUp;
  return ok({
    wish,
    items,
    pairs: pairsOf(wish.items),
    dropOff: { store: dropOffStore, slot: dropOff.value },
    pickUp: { store: pickUpStore, slot: pickUp.value },
  });
}

function slotFor(
  world: World,
  store: Store,
  choice: SlotChoice,
  kept: Visit | undefined,
): Result<CounterSlot, NotBookable> {
  if (kept !== undefined) {
    const { start, end } = kept;
    return ok(slotAt(store, start) ?? { start, end, numbers: store.counter });
  }
  const fault = slotFault(store, choice.start, world.now);
  if (fault !== null) return refuse({ code: fault });
  return ok(slotAt(store, choice.start)!);
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

function proposalOf(world: World, checked: CheckedWish, plan: Plan): Proposal {
  const { dropOff, pickUp, pairs } = checked;
  const claims = normalLimitedClaims([
    ...plan.claims,
    ...counterClaims(dropOff.store, dropOff.slot, 'DROP_OFF', pairs),
    ...counterClaims(pickUp.store, pickUp.slot, 'PICK_UP', pairs),
  ]);
  world.usage.add(claims);
  const promise = promiseOf(world, pickUp.store.code, plan);
  world.usage.remove(claims);
  return {
    dropOff: { storeCode: dropOff.store.code, start: dropOff.slot.start, end: dropOff.slot.end },
    pickUp: { storeCode: pickUp.store.code, start: pickUp.slot.start, end: pickUp.slot.end },
    promise,
    claims,
  };
}
