import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pino } from 'pino';
import { DataSource, type EntityManager } from 'typeorm';

import { dataSourceOptions } from '../../src/platform/database/data-source.ts';
import { run, together } from '../../src/platform/database/statement.ts';
import { inTransaction } from '../../src/platform/database/transaction.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.ts';

const ADD = { name: 'add', text: 'INSERT INTO note (id) VALUES ($1)' };
const ALL = { name: 'all', text: 'SELECT id FROM note ORDER BY at' };

const nothing = () => Promise.resolve();

let database: TestDatabase;
let db: DataSource;
beforeAll(async () => {
  database = await createEmptyDatabase();
  const log = pino({ level: 'silent' });
  const options = dataSourceOptions({ url: database.url, poolSize: 3, entities: [], log });
  db = await new DataSource(options).initialize();
  await db.query(`CREATE TABLE note (id integer PRIMARY KEY, at serial)`);
});
afterAll(async () => {
  await db.destroy();
  await database.drop();
});
beforeEach(() => db.query('TRUNCATE note'));

async function add(tx: EntityManager, id: number): Promise<void> {
  await run(tx, ADD, [id]);
}

async function notes(): Promise<readonly number[]> {
  return (await run<{ id: number }>(db, ALL)).map(({ id }) => id);
}

describe('inTransaction', () => {
  it('does the work, then the last of it, and answers what that answered', async () => {
    const ended = await inTransaction(
      db,
      async (tx) => {
        await add(tx, 1);
        await add(tx, 2);
      },
      (tx) => add(tx, 3).then(() => 'done'),
    );
    expect(ended).toEqual({ last: 'done', isCommitted: true });
    expect(await notes()).toEqual([1, 2, 3]);
  });

  it.each([
    { what: 'the work', work: new Error('no'), last: null },
    { what: 'the last of it, before it sends anything,', work: null, last: new Error('no') },
  ])('undoes everything if $what throws', async ({ work, last }) => {
    const ended = inTransaction(
      db,
      async (tx) => {
        await add(tx, 1);
        if (work !== null) throw work;
      },
      () => {
        if (last !== null) throw last;
        return nothing();
      },
    );
    await expect(ended).rejects.toThrow('no');
    expect(await notes()).toEqual([]);
  });

  it('undoes everything if a statement of the last fails', async () => {
    const ended = inTransaction(
      db,
      (tx) => add(tx, 1),
      (tx) => add(tx, 1),
    );
    await expect(ended).rejects.toThrow('note_pkey');
    expect(await notes()).toEqual([]);
  });

  it('says so when the last takes the failure for an answer', async () => {
    const ended = await inTransaction(
      db,
      (tx) => add(tx, 1),
      (tx) =>
        add(tx, 1).then(
          () => 'added',
          () => 'known',
        ),
    );
    expect(ended).toEqual({ last: 'known', isCommitted: false });
    expect(await notes()).toEqual([]);
  });

  it('leaves its connection fit for the next one, whatever came of it', async () => {
    for (let turn = 0; turn < 6; turn++) {
      const failing = (tx: EntityManager) => Promise.all([add(tx, 1), add(tx, 1), add(tx, 2)]);
      await expect(
        inTransaction(
          db,
          async (tx) => {
            await failing(tx);
          },
          nothing,
        ),
      ).rejects.toThrow();
    }
    await inTransaction(db, (tx) => add(tx, 7), nothing);
    expect(await notes()).toEqual([7]);
  });
});

describe('statements that do not wait for each other', () => {
  it('are carried out in the order of the calls', async () => {
    const ids = Array.from({ length: 20 }, (_, at) => 20 - at);
    await inTransaction(
      db,
      async (tx) => {
        await together(ids.map((id) => add(tx, id)));
      },
      (tx) => add(tx, 0),
    );
    expect(await notes()).toEqual([...ids, 0]);
  });

  it('fail as the first of them does, and only when nothing is under way any more', async () => {
    let isOver = false;
    const ended = inTransaction(
      db,
      async (tx) => {
        const slow = async () => {
          await add(tx, 3).catch(() => undefined);
          await add(tx, 4).catch(() => undefined);
          isOver = true;
        };
        await together([add(tx, 1), add(tx, 1), slow()]);
      },
      nothing,
    );
    await expect(ended).rejects.toThrow('note_pkey');
    expect(isOver).toBe(true);
    expect(await notes()).toEqual([]);
  });
});
