import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

import { ObjectStore, partsOfKey, type ByteRange, type FileToKeep } from './object-store.ts';

/** Files below a directory. Several processes may use the same one. */
export class DiskStore extends ObjectStore {
  constructor(private readonly directory: string) {
    super();
  }

  /** A file is under its name with all its bytes on the disk, or not at all. Moves; does not copy. */
  override async put(key: string, { path }: FileToKeep): Promise<void> {
    const kept = this.pathOf(key);
    await mkdir(dirname(kept), { recursive: true, mode: 0o700 });
    await sync(path);
    await rename(path, kept);
    await sync(dirname(kept));
  }

  override async read(key: string, range?: ByteRange): Promise<Readable | null> {
    try {
      const file = await open(this.pathOf(key), 'r');
      return file.createReadStream(
        range === undefined ? {} : { start: range.first, end: range.last },
      );
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  override async delete(key: string): Promise<void> {
    await rm(this.pathOf(key), { force: true });
  }

  private pathOf(key: string): string {
    return join(this.directory, ...partsOfKey(key));
  }
}

/** Waits until the disk has a file, or the names in a directory. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
