import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { Network } from '../../core/network/network.ts';
import { Clock } from '../../platform/clock.ts';
import { inTransaction } from '../../platform/database/transaction.ts';
import { Capacity } from '../capacity/index.ts';
import { OrderNews } from '../orders/index.ts';
import { ScanRecords } from './scan-records.ts';
import { ScanPhotos } from './scan-photos.ts';
import { ScanBatch, type BatchEffect } from './scan-batch.ts';
import { faultOf, type GoodsCaller, type ScanOutcome, type SentScan } from './sent-scan.ts';

/** The chain moved on while a batch was decided; more often than this in one request is a fault. */
const MOST_TRIES = 20;

/** Takes scans of goods, live or hours later. */
@Injectable()
export class ScanDesk {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly capacity: Capacity,
    private readonly records: ScanRecords,
    private readonly photos: ScanPhotos,
    private readonly news: OrderNews,
  ) {}

  /**
   * Keeps the scans of a batch and makes of their pairs and orders what all scans together say: all of
   * it in one transaction. A scan that cannot be kept takes no other with it, and one that comes again,
   * in whatever batch, counts once.
   *
   * @returns what became of each, in the order of the batch
   */
  async take(scans: readonly SentScan[], caller: GoodsCaller): Promise<readonly ScanOutcome[]> {
    let network = await this.capacity.lastSeen();
    // What is not known may have come into the chain since.
    if (scans.some((scan) => faultOf(scan, caller, network) !== null)) {
      ({ network } = await this.capacity.world());
    }
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const done = await this.tryOnce(scans, caller, network);
      if (done !== null) return done;
      ({ network } = await this.capacity.world());
    }
    throw new Error('the chain changes too often to take scans');
  }

  private async tryOnce(
    scans: readonly SentScan[],
    caller: GoodsCaller,
    network: Network,
  ): Promise<readonly ScanOutcome[] | null> {
    const refused = new Map<SentScan, ScanOutcome>();
    for (const scan of scans) {
      const fault = faultOf(scan, caller, network);
      if (fault !== null) refused.set(scan, notKept(scan, fault));
    }
    const possible = scans.filter((scan) => !refused.has(scan));
    if (possible.length === 0) return scans.map((scan) => refused.get(scan)!);
    const effect = await this.carryOut(possible, caller, network);
    if (effect === null) return null;
    for (const { after } of effect.updates) this.news.tell(after);
    const kept = effect.outcomes.values();
    return scans.map((scan) => refused.get(scan) ?? kept.next().value!);
  }

  /** Null: the chain is not the one that was looked at. */
  private async carryOut(
    scans: readonly SentScan[],
    caller: GoodsCaller,
    network: Network,
  ): Promise<BatchEffect | null> {
    let effect: BatchEffect | null = null;
    const tags = [...new Set(scans.map(({ tag }) => tag))];
    const urls = await this.photos.urls(scans);
    await inTransaction(
      this.db,
      async (tx) => {
        const { chainVersion, known } = await this.records.lockAndRead(tx, tags);
        if (chainVersion !== network.version) return;
        const batch = new ScanBatch(known, network, caller.id, this.clock.now());
        effect = await this.photos.attach(tx, batch.run(scans), caller, urls);
        await this.records.write(tx, network, effect, this.clock.now());
      },
      () => Promise.resolve(null),
    );
    return effect;
  }
}

const notKept = ({ id, tag }: SentScan, outcome: ScanOutcome['outcome']): ScanOutcome => ({
  id,
  tag,
  outcome,
  discrepancies: [],
  refusedMediaIds: [],
});
