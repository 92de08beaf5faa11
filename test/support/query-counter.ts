import type { INestApplicationContext } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { DataSource } from 'typeorm';

/** Statements that a service sent to its database, in order. */
export class QueryCounter {
  private readonly texts: string[] = [];
  private readonly watched = new WeakSet<PoolClient>();

  /** Counts from now on; the service goes on as before. */
  constructor(app: INestApplicationContext) {
    const { driver } = app.get(DataSource, { strict: false });
    const pool = (driver as unknown as { readonly master: Pool }).master;
    pool.on('acquire', (client) => {
      this.watch(client);
    });
  }

  /** The statements sent while `work` was done. */
  async during(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.texts.length;
    await work();
    return this.texts.slice(before);
  }

  private watch(client: PoolClient): void {
    if (this.watched.has(client)) return;
    this.watched.add(client);
    const query = client.query.bind(client) as (...args: readonly unknown[]) => unknown;
    client.query = ((...args: readonly unknown[]) => {
      this.texts.push(textOf(args[0]));
      return query(...args);
    }) as PoolClient['query'];
  }
}

function textOf(asked: unknown): string {
  return typeof asked === 'string' ? asked : (asked as { readonly text: string }).text;
}
