import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

import { REACHABLE_HOME, type ServerBinaries } from './server-binaries.ts';
import { asServerUser, canEnter, type ServerUser } from './server-user.ts';

/** Name of the superuser and of the database. */
export const WELT = 'welt';

const INITDB_FLAGS = [
  `--username=${WELT}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--set=timezone=UTC',
  '--set=log_timezone=UTC',
  '--no-instructions',
];

/** Where one server keeps its things. */
export interface Cluster {
  /** PostgreSQL's own directory, real path. */
  readonly data: string;
  readonly logFile: string;
  readonly password: string;
}

/**
 * The directory that holds cluster, password and server log: `postgres` below the data directory. If
 * the server's account cannot get there, that is a link to a directory below {@link REACHABLE_HOME}.
 */
export function openHome(dataDir: string, user: ServerUser | undefined): string {
  const home = join(dataDir, 'postgres');
  if (lstatSync(home, { throwIfNoEntry: false })?.isSymbolicLink()) return linkedHome(home);
  const isNew = mkdirSync(home, { recursive: true }) !== undefined;
  chmodSync(home, 0o711);
  if (user === undefined || canEnter(user, home)) return realpathSync(home);
  if (!isNew && readdirSync(home).length > 0) {
    throw new Error(`${home} is closed to the account that PostgreSQL runs as (uid ${user.uid})`);
  }
  const name = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const reachable = join(REACHABLE_HOME, `${name}-${randomBytes(4).toString('hex')}`);
  mkdirSync(REACHABLE_HOME, { recursive: true, mode: 0o755 });
  mkdirSync(reachable, { mode: 0o711 });
  rmdirSync(home);
  symlinkSync(reachable, home);
  return reachable;
}

function linkedHome(link: string): string {
  try {
    return realpathSync(link);
  } catch (cause) {
    throw new Error(`${link} leads to a directory that is gone; remove the link`, { cause });
  }
}

/**
 * The cluster in `home`, created if there is none. Creation is all or nothing: it happens beside and is
 * moved into place.
 */
export function openCluster(
  home: string,
  binaries: ServerBinaries,
  user: ServerUser | undefined,
): Cluster {
  const data = join(home, 'data');
  const passwordFile = join(home, 'password');
  if (!existsSync(join(data, 'PG_VERSION'))) {
    const password = randomBytes(24).toString('hex');
    writeFileSync(passwordFile, password, { mode: 0o600 });
    createCluster(home, binaries, user, password);
  }
  const version = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8'));
  if (version !== binaries.majorVersion) {
    throw new Error(
      `${data} was written by PostgreSQL ${version}, but the installed one is ` +
        `${binaries.majorVersion}: dump the data with the old one, or move the directory away`,
    );
  }
  const password = readFileSync(passwordFile, 'utf8');
  return { data, password, logFile: join(home, 'server.log') };
}

function createCluster(
  home: string,
  binaries: ServerBinaries,
  user: ServerUser | undefined,
  password: string,
): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith('draft-')) rmSync(join(home, name), { recursive: true, force: true });
  }
  const draft = join(home, `draft-${randomBytes(4).toString('hex')}`);
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = `${draft}-password`;
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (user !== undefined) {
    chownSync(draft, user.uid, user.gid);
    chownSync(passwordFile, user.uid, user.gid);
  }
  const { status, error, stderr } = spawnSync(
    binaries.initdb,
    [`--pgdata=${draft}`, `--pwfile=${passwordFile}`, ...INITDB_FLAGS],
    { ...asServerUser(user), encoding: 'utf8' },
  );
  rmSync(passwordFile, { force: true });
  if (status !== 0) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not create its data in ${home}: ${error?.message ?? stderr}`);
  }
  renameSync(draft, join(home, 'data'));
}
