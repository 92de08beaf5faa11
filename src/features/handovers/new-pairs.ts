import { randomInt } from 'node:crypto';

import { v7 as newId } from 'uuid';

import type { PairData, PairOperation } from '../../core/goods/pair.ts';
import { TAG_FREE_LETTERS, TAG_LETTERS, tagOf } from '../../core/handovers/tag.ts';
import type { Network } from '../../core/network/network.ts';
import type { OrderData, OrderItem } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';

/** How one pair looked when it was handed in. */
export interface PairCondition {
  readonly condition: string | null;
  readonly mediaIds: readonly string[];
}

export interface NewPair {
  readonly pair: PairData;
  readonly mediaIds: readonly string[];
}

/**
 * The pairs of an order that is handed in, each with a new tag and its work as the services have it now.
 *
 * @param conditions of each item in order, one for each of its pairs as far as they go
 */
export function newPairs(
  order: OrderData,
  services: Network['services'],
  conditions: readonly (readonly PairCondition[])[],
  now: EpochMs,
): readonly NewPair[] {
  const out: NewPair[] = [];
  for (const [at, item] of order.items.entries()) {
    for (let nth = 0; nth < item.pairs; nth++) {
      const { condition = null, mediaIds = [] } = conditions[at]?.[nth] ?? {};
      const pair: PairData = {
        id: newId(),
        orderId: order.id,
        item: at + 1,
        number: out.length + 1,
        tag: newTag(),
        condition,
        place: { kind: 'STORE', code: order.dropOff.storeCode },
        since: now,
        shelf: null,
        operations: operationsOf(item, services),
      };
      out.push({ pair, mediaIds });
    }
  }
  return out;
}

function operationsOf(
  { serviceCodes }: OrderItem,
  services: Network['services'],
): readonly PairOperation[] {
  return serviceCodes
    .flatMap((code) => services.get(code)?.operations ?? [])
    .map(({ skill, units, dwellMin }, at) => ({
      position: at + 1,
      skill,
      units,
      dwellMin,
      origin: 'SERVICE',
      findingId: null,
      startedAt: null,
      finishedAt: null,
      workshopCode: null,
      shiftStart: null,
    }));
}

/** 1.7e10 of them, from the system's secure random source. */
function newTag(): string {
  return tagOf(Array.from({ length: TAG_FREE_LETTERS }, () => randomInt(TAG_LETTERS)));
}
