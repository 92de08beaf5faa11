import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';

import { migrate } from '../../src/platform/database/data-source.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

/** Any constant: one test file makes the template, the others wait for it. */
const TEMPLATE_LOCK = 20_341_877;

export interface TestDatabase {
  readonly url: string;
  /** Ends all connections to it. */
  drop(): Promise<void>;
}

/** A migrated database of its own, copied from one that is migrated once a run. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const template = `template_${migrationsHash()}`;
  await onServer(async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    if (!(await exists(admin, template))) await createTemplate(admin, template);
  });
  return createDatabase(`TEMPLATE ${template}`);
}

/** A database without any table. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('');
}

async function createDatabase(clause: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer((admin) => admin.query(`CREATE DATABASE ${name} ${clause}`));
  const drop = async () => {
    await onServer((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url: urlOf(name), drop };
}

/** A template appears under its name only when it is complete. */
async function createTemplate(admin: pg.Client, template: string): Promise<void> {
  const draft = `draft_${randomBytes(8).toString('hex')}`;
  await admin.query(`CREATE DATABASE ${draft}`);
  await migrate(urlOf(draft));
  await admin.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
}

async function exists(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  return rowCount === 1;
}

async function onServer<T>(work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client(urlOf('postgres'));
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(database: string): string {
  const server = process.env['TEST_SERVER_URL'];
  if (server === undefined) throw new Error('the test run has started no PostgreSQL');
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}

function migrationsHash(): string {
  const directory = join(PROJECT_ROOT, 'migrations');
  const hash = createHash('sha256');
  for (const file of readdirSync(directory).sort())
    hash.update(readFileSync(join(directory, file)));
  return hash.digest('hex').slice(0, 16);
}
