import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { DAY_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { ObjectStore } from '../../platform/storage/object-store.ts';
import { MediaAddresses } from './media-addresses.ts';
import { MediaStore, type ForgottenMedium } from './media-store.ts';
import type { Medium } from './medium.ts';
import { receivedKey } from './storage-keys.ts';
import { Workspace } from './workspace.ts';

/** Who gets addresses that go with messages. */
const READERS_OF_MESSAGES = 'messages';
/** After that, uploads that were not completed and media that were given to no order are given up. */
const ABANDONED_MS = DAY_MS;
const FORGOTTEN_AT_ONCE = 100;

/**
 * Pictures and clips for other features. Whoever asks here has made sure that they may see the order.
 */
@Injectable()
export class Media {
  constructor(
    private readonly store: MediaStore,
    private readonly storage: ObjectStore,
    private readonly addresses: MediaAddresses,
    private readonly workspace: Workspace,
    private readonly clock: Clock,
  ) {}

  /** Those that are ready, in the order of `ids`; others are left out. */
  async byIds(ids: readonly string[]): Promise<readonly Medium[]> {
    if (ids.length === 0) return [];
    const found = new Map((await this.store.byIds(ids)).map((medium) => [medium.id, medium]));
    return ids.flatMap((id) => found.get(id.toLowerCase()) ?? []);
  }

  /** Those that are ready, oldest first. */
  ofOrder(orderId: string): Promise<readonly Medium[]> {
    return this.store.ofOrders([orderId]);
  }

  /**
   * Makes media part of an order: those that are ready, and are the order's already or nobody's and were
   * uploaded by `uploadedBy` (id of a caller). What is not returned empty has to be refused, and what this
   * wrote undone with its transaction.
   *
   * @returns the ids that do not fit; none: all is well
   */
  async attach(
    tx: EntityManager,
    mediaIds: readonly string[],
    orderId: string,
    uploadedBy: string | null = null,
  ): Promise<readonly string[]> {
    if (mediaIds.length === 0) return [];
    const fit = new Set(await this.store.attach(tx, mediaIds, orderId, uploadedBy));
    return mediaIds.filter((id) => !fit.has(id.toLowerCase()));
  }

  /**
   * An address to go with a message: of a picture as JPEG of at most 960 pixels.
   *
   * @param ttlMs how long it is good at least
   * @returns null: there is no such picture
   */
  async photoUrl(id: string, ttlMs: number): Promise<string | null> {
    const [medium] = await this.byIds([id]);
    if (medium?.kind !== 'IMAGE') return null;
    return this.addresses.of(medium, 'LARGE', READERS_OF_MESSAGES, ttlMs);
  }

  /**
   * Deletes all media of orders that ended before then.
   *
   * @returns how many
   */
  async forget(before: EpochMs): Promise<number> {
    return this.forgetAll((most) => this.store.forgetEnded(before, most));
  }

  /** Gives up uploads that nobody completed and media that nobody gave to an order. @returns how many */
  async sweep(): Promise<number> {
    const before = this.clock.now() - ABANDONED_MS;
    await this.workspace.sweep(before);
    return this.forgetAll((most) => this.store.forgetAbandoned(before, most));
  }

  /** Whoever dies in between leaves them marked, and the next one goes on. */
  private async forgetAll(
    mark: (most: number) => Promise<readonly ForgottenMedium[]>,
  ): Promise<number> {
    for (let forgotten = 0; ;) {
      const media = await mark(FORGOTTEN_AT_ONCE);
      for (const { id, storageKeys } of media) {
        for (const key of [receivedKey(id), ...storageKeys]) await this.storage.delete(key);
      }
      await this.store.remove(media.map(({ id }) => id));
      forgotten += media.length;
      if (media.length < FORGOTTEN_AT_ONCE) return forgotten;
    }
  }
}
