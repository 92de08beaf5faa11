import { Injectable } from '@nestjs/common';

import type { Price } from '../../core/orders/order.ts';
import { FindingStore } from './finding-store.ts';

/** What findings mean for the counter. Whoever asks here may see the orders. */
@Injectable()
export class AgreedFindings {
  constructor(private readonly store: FindingStore) {}

  /** What the customer has agreed to pay, in the order in which it was reported. */
  async prices(orderId: string): Promise<readonly Price[]> {
    const findings = await this.store.ofOrders([orderId]);
    return findings
      .filter(({ state }) => state === 'APPROVED')
      .map(({ priceMinor, currency }) => ({ minor: priceMinor, currency }));
  }

  /** Ids of pairs on which nothing is done until the customer has decided. */
  async gatedPairs(orderId: string): Promise<ReadonlySet<string>> {
    const findings = await this.store.ofOrders([orderId]);
    return new Set(findings.filter(({ state }) => state === 'OPEN').map(({ pairId }) => pairId));
  }
}
