import type { FileHandle } from 'node:fs/promises';

import { demand } from './refusals.ts';

const WINDOW_BYTES = 64 * 1024;
/** No field that is read at once is as long. */
const MOST_AT_ONCE = 16 * 1024;

/** A large file, read here and there through a small window; nothing of it stays in memory. */
export class ByteFile {
  private window = Buffer.alloc(0);
  private windowAt = 0;

  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** @throws Unacceptable TRUNCATED if the file ends before; TOO_COMPLEX: too much at once */
  async read(at: number, bytes: number): Promise<Buffer> {
    demand(bytes <= MOST_AT_ONCE, 'TOO_COMPLEX');
    demand(at >= 0 && at + bytes <= this.size, 'TRUNCATED');
    const offset = at - this.windowAt;
    if (offset < 0 || offset + bytes > this.window.length) await this.moveTo(at);
    const from = at - this.windowAt;
    demand(from + bytes <= this.window.length, 'TRUNCATED');
    return this.window.subarray(from, from + bytes);
  }

  private async moveTo(at: number): Promise<void> {
    const wanted = Buffer.alloc(Math.min(WINDOW_BYTES, this.size - at));
    const { bytesRead } = await this.handle.read(wanted, 0, wanted.length, at);
    this.window = wanted.subarray(0, bytesRead);
    this.windowAt = at;
  }
}
