import type { DataSource, EntityManager } from 'typeorm';

import { together, type Querying } from './statement.ts';

/** What came of the last statement of a transaction that got as far as that. */
export interface Ended<Last> {
  readonly last: Last;
  /** False: the database has undone all of it, as a statement of `last` failed. */
  readonly isCommitted: boolean;
}

/**
 * Does `work` and then `last` in one transaction. If `work` throws, nothing has happened.
 *
 * Nobody waits for an answer that decides nothing: the transaction begins with the first statement of
 * `work`, and the commit follows right behind the statements of `last`. So what only `last` locks is
 * locked for the commit alone, and not until this process has read an answer. If a statement of `last`
 * fails, the database takes the commit for a rollback.
 *
 * @param last sends all its statements before it returns, or throws and nothing has happened
 */
export async function inTransaction<Last>(
  db: DataSource,
  work: (tx: EntityManager) => Promise<void>,
  last: (tx: EntityManager) => Promise<Last>,
): Promise<Ended<Last>> {
  const runner = db.createQueryRunner();
  try {
    const connection = (await runner.connect()) as Querying;
    const done = await untilLast(connection, runner.manager, work, last);
    return { last: done.last, isCommitted: done.command === 'COMMIT' };
  } finally {
    await runner.release();
  }
}

async function untilLast<Last>(
  connection: Querying,
  tx: EntityManager,
  work: (tx: EntityManager) => Promise<void>,
  last: (tx: EntityManager) => Promise<Last>,
): Promise<{ readonly last: Last; readonly command: string }> {
  let sent: Promise<Last>;
  try {
    await together([connection.query('BEGIN'), work(tx)]);
    sent = last(tx);
  } catch (fault) {
    // A connection that broke has nothing to roll back, and the fault is what counts.
    await connection.query('ROLLBACK').catch(() => undefined);
    throw fault;
  }
  const [done, { command }] = await together([sent, connection.query('COMMIT')]);
  return { last: done, command };
}
