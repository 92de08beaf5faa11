import { Injectable } from '@nestjs/common';

import type { VisitKind } from '../../core/counter/remaining.ts';
import { ok } from '../../core/result.ts';
import { Capacity } from '../capacity/index.ts';
import type { DeskRequest } from './call-next.service.ts';
import { LineChanges } from './line-changes.ts';
import { LineWriter } from './line-writer.ts';
import { NearCustomers } from './near-customers.ts';
import { notInLine } from './refusals.ts';

export interface OpenDeskRequest extends DeskRequest {
  readonly visitKinds: readonly VisitKind[];
}

/** The desks of a store: where members of staff serve. */
@Injectable()
export class Desks {
  constructor(
    private readonly changes: LineChanges,
    private readonly writer: LineWriter,
    private readonly near: NearCustomers,
    private readonly capacity: Capacity,
  ) {}

  /** Opens a desk, a new one too, or changes what an open one serves. */
  async open({ caller, requestKey, storeCode, desk: name, visitKinds }: OpenDeskRequest) {
    const { network } = await this.capacity.world();
    if (!network.stores.has(storeCode)) return notInLine('UNKNOWN_STORE');
    return this.changes.run({
      ...{ caller, requestKey, operation: 'openDesk', content: { storeCode, name, visitKinds } },
      work: async (tx, now) => {
        await this.writer.oneAfterTheOther(tx, storeCode);
        const desk = { storeCode, name, isOpen: true, visitKinds };
        await this.writer.setDesk(tx, desk, now);
        await this.near.tell(tx, storeCode, now);
        return ok({ desk });
      },
    });
  }

  /** Refused while it is busy with somebody. Whoever waited for it alone may go to any other. */
  close({ caller, requestKey, storeCode, desk: name }: DeskRequest) {
    return this.changes.run({
      ...{ caller, requestKey, operation: 'closeDesk', content: { storeCode, name } },
      work: async (tx, now) => {
        await this.writer.oneAfterTheOther(tx, storeCode);
        const known = await this.writer.lockDesk(tx, storeCode, name);
        if (known === undefined) return notInLine('UNKNOWN_DESK');
        if ((await this.writer.atDesk(tx, known)) !== undefined) return notInLine('DESK_BUSY');
        const desk = { ...known, isOpen: false };
        await this.writer.setDesk(tx, desk, now);
        await this.near.tell(tx, storeCode, now);
        return ok({ desk });
      },
    });
  }
}
