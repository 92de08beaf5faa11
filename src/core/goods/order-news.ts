import type { Network } from '../network/network.ts';
import type { OrderData } from '../orders/order.ts';
import type { OrderStatus } from '../orders/states.ts';
import { careStage, type PairWork } from './care-stage.ts';
import type { PairState } from './pair-state.ts';
import { statusOfPairs } from './order-status.ts';

/** What scans of its pairs make of an order. */
export interface OrderNews {
  /** PROGRESSED: another stage of care has begun. TRAVELLED: the goods are elsewhere; nobody is told. */
  readonly kind: 'READY' | 'PROGRESSED' | 'TRAVELLED';
  readonly status: OrderStatus;
  /** The stage, and the items that it is about, by their place in the order, from 0 on. */
  readonly details: { readonly stage: string; readonly items: readonly number[] } | null;
}

/** A pair of the order before and after the scans. */
export interface ScannedPair {
  /** Position of its item, from 1 on. */
  readonly item: number;
  readonly workBefore: PairWork;
  readonly after: PairState;
}

const IN_OUR_HANDS: ReadonlySet<OrderStatus> = new Set([
  'RECEIVED',
  'IN_TRANSIT',
  'IN_CARE',
  'READY',
]);

/**
 * The one thing that happened to an order by scans of its pairs; null: nothing that concerns the order.
 *
 * @param pairs all of the order
 */
export function newsOfScans(
  order: OrderData,
  pairs: readonly ScannedPair[],
  services: Network['services'],
): OrderNews | null {
  if (!IN_OUR_HANDS.has(order.status)) return null;
  const states = pairs.map(({ after }) => after);
  const status = statusOfPairs(states, order.pickUp.storeCode);
  // Handing out is an operation of its own, which says so itself.
  if (status === 'COLLECTED') return null;
  if (status === 'READY') {
    return order.status === 'READY' ? null : { kind: 'READY', status, details: null };
  }
  const details = careBegun(order, pairs, services);
  if (details !== null) return { kind: 'PROGRESSED', status, details };
  return status === order.status ? null : { kind: 'TRAVELLED', status, details: null };
}

/** Items with a new stage of care; of several stages it is said only that they are in care. */
function careBegun(
  { items }: OrderData,
  pairs: readonly ScannedPair[],
  services: Network['services'],
): OrderNews['details'] {
  const begun: { stage: string; item: number }[] = [];
  for (const [at, item] of items.entries()) {
    const own = pairs.filter((pair) => pair.item === at + 1);
    const before = own.map(({ workBefore }) => workBefore);
    const after = own.map((pair) => pair.after.operations);
    const stage = careStage(item, after, services);
    if (stage === null || stage === careStage(item, before, services)) continue;
    begun.push({ stage, item: at });
  }
  if (begun.length === 0) return null;
  const stages = new Set(begun.map(({ stage }) => stage));
  const [only] = stages;
  return {
    stage: stages.size === 1 ? only! : 'IN_CARE',
    items: begun.map(({ item }) => item),
  };
}
