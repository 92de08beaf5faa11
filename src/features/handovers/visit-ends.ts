import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import type { OrderVersion } from '../orders/index.ts';
import { Queue, type QueueEntryData } from '../queue/index.ts';

/** The place in the line that a request ends, once its transaction is written. */
export interface EndedVisit {
  entry: QueueEntryData | null;
}

/** Lets the visit in the store's line end with what the customer came for. */
@Injectable()
export class VisitEnds {
  constructor(private readonly queue: Queue) {}

  /** Whether a place in the line can be a walk-in's at this store. */
  isOpenFor(entryId: string, storeCode: string): Promise<boolean> {
    return this.queue.isWithoutOrder(entryId, storeCode);
  }

  /** Before the order of a walk-in ends the visit with {@link end}. */
  async begin(tx: EntityManager, entryId: string, order: OrderVersion): Promise<void> {
    await this.queue.giveOrder(tx, entryId, order);
  }

  /** In the transaction. Written again, the last time counts. */
  async end(
    tx: EntityManager,
    orderId: string,
    by: { readonly actor: string; readonly now: EpochMs },
    visit: EndedVisit,
  ): Promise<void> {
    visit.entry = await this.queue.finishFor(tx, orderId, by);
  }

  /** After the commit. */
  tell({ entry }: EndedVisit): void {
    this.queue.tell(entry);
  }
}
