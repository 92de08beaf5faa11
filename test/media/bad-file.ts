import type { MediaType } from '../../src/features/media/media-types.ts';
import type { FileRefusalCode } from '../../src/features/media/refusals.ts';

/** A file that is not to be taken. */
export interface BadFile {
  readonly name: string;
  /** What it is announced as. */
  readonly type: MediaType;
  readonly make: () => Buffer | Promise<Buffer>;
  readonly code: FileRefusalCode;
}
