import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { DAY_MS } from '../../core/time/time.ts';
import { together } from '../../platform/database/statement.ts';
import { Media } from '../media/index.ts';
import type { OrderUpdate } from '../orders/index.ts';
import type { BatchEffect } from './scan-batch.ts';
import type { PairPhoto } from './scan-rows.ts';
import type { GoodsCaller, SentScan } from './sent-scan.ts';

/** How long a picture that goes with a message can be looked at. */
const SHOWN_MS = 2 * DAY_MS;

/** Pictures that come with scans. */
@Injectable()
export class ScanPhotos {
  constructor(private readonly media: Media) {}

  /** Where pictures of the scans can be seen, by id. To be asked for outside the transaction. */
  async urls(scans: readonly SentScan[]): Promise<ReadonlyMap<string, string>> {
    const ids = scans.flatMap(({ photos }) => photos.map(({ mediaId }) => mediaId));
    const urls = new Map<string, string>();
    for (const id of new Set(ids)) {
      const url = await this.media.photoUrl(id, SHOWN_MS);
      if (url !== null) urls.set(id, url);
    }
    return urls;
  }

  /**
   * Makes pictures part of their orders. Those that are not there, or not the caller's to give, are left
   * out and named. News of a stage that has begun show the first one of their order.
   */
  async attach(
    tx: EntityManager,
    effect: BatchEffect,
    caller: GoodsCaller,
    urls: ReadonlyMap<string, string>,
  ): Promise<BatchEffect> {
    const { photos } = effect.writes;
    if (photos.length === 0) return effect;
    const refused = await this.refused(tx, photos, caller);
    const kept = photos.filter((photo) => !refused.has(photo));
    const outcomes = effect.outcomes.map((outcome) => ({
      ...outcome,
      refusedMediaIds: [...refused]
        .filter(({ scanId }) => scanId === outcome.id)
        .map(({ mediaId }) => mediaId),
    }));
    const updates = effect.updates.map((update) => showing(update, kept, urls));
    return { ...effect, outcomes, updates, writes: { ...effect.writes, photos: kept } };
  }

  private async refused(
    tx: EntityManager,
    photos: readonly PairPhoto[],
    caller: GoodsCaller,
  ): Promise<ReadonlySet<PairPhoto>> {
    const orderIds = [...new Set(photos.map(({ orderId }) => orderId))].sort();
    const unfit = await together(
      orderIds.map(async (orderId) => {
        const own = photos.filter((photo) => photo.orderId === orderId);
        const ids = [...new Set(own.map(({ mediaId }) => mediaId))];
        const not = new Set(await this.media.attach(tx, ids, orderId, caller.id));
        return own.filter(({ mediaId }) => not.has(mediaId));
      }),
    );
    return new Set(unfit.flat());
  }
}

function showing(
  update: OrderUpdate,
  photos: readonly PairPhoto[],
  urls: ReadonlyMap<string, string>,
): OrderUpdate {
  const { event, after } = update;
  const photo = photos.find(({ orderId, mediaId }) => orderId === after.id && urls.has(mediaId));
  if (event.kind !== 'PROGRESSED' || photo === undefined) return update;
  const details = { ...event.details, photoUrl: urls.get(photo.mediaId) };
  return { ...update, event: { ...event, details } };
}
