import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { NetworkInput } from '../../core/network/network-input.ts';
import type { Network } from '../../core/network/network.ts';
import { Clock } from '../../platform/clock.ts';
import type { Chain } from '../network/index.ts';
import { Replans } from '../orders/index.ts';
import { affectedBy } from './affected.ts';
import { ConflictReader } from './conflict-reader.ts';
import { visitConflicts, wayConflicts, type Conflict } from './conflicts.ts';

/** Finds what an import makes impossible, and asks that it be planned again. */
@Injectable()
export class ConflictFinder {
  constructor(
    private readonly booked: ConflictReader,
    private readonly replans: Replans,
    private readonly clock: Clock,
  ) {}

  /**
   * Whom the counter has too little room for keeps the visit; who is expected when the store is closed, or
   * counts on a van, a shift or a shelf that has no room left, is planned again.
   */
  async find(
    tx: EntityManager,
    input: NetworkInput,
    before: Chain,
    network: Network,
  ): Promise<readonly Conflict[]> {
    const now = this.clock.now();
    const affected = affectedBy(input, before.document, [before.network, network]);
    const visits = visitConflicts(network, await this.booked.visits(tx, affected, now));
    const ways = await this.booked.ways(tx, affected, now);
    const ofWays = wayConflicts(network, affected, ways, now);
    const closed = visits.filter(({ code }) => code === 'CLOSED');
    await this.replans.ask(tx, idsOf(ofWays), 'CAPACITY_CUT', now);
    await this.replans.ask(tx, idsOf(closed), 'STORE_CLOSED', now);
    return [...visits, ...ofWays];
  }
}

const idsOf = (conflicts: readonly Conflict[]) => conflicts.map(({ orderId }) => orderId);
