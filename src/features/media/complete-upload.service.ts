import { join } from 'node:path';

import { Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';

import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { ObjectStore } from '../../platform/storage/object-store.ts';
import type { UploadRefused } from './begin-upload.service.ts';
import { FewAtOnce } from './few-at-once.ts';
import { measured } from './measure.ts';
import { mediumOf, type MediaFile, type Medium, type Upload } from './medium.ts';
import { prepareMedia, type FileRefused } from './prepare.ts';
import type { PreparedFile, PreparedMedia } from './prepared.ts';
import { keptKey, receivedKey } from './storage-keys.ts';
import { UploadStore } from './upload-store.ts';
import { Workspace } from './workspace.ts';

/** Pictures that are decoded at the same moment in one process: each may take some hundred megabytes. */
const MOST_AT_ONCE = 2;

/** Looks through what was uploaded, and keeps what may be shown. */
@Injectable()
export class CompleteUpload {
  private readonly turns = new FewAtOnce(MOST_AT_ONCE);

  constructor(
    private readonly store: UploadStore,
    private readonly storage: ObjectStore,
    private readonly workspace: Workspace,
    private readonly clock: Clock,
  ) {}

  /** Of two who complete one upload at the same moment both do the work, and get the answer of the first. */
  async run(id: string, caller: SignedInCaller): Promise<Result<Medium, UploadRefused>> {
    const upload = isUuid(id) ? await this.store.byId(id) : null;
    if (upload?.uploadedBy !== caller.id) return refuse({ code: 'UNKNOWN_UPLOAD' });
    if (upload.status !== 'RECEIVED') return answerOf(upload);
    await this.turns.run(() => this.look(upload));
    const then = await this.store.byId(upload.id);
    if (then === null) return refuse({ code: 'UNKNOWN_UPLOAD' });
    if (then.status === 'RECEIVED') throw new Error(`the bytes of upload ${upload.id} are gone`);
    return answerOf(then);
  }

  private async look(upload: Upload): Promise<void> {
    await this.workspace.use(async (directory) => {
      const path = join(directory, 'received');
      // What is gone was completed meanwhile.
      if (!(await this.storage.fetch(receivedKey(upload.id), path))) return;
      const prepared = await this.prepare(upload, path, directory);
      if (prepared.ok) await this.keep(upload.id, prepared.value);
      else await this.store.refuse(upload.id, prepared.error.code);
    });
    await this.storage.delete(receivedKey(upload.id));
  }

  private async prepare(
    upload: Upload,
    path: string,
    directory: string,
  ): Promise<Result<PreparedMedia, FileRefused>> {
    const { bytes, sha256 } = await measured(path);
    if (bytes !== upload.bytes) return refuse({ code: 'WRONG_LENGTH' });
    if (sha256 !== upload.sha256) return refuse({ code: 'WRONG_HASH' });
    return prepareMedia(path, upload.mime, directory);
  }

  /** The files first: a row never names one that is not there. */
  private async keep(id: string, { files, durationMs }: PreparedMedia): Promise<void> {
    const kept: MediaFile[] = [];
    for (const file of files) kept.push(await this.keepFile(id, file));
    await this.store.ready(id, kept, durationMs, this.clock.now());
  }

  private async keepFile(id: string, { path, ...file }: PreparedFile): Promise<MediaFile> {
    const { bytes, sha256, mime: contentType } = file;
    const storageKey = keptKey(sha256, id);
    await this.storage.put(storageKey, { path, bytes, sha256, contentType });
    return { ...file, storageKey };
  }
}

function answerOf(upload: Upload): Result<Medium, UploadRefused> {
  const medium = mediumOf(upload);
  if (medium !== null) return ok(medium);
  return refuse({ code: upload.refusal ?? 'NOT_UPLOADED' });
}
