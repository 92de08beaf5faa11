import { readdirSync } from 'node:fs';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Logger } from 'pino';
import { DataSource, type DataSourceOptions, type MigrationInterface } from 'typeorm';

import { survive } from './survive.ts';

type EntityClass = abstract new (...args: never[]) => object;
type MigrationClass = new () => MigrationInterface;

const STATEMENT_LIMIT_MS = 15_000;
const IDLE_TRANSACTION_LIMIT_MS = 30_000;
/** Also how long a request waits for a free connection when very many come at once. */
const CONNECT_LIMIT_MS = 25_000;
/** Any constant does, as long as no other program takes advisory locks in the same database. */
const MIGRATION_LOCK = 5_714_229;

/** Programs and migrations lie side by side, as sources and as built. */
const MIGRATIONS_DIRECTORY = join(import.meta.dirname, '..', '..', '..', 'migrations');

export interface DataSourceSettings {
  readonly url: string;
  readonly poolSize: number;
  readonly entities: readonly EntityClass[];
  /** Hears of connections that broke while nobody used them, as when the server restarts. */
  readonly log: Logger;
}

/** How the service talks to its database. The schema is the migrations' business alone. */
export function dataSourceOptions(settings: DataSourceSettings): DataSourceOptions {
  const { url, poolSize, entities, log } = settings;
  return {
    type: 'postgres',
    url,
    entities: [...entities],
    synchronize: false,
    migrationsRun: false,
    installExtensions: false,
    applicationName: 'welt',
    poolSize,
    connectTimeoutMS: CONNECT_LIMIT_MS,
    poolErrorHandler: (err: unknown) => {
      log.warn({ err }, 'a database connection broke');
    },
    extra: {
      onConnect: survive,
      statement_timeout: STATEMENT_LIMIT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_LIMIT_MS,
      keepAlive: true,
      // What does not wait for each other's answers is sent at once.
      pipeline: true,
      // All statements are prepared, and none gets a better plan from knowing its values: without this
      // some are planned anew each time, which can take longer than to carry them out.
      options: '-c plan_cache_mode=force_generic_plan',
    },
  };
}

/**
 * Brings the database to the newest version. Any number of processes may do so at once: one works, the
 * others wait for it and find nothing left to do.
 *
 * @returns the names of the migrations that ran
 * @throws Error of the migration that failed; what it did is undone, the ones before it stay
 */
export async function migrate(url: string): Promise<readonly string[]> {
  return withMigrations(url, async (db) => {
    const done = await db.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  });
}

/** Takes back all migrations, newest first: for tests that they can be. */
export async function unmigrate(url: string): Promise<void> {
  await withMigrations(url, async (db) => {
    while ((await appliedCount(db)) > 0) await db.undoLastMigration({ transaction: 'each' });
  });
}

async function appliedCount(db: DataSource): Promise<number> {
  const rows = await db.query<{ count: number }[]>('SELECT count(*)::int AS count FROM migrations');
  return rows[0]?.count ?? 0;
}

/** Without limits on time: a migration of a big table takes as long as it takes. */
async function withMigrations<T>(url: string, work: (db: DataSource) => Promise<T>): Promise<T> {
  const db = new DataSource({
    type: 'postgres',
    url,
    migrations: await loadMigrations(),
    installExtensions: false,
    applicationName: 'welt-migrate',
    poolSize: 2,
    connectTimeoutMS: CONNECT_LIMIT_MS,
    extra: { onConnect: survive },
  });
  await db.initialize();
  try {
    return await db.transaction(async (lock) => {
      await lock.query('SELECT pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
      return await work(db);
    });
  } finally {
    await db.destroy();
  }
}

async function loadMigrations(): Promise<MigrationClass[]> {
  const extension = extname(import.meta.filename);
  const files = readdirSync(MIGRATIONS_DIRECTORY).filter((name) => name.endsWith(extension));
  const modules = await Promise.all(
    files.sort().map(async (name) => {
      const file = pathToFileURL(join(MIGRATIONS_DIRECTORY, name)).href;
      return (await import(file)) as Record<string, MigrationClass>;
    }),
  );
  return modules.flatMap((module) => Object.values(module));
}
