import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Metrics } from '../../platform/metrics/metrics.ts';
import { Messenger } from './messenger.ts';
import { Recorder } from './recorder.ts';

/** Tells how sending fares in this process, and how far behind all of them are. */
@Injectable()
export class DeliveryMetrics {
  constructor(
    metrics: Metrics,
    messenger: Messenger,
    recorder: Recorder,
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {
    const { counts } = messenger;
    metrics.counter(
      { name: 'welt_messages_taken_total', help: 'Due messages that were looked at.' },
      () => counts.opened,
    );
    metrics.counter(
      { name: 'welt_delivery_attempts_total', help: 'Attempts to send a message on a channel.' },
      () => counts.attempts,
    );
    metrics.counter(
      {
        name: 'welt_delivery_late_records_total',
        help: 'Records refused because another worker had taken the delivery over.',
      },
      () => recorder.late,
    );
    metrics.gauge(
      {
        name: 'welt_messages_overdue_seconds',
        help: 'For how long the message that is longest due has been waiting to be looked at.',
      },
      () => this.overdueSec(),
    );
  }

  private async overdueSec(): Promise<number> {
    const [row] = await run<{ overdue: number }>(this.db, OVERDUE, [new Date(this.clock.now())]);
    return row?.overdue ?? 0;
  }
}

const OVERDUE = {
  name: 'messages-overdue',
  text: `SELECT extract(epoch FROM $1 - due_at)::float8 AS overdue
           FROM message WHERE state = 'OWED' AND due_at <= $1::timestamptz
          ORDER BY due_at, id LIMIT 1`,
};
