import type { MediaKind } from './media-types.ts';

/** The whole, or a thumbnail of it. */
export type MediaVariant = 'ORIGINAL' | 'LARGE' | 'SMALL';

/** A file that is ready to be kept. */
export interface PreparedFile {
  readonly variant: MediaVariant;
  readonly path: string;
  readonly mime: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  readonly width: number;
  readonly height: number;
}

/** A picture or clip that was checked, with nothing left in it but picture and sound. */
export interface PreparedMedia {
  readonly kind: MediaKind;
  /** The whole comes first. */
  readonly files: readonly [PreparedFile, ...PreparedFile[]];
  /** Null: of a picture, or the clip does not say. */
  readonly durationMs: number | null;
}
