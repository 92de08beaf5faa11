import type { EpochMs } from '../../core/time/time.ts';
import type { MediaKind, MediaType } from './media-types.ts';
import type { MediaVariant } from './prepared.ts';
import type { FileRefusalCode } from './refusals.ts';

export type MediaPurpose = 'CONDITION' | 'FINDING' | 'PROGRESS' | 'CONVERSATION';

/** Where an upload is in its life; see the columns of the table. */
export type MediaStatus = 'OPEN' | 'RECEIVING' | 'RECEIVED' | 'READY' | 'REFUSED' | 'FORGOTTEN';

/** One form of a medium, as it is kept. */
export interface MediaFile {
  readonly variant: MediaVariant;
  readonly storageKey: string;
  readonly mime: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** An upload that was begun. */
export interface Upload {
  readonly id: string;
  readonly orderId: string | null;
  /** Id of a caller. */
  readonly uploadedBy: string;
  readonly purpose: MediaPurpose;
  readonly filename: string;
  /** As announced. */
  readonly mime: MediaType;
  /** As announced. */
  readonly bytes: number;
  /** As announced, in hexadecimal. */
  readonly sha256: string;
  readonly status: MediaStatus;
  /** Null unless it was refused. */
  readonly refusal: FileRefusalCode | null;
  readonly durationMs: number | null;
  readonly createdAt: EpochMs;
  readonly expiresAt: EpochMs;
  readonly completedAt: EpochMs | null;
  /** Those that are kept; none before it is ready. */
  readonly files: readonly MediaFile[];
}

/** A picture or clip that is ready. */
export interface Medium {
  readonly id: string;
  readonly orderId: string | null;
  readonly uploadedBy: string;
  readonly kind: MediaKind;
  readonly purpose: MediaPurpose;
  readonly filename: string;
  readonly durationMs: number | null;
  readonly completedAt: EpochMs;
  readonly original: MediaFile;
  readonly files: readonly MediaFile[];
}

/** Null: it is not ready. */
export function mediumOf(upload: Upload): Medium | null {
  const original = upload.files.find(({ variant }) => variant === 'ORIGINAL');
  if (upload.status !== 'READY' || original === undefined) return null;
  const kind = upload.mime.startsWith('image/') ? 'IMAGE' : 'VIDEO';
  return { ...upload, kind, original, completedAt: upload.completedAt! };
}
