import type { DataSource, EntityManager } from 'typeorm';
import type { QueryConfig, QueryResult, QueryResultRow } from 'pg';

/** A statement with a name of its own, so that each connection prepares it once. */
export interface Statement {
  /** Unique in the service. */
  readonly name: string;
  readonly text: string;
}

interface Querying {
  query<Row extends QueryResultRow>(config: QueryConfig): Promise<QueryResult<Row>>;
}

/** Runs a prepared statement: inside the transaction of an entity manager, or on its own. */
export async function run<Row extends QueryResultRow>(
  db: DataSource | EntityManager,
  { name, text }: Statement,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const connection = await connectionOf(db);
  const result = await connection.query<Row>({ name, text, values: [...values] });
  return result.rows;
}

/** TypeORM knows no prepared statements; the connection below it does. */
async function connectionOf(db: DataSource | EntityManager): Promise<Querying> {
  const manager = 'manager' in db ? db.manager : db;
  if (manager.queryRunner !== undefined) return (await manager.queryRunner.connect()) as Querying;
  return (manager.dataSource.driver as unknown as { readonly master: Querying }).master;
}
