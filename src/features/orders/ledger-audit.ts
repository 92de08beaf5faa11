import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';

/** So little that whoever asks has not given up. */
const MOST_WAIT_MS = 2_000;
/** Of the time, spent on looking: with very many orders one look takes seconds. */
const MOST_SHARE = 0.01;

/** Whether the ledger is what all orders and open holds have taken. */
@Injectable()
export class LedgerAudit implements OnModuleDestroy {
  private readonly log = new Logger('ledger');
  private begunAt: EpochMs = -Infinity;
  private tookMs = 0;
  private known: number | undefined;
  private looking: Promise<void> | undefined;
  /** Of the connection that looks. */
  private backend: number | undefined;
  private isEnding = false;

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
  ) {}

  /**
   * Buckets with another sum, as of the last look. A look reads all claims there are: it begins when
   * somebody asks, at most once a minute and the more rarely the longer it takes, and nobody waits for a
   * long one.
   *
   * @returns undefined: not known, or not yet
   */
  async mismatched(): Promise<number | undefined> {
    if (this.looking === undefined && this.isDue()) this.looking = this.look();
    await Promise.race([this.looking, wait(MOST_WAIT_MS, undefined, { ref: false })]);
    return this.known;
  }

  /** Whoever ends the service does not wait for a long look either. */
  async onModuleDestroy(): Promise<void> {
    this.isEnding = true;
    if (this.backend !== undefined) await run(this.db, CANCEL, [this.backend]);
    await this.looking;
  }

  private isDue(): boolean {
    const pauseMs = Math.max(MINUTE_MS, this.tookMs / MOST_SHARE);
    return this.clock.now() - this.begunAt >= pauseMs;
  }

  private async look(): Promise<void> {
    this.begunAt = this.clock.now();
    const begin = performance.now();
    try {
      this.known = await this.db.transaction((tx) => this.count(tx));
    } catch (fault) {
      this.known = undefined;
      if (!this.isEnding) this.log.error(fault, 'the ledger could not be compared with the claims');
    } finally {
      this.tookMs = performance.now() - begin;
      this.backend = undefined;
      this.looking = undefined;
    }
  }

  private async count(tx: EntityManager): Promise<number> {
    await tx.query(`SET LOCAL statement_timeout = 0`);
    const [connection] = await run<{ pid: number }>(tx, BACKEND);
    this.backend = connection!.pid;
    const [row] = await run<{ mismatched: number }>(tx, MISMATCHED);
    return row!.mismatched;
  }
}

const BACKEND = { name: 'ledger-backend', text: 'SELECT pg_backend_pid() AS pid' };
const CANCEL = { name: 'ledger-cancel', text: 'SELECT pg_cancel_backend($1)' };

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
