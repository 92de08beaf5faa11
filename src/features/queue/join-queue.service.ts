import { Injectable } from '@nestjs/common';

import type { VisitKind } from '../../core/counter/remaining.ts';
import { dueTime } from '../../core/queue/due.ts';
import { ok } from '../../core/result.ts';
import { localDateOf } from '../../core/time/local-date.ts';
import { violates } from '../../platform/database/database-errors.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { OrderReader } from '../orders/index.ts';
import { LineChanges } from './line-changes.ts';
import { LineReader } from './line-reader.ts';
import { LineWriter } from './line-writer.ts';
import { NearCustomers } from './near-customers.ts';
import { notInLine } from './refusals.ts';

export interface JoinRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly storeCode: string;
  readonly visitKind: VisitKind;
  readonly pairs: number;
  readonly orderId: string | null;
  readonly reducedMobility: boolean;
}

/** Takes somebody without an appointment into the line of a store. */
@Injectable()
export class JoinQueue {
  constructor(
    private readonly changes: LineChanges,
    private readonly capacity: Capacity,
    private readonly orders: OrderReader,
    private readonly reader: LineReader,
    private readonly writer: LineWriter,
    private readonly near: NearCustomers,
  ) {}

  async run(request: JoinRequest) {
    try {
      return await this.joinOnce(request);
    } catch (fault) {
      if (violates(fault, 'uq_queue_entry_order')) return notInLine('ALREADY_IN_LINE');
      throw fault;
    }
  }

  private async joinOnce({ caller, requestKey, ...content }: JoinRequest) {
    const { storeCode, orderId, visitKind, pairs, reducedMobility } = content;
    const store = (await this.capacity.world()).network.stores.get(storeCode);
    if (store === undefined) return notInLine('UNKNOWN_STORE');
    const found = orderId === null ? null : await this.orders.byId(orderId, caller);
    if (orderId !== null && found === null) return notInLine('UNKNOWN_ORDER');
    return this.changes.run({
      ...{ caller, requestKey, operation: 'joinQueue', content },
      work: async (tx, now) => {
        await this.writer.oneAfterTheOther(tx, storeCode);
        const settings = await this.reader.settings(storeCode, tx);
        const joining = {
          ...{ storeCode, kind: 'WALK_IN' as const, visitKind, pairs, reducedMobility },
          localDate: localDateOf(now, store.timeZone),
          order: found?.order ?? null,
          appointmentId: null,
          arrivedAt: now,
          dueAt: dueTime('WALK_IN', now, null, settings),
          goesFirst: reducedMobility && settings.reducedMobilityFirst,
        };
        const entry = await this.writer.join(tx, joining, caller.id);
        await this.near.joined(tx, storeCode, entry.id, now);
        return ok({ entry });
      },
    });
  }
}
