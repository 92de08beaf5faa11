import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { processStart } from '../../process-identity.ts';

const LOCK_FILE = /^service\.(\d+)\.lock$/;

/** Who works on a data directory. */
export interface DataOwner {
  readonly pid: number;
  readonly startedAt: string;
  /** Where the owner answers requests, for people. */
  readonly address: string;
}

/** Another living process owns the data directory. */
export class DataInUseError extends Error {
  constructor(readonly owner: DataOwner) {
    super(`Welt already runs on this data: ${owner.address} (pid ${owner.pid})`);
  }
}

/**
 * Makes this process the only one that works on `directory`, until it releases it or dies.
 *
 * Lock files are numbered and the highest decides. Taking over from the dead means creating the next
 * number, which the file system grants to one process alone; nothing is ever removed that a living
 * process may rely on. So any number of processes may start at once after a crash.
 *
 * @returns releases the directory
 * @throws DataInUseError if a living process has it
 */
export function lockData(directory: string, address: string): () => void {
  const startedAt = processStart(process.pid) ?? '';
  const mine: DataOwner = { pid: process.pid, startedAt, address };
  for (;;) {
    const [newest = 0, ...older] = lockNumbers(directory);
    const owner = livingOwner(directory, newest);
    if (owner !== undefined) throw new DataInUseError(owner);
    if (!createLock(directory, newest + 1, JSON.stringify(mine))) continue;
    if (lockNumbers(directory)[0] !== newest + 1) {
      rmSync(lockFile(directory, newest + 1));
      continue;
    }
    for (const number of [newest, ...older]) rmSync(lockFile(directory, number), { force: true });
    return () => {
      writeFileSync(lockFile(directory, newest + 1), 'released\n');
    };
  }
}

/** The living process that owns the directory, if there is one. */
export function dataOwner(directory: string): DataOwner | undefined {
  return livingOwner(directory, lockNumbers(directory)[0] ?? 0);
}

function livingOwner(directory: string, number: number): DataOwner | undefined {
  try {
    const owner = JSON.parse(readFileSync(lockFile(directory, number), 'utf8')) as DataOwner;
    return processStart(owner.pid) === owner.startedAt ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** Highest first. */
function lockNumbers(directory: string): readonly number[] {
  const numbers = readdirSync(directory).map((name) => Number(LOCK_FILE.exec(name)?.[1] ?? 0));
  return numbers.filter((number) => number > 0).sort((a, b) => b - a);
}

/** Creates the file with its content at once, or not at all if it exists. */
function createLock(directory: string, number: number, content: string): boolean {
  mkdirSync(directory, { recursive: true });
  const draft = join(directory, `.lock-${process.pid}-${number}`);
  writeFileSync(draft, content, { mode: 0o644 });
  try {
    linkSync(draft, lockFile(directory, number));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function lockFile(directory: string, number: number): string {
  return join(directory, `service.${number}.lock`);
}
