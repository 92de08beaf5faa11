import { afterAll, beforeAll, expect, it } from 'vitest';
import pg from 'pg';

import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';

let databases: readonly TestDatabase[];

beforeAll(async () => {
  databases = await Promise.all([createTestDatabase(), createTestDatabase()]);
});

afterAll(() => Promise.all(databases.map((database) => database.drop())));

it('gives each caller a database of its own, in UTF-8 and UTC', async () => {
  const seen = await Promise.all(databases.map(({ url }) => ask(url)));
  expect(seen.map(({ encoding, zone }) => [encoding, zone])).toEqual([
    ['UTF8', 'UTC'],
    ['UTF8', 'UTC'],
  ]);
  expect(seen[0]?.name).not.toBe(seen[1]?.name);
});

async function ask(url: string): Promise<{ name: string; encoding: string; zone: string }> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ name: string; encoding: string; zone: string }>(
    `SELECT current_database() AS name, current_setting('server_encoding') AS encoding,
            current_setting('TimeZone') AS zone`,
  );
  await client.end();
  return rows[0]!;
}
