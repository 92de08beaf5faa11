import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { GoneVan } from '../../core/guard/gone-vans.ts';
import { run } from '../../platform/database/statement.ts';

/** Which vans that orders are to ride have left already, maybe before their time. */
@Injectable()
export class GoneVans {
  constructor(private readonly db: DataSource) {}

  /** Of the lines of their promised rides, from a day before on. */
  of(
    orderIds: readonly string[],
    from: DataSource | EntityManager = this.db,
  ): Promise<readonly GoneVan[]> {
    return run<GoneVan>(from, GONE, [orderIds]);
  }
}

const GONE = {
  name: 'gone-vans',
  text: `
    WITH ride AS (
      SELECT step->>'by' AS line_code,
             min(to_timestamp((step->>'start')::float8 / 1000)) - interval '1 day' AS first
        FROM customer_order o
             CROSS JOIN LATERAL jsonb_path_query(o.promise, '$.steps[*] ? (@.kind == "RIDE")') AS step
       WHERE o.id = ANY($1::uuid[])
       GROUP BY 1
    )
    SELECT c.line_code AS "lineCode", (extract(epoch FROM c.departs) * 1000)::float8 AS departs, c.stop
      FROM ride JOIN trip_call c ON c.line_code = ride.line_code AND c.departs >= ride.first
     WHERE c.departed_at IS NOT NULL`,
};
