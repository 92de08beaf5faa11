import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Metrics } from '../../platform/metrics/metrics.ts';
import { Changes } from './changes.ts';

interface LedgerCheck {
  readonly at: EpochMs;
  readonly mismatched: Promise<number>;
}

/** Tells how changes fare, and whether the ledger is what orders and holds have taken. */
@Injectable()
export class ChangeMetrics {
  private last: LedgerCheck | undefined;

  constructor(
    metrics: Metrics,
    changes: Changes,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    const { counts } = changes;
    metrics.counter(
      { name: 'welt_changes_total', help: 'Changes of orders and holds that were carried out.' },
      () => counts.done,
    );
    metrics.counter(
      {
        name: 'welt_changes_computed_again_total',
        help: 'How often a change was computed again because somebody else was faster.',
      },
      () => counts.computedAgain,
    );
    metrics.gauge(
      {
        name: 'welt_ledger_mismatched_buckets',
        help: 'Buckets with another sum than all orders and open holds have taken of them; always 0.',
      },
      () => this.mismatchedBuckets(),
    );
  }

  /** Reads all claims there are, so at most once a minute, however often it is asked. */
  private mismatchedBuckets(): Promise<number> {
    const now = this.clock.now();
    if (this.last !== undefined && now - this.last.at < MINUTE_MS) return this.last.mismatched;
    const check = { at: now, mismatched: this.count() };
    this.last = check;
    check.mismatched.catch(() => {
      if (this.last === check) this.last = undefined;
    });
    return check.mismatched;
  }

  private async count(): Promise<number> {
    const [row] = await run<{ mismatched: number }>(this.db, MISMATCHED);
    return row!.mismatched;
  }
}

const MISMATCHED = {
  name: 'ledger-mismatched',
  text: `
    WITH owner AS (
      SELECT id FROM customer_order UNION ALL SELECT id FROM hold WHERE ended_at IS NULL
    ), claimed AS (
      SELECT each.resource, each.start, sum(each.amount) AS taken
        FROM owner JOIN claim c ON c.owner_id = owner.id,
             unnest(c.resources, c.starts, c.amounts) AS each (resource, start, amount)
       GROUP BY 1, 2
    )
    SELECT count(*)::int AS mismatched
      FROM ledger l FULL JOIN claimed c
        ON c.resource = l.resource COLLATE "C" AND c.start = l.start
     WHERE coalesce(l.taken, 0) <> coalesce(c.taken, 0)`,
};
