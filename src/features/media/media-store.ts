import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { EpochMs } from '../../core/time/time.ts';
import { run, type Statement } from '../../platform/database/statement.ts';
import { mediumOf, type Medium } from './medium.ts';
import { SELECT_UPLOAD, uploadFrom, type UploadRow } from './upload-store.ts';

/** A medium that is being deleted. */
export interface ForgottenMedium {
  readonly id: string;
  readonly storageKeys: readonly string[];
}

/** Reads media that are ready, gives them to orders, and forgets them. */
@Injectable()
export class MediaStore {
  constructor(private readonly db: DataSource) {}

  /** Unordered. */
  async byIds(ids: readonly string[]): Promise<readonly Medium[]> {
    return this.media(BY_IDS, [ids.filter((id) => isUuid(id))]);
  }

  /** Oldest first. */
  async ofOrders(orderIds: readonly string[]): Promise<readonly Medium[]> {
    return this.media(OF_ORDERS, [orderIds.filter((id) => isUuid(id))]);
  }

  /** @returns the ids of those that are now the order's */
  async attach(
    tx: EntityManager,
    ids: readonly string[],
    orderId: string,
    uploadedBy: string | null,
  ): Promise<readonly string[]> {
    const values = [ids.filter((id) => isUuid(id)), orderId, uploadedBy];
    const rows = await run<{ id: string }>(tx, ATTACH, values);
    return rows.map(({ id }) => id);
  }

  /** Marks what is to be forgotten, and what was marked before and is still there; at most `most`. */
  async forgetEnded(before: EpochMs, most: number): Promise<readonly ForgottenMedium[]> {
    return run<ForgottenMedium>(this.db, FORGET_ENDED, [new Date(before), most]);
  }

  async forgetAbandoned(before: EpochMs, most: number): Promise<readonly ForgottenMedium[]> {
    return run<ForgottenMedium>(this.db, FORGET_ABANDONED, [new Date(before), most]);
  }

  /** Once their files are deleted. */
  async remove(ids: readonly string[]): Promise<void> {
    await run(this.db, REMOVE, [ids]);
  }

  private async media(
    statement: Statement,
    values: readonly unknown[],
  ): Promise<readonly Medium[]> {
    const rows = await run<UploadRow>(this.db, statement, values);
    return rows.map((row) => mediumOf(uploadFrom(row))!);
  }
}

const BY_IDS = {
  name: 'media-by-ids',
  text: `${SELECT_UPLOAD} WHERE m.id = ANY ($1::uuid[]) AND m.status = 'READY'`,
};

const OF_ORDERS = {
  name: 'media-of-orders',
  text: `${SELECT_UPLOAD} WHERE m.order_id = ANY ($1::uuid[]) AND m.status = 'READY' ORDER BY m.id`,
};

/** In order of id, as all who lock several rows do. */
const ATTACH = {
  name: 'media-attach',
  text: `
    WITH fit AS (
      SELECT id FROM media
       WHERE id = ANY ($1::uuid[]) AND status = 'READY'
         AND (order_id = $2 OR (order_id IS NULL AND uploaded_by = $3::text))
       ORDER BY id FOR UPDATE)
    UPDATE media m SET order_id = $2 FROM fit WHERE m.id = fit.id RETURNING m.id`,
};

/** Rows that somebody else is forgetting at this moment are left to them. */
const forgetting = (due: string): string => `
  WITH due AS (
    SELECT m.id FROM media m WHERE ${due} ORDER BY m.id LIMIT $2 FOR UPDATE OF m SKIP LOCKED)
  UPDATE media m SET status = 'FORGOTTEN', refusal = NULL FROM due WHERE m.id = due.id
  RETURNING m.id,
    ARRAY (SELECT storage_key FROM media_file WHERE media_id = m.id) AS "storageKeys"`;

const FORGET_ENDED = {
  name: 'media-forget-ended',
  text: forgetting(`m.order_id IN (
      SELECT id FROM customer_order
       WHERE status IN ('CANCELLED', 'COLLECTED') AND updated_at < $1)`),
};

const FORGET_ABANDONED = {
  name: 'media-forget-abandoned',
  text: forgetting(`m.status <> 'READY' AND m.expires_at < $1
      OR m.order_id IS NULL AND m.created_at < $1`),
};

const REMOVE = {
  name: 'media-remove',
  text: `DELETE FROM media WHERE id = ANY ($1::uuid[]) AND status = 'FORGOTTEN'`,
};
