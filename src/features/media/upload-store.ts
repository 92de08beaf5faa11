import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { MediaFile, MediaStatus, Upload } from './medium.ts';
import type { FileRefusalCode } from './refusals.ts';

export interface NewUpload extends Omit<
  Upload,
  'status' | 'refusal' | 'durationMs' | 'completedAt' | 'files'
> {
  readonly requestKey: string;
  readonly contentHash: string;
}

export interface UploadRow extends Omit<Upload, 'createdAt' | 'expiresAt' | 'completedAt'> {
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly completedAt: Date | null;
}

/** The only code that writes uploads until they are ready. */
@Injectable()
export class UploadStore {
  constructor(private readonly db: DataSource) {}

  /** @returns whether it is new: else the caller has used the request key before */
  async insert(upload: NewUpload): Promise<boolean> {
    const { id, orderId, uploadedBy, requestKey, contentHash, purpose, filename } = upload;
    const { mime, bytes, sha256, createdAt, expiresAt } = upload;
    const who = [id, orderId, uploadedBy, requestKey, contentHash, purpose, filename];
    const what = [mime, bytes, sha256, new Date(createdAt), new Date(expiresAt)];
    return (await run(this.db, INSERT, [...who, ...what])).length === 1;
  }

  async byId(id: string): Promise<Upload | null> {
    return this.one(BY_ID, [id]);
  }

  async byRequest(
    uploadedBy: string,
    requestKey: string,
  ): Promise<{ readonly upload: Upload; readonly contentHash: string } | null> {
    const [row] = await run<UploadRow & { contentHash: string }>(this.db, BY_REQUEST, [
      uploadedBy,
      requestKey,
    ]);
    return row === undefined ? null : { upload: uploadFrom(row), contentHash: row.contentHash };
  }

  /** Uploads that a caller has begun and not completed, and all of an order. Not both exact at every moment. */
  async counts(
    uploadedBy: string,
    orderId: string | null,
    now: EpochMs,
  ): Promise<{ readonly open: number; readonly ofOrder: number }> {
    const values = [uploadedBy, orderId, new Date(now)];
    const [row] = await run<{ open: string; ofOrder: string }>(this.db, COUNTS, values);
    return { open: Number(row!.open), ofOrder: Number(row!.ofOrder) };
  }

  /** One statement: of several who come with one ticket, it lets one. @returns whether it is this one */
  async begin(id: string): Promise<boolean> {
    return this.move(id, 'OPEN', 'RECEIVING');
  }

  async reopen(id: string): Promise<void> {
    await this.move(id, 'RECEIVING', 'OPEN');
  }

  async received(id: string): Promise<void> {
    await this.move(id, 'RECEIVING', 'RECEIVED');
  }

  /** @returns whether it was not over yet */
  async refuse(id: string, code: FileRefusalCode): Promise<boolean> {
    return (await run(this.db, REFUSE, [id, code])).length === 1;
  }

  /** @returns whether it was not over yet: else nothing is written */
  async ready(
    id: string,
    files: readonly MediaFile[],
    durationMs: number | null,
    now: EpochMs,
  ): Promise<boolean> {
    const values = [id, durationMs, new Date(now), JSON.stringify(files)];
    return (await run(this.db, READY, values)).length > 0;
  }

  private async move(id: string, from: MediaStatus, to: MediaStatus): Promise<boolean> {
    return (await run(this.db, MOVE, [id, from, to])).length === 1;
  }

  private async one(
    statement: { name: string; text: string },
    values: readonly unknown[],
    from: DataSource | EntityManager = this.db,
  ): Promise<Upload | null> {
    const [row] = await run<UploadRow>(from, statement, values);
    return row === undefined ? null : uploadFrom(row);
  }
}

export function uploadFrom({ createdAt, expiresAt, completedAt, ...rest }: UploadRow): Upload {
  return {
    ...rest,
    createdAt: createdAt.getTime(),
    expiresAt: expiresAt.getTime(),
    completedAt: completedAt?.getTime() ?? null,
  };
}

export const SELECT_UPLOAD = `
  SELECT m.id, m.order_id AS "orderId", m.uploaded_by AS "uploadedBy", m.purpose, m.filename, m.mime,
         m.bytes, m.sha256, m.status, m.refusal, m.duration_ms AS "durationMs",
         m.created_at AS "createdAt", m.expires_at AS "expiresAt", m.completed_at AS "completedAt",
         m.content_hash AS "contentHash",
         (SELECT coalesce(json_agg(json_build_object('variant', variant, 'storageKey', storage_key,
                   'mime', mime, 'bytes', bytes, 'sha256', sha256, 'width', width, 'height', height)
                   ORDER BY variant), '[]')
            FROM media_file WHERE media_id = m.id) AS files
    FROM media m`;

const INSERT = {
  name: 'media-insert',
  text: `
    INSERT INTO media (id, order_id, uploaded_by, request_key, content_hash, purpose, filename, mime,
                       bytes, sha256, created_at, expires_at, status)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'OPEN')
    ON CONFLICT ON CONSTRAINT uq_media_request DO NOTHING RETURNING id`,
};

const BY_ID = {
  name: 'media-upload-by-id',
  text: `${SELECT_UPLOAD} WHERE m.id = $1 AND m.status <> 'FORGOTTEN'`,
};

const BY_REQUEST = {
  name: 'media-upload-by-request',
  text: `${SELECT_UPLOAD} WHERE m.uploaded_by = $1 AND m.request_key = $2`,
};

const COUNTS = {
  name: 'media-counts',
  text: `
    SELECT (SELECT count(*) FROM media
             WHERE uploaded_by = $1 AND status <> 'READY' AND expires_at > $3) AS open,
           (SELECT count(*) FROM media WHERE order_id = $2::uuid) AS "ofOrder"`,
};

const MOVE = {
  name: 'media-move',
  text: `UPDATE media SET status = $3 WHERE id = $1 AND status = $2 RETURNING id`,
};

const REFUSE = {
  name: 'media-refuse',
  text: `UPDATE media SET status = 'REFUSED', refusal = $2
          WHERE id = $1 AND status IN ('RECEIVING', 'RECEIVED') RETURNING id`,
};

/** Two who complete the same upload wait for each other at the update; the second finds it done. */
const READY = {
  name: 'media-ready',
  text: `
    WITH medium AS (
      UPDATE media SET status = 'READY', duration_ms = $2, completed_at = $3
       WHERE id = $1 AND status = 'RECEIVED' RETURNING id)
    INSERT INTO media_file (media_id, variant, storage_key, mime, bytes, sha256, width, height)
    SELECT medium.id, f.variant, f."storageKey", f.mime, f.bytes, f.sha256, f.width, f.height
      FROM medium, json_to_recordset($4::json) AS f (variant text, "storageKey" text, mime text,
             bytes integer, sha256 text, width integer, height integer)
    RETURNING media_id`,
};
