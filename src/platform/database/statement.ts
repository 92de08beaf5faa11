import type { DataSource, EntityManager } from 'typeorm';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A statement with a name of its own, so that each connection prepares it once. */
export interface Statement {
  /** Unique in the service. */
  readonly name: string;
  readonly text: string;
}

/** A connection, or a pool of them, below TypeORM. */
export interface Querying {
  query<Row extends QueryResultRow>(config: QueryConfig | string): Promise<QueryResult<Row>>;
}

/**
 * Runs a prepared statement: inside the transaction of an entity manager, or on its own.
 *
 * Inside a transaction it is sent at once: statements that do not wait for each other's answers travel
 * together, and are carried out in the order of the calls. See {@link together}.
 */
export async function run<Row extends QueryResultRow>(
  db: DataSource | EntityManager,
  { name, text }: Statement,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const connection = connectionOf(db);
  const known = 'then' in connection ? await connection : connection;
  const result = await known.query<Row>({ name, text, values: values as unknown[] });
  return result.rows;
}

/**
 * What became of statements of one transaction that were sent without waiting for each other. Waits for
 * all of them whatever happens, as nothing may be sent after the end of the transaction.
 *
 * @throws the first fault in the order of the calls, which the others may only follow from
 */
export async function together<const All extends readonly unknown[]>(sent: {
  readonly [At in keyof All]: Promise<All[At]>;
}): Promise<All> {
  const settled = await Promise.allSettled(sent);
  const fault = settled.find((each) => each.status === 'rejected');
  if (fault !== undefined) throw fault.reason;
  return settled.map((each) => (each as PromiseFulfilledResult<unknown>).value) as unknown as All;
}

/** TypeORM knows no prepared statements; the connection below it does. */
function connectionOf(db: DataSource | EntityManager): Querying | Promise<Querying> {
  const manager = 'manager' in db ? db.manager : db;
  const { queryRunner } = manager;
  if (queryRunner === undefined) {
    return (manager.dataSource.driver as unknown as { readonly master: Querying }).master;
  }
  const { databaseConnection } = queryRunner as unknown as { databaseConnection?: Querying };
  return databaseConnection ?? (queryRunner.connect() as Promise<Querying>);
}
