import { createHash } from 'node:crypto';

import { Inject, Injectable } from '@nestjs/common';

import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import { isSame, MediaSigner } from './media-signer.ts';
import type { MediaFile, Medium } from './medium.ts';
import type { MediaVariant } from './prepared.ts';

/** What an address says of who may look, until when. */
export interface ViewPass {
  readonly exp: string;
  readonly viewer: string;
  readonly sig: string;
}

const VIEWER_CHARACTERS = 16;

/** Addresses from which media are fetched without a token. */
@Injectable()
export class MediaAddresses {
  constructor(
    private readonly signer: MediaSigner,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * The same for a while when it is asked for again, so that clients need not fetch again what they have.
   *
   * @param viewerId of the caller whom it is given to
   * @param ttlMs how long it is good at least; at most half as long again
   * @returns null: there is no such form of it
   */
  of(
    medium: Medium,
    variant: MediaVariant,
    viewerId: string,
    ttlMs: number = this.config.MEDIA_URL_SECONDS * 1000,
  ): string | null {
    if (fileOf(medium, variant) === null) return null;
    const stepMs = Math.ceil(ttlMs / 2);
    const expiresAt = Math.ceil((this.clock.now() + ttlMs) / stepMs) * stepMs;
    const viewer = viewerOf(viewerId);
    const sig = this.sign(medium, variant, expiresAt, viewer);
    const query = new URLSearchParams({ exp: String(expiresAt), for: viewer, sig }).toString();
    const path = `/media/${medium.id}/${variant.toLowerCase()}`;
    return `${this.config.PUBLIC_URL}${path}?${query}`;
  }

  /** Milliseconds that an address is still good; null: it is forged, or no longer good. */
  restMs(medium: Medium, variant: MediaVariant, { exp, viewer, sig }: ViewPass): number | null {
    const expiresAt = /^\d{1,15}$/.test(exp) ? Number(exp) : 0;
    if (!isSame(sig, this.sign(medium, variant, expiresAt, viewer))) return null;
    const rest = expiresAt - this.clock.now();
    return rest > 0 ? rest : null;
  }

  private sign(
    { id, orderId }: Medium,
    variant: MediaVariant,
    expiresAt: EpochMs,
    viewer: string,
  ): string {
    return this.signer.view({ id, variant, expiresAt, viewer, orderId });
  }
}

export const fileOf = ({ files }: Medium, variant: MediaVariant): MediaFile | null =>
  files.find((file) => file.variant === variant) ?? null;

/** How a viewer is named in addresses, which may be passed on: not by an id. */
export const viewerOf = (viewerId: string): string =>
  createHash('sha256')
    .update(`viewer of media ${viewerId}`)
    .digest('base64url')
    .slice(0, VIEWER_CHARACTERS);
