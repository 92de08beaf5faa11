import { renameSync, statSync } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A file as large as this is put aside; with the one put aside before, no more than twice this is kept. */
export const MOST_FILE_BYTES = 10 * 1024 * 1024;

/** Messages are about people: nobody but the account of the service reads them. */
const OWNER_ONLY = 0o600;
const OWNER_ENTERS = 0o700;

/**
 * Appends in one write, so that what several processes append is never mixed. Makes the directory if it
 * is missing.
 *
 * @throws Error of the file system
 */
export async function appendToLog(file: string, block: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: OWNER_ENTERS });
  putAsideIfFull(file);
  await appendFile(file, block, { mode: OWNER_ONLY });
}

/** Without a pause between the look and the renaming, so that no other append of this process puts a new file aside. */
function putAsideIfFull(file: string): void {
  const { size } = statSync(file, { throwIfNoEntry: false }) ?? { size: 0 };
  if (size >= MOST_FILE_BYTES) renameSync(file, `${file}.1`);
}
