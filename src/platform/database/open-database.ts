import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';

import type { Config } from '../config/config.ts';
import { DataInUseError } from './embedded/data-lock.ts';
import { runningDatabase, startEmbeddedPostgres } from './embedded/embedded-postgres.ts';
import { survive } from './survive.ts';

const REACH_LIMIT_MS = 20_000;
const REACH_PAUSE_MS = 500;
/** Nobody listens yet, or the server is just starting (57P03). */
const NOT_YET = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', '57P03']);

export interface OpenDatabase {
  readonly url: string;
  /** Stops the server if it is our own. To be called after the last connection to it is closed. */
  stop(): Promise<void>;
}

type DatabaseConfig = Pick<Config, 'DATABASE_URL' | 'DATA_DIR' | 'HOST' | 'PORT'>;

/**
 * The database of the service: the one of DATABASE_URL, waited for if it is just starting, or our own.
 *
 * @throws DataInUseError if a service runs on the same data already
 * @throws Error in words for people if there is no database to be had; never with a password in it
 */
export async function openDatabase(config: DatabaseConfig, log: Logger): Promise<OpenDatabase> {
  const { DATABASE_URL: url, DATA_DIR, HOST, PORT } = config;
  if (url !== undefined) {
    await reach(url);
    return { url, stop: () => Promise.resolve() };
  }
  const host = /^(127\.|0\.0\.0\.0|::)/.test(HOST) ? 'localhost' : HOST;
  const address = `http://${host}:${PORT}`;
  return startEmbeddedPostgres({ dataDir: DATA_DIR, address, log });
}

/** The database for a command: that of the service if it runs now, else opened for the command. */
export async function borrowDatabase(config: DatabaseConfig, log: Logger): Promise<OpenDatabase> {
  try {
    return await openDatabase(config, log);
  } catch (error) {
    const url = error instanceof DataInUseError ? runningDatabase(config.DATA_DIR) : undefined;
    if (url === undefined) throw error;
    return { url, stop: () => Promise.resolve() };
  }
}

async function reach(url: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += REACH_PAUSE_MS) {
    const fault = await tryToConnect(url);
    if (fault === undefined) return;
    if (!NOT_YET.has(fault) || waitedMs >= REACH_LIMIT_MS) {
      throw new Error(`the database of DATABASE_URL cannot be used (${fault})`);
    }
    await wait(REACH_PAUSE_MS);
  }
}

async function tryToConnect(url: string): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  survive(client);
  try {
    await client.connect();
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code ?? message;
  } finally {
    await client.end().catch(() => undefined);
  }
}
