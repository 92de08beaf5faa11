import { pino } from 'pino';
import { DataSource } from 'typeorm';

import { dataSourceOptions } from '../../src/platform/database/data-source.ts';
import { createTestDatabase } from './postgres.ts';

/** A database with pools of connections, one for each process that there would be. */
export interface Pools {
  readonly all: readonly DataSource[];
  stop(): Promise<void>;
}

export async function openPools(count: number, poolSize = 6): Promise<Pools> {
  const database = await createTestDatabase();
  const log = pino({ level: 'silent' });
  const options = dataSourceOptions({ url: database.url, poolSize, entities: [], log });
  const all = await Promise.all(
    Array.from({ length: count }, () => new DataSource(options).initialize()),
  );
  const stop = async () => {
    for (const pool of all) await pool.destroy();
    await database.drop();
  };
  return { all, stop };
}
