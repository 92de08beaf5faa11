import { execFileSync, spawnSync, type SpawnOptions } from 'node:child_process';
import { statSync } from 'node:fs';

/** The account that the server runs as; PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * The account to start the server as: undefined means our own. Only root needs another: the owner of
 * the data if there is any yet, else `postgres`, which is created where it is missing, else `nobody`.
 */
export function chooseServerUser(data: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return account('postgres') ?? createAccount('postgres') ?? account('nobody');
}

/** What a child process needs to run as the server: its account and nothing of our environment. */
export function asServerUser(user: ServerUser | undefined): SpawnOptions {
  const PATH = process.env['PATH'] ?? '/usr/bin:/bin';
  return { ...user, cwd: '/', env: { PATH, LC_ALL: 'C', TZ: 'UTC' } };
}

/** Whether the account can get into a directory, through all that lie above it. */
export function canEnter(user: ServerUser | undefined, directory: string): boolean {
  const shell = spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], asServerUser(user));
  return shell.status === 0;
}

function account(name: string): ServerUser | undefined {
  const id = (flag: string) =>
    Number(
      execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    );
  try {
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return undefined;
  }
}

function createAccount(name: string): ServerUser | undefined {
  const flags = ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false'];
  for (let attempt = 0; attempt < 3; attempt += 1) {
    spawnSync('useradd', [...flags, name], { stdio: 'ignore' });
    const created = account(name);
    if (created !== undefined) return created;
  }
  return undefined;
}
