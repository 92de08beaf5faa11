import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';

import { migrate, unmigrate } from '../../src/platform/database/data-source.ts';
import { dumpSchema } from '../../src/platform/database/dump-schema.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await createEmptyDatabase();
});

afterAll(() => database.drop());

async function dumped(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await dumpSchema(client);
  } finally {
    await client.end();
  }
}

describe('migrations', () => {
  const files = readdirSync(join(PROJECT_ROOT, 'migrations'));

  it('bear the time they were written and what they do', () => {
    for (const file of files) expect(file).toMatch(/^\d{13}-[a-z]+(-[a-z0-9]+)+\.ts$/);
  });

  it('run once each, by whichever of several processes comes first', async () => {
    const empty = await dumped(database.url);
    const ran = await Promise.all([
      migrate(database.url),
      migrate(database.url),
      migrate(database.url),
    ]);
    expect(ran.map((names) => names.length).sort()).toEqual([0, 0, files.length]);

    const first = await dumped(database.url);
    expect(first === empty).toBe(files.length === 0);
    await unmigrate(database.url);
    expect(await dumped(database.url)).toBe(empty);
    await migrate(database.url);
    expect(await dumped(database.url)).toBe(first);
  });

  it('lead to what schema/database.sql says (npm run dump writes it)', async () => {
    await migrate(database.url);
    const file = readFileSync(join(PROJECT_ROOT, 'schema', 'database.sql'), 'utf8');
    expect(await dumped(database.url)).toBe(file);
  });
});

describe('the dump', () => {
  let scratch: TestDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    scratch = await createEmptyDatabase();
    client = new pg.Client(scratch.url);
    await client.connect();
  });

  afterAll(async () => {
    await client.end();
    await scratch.drop();
  });

  it.each([
    {
      what: 'a table',
      sql: 'CREATE TABLE a (id int NOT NULL)',
      text: 'CREATE TABLE a (\n  id integer NOT NULL\n);',
    },
    {
      what: 'a default',
      sql: `ALTER TABLE a ADD b text DEFAULT 'x'`,
      text: `b text DEFAULT 'x'::text`,
    },
    {
      what: 'a check',
      sql: 'ALTER TABLE a ADD CONSTRAINT ck_a CHECK (id > 0)',
      text: 'CONSTRAINT ck_a CHECK ((id > 0))',
    },
    {
      what: 'a key',
      sql: 'ALTER TABLE a ADD CONSTRAINT pk_a PRIMARY KEY (id)',
      text: 'CONSTRAINT pk_a PRIMARY KEY (id)',
    },
    {
      what: 'an index',
      sql: 'CREATE INDEX ix_a ON a (b) WHERE id > 5',
      text: 'CREATE INDEX ix_a ON public.a USING btree (b) WHERE (id > 5);',
    },
    {
      what: 'a storage setting',
      sql: 'ALTER TABLE a SET (fillfactor = 70)',
      text: ') WITH (fillfactor=70);',
    },
    {
      what: 'a column comment',
      sql: `COMMENT ON COLUMN a.b IS 'it''s'`,
      text: `COMMENT ON COLUMN a.b IS 'it''s';`,
    },
    {
      what: 'an enumeration',
      sql: `CREATE TYPE mood AS ENUM ('z', 'y')`,
      text: `CREATE TYPE mood AS ENUM ('z', 'y');`,
    },
    {
      what: 'a function',
      sql: `CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'`,
      text: 'CREATE OR REPLACE FUNCTION public.one()',
    },
    {
      what: 'a view',
      sql: 'CREATE VIEW v AS SELECT id FROM a',
      text: 'CREATE VIEW v AS\n SELECT id\n   FROM a;',
    },
    {
      what: 'a sequence',
      sql: 'CREATE SEQUENCE s CACHE 5',
      text: 'CREATE SEQUENCE s AS bigint START 1 INCREMENT 1 CACHE 5;',
    },
    {
      what: 'an identity',
      sql: 'CREATE TABLE i (id bigint GENERATED ALWAYS AS IDENTITY)',
      text: 'id bigint NOT NULL GENERATED ALWAYS AS IDENTITY',
    },
  ])('shows $what', async ({ sql, text }) => {
    const before = await dumpSchema(client);
    await client.query(sql);
    expect(before).not.toContain(text);
    expect(await dumpSchema(client)).toContain(text);
  });
});
