import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { PairData } from '../../core/goods/pair.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** Who handed which pairs to whom. */
export interface HandOutRecord {
  readonly storeCode: string;
  readonly pairs: readonly PairData[];
  /** Id of the caller. */
  readonly actor: string;
  /** Null: the customer. */
  readonly handedTo: string | null;
  readonly at: EpochMs;
}

/** The log of hand-outs. */
@Injectable()
export class HandOuts {
  async log(tx: EntityManager, order: OrderData, record: HandOutRecord): Promise<void> {
    const { storeCode, pairs, actor, handedTo, at } = record;
    await run(tx, LOG, [
      newId(),
      order.id,
      order.version,
      storeCode,
      new Date(at),
      actor,
      handedTo,
      pairs.map(({ id }) => id),
    ]);
  }
}

const LOG = {
  name: 'hand-out-log',
  text: `
    WITH logged AS (
      INSERT INTO hand_out (id, order_id, order_version, store_code, at, actor, handed_to)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
    )
    INSERT INTO hand_out_pair (pair_id, hand_out_id) SELECT pair_id, $1 FROM unnest($8::uuid[]) AS pair_id`,
};
