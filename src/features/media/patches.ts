import type { FileHandle } from 'node:fs/promises';

/** What is written over a file in place, so that nothing in it moves. */
export type Patch =
  { readonly at: number; readonly bytes: Buffer } | { readonly at: number; readonly zeros: number };

const ZEROS = Buffer.alloc(64 * 1024);

/** Later ones are written over earlier ones. */
export async function applyPatches(handle: FileHandle, patches: readonly Patch[]): Promise<void> {
  for (const patch of patches) {
    if ('bytes' in patch) await handle.write(patch.bytes, 0, patch.bytes.length, patch.at);
    else await blank(handle, patch.at, patch.zeros);
  }
}

async function blank(handle: FileHandle, from: number, bytes: number): Promise<void> {
  for (let done = 0; done < bytes;) {
    const length = Math.min(ZEROS.length, bytes - done);
    await handle.write(ZEROS, 0, length, from + done);
    done += length;
  }
}
