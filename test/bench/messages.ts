import pg from 'pg';

import { ground } from './support/ground.ts';
import { fillMessages } from './support/many-messages.ts';
import { measure, type Measure } from './support/measure.ts';
import { MessageWorker } from './support/message-worker.ts';

const DUE = 40_000;
const LATER = 1_000_000;
const RUNS = 3;
const LIMIT_BATCH = 100;

/**
 * Due messages handed to a channel that does nothing, by one and by two worker processes, with a million
 * messages due later in the table. Against the limit: one process that claims a hundred messages and marks
 * them as sent, and nothing else.
 */
export async function run(): Promise<readonly Measure[]> {
  const { emptyDatabase } = await ground();
  const url = await emptyDatabase('messages');
  await prepare(url);
  const ours: Record<1 | 2, number[]> = { 1: [], 2: [] };
  const limit: number[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    limit.push(await againstTime(url, () => bareLoop(url)));
    for (const workers of [1, 2] as const) {
      ours[workers].push(await againstTime(url, () => byWorkers(url, workers)));
    }
  }
  return [
    measure('messages, one worker', 'messages/s', ours[1], limit),
    measure('messages, two workers', 'messages/s', ours[2], limit),
  ];
}

async function prepare(url: string): Promise<void> {
  const { chain } = await ground();
  await withClient(url, async (db) => {
    await db.query('UPDATE chain SET version = 1');
    for (const store of chain.stores!.filter(({ code }) => code.startsWith('X-'))) {
      await db.query(
        `INSERT INTO network_part (kind, code, document, version) VALUES ('store', $1, $2, 1)`,
        [store.code, JSON.stringify(store)],
      );
    }
  });
  await fillMessages(url, { due: DUE, later: LATER }, Date.now());
}

/** Messages a second. Everything is due again before, and told after. */
async function againstTime(url: string, work: () => Promise<number>): Promise<number> {
  await withClient(url, async (db) => {
    await db.query('TRUNCATE delivery, receipt');
    await db.query(
      `UPDATE message SET state = 'OWED', step = 0, ended_at = NULL WHERE state <> 'OWED'`,
    );
    await db.query('VACUUM (ANALYZE) message');
    await db.query('CHECKPOINT');
  });
  const seconds = await work();
  const told = await withClient(url, async (db) => {
    const { rows } = await db.query<{ told: number }>(
      `SELECT count(*)::int AS told FROM message WHERE state = 'DONE'`,
    );
    return rows[0]!.told;
  });
  if (told !== DUE) throw new Error(`${told} messages were told, not ${DUE}`);
  return DUE / seconds;
}

/** In seconds. */
async function byWorkers(url: string, count: number): Promise<number> {
  const workers = await Promise.all(Array.from({ length: count }, () => MessageWorker.start(url)));
  const begin = performance.now();
  await Promise.all(workers.map((worker) => worker.work()));
  const seconds = (performance.now() - begin) / 1000;
  await Promise.all(workers.map((worker) => worker.stop()));
  return seconds;
}

/** In seconds. */
async function bareLoop(url: string): Promise<number> {
  return withClient(url, async (db) => {
    const begin = performance.now();
    for (;;) {
      const { rows } = await db.query<{ id: string }>({ ...CLAIM, values: [LIMIT_BATCH] });
      if (rows.length === 0) return (performance.now() - begin) / 1000;
      await db.query({ ...MARK, values: [rows.map(({ id }) => id)] });
    }
  });
}

const CLAIM = {
  name: 'bench-claim',
  text: `WITH due AS (SELECT id FROM message WHERE state = 'OWED' AND due_at <= now()
                       ORDER BY due_at, id LIMIT $1 FOR UPDATE SKIP LOCKED)
         UPDATE message m SET state = 'OPEN' FROM due WHERE m.id = due.id
         RETURNING m.id`,
};

const MARK = {
  name: 'bench-mark',
  text: `UPDATE message SET state = 'DONE', ended_at = now() WHERE id = ANY ($1::uuid[])`,
};

async function withClient<T>(url: string, work: (db: pg.Client) => Promise<T>): Promise<T> {
  const db = new pg.Client(url);
  await db.connect();
  try {
    return await work(db);
  } finally {
    await db.end();
  }
}
