import { shelfOf } from '../claims/resource.ts';
import { capacityOf, remainingOf, type VisitKind } from '../counter/remaining.ts';
import { slotAt, slotFault, type CounterSlot } from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import type { NoPlan, Plan, PlanItem } from '../promise/plan.ts';
import { ok, refuse, type Result } from '../result.ts';
import { instantAt } from '../time/instant-at.ts';
import { localDateOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import { pairsOf, type OrderItem, type PromiseData, type SlotChoice } from './order.ts';
import type { NotBookable } from './refusals.ts';
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
  /** Slots that are newly chosen need no room: their counter may be taken over its limits. */
  readonly isOverLimit?: boolean;
}

/** A visit in its slot. */
export interface Visit extends SlotChoice {
  readonly end: EpochMs;
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

/** Finds all that a wish names. A slot that was not newly chosen is taken as it was made. */
export function checkWish(
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
  const dropOff = slotFor(
    world,
    dropOffStore,
    wish.dropOff,
    newDropOff ? undefined : kept?.dropOff,
  );
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
    return ok({ start, end, numbers: slotAt(store, start)?.numbers ?? store.counter });
  }
  const fault = slotFault(store, choice.start, world.now);
  if (fault !== null) return refuse({ code: fault });
  return ok(slotAt(store, choice.start)!);
}

/** The way of the goods of `checked` to its pick-up store, by the start of a pick-up slot. */
export function planFor(
  world: World,
  checked: CheckedWish,
  pickUpStart: EpochMs,
): Result<Plan, NoPlan> {
  return world.planner.plan({
    dropOffStoreCode: checked.dropOff.store.code,
    handedOverAt: checked.dropOff.slot.end,
    pickUpStoreCode: checked.pickUp.store.code,
    items: checked.items,
    now: world.now,
    pickUpStart,
  });
}

/**
 * Whether a plan brings the goods in time for a pick-up and keeps them until then. A plan that is ready
 * before may still be one for a sooner slot, as the shelf has no room for longer: it then has no place on
 * the shelf on the date of the pick-up.
 */
export function servesPickUp(plan: Plan, store: Store, pickUpStart: EpochMs): boolean {
  const { code, timeZone } = store;
  const date = instantAt(localDateOf(pickUpStart, timeZone), 0, timeZone);
  const isKept = plan.claims.some(
    ({ resource, start }) => resource === shelfOf(code) && start === date,
  );
  return isKept && plan.readyBy <= pickUpStart;
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
export function planItems(
  world: Pick<World, 'network'>,
  items: readonly OrderItem[],
): readonly PlanItem[] | null {
  const out: PlanItem[] = [];
  for (const { pairs, serviceCodes } of items) {
    const services = serviceCodes.map((code) => world.network.services.get(code));
    if (services.includes(undefined)) return null;
    out.push({ pairs, operations: services.flatMap((service) => service!.operations) });
  }
  return out;
}
