import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { TripName } from '../../core/goods/scan.ts';
import type { SeenDelay } from '../../core/goods/van-delay.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { ChainStore, type DisruptionFacts } from '../network/index.ts';
import { DisruptionRecords, type DisruptionRecord } from './disruption-records.ts';
import { TouchedOrders } from './touched-orders.ts';

/** What the van of a trip was seen to do, and who says so. */
export interface SeenTrip extends SeenDelay {
  readonly trip: TripName;
  readonly actor: string;
}

/**
 * Delays that vans are seen to have: disruptions like those that people report, so that planning, manifests
 * and boards know of one delay of a trip. The last word counts: what somebody reports after the last call
 * of the van stands until it calls again.
 */
@Injectable()
export class SeenDelays {
  constructor(
    private readonly chains: ChainStore,
    private readonly records: DisruptionRecords,
    private readonly touched: TouchedOrders,
  ) {}

  /**
   * In a transaction that no other one about the same trip can run beside. Waits for bookings under way if
   * the delay is another than was known.
   *
   * @returns the orders to be planned again for it
   */
  async note(tx: EntityManager, seen: SeenTrip): Promise<readonly string[]> {
    if (!(await this.isNews(tx, seen))) return [];
    await this.chains.lockForImport(tx);
    // Headquarters may have spoken while this was waiting.
    if (!(await this.isNews(tx, seen))) return [];
    const { trip, delayMin, at, actor } = seen;
    await this.records.liftDelays(tx, trip, actor, at);
    const facts: DisruptionFacts = {
      kind: 'DELAY_TRIP',
      code: trip.lineCode,
      start: trip.departs,
      delayMin,
    };
    if (delayMin > 0) {
      await this.records.insert(tx, { id: newId(), facts, reason: null, actor, at });
    }
    await this.chains.nextVersion(tx);
    const { network } = await this.chains.load(tx);
    return this.touched.of(facts, network, { from: tx });
  }

  private async isNews(tx: EntityManager, { trip, delayMin, at }: SeenTrip): Promise<boolean> {
    const delays = await this.records.delays(tx, trip);
    const known = delays.findLast(({ lifted_at: lifted }) => lifted === null)?.delay_min ?? 0;
    return known !== delayMin && delays.every((each) => lastWordOf(each) <= at);
  }
}

const lastWordOf = ({ created_at: created, lifted_at: lifted }: DisruptionRecord): EpochMs =>
  (lifted ?? created).getTime();
