import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { GoneVan } from '../../core/guard/gone-vans.ts';
import type { OrderData } from '../../core/orders/order.ts';
import { DAY_MS } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { instant } from '../goods/index.ts';

/** Which vans that orders are to ride have left already, maybe before their time. */
@Injectable()
export class GoneVans {
  constructor(private readonly db: DataSource) {}

  /** Of the lines of their promised rides, one statement. */
  async of(
    orders: readonly OrderData[],
    from: DataSource | EntityManager = this.db,
  ): Promise<readonly GoneVan[]> {
    const rides = orders
      .flatMap(({ promise }) => promise.steps)
      .filter(({ kind, by }) => kind === 'RIDE' && by !== null);
    if (rides.length === 0) return [];
    const lines = [...new Set(rides.map(({ by }) => by!))];
    // Trips that began days ago are not boarded any more.
    const first = Math.min(...rides.map(({ start }) => start)) - DAY_MS;
    return run<GoneVan>(from, GONE, [lines, instant(first)]);
  }
}

const GONE = {
  name: 'gone-vans',
  text: `
    SELECT line_code AS "lineCode", (extract(epoch FROM departs) * 1000)::float8 AS departs, stop
      FROM trip_call
     WHERE line_code = ANY($1::text[]) AND departs >= $2 AND departed_at IS NOT NULL`,
};
