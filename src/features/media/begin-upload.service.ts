import { Inject, Injectable } from '@nestjs/common';
import { v7 as newId } from 'uuid';

import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { contentHash } from '../orders/index.ts';
import { MediaSigner } from './media-signer.ts';
import { refusalOfAnnounced, type MediaType } from './media-types.ts';
import type { MediaPurpose, Upload } from './medium.ts';
import { OrderAccess } from './order-access.ts';
import type { UploadRefusalCode } from './refusals.ts';
import { UploadStore } from './upload-store.ts';

/** A file that is announced, its form checked. */
export interface AnnouncedUpload {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly orderId: string | null;
  readonly filename: string;
  readonly mime: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly purpose: MediaPurpose;
}

export interface UploadTicket {
  readonly uploadId: string;
  readonly method: 'PUT';
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  readonly expiresAt: EpochMs;
  readonly maxBytes: number;
}

export interface UploadRefused {
  readonly code: UploadRefusalCode;
}

const MOST_OPEN = 100;
const MOST_OF_ORDER = 500;

/** Gives out tickets to upload. */
@Injectable()
export class BeginUpload {
  constructor(
    private readonly store: UploadStore,
    private readonly orders: OrderAccess,
    private readonly signer: MediaSigner,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async run(
    announced: AnnouncedUpload,
  ): Promise<Result<UploadTicket, UploadRefused | RequestKeyReused>> {
    const earlier = await this.replay(announced);
    if (earlier !== null) return earlier;
    const code = refusalOfAnnounced(announced) ?? (await this.refusalOf(announced));
    if (code !== null) return refuse({ code });
    const upload = this.newUpload(announced);
    if (await this.store.insert(upload)) return ok(this.ticket(upload));
    // The same request at the same moment was first.
    return (await this.replay(announced))!;
  }

  private async replay(
    announced: AnnouncedUpload,
  ): Promise<Result<UploadTicket, RequestKeyReused> | null> {
    const { caller, requestKey } = announced;
    const earlier = await this.store.byRequest(caller.id, requestKey);
    if (earlier === null) return null;
    return earlier.contentHash === hashOf(announced)
      ? ok(this.ticket(earlier.upload))
      : refuse({ code: 'REQUEST_KEY_REUSED' });
  }

  private async refusalOf({ caller, orderId }: AnnouncedUpload): Promise<UploadRefusalCode | null> {
    const isSeen =
      orderId === null ? caller.role !== 'customer' : await this.orders.sees(orderId, caller);
    if (!isSeen) return 'UNKNOWN_ORDER';
    const { open, ofOrder } = await this.store.counts(caller.id, orderId, this.clock.now());
    return open >= MOST_OPEN || ofOrder >= MOST_OF_ORDER ? 'TOO_MANY_UPLOADS' : null;
  }

  private newUpload(announced: AnnouncedUpload) {
    const { caller, mime, ...rest } = announced;
    const createdAt = this.clock.now();
    return {
      ...rest,
      id: newId(),
      uploadedBy: caller.id,
      mime: mime as MediaType,
      contentHash: hashOf(announced),
      createdAt,
      expiresAt: createdAt + this.config.MEDIA_UPLOAD_SECONDS * 1000,
    };
  }

  private ticket({
    id,
    mime,
    bytes,
    sha256,
    expiresAt,
  }: Pick<Upload, 'id' | 'mime' | 'bytes' | 'sha256' | 'expiresAt'>): UploadTicket {
    const sig = this.signer.upload({ id, expiresAt, maxBytes: bytes, sha256 });
    const query = new URLSearchParams({ exp: String(expiresAt), sig }).toString();
    return {
      uploadId: id,
      method: 'PUT',
      url: `${this.config.PUBLIC_URL}/media/uploads/${id}?${query}`,
      headers: [{ name: 'Content-Type', value: mime }],
      expiresAt,
      maxBytes: bytes,
    };
  }
}

const hashOf = ({ orderId, filename, mime, bytes, sha256, purpose }: AnnouncedUpload): string =>
  contentHash('createUpload', { orderId, filename, mime, bytes, sha256, purpose });
