import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { run } from '../../platform/database/statement.ts';
import type { OrderVersion } from '../orders/index.ts';

/** Tells where orders were changed. */
@Injectable()
export class ChangedStores {
  constructor(private readonly db: DataSource) {}

  /**
   * Codes of the stores and workshops that versions of orders touch, or that what they replaced did: where
   * goods are handed in and collected, and where vans bring them.
   */
  async of(orders: readonly OrderVersion[]): Promise<ReadonlySet<string>> {
    const values = [orders.map(({ id }) => id), orders.map(({ version }) => version)];
    const rows = await run<{ code: string | null }>(this.db, CODES, values);
    return new Set(rows.flatMap(({ code }) => code ?? []));
  }
}

const CODES = {
  name: 'board-changed-stores',
  text: `
    WITH changed AS MATERIALIZED (
      SELECT e.before, e.after
        FROM unnest($1::uuid[], $2::int[]) AS given (id, version)
        JOIN event e ON e.order_id = given.id AND e.version = given.version
    ), state AS (
      SELECT after AS state FROM changed UNION ALL SELECT before FROM changed WHERE before IS NOT NULL
    )
    SELECT state#>>'{dropOff,storeCode}' AS code FROM state
    UNION SELECT state#>>'{pickUp,storeCode}' FROM state
    UNION SELECT step->>'toCode'
            FROM state, jsonb_array_elements(state#>'{promise,steps}') AS step
           WHERE step->>'kind' = 'RIDE'`,
};
