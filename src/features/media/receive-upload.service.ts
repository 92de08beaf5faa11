import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';

import { Clock } from '../../platform/clock.ts';
import { ObjectStore } from '../../platform/storage/object-store.ts';
import { isSame, MediaSigner } from './media-signer.ts';
import type { Upload } from './medium.ts';
import type { SendingRefusalCode } from './refusals.ts';
import { receivedKey } from './storage-keys.ts';
import { UploadStore } from './upload-store.ts';
import { Workspace } from './workspace.ts';

/** Bytes that are sent with a ticket. */
export interface SentBytes {
  readonly uploadId: string;
  /** From the address. */
  readonly exp: string;
  /** From the address. */
  readonly sig: string;
  /** Null: it is not said. */
  readonly contentType: string | null;
  /** Null: it is not said. */
  readonly contentLength: number | null;
  readonly body: Readable;
}

interface Came {
  readonly bytes: number;
  readonly sha256: string;
}

/** Takes the bytes of uploads. */
@Injectable()
export class ReceiveUpload {
  constructor(
    private readonly store: UploadStore,
    private readonly storage: ObjectStore,
    private readonly workspace: Workspace,
    private readonly signer: MediaSigner,
    private readonly clock: Clock,
  ) {}

  /**
   * Keeps the bytes until the upload is completed. A ticket is used up by bytes that come to their end,
   * right or wrong; a connection that breaks gives it back.
   *
   * @returns null: they are kept
   */
  async run(sent: SentBytes): Promise<SendingRefusalCode | null> {
    const upload = isUuid(sent.uploadId) ? await this.store.byId(sent.uploadId) : null;
    if (upload === null) return 'UNKNOWN_UPLOAD';
    const refused = this.refusalOf(sent, upload);
    if (refused !== null) return refused;
    if (!(await this.store.begin(upload.id))) return 'TICKET_USED';
    try {
      const outcome = await this.workspace.use((directory) =>
        this.keep(upload, sent.body, join(directory, 'received')),
      );
      if (outcome === 'BROKEN_OFF') await this.store.reopen(upload.id);
      return outcome;
    } catch (fault) {
      await this.store.reopen(upload.id);
      throw fault;
    }
  }

  private refusalOf(
    { exp, sig, contentType, contentLength }: SentBytes,
    { id, sha256, bytes, mime, expiresAt }: Upload,
  ): SendingRefusalCode | null {
    const right = this.signer.upload({ id, expiresAt, maxBytes: bytes, sha256 });
    if (exp !== String(expiresAt) || !isSame(sig, right)) return 'TICKET_FORGED';
    if (this.clock.now() >= expiresAt) return 'TICKET_EXPIRED';
    if (contentType !== null && contentType.toLowerCase() !== mime) return 'WRONG_TYPE';
    if (contentLength === null || contentLength === bytes) return null;
    return contentLength > bytes ? 'TOO_LARGE' : 'WRONG_LENGTH';
  }

  private async keep(
    upload: Upload,
    body: Readable,
    path: string,
  ): Promise<SendingRefusalCode | null> {
    const came = await write(body, path, upload.bytes);
    const code = typeof came === 'string' ? came : refusalOfBytes(came, upload);
    if (code === 'BROKEN_OFF') return code;
    if (code !== null) {
      await this.store.refuse(upload.id, code);
      return code;
    }
    const { id, bytes, sha256, mime } = upload;
    await this.storage.put(receivedKey(id), { path, bytes, sha256, contentType: mime });
    await this.store.received(id);
    return null;
  }
}

function refusalOfBytes(
  came: Came,
  { bytes, sha256 }: Upload,
): 'WRONG_LENGTH' | 'WRONG_HASH' | null {
  if (came.bytes !== bytes) return 'WRONG_LENGTH';
  return came.sha256 === sha256 ? null : 'WRONG_HASH';
}

/** Leaves the connection open on which the answer goes. */
async function write(
  body: Readable,
  path: string,
  mostBytes: number,
): Promise<Came | 'TOO_LARGE' | 'BROKEN_OFF'> {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o600);
  try {
    const chunks = body.iterator({ destroyOnReturn: false })[Symbol.asyncIterator]();
    for (;;) {
      const next = await chunks.next().catch(() => null);
      if (next === null) return 'BROKEN_OFF';
      if (next.done === true) return { bytes, sha256: hash.digest('hex') };
      const chunk = next.value as Buffer;
      bytes += chunk.length;
      if (bytes > mostBytes) return 'TOO_LARGE';
      hash.update(chunk);
      await file.appendFile(chunk);
    }
  } finally {
    await file.close();
  }
}
