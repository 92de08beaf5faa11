import type { OrderStatus } from '../orders/states.ts';
import type { PairState } from './pair-state.ts';

/** What of a pair makes the status of its order. */
export type PairStanding = Pick<
  PairState,
  'place' | 'operations' | 'isSeen' | 'hasLeft' | 'isGated'
>;

/** Nothing of its work is left to be done. */
const isDone = ({ operations }: PairStanding): boolean =>
  operations.every(({ finishedAt }) => finishedAt !== null);

/** Back with the customer, or scanned at the pick-up store with all work done and all findings decided. */
function isReady(pair: PairStanding, pickUpStoreCode: string): boolean {
  const { place } = pair;
  if (place.kind === 'CUSTOMER') return true;
  if (place.kind !== 'STORE' || place.code !== pickUpStoreCode) return false;
  return pair.isSeen && !pair.isGated && isDone(pair);
}

/**
 * Where an order is in its life by where all its pairs are: whatever came in what order, the same pairs
 * make the same status. Ready is what was scanned at the pick-up store; no date makes it so. A pair that
 * is missing, or on which the customer has not decided, keeps its order from it.
 *
 * @param pairs of an order that is in the chain's hands; at least one
 */
export function statusOfPairs(
  pairs: readonly PairStanding[],
  pickUpStoreCode: string,
): OrderStatus {
  if (pairs.every(({ place }) => place.kind === 'CUSTOMER')) return 'COLLECTED';
  if (pairs.every((pair) => isReady(pair, pickUpStoreCode))) return 'READY';
  if (pairs.some(({ place }) => place.kind === 'WORKSHOP')) return 'IN_CARE';
  const hasMoved = pairs.some((pair) => pair.hasLeft || (pair.isSeen && isDone(pair)));
  return hasMoved ? 'IN_TRANSIT' : 'RECEIVED';
}
