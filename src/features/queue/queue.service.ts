import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter } from './line-writer.ts';
import { MoveEntry } from './move-entry.service.ts';
import { entryFrom, type QueueEntryData } from './queue-entry.ts';
import { QueueNews } from './queue-news.ts';

/** What other features do to the lines of stores. */
@Injectable()
export class Queue {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly moves: MoveEntry,
    private readonly reader: LineReader,
    private readonly writer: LineWriter,
    private readonly news: QueueNews,
  ) {}

  /** Whether somebody is in the line of this store there who came without an order. */
  async isWithoutOrder(entryId: string, storeCode: string): Promise<boolean> {
    const entry = await this.reader.entry(entryId);
    if (entry === null || entry.store_code !== storeCode || entry.order_id !== null) return false;
    return entry.ended_at === null;
  }

  /** Gives the order that is made at the counter to somebody of whom {@link isWithoutOrder} holds. */
  async giveOrder(
    tx: EntityManager,
    entryId: string,
    order: { readonly id: string; readonly version: number },
  ): Promise<void> {
    const entry = await this.reader.entry(entryId, tx);
    if (entry === null) return;
    await this.writer.oneAfterTheOther(tx, entry.store_code);
    await this.writer.giveOrder(tx, entryId, order);
  }

  /**
   * Ends the visit of an order whose goods were just taken in or handed out, in the transaction of that.
   * Call {@link tell} with what it returns after the commit.
   *
   * @returns null: the order is in no line
   */
  async finishFor(
    tx: EntityManager,
    orderId: string,
    by: { readonly actor: string; readonly now: EpochMs },
  ): Promise<QueueEntryData | null> {
    const row = await this.moves.end(tx, orderId, 'settle', { ...by, logId: newId() });
    return row === null ? null : entryFrom(row);
  }

  /** Tells those who watch the line of an entry that it moved. */
  tell(entry: QueueEntryData | null): void {
    if (entry !== null) this.news.tell(entry.storeCode);
  }

  /** Ends visits of earlier days that nobody ended. @returns how many */
  async endOld(): Promise<number> {
    const now = this.clock.now();
    const ended = await this.db.transaction(async (tx) => {
      const rows = await this.writer.endOld(tx, now);
      for (const row of rows) {
        const entry = entryFrom(row);
        await this.writer.log(tx, newId(), { kind: 'endOld', actor: 'queue', at: now, entry });
      }
      return rows;
    });
    for (const storeCode of new Set(ended.map((row) => row.store_code))) this.news.tell(storeCode);
    return ended.length;
  }
}
