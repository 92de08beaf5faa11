import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Logger } from 'pino';

import { createDataDirectory } from '../../data-directory.ts';
import { survive } from '../survive.ts';
import { openCluster, openHome, WELT, type Cluster } from './cluster.ts';
import { dataOwner, lockData } from './data-lock.ts';
import { freePort } from './free-port.ts';
import { Postmaster, readPidFile } from './postmaster.ts';
import { findBinaries } from './server-binaries.ts';
import { chooseServerUser } from './server-user.ts';

/** Fit for a small machine that also runs the service. Everything is on disk before a commit returns. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '250',
  shared_buffers: '256MB',
  effective_cache_size: '1GB',
  random_page_cost: '1.1',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  log_min_messages: 'warning',
};

export interface EmbeddedPostgresOptions {
  /** Holds everything; created if missing. */
  readonly dataDir: string;
  /** Where the service answers, told to whoever tries to start a second one. */
  readonly address: string;
  readonly log: Logger;
  /** Settings that go before {@link SETTINGS}. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The whole data directory is for this process only: removed after it, however it ends. */
  readonly ephemeral?: boolean;
}

export interface RunningPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts the embedded PostgreSQL, watched over as long as this process lives.
 *
 * Recovers what a killed service left. Runs as an ordinary user and as root.
 *
 * @throws DataInUseError if another process works on the data
 * @throws Error in words for people if the server cannot run here
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
): Promise<RunningPostgres> {
  const { dataDir, address } = options;
  createDataDirectory(dataDir);
  const release = lockData(dataDir, address);
  try {
    const user = chooseServerUser(`${dataDir}/postgres/data`);
    const binaries = await findBinaries(user);
    const home = openHome(dataDir, user);
    const cluster = openCluster(home, binaries, user);
    const removeAfter = options.ephemeral === true ? [home, dataDir] : [];
    const port = await freePort();
    const postmaster = await Postmaster.start({
      binaries,
      user,
      cluster,
      port,
      settings: { ...SETTINGS, ...options.settings },
      log: options.log,
      removeAfter,
    });
    const stop = async () => {
      await postmaster.stop();
      release();
      for (const directory of removeAfter) rmSync(directory, { recursive: true, force: true });
    };
    await createDatabase(cluster, port).catch(async (error: unknown) => {
      await stop();
      throw error;
    });
    return { url: urlOf(cluster.password, port, WELT), stop };
  } catch (error) {
    release();
    throw error;
  }
}

/** The address of the database of the service that works on this data now, if one does. */
export function runningDatabase(dataDir: string): string | undefined {
  const home = join(dataDir, 'postgres');
  if (!existsSync(home) || dataOwner(dataDir) === undefined) return undefined;
  const server = readPidFile(join(home, 'data'));
  if (server?.status !== 'ready') return undefined;
  return urlOf(readFileSync(join(home, 'password'), 'utf8'), server.port, WELT);
}

async function createDatabase(cluster: Cluster, port: number): Promise<void> {
  const client = new pg.Client(urlOf(cluster.password, port, 'postgres'));
  survive(client);
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [WELT]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${WELT}`);
  } finally {
    await client.end();
  }
}

function urlOf(password: string, port: number, database: string): string {
  return `postgresql://${WELT}:${password}@127.0.0.1:${port}/${database}`;
}
