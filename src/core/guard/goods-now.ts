import { openOperations, type PairData, type PairOperation } from '../goods/pair.ts';
import type { OrderData } from '../orders/order.ts';
import type { World } from '../orders/world.ts';
import { planItems } from '../orders/wish.ts';
import type { OnwardGroup, PlanItem, PlanStep } from '../promise/plan.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { afterGoneVans, type GoneVan } from './gone-vans.ts';
import { rideOnBoard } from './trips.ts';

/** Goods that will be, or are, free at one place from one instant on. */
export interface WaitingGroup extends OnwardGroup {
  /** The ride that brings them there; null: they are there, or are handed over there. */
  readonly ride: PlanStep | null;
}

/** Where the goods of an order are, as far as they are still to go somewhere. */
export interface GoodsNow {
  /** By instant, then place. Empty: there is nothing to plan. */
  readonly groups: readonly WaitingGroup[];
  /** Pairs that are not where they should be; they are not planned. */
  readonly missing: number;
}

type Looking = Pick<World, 'network' | 'now'>;

/**
 * The goods of an order from what is known of its pairs. Before they are handed in they are to be at the
 * drop-off store at the end of the slot, or now if that is over. An order that is with the chain without
 * any pair on record is taken to begin its way now, or to be on the shelf if it is ready.
 *
 * @param gone vans that have left stops: what waits there has missed them
 * @returns null: a service of the order is no longer known
 */
export function goodsNow(
  world: Looking,
  order: OrderData,
  pairs: readonly PairData[],
  gone: readonly GoneVan[] = [],
): GoodsNow | null {
  const goods = goodsThere(world, order, pairs);
  if (goods === null || gone.length === 0) return goods;
  const groups = goods.groups.map((group) => {
    if (group.ride !== null || isDone(group, order)) return group;
    return { ...group, since: afterGoneVans(world.network, group, gone, world.now) };
  });
  return { ...goods, groups: groups.sort(byInstantAndPlace) };
}

function goodsThere(world: Looking, order: OrderData, pairs: readonly PairData[]): GoodsNow | null {
  if (pairs.length > 0) return goodsOf(world, order, pairs);
  const items = planItems(world, order.items);
  if (items === null) return null;
  const isReady = order.status === 'READY';
  const group: WaitingGroup = {
    fromCode: isReady ? order.pickUp.storeCode : order.dropOff.storeCode,
    since: order.status === 'BOOKED' ? Math.max(order.dropOff.end, world.now) : world.now,
    items: isReady ? items.map(({ pairs: count }) => ({ pairs: count, operations: [] })) : items,
    ride: null,
  };
  return { groups: [group], missing: 0 };
}

function goodsOf(world: Looking, order: OrderData, pairs: readonly PairData[]): GoodsNow {
  const found = new Map<string, { group: Omit<WaitingGroup, 'items'>; pairs: PairData[] }>();
  for (const pair of pairs) {
    const group = placeOf(world, order, pair);
    if (group === null) continue;
    const key = `${group.since} ${group.fromCode} ${group.ride?.start ?? ''}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, { group, pairs: [pair] });
    else known.pairs.push(pair);
  }
  const groups = [...found.values()].map(({ group, pairs: together }) => ({
    ...group,
    items: itemsOf(together),
  }));
  return {
    groups: groups.sort(byInstantAndPlace),
    missing: pairs.filter(({ place }) => place.kind === 'MISSING').length,
  };
}

function byInstantAndPlace(a: WaitingGroup, b: WaitingGroup): number {
  if (a.since !== b.since) return a.since - b.since;
  if (a.fromCode !== b.fromCode) return a.fromCode < b.fromCode ? -1 : 1;
  return (a.ride?.start ?? 0) - (b.ride?.start ?? 0);
}

/** Null: handed out, or missing. */
function placeOf(
  { network, now }: Looking,
  order: OrderData,
  pair: PairData,
): Omit<WaitingGroup, 'items'> | null {
  const { place } = pair;
  switch (place.kind) {
    case 'STORE':
      return { fromCode: place.code, since: wholeMinute(pair.since), ride: null };
    case 'WORKSHOP':
      return { fromCode: place.code, since: wholeMinute(freeSince(pair, place.code)), ride: null };
    case 'TRIP': {
      const ride = rideOnBoard(network, order.promise.steps, place, now);
      return { fromCode: place.toCode, since: ride.end, ride };
    }
    case 'CUSTOMER':
    case 'MISSING':
      return null;
  }
}

/** Cut-offs are whole minutes, so pairs that came within one are together; exactly at one is in time. */
const wholeMinute = (at: EpochMs): EpochMs => Math.ceil(at / MINUTE_MS) * MINUTE_MS;

/** When what was done on the pair at this workshop since it came is finished and dry. */
function freeSince(pair: PairData, workshopCode: string): EpochMs {
  return pair.operations
    .filter((done) => isDoneHere(done, workshopCode, pair.since))
    .reduce((free, { finishedAt, dwellMin }) => {
      return Math.max(finishedAt!, free + dwellMin * MINUTE_MS);
    }, pair.since);
}

const isDoneHere = (
  { finishedAt, workshopCode }: PairOperation,
  code: string,
  since: EpochMs,
): boolean => finishedAt !== null && workshopCode === code && finishedAt >= since;

/** Pairs of one item with the same work left go on together. */
function itemsOf(pairs: readonly PairData[]): readonly PlanItem[] {
  const items = new Map<string, { pairs: number; operations: PlanItem['operations'] }>();
  for (const pair of pairs) {
    const operations = openOperations(pair).map(({ skill, units, dwellMin }) => ({
      skill,
      units,
      dwellMin,
    }));
    const key = JSON.stringify([pair.item, operations]);
    const known = items.get(key);
    items.set(key, { pairs: (known?.pairs ?? 0) + 1, operations });
  }
  return [...items.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
}

/** All of it is at the pick-up store with nothing left to do. */
export const isAllThere = ({ groups }: GoodsNow, order: OrderData): boolean =>
  groups.every((group) => isDone(group, order));

const isDone = ({ fromCode, items, ride }: WaitingGroup, { pickUp }: OrderData): boolean =>
  ride === null &&
  fromCode === pickUp.storeCode &&
  items.every(({ operations }) => operations.length === 0);
