import { Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';

import { Clock } from '../../platform/clock.ts';
import { CancelOrder, type CancelRequest } from '../orders/index.ts';
import { MoveEntry } from './move-entry.service.ts';
import type { EntryRow } from './queue-entry.ts';
import { QueueNews } from './queue-news.ts';

/** Cancels orders; a customer who stands in a line for one leaves it with that. */
@Injectable()
export class CancelInLine {
  constructor(
    private readonly cancellations: CancelOrder,
    private readonly moves: MoveEntry,
    private readonly clock: Clock,
    private readonly news: QueueNews,
  ) {}

  async run(request: CancelRequest): ReturnType<CancelOrder['run']> {
    const left: { row: EntryRow | null } = { row: null };
    const cancelled = await this.cancellations.run(request, async (tx) => {
      const by = { actor: request.caller.id, now: this.clock.now(), logId: newId() };
      left.row = await this.moves.end(tx, request.orderId, 'cancelOrder', by);
    });
    if (left.row !== null) this.news.tell(left.row.store_code);
    return cancelled;
  }
}
