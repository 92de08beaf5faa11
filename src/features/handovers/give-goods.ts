import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { OrderData } from '../../core/orders/order.ts';
import { Goods } from '../goods/index.ts';
import { HandOuts, type HandOutRecord } from './hand-outs.ts';
import { VisitEnds, type EndedVisit } from './visit-ends.ts';

/** Writes that pairs are with the customer: their scans, the log, and the end of the visit. */
@Injectable()
export class GiveGoods {
  constructor(
    private readonly goods: Goods,
    private readonly log: HandOuts,
    private readonly visits: VisitEnds,
  ) {}

  async write(
    tx: EntityManager,
    order: OrderData,
    record: HandOutRecord,
    visit: EndedVisit,
  ): Promise<void> {
    const { storeCode, pairs, actor, at } = record;
    await this.goods.handOut(tx, { pairIds: pairs.map(({ id }) => id), storeCode, at, actor });
    await this.log.log(tx, order, record);
    await this.visits.end(tx, order.id, { actor, now: at }, visit);
  }

  tell(visit: EndedVisit): void {
    this.visits.tell(visit);
  }
}
