import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { afterMove, IS_OVER, isEndedSo, type QueueMove } from '../../core/queue/states.ts';
import { ok, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { isStaffOf } from './callers.ts';
import { LineChanges } from './line-changes.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter } from './line-writer.ts';
import { NearCustomers } from './near-customers.ts';
import { entryFrom, type EntryRow, type QueueEntryData } from './queue-entry.ts';
import { notInLine, type NotInLine } from './refusals.ts';
import { Unserved } from './unserved.service.ts';

export interface EntryRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly entryId: string;
  /** Of a transfer: the desk that is to call them. */
  readonly toDesk?: string;
}

/** Who ends a visit when; the log has an id of its own. */
export interface EndingBy {
  readonly actor: string;
  readonly now: EpochMs;
  readonly logId: string;
}

type Moved = Result<{ readonly entry: QueueEntryData }, NotInLine>;

/** Does to one visit of the line what the table of moves allows. */
@Injectable()
export class MoveEntry {
  constructor(
    private readonly changes: LineChanges,
    private readonly reader: LineReader,
    private readonly writer: LineWriter,
    private readonly near: NearCustomers,
    private readonly unserved: Unserved,
  ) {}

  async run(move: Exclude<QueueMove, 'call' | 'settle' | 'cancelOrder'>, request: EntryRequest) {
    const { caller, requestKey, entryId, toDesk = null } = request;
    const moved = await this.changes.run({
      ...{ caller, requestKey, operation: move, content: { entryId, toDesk } },
      work: (tx, now) => this.work(tx, move, request, now),
    });
    if (moved.ok && IS_OVER.has(moved.value.entry.state))
      await this.unserved.after(moved.value.entry);
    return moved;
  }

  /** The line is locked before desks, and desks before visits, by everybody. */
  private async work(
    tx: EntityManager,
    move: QueueMove,
    { caller, entryId, toDesk }: EntryRequest,
    now: EpochMs,
  ): Promise<Moved> {
    const seen = await this.reader.entry(entryId, tx);
    if (seen === null || !isStaffOf(caller, seen.store_code)) return notInLine('UNKNOWN_ENTRY');
    await this.writer.oneAfterTheOther(tx, seen.store_code);
    if (toDesk !== undefined) {
      const desk = await this.writer.lockDesk(tx, seen.store_code, toDesk);
      if (desk === undefined) return notInLine('UNKNOWN_DESK');
      if (!desk.isOpen) return notInLine('DESK_CLOSED');
    }
    const row = (await this.reader.locked(tx, entryId))!;
    if (isEndedSo(row.state, move)) return ok({ entry: entryFrom(row) });
    const state = afterMove(row.state, move);
    if (!state.ok) return state;
    const desk = toDesk ?? (state.value === 'WAITING' || state.value === 'HELD' ? null : row.desk);
    const change = { state: state.value, desk, at: now, isCall: move === 'recall' };
    const after = await this.writer.change(tx, entryId, change);
    if (after.state !== 'WAITING') await this.near.called(tx, after, now);
    await this.near.tell(tx, row.store_code, now);
    return ok({ entry: entryFrom(after) });
  }

  /**
   * Ends the visit of an order whose goods were handed over, or that is cancelled, wherever in the line it
   * is.
   *
   * @returns its store, for the news after the commit; null: the order is in no line
   */
  async end(
    tx: EntityManager,
    orderId: string,
    move: 'settle' | 'cancelOrder',
    { actor, now, logId }: EndingBy,
  ): Promise<EntryRow | null> {
    const found = await this.reader.ofOrder(orderId, tx);
    if (found === null) return null;
    await this.writer.oneAfterTheOther(tx, found.storeCode);
    const row = (await this.reader.locked(tx, found.id))!;
    const state = afterMove(row.state, move);
    if (!state.ok) return null;
    const change = { state: state.value, desk: row.desk, at: now };
    const after = await this.writer.change(tx, row.id, change);
    await this.writer.log(tx, logId, { kind: move, actor, at: now, entry: entryFrom(after) });
    await this.near.called(tx, after, now);
    await this.near.tell(tx, row.store_code, now);
    return after;
  }
}
