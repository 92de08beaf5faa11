import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { aheadOf } from '../../core/queue/expected-wait.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { Capacity } from '../capacity/index.ts';
import { Outbox } from '../messages/index.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter } from './line-writer.ts';
import type { EntryRow } from './queue-entry.ts';

/** So many people ahead: time to come to the counter. */
const NEAR = 2;
const USEFUL_MS = 10 * MINUTE_MS;

/** Owes the message to those whose turn is near, in the transaction that brings it near. */
@Injectable()
export class NearCustomers {
  constructor(
    private readonly reader: LineReader,
    private readonly writer: LineWriter,
    private readonly outbox: Outbox,
    private readonly capacity: Capacity,
  ) {}

  /**
   * After the line of a store has moved, by whom nobody else moves it meanwhile
   * (see {@link LineWriter.oneAfterTheOther}).
   */
  async tell(tx: EntityManager, storeCode: string, now: EpochMs): Promise<void> {
    const { line, notNear } = await this.reader.line(storeCode, now, tx);
    const near = line.waiting.filter((one) => notNear.has(one.id) && aheadOf(one, line) <= NEAR);
    if (near.length === 0) return;
    const ids = near.map(({ id }) => id);
    for (const row of await this.writer.near(tx, ids, now)) await this.owe(tx, row, now);
  }

  /** They are told how near they are when they join, and need no message then. As {@link tell}. */
  async joined(tx: EntityManager, storeCode: string, id: string, now: EpochMs): Promise<void> {
    const { line } = await this.reader.line(storeCode, now, tx);
    const own = line.waiting.find((one) => one.id === id);
    if (own !== undefined && aheadOf(own, line) <= NEAR) await this.writer.near(tx, [id], now);
  }

  /** Nobody is told that their turn is near who has had it. */
  async called(tx: EntityManager, row: EntryRow, now: EpochMs): Promise<void> {
    const order = orderOf(row);
    if (order !== null && row.near_at !== null) {
      await this.outbox.withdraw(tx, 'QUEUE_NEAR', order, now);
    }
  }

  private async owe(tx: EntityManager, row: EntryRow, now: EpochMs): Promise<void> {
    const order = orderOf(row);
    if (order === null) return;
    const happening = { occasion: `queue:${row.id}`, now, usefulUntil: now + USEFUL_MS };
    await this.outbox.tell(tx, 'QUEUE_NEAR', order, happening, await this.capacity.lastSeen());
  }
}

const orderOf = ({ order_id: id, order_version: version }: EntryRow) =>
  id === null || version === null ? null : { id, version };
