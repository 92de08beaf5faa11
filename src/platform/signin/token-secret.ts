import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Config } from '../config/config.ts';
import { createDataDirectory } from '../data-directory.ts';

/**
 * The secret that signs bearer tokens: TOKEN_SECRET, or one kept below the data directory, readable for
 * its owner alone. It is made by whoever needs it first; of several at once one wins and all use its.
 */
export function tokenSecret(config: Pick<Config, 'TOKEN_SECRET' | 'DATA_DIR'>): string {
  const { TOKEN_SECRET, DATA_DIR } = config;
  if (TOKEN_SECRET !== undefined) return TOKEN_SECRET;
  const file = join(DATA_DIR, 'token-secret');
  return readSecret(file) ?? createSecret(DATA_DIR, file);
}

function readSecret(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`cannot read ${file}; set TOKEN_SECRET`, { cause: error });
  }
}

/** A file appears under its name with all its content, or not at all. */
function createSecret(directory: string, file: string): string {
  createDataDirectory(directory);
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${randomBytes(48).toString('base64url')}\n`, { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return readFileSync(file, 'utf8').trim();
}
