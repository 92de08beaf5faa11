import { createHash } from 'node:crypto';

import type { Spread } from '../../core/messages/owed.ts';

const MOST_SEC = 300;

/**
 * Up to five minutes before or after, by the order and the cause: the same whenever it is asked for, so
 * that planning anew keeps the time, and even over all orders, so that providers see no full hour.
 */
export function spreadOf(orderId: string): Spread {
  return (kind, occasion) => {
    const hash = createHash('sha256').update(`${orderId} ${kind} ${occasion}`).digest();
    return ((hash.readUInt32BE(0) % (2 * MOST_SEC + 1)) - MOST_SEC) * 1000;
  };
}
