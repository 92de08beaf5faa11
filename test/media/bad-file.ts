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

/** One of a list of the same type. */
export type Row = Omit<BadFile, 'type'>;

export const of = (type: BadFile['type'], rows: readonly Row[]): readonly BadFile[] =>
  rows.map((row) => ({ ...row, name: `${type}: ${row.name}`, type }));

export const join = (...parts: readonly Buffer[]): Buffer => Buffer.concat(parts);

export const times = (count: number, part: Buffer): Buffer =>
  Buffer.concat(Array.from({ length: count }, () => part));

export const half = (file: Buffer): Buffer => file.subarray(0, file.length >> 1);

export const GARBAGE = Buffer.from('this is nothing that any decoder understands');
