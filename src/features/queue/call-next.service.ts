import { Injectable } from '@nestjs/common';

import { ok } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { LineChanges } from './line-changes.ts';
import { LineWriter } from './line-writer.ts';
import { NearCustomers } from './near-customers.ts';
import { entryFrom } from './queue-entry.ts';
import { notInLine } from './refusals.ts';

export interface DeskRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly storeCode: string;
  readonly desk: string;
}

/** Calls who is next to a desk. Two desks that call at the same moment call two visits. */
@Injectable()
export class CallNext {
  constructor(
    private readonly changes: LineChanges,
    private readonly writer: LineWriter,
    private readonly near: NearCustomers,
  ) {}

  run({ caller, requestKey, storeCode, desk: name }: DeskRequest) {
    return this.changes.run({
      ...{ caller, requestKey, operation: 'callNext', content: { storeCode, name } },
      work: async (tx, now) => {
        await this.writer.oneAfterTheOther(tx, storeCode);
        const desk = await this.writer.lockDesk(tx, storeCode, name);
        if (desk === undefined) return notInLine('UNKNOWN_DESK');
        if (!desk.isOpen) return notInLine('DESK_CLOSED');
        if ((await this.writer.atDesk(tx, desk)) !== undefined) return notInLine('DESK_BUSY');
        const called = await this.writer.callNext(tx, desk, now);
        if (called === undefined) return notInLine('NOBODY_WAITING');
        await this.near.called(tx, called, now);
        await this.near.tell(tx, storeCode, now);
        return ok({ entry: entryFrom(called) });
      },
    });
  }
}
