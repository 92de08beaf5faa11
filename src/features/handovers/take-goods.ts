import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { Network } from '../../core/network/network.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { Goods } from '../goods/index.ts';
import { Media } from '../media/index.ts';
import { ConditionPhotos } from './condition-photos.ts';
import { newPairs, type PairCondition } from './new-pairs.ts';
import { VisitEnds, type EndedVisit } from './visit-ends.ts';

/** Goods that come over the counter. */
export interface TakenGoods {
  /** As it is with them. */
  readonly order: OrderData;
  readonly services: Network['services'];
  /** Of each item of the order. */
  readonly conditions: readonly (readonly PairCondition[])[];
  readonly caller: SignedInCaller;
  readonly now: EpochMs;
  /** The walk-in's place in the line. */
  readonly queueEntryId?: string | null;
}

/** Writes the pairs of an order that is handed in, with their tags and pictures. */
@Injectable()
export class TakeGoods {
  constructor(
    private readonly goods: Goods,
    private readonly photos: ConditionPhotos,
    private readonly media: Media,
    private readonly visits: VisitEnds,
  ) {}

  /** Pictures must have been found to fit before; see {@link misfits}. */
  async write(
    tx: EntityManager,
    { order, services, ...taken }: TakenGoods,
    visit: EndedVisit,
  ): Promise<void> {
    const { queueEntryId = null } = taken;
    if (queueEntryId !== null) await this.visits.begin(tx, queueEntryId, order);
    await this.visits.end(tx, order.id, { actor: taken.caller.id, now: taken.now }, visit);
    const pairs = newPairs(order, services, taken.conditions, taken.now);
    await this.goods.create(
      tx,
      pairs.map(({ pair }) => pair),
      taken.caller.id,
    );
    const mediaIds = pairs.flatMap((pair) => pair.mediaIds);
    if (mediaIds.length === 0) return;
    const misfits = await this.media.attach(tx, mediaIds, order.id, taken.caller.id);
    if (misfits.length > 0) throw new Error('media changed hands while goods were taken');
    await this.photos.write(tx, pairs);
  }

  /** Whether a place in the line can be a walk-in's at this store. */
  isOpenFor(entryId: string, storeCode: string): Promise<boolean> {
    return this.visits.isOpenFor(entryId, storeCode);
  }

  tell(visit: EndedVisit): void {
    this.visits.tell(visit);
  }

  /** Ids of media that cannot be pictures of this order; null: of a new one. */
  async misfits(
    mediaIds: readonly string[],
    orderId: string | null,
    caller: SignedInCaller,
  ): Promise<readonly string[]> {
    const known = await this.media.byIds(mediaIds.filter((id) => isUuid(id)));
    const fit = known.filter((medium) =>
      medium.orderId === null ? medium.uploadedBy === caller.id : medium.orderId === orderId,
    );
    const ids = new Set(fit.map(({ id }) => id));
    return mediaIds.filter((id) => !ids.has(id.toLowerCase()));
  }
}
