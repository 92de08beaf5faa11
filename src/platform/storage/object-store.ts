import { createWriteStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file on this machine that is to be kept. */
export interface FileToKeep {
  readonly path: string;
  readonly bytes: number;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
  readonly contentType: string;
}

/** Both ends included, as HTTP counts. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** Small letters, digits, hyphens; parts divided by a slash. */
const KEY = /^[a-z0-9-]+(\/[a-z0-9-]+)*$/;

/**
 * Keeps files under keys, on a disk or elsewhere. What is under a key never changes: putting the same key
 * again puts the same bytes. A key that is not there is an answer, everything else that fails is a fault.
 */
export abstract class ObjectStore {
  /** Takes the file: it is kept for good when this returns, and may be gone from its path. */
  abstract put(key: string, file: FileToKeep): Promise<void>;

  /** @returns null: there is nothing under this key. Whoever asked reads or destroys the stream */
  abstract read(key: string, range?: ByteRange): Promise<Readable | null>;

  /** Of what is not there too. */
  abstract delete(key: string): Promise<void>;

  /** Copies what is under a key to a new file. @returns whether there was anything */
  async fetch(key: string, toPath: string): Promise<boolean> {
    const stream = await this.read(key);
    if (stream === null) return false;
    await pipeline(stream, createWriteStream(toPath, { flags: 'wx', mode: 0o600 }));
    return true;
  }
}

/** The parts of a key, to build a path or an address from. @throws Error if it is none */
export function partsOfKey(key: string): readonly string[] {
  if (!KEY.test(key)) throw new Error('this is no key of an object store');
  return key.split('/');
}
