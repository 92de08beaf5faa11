import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

import type { EpochMs } from '../../core/time/time.ts';
import { createDataDirectory } from '../../platform/data-directory.ts';

/** Where files lie while they come and are looked through, on the disk of this machine. */
export class Workspace {
  private readonly directory: string;

  constructor(private readonly dataDirectory: string) {
    this.directory = join(dataDirectory, 'media', 'tmp');
  }

  /** Gives `work` an empty directory, and deletes it afterwards with all that is in it. */
  async use<T>(work: (directory: string) => Promise<T>): Promise<T> {
    createDataDirectory(this.dataDirectory);
    await mkdir(this.directory, { recursive: true, mode: 0o700 });
    const directory = await mkdtemp(join(this.directory, 'work-'));
    try {
      return await work(directory);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  }

  /** Deletes what processes left that ended in the middle of their work. @returns how many directories */
  async sweep(before: EpochMs): Promise<number> {
    const names = await readdir(this.directory).catch(() => []);
    let swept = 0;
    for (const name of names) {
      const path = join(this.directory, name);
      const made = await stat(path).catch(() => null);
      if (made === null || made.mtimeMs >= before) continue;
      await rm(path, { recursive: true, force: true });
      swept += 1;
    }
    return swept;
  }
}
