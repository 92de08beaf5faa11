import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Capacity } from '../capacity/index.ts';
import { MessagePolicies } from '../messages/index.ts';

/** An appointment that nobody came to, with the version of its order that says so. */
export interface MissedVisit {
  readonly id: string;
  readonly order_id: string;
  readonly version: number;
}

/** Finds visits that nobody came to. */
@Injectable()
export class MissedVisits {
  constructor(
    private readonly db: DataSource,
    private readonly policies: MessagePolicies,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  /** Minutes after the end of a slot until a visit counts as missed. */
  async graceMin(): Promise<number> {
    const { network } = await this.capacity.world();
    return (await this.policies.at(network.version)).graceMin;
  }

  /**
   * In order of id.
   *
   * @param after the last one that was looked at; null: none
   */
  async due(graceMin: number, after: string | null, most: number): Promise<readonly MissedVisit[]> {
    const before: EpochMs = this.clock.now() - graceMin * MINUTE_MS;
    const values = [new Date(before), after, most];
    return run<MissedVisit & Record<string, unknown>>(this.db, DUE, values);
  }
}

/**
 * Only the visit that comes next; a pick-up only of goods that were promised and ready before it; none
 * whose mark was taken back since its slot ended, or whose customer is in a line for the order.
 */
const DUE = {
  name: 'no-shows-due',
  text: `
    SELECT a.id, a.order_id, o.version
      FROM appointment a JOIN customer_order o ON o.id = a.order_id
     WHERE a.status = 'BOOKED' AND a.ends_at <= $1 AND ($2::uuid IS NULL OR a.id > $2)
       AND CASE a.kind WHEN 'DROP_OFF' THEN o.status = 'BOOKED'
           ELSE o.status = 'READY'
            AND (o.promise->>'readyBy')::bigint <= extract(epoch FROM a.starts_at) * 1000
            AND EXISTS (SELECT FROM event r WHERE r.order_id = o.id AND r.kind = 'READY'
                           AND r.at <= a.starts_at) END
       AND NOT EXISTS (SELECT FROM event u WHERE u.order_id = o.id AND u.kind = 'NO_SHOW_UNDONE'
                          AND u.at >= a.ends_at AND u.details->>'visit' = a.kind)
       AND NOT EXISTS (SELECT FROM queue_entry q WHERE q.order_id = o.id
                          AND q.state IN ('WAITING', 'CALLED', 'SERVING', 'HELD'))
     ORDER BY a.id LIMIT $3`,
};
