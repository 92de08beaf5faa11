import { Injectable } from '@nestjs/common';

import { Metrics } from '../../platform/metrics/metrics.ts';
import { Changes } from './changes.ts';
import { LedgerAudit } from './ledger-audit.ts';

/** Tells how changes fare, and whether the ledger is what orders and holds have taken. */
@Injectable()
export class ChangeMetrics {
  constructor(metrics: Metrics, { counts }: Changes, audit: LedgerAudit) {
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
      () => audit.mismatched(),
    );
  }
}
