import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';

import type { NetworkInput } from '../../../src/core/network/network-input.ts';
import type { Network } from '../../../src/core/network/network.ts';
import { migrate } from '../../../src/platform/database/data-source.ts';
import {
  startEmbeddedPostgres,
  type RunningPostgres,
} from '../../../src/platform/database/embedded/embedded-postgres.ts';
import { signToken } from '../../../src/platform/signin/token.ts';
import { ServiceProcess } from '../../support/service-process.ts';
import { benchChain, compiled } from './chain.ts';
import { loadOrders } from './loader.ts';

const POLL_MS = 10;
const ORDERS = 100_000;
const SECRET = 'the benches sign their tokens with this';

/** What the benches of one run share: a server as `npm start` sets it up, and a chain full of orders. */
export interface Ground {
  readonly chain: NetworkInput;
  readonly network: Network;
  /** Migrated; holds the chain and its orders. Every bench adds to it, none takes anything away. */
  readonly databaseUrl: string;
  /** A bearer token of headquarters for {@link startService}. */
  readonly token: string;
  /** A new migrated database without any chain. */
  readonly emptyDatabase: (name: string) => Promise<string>;
  /** The service in a process of its own, as in production. */
  readonly startService: (env?: NodeJS.ProcessEnv) => Promise<ServiceProcess>;
}

let server: Promise<RunningPostgres> | undefined;
let made: Promise<Ground> | undefined;

/** Made when the first bench needs it; takes a minute or two. */
export function ground(): Promise<Ground> {
  return (made ??= makeGround());
}

/** To be called at the end, whatever happened. */
export async function closeGround(): Promise<void> {
  await (await server)?.stop();
}

/** With everything on disk before a commit returns; without any data. */
export function emptyServer(): Promise<RunningPostgres> {
  return (server ??= startServer());
}

async function startServer(): Promise<RunningPostgres> {
  const kept = process.env['BENCH_DATA'];
  const dataDir = kept === undefined ? mkdtempSync(join(tmpdir(), 'welt-bench-')) : resolve(kept);
  if (kept === undefined) chmodSync(dataDir, 0o711);
  return startEmbeddedPostgres({
    dataDir,
    address: 'the benches',
    log: pino({ level: 'error' }),
    ephemeral: kept === undefined,
  });
}

async function makeGround(): Promise<Ground> {
  const { url } = await emptyServer();
  const chain = benchChain();
  const databaseUrl = await loadedDatabase(url, chain);
  const startService = (env: NodeJS.ProcessEnv = {}) =>
    answering({
      NODE_ENV: 'production',
      LOG_LEVEL: 'warn',
      TOKEN_SECRET: SECRET,
      DATABASE_URL: databaseUrl,
      ...env,
    });
  return {
    chain,
    network: compiled(chain, 1),
    databaseUrl,
    token: await signToken(SECRET, { role: 'hq' }, 86_400),
    emptyDatabase: async (name) => {
      const created = await createDatabase(url, name);
      await migrate(created);
      return created;
    },
    startService,
  };
}

/** Starts the service and waits until it answers. @throws Error with its output if it ends instead */
export async function answering(env: NodeJS.ProcessEnv): Promise<ServiceProcess> {
  const service = await ServiceProcess.launch(env);
  const state = { isOver: false };
  void service.ended.then(() => (state.isOver = true));
  while (!(await answers(service))) {
    if (state.isOver) throw new Error(`the service ended: ${service.output}`);
    await wait(POLL_MS);
  }
  return service;
}

async function answers(service: ServiceProcess): Promise<boolean> {
  try {
    return (await service.health()) === 200;
  } catch {
    return false;
  }
}

/** Of today, so that the orders ahead are ahead. */
async function loadedDatabase(serverUrl: string, chain: NetworkInput): Promise<string> {
  const name = `loaded_${new Date().toISOString().slice(0, 10).replaceAll('-', '_')}`;
  if (await exists(serverUrl, name)) return urlOf(serverUrl, name);
  process.stderr.write(`loading ${chain.stores!.length} stores and ${ORDERS} orders ...\n`);
  const draft = await createDatabase(serverUrl, `draft_${name}`);
  await migrate(draft);
  await importChain(draft, chain);
  await withClient(draft, (db) => loadOrders(db, chain, Date.now(), ORDERS));
  await withClient(serverUrl, (db) => db.query(`ALTER DATABASE draft_${name} RENAME TO ${name}`));
  return urlOf(serverUrl, name);
}

/** Written as an import writes it; the tests see to it that the generated chain is valid. */
async function importChain(databaseUrl: string, chain: NetworkInput): Promise<void> {
  await withClient(databaseUrl, async (db) => {
    await db.query(`UPDATE chain SET version = 1`);
    for (const [kind, parts] of Object.entries(chain)) {
      await db.query(
        `INSERT INTO network_part (kind, code, document, version)
         SELECT $1, part->>'code', part, 1 FROM jsonb_array_elements($2::jsonb) AS part`,
        [kind.replace(/s$/, ''), JSON.stringify(parts)],
      );
    }
  });
}

async function createDatabase(serverUrl: string, name: string): Promise<string> {
  await withClient(serverUrl, async (db) => {
    await db.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await db.query(`CREATE DATABASE ${name}`);
  });
  return urlOf(serverUrl, name);
}

async function exists(serverUrl: string, name: string): Promise<boolean> {
  return withClient(serverUrl, async (db) => {
    const { rowCount } = await db.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    return rowCount === 1;
  });
}

export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client(url);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}
