import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Network } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { together } from '../../platform/database/statement.ts';
import { Goods } from '../goods/index.ts';
import { OrderReader, OrderWriter, Replans } from '../orders/index.ts';
import type { BatchEffect, KnownGoods } from './scan-batch.ts';
import { ScanRows } from './scan-rows.ts';

/** What a batch looks at, of the moment when its orders were locked. */
export interface LockedGoods {
  readonly chainVersion: number;
  readonly known: KnownGoods;
}

/**
 * Reads and writes for a batch of scans: a constant number of statements, however many scans there are.
 *
 * Locks are taken as everybody takes them: the chain (shared), then orders in order of id. Nothing of the
 * ledger is touched.
 */
@Injectable()
export class ScanRecords {
  constructor(
    private readonly rows: ScanRows,
    private readonly goods: Goods,
    private readonly reader: OrderReader,
    private readonly orders: OrderWriter,
    private readonly replans: Replans,
  ) {}

  async lockAndRead(tx: EntityManager, tags: readonly string[]): Promise<LockedGoods> {
    const ids = await this.rows.lock(tx, tags);
    const [chainVersion, orders, pairs, scans, findings] = await together([
      this.rows.chainVersion(tx),
      this.reader.many(ids, tx),
      this.goods.ofOrders(ids, tx),
      this.rows.ofOrders(tx, ids),
      this.rows.findings(tx, ids),
    ]);
    return { chainVersion, known: { orders, pairs, scans, findings } };
  }

  async write(
    tx: EntityManager,
    network: Network,
    { writes, updates, replans }: BatchEffect,
    now: EpochMs,
  ): Promise<void> {
    const [, written] = await together([
      this.rows.write(tx, writes),
      this.orders.updateMany(tx, network, updates),
      this.replans.askEach(tx, replans, now),
    ]);
    if (written.size !== updates.length) throw new Error('a locked order was changed by another');
  }
}
