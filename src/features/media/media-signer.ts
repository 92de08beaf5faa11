import { createHmac, timingSafeEqual } from 'node:crypto';

import type { EpochMs } from '../../core/time/time.ts';
import type { MediaVariant } from './prepared.ts';

/** Where bytes may be sent to, once. */
export interface UploadGrant {
  readonly id: string;
  readonly expiresAt: EpochMs;
  readonly maxBytes: number;
  readonly sha256: string;
}

/** What may be looked at, and by whom. */
export interface ViewGrant {
  readonly id: string;
  readonly variant: MediaVariant;
  readonly expiresAt: EpochMs;
  /** Id of a caller, or who gets addresses in messages. Tells nothing about a person. */
  readonly viewer: string;
  /** The order that the medium is of; null: none yet. */
  readonly orderId: string | null;
}

/**
 * Signs addresses of uploads and media, so that whoever has one needs no token. The key is derived from
 * the secret of the deployment: all processes agree on it.
 */
export class MediaSigner {
  private key: Buffer | undefined;

  /** @param secret asked for when the first address is signed */
  constructor(private readonly secret: () => string) {}

  upload({ id, expiresAt, maxBytes, sha256 }: UploadGrant): string {
    return this.sign(['PUT', id, expiresAt, maxBytes, sha256]);
  }

  view({ id, variant, expiresAt, viewer, orderId }: ViewGrant): string {
    return this.sign(['GET', id, variant, expiresAt, viewer, orderId ?? '']);
  }

  private sign(parts: readonly (string | number)[]): string {
    this.key ??= createHmac('sha256', this.secret()).update('addresses of media').digest();
    return createHmac('sha256', this.key).update(parts.join('\n')).digest('base64url');
  }
}

/** Takes the same time however much of it is right. */
export function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
