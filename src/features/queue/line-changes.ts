import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Capacity } from '../capacity/index.ts';
import { contentHash, RequestKeys, type KeyedRequest } from '../orders/index.ts';
import { LineWriter } from './line-writer.ts';
import type { DeskData, QueueEntryData } from './queue-entry.ts';
import { QueueNews } from './queue-news.ts';
import type { NotInLine } from './refusals.ts';

/** What an operation left: an entry or a desk. */
export type LineAnswer =
  | { readonly entry: QueueEntryData; readonly desk?: undefined }
  | { readonly desk: DeskData; readonly entry?: undefined };

export interface LineOperation<Answer extends LineAnswer> {
  readonly caller: { readonly id: string };
  readonly requestKey: string;
  /** Name of the operation, and all that makes two requests with one key the same request. */
  readonly operation: string;
  readonly content: object;
  /** A refusal undoes all that was written. */
  work(tx: EntityManager, now: EpochMs): Promise<Result<Answer, NotInLine>>;
}

class Undone extends Error {
  constructor(readonly why: NotInLine | 'repeated') {
    super('undone');
  }
}

/** Carries out an operation on a line once, however often its request is sent, and tells those who watch. */
@Injectable()
export class LineChanges {
  constructor(
    private readonly db: DataSource,
    private readonly keys: RequestKeys,
    private readonly clock: Clock,
    private readonly writer: LineWriter,
    private readonly news: QueueNews,
    private readonly capacity: Capacity,
  ) {}

  async run<Answer extends LineAnswer>(
    operation: LineOperation<Answer>,
  ): Promise<Result<Answer, NotInLine | RequestKeyReused>> {
    const request = {
      caller: operation.caller.id,
      key: operation.requestKey,
      contentHash: contentHash(operation.operation, operation.content),
    };
    // Whoever is in a transaction must not wait for a second connection to read the chain.
    await this.capacity.lastSeen();
    try {
      const answer = await this.db.transaction((tx) => this.once(tx, operation, request));
      this.news.tell((answer.entry ?? answer.desk).storeCode);
      return ok(answer);
    } catch (fault) {
      if (!(fault instanceof Undone)) throw fault;
      return fault.why === 'repeated' ? this.replay(request) : refuse(fault.why);
    }
  }

  private async once<Answer extends LineAnswer>(
    tx: EntityManager,
    operation: LineOperation<Answer>,
    request: KeyedRequest,
  ): Promise<Answer> {
    const now = this.clock.now();
    const answerId = newId();
    if (!(await this.keys.open(tx, request, answerId))) throw new Undone('repeated');
    const worked = await operation.work(tx, now);
    if (!worked.ok) throw new Undone(worked.error);
    const { operation: kind, caller } = operation;
    await this.writer.log(tx, answerId, { kind, actor: caller.id, at: now, ...worked.value });
    return worked.value;
  }

  private async replay<Answer extends LineAnswer>(
    request: KeyedRequest,
  ): Promise<Result<Answer, RequestKeyReused>> {
    const earlier = await this.keys.find(request);
    if (earlier?.contentHash !== request.contentHash) return refuse({ code: 'REQUEST_KEY_REUSED' });
    const [row] = await run<{ after: object; is_entry: boolean }>(this.db, AFTER, [
      earlier.answerId,
    ]);
    return ok((row!.is_entry ? { entry: row!.after } : { desk: row!.after }) as Answer);
  }
}

const AFTER = {
  name: 'queue-event-after',
  text: `SELECT after, entry_id IS NOT NULL AS is_entry FROM queue_event WHERE id = $1`,
};
