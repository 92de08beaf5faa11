import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { ReplanCause } from '../orders/index.ts';

/** Longer than any batch takes; a process that dies keeps its orders from others for so long. */
const LEASE_SEC = 30;

/** An order to be planned again, in the hands of this process. */
export interface Turn {
  readonly orderId: string;
  readonly cause: ReplanCause;
  /** How often it failed. */
  readonly tries: number;
  /** Name of the lease; whoever asks for the order anew, or takes it over, makes it void. */
  readonly lease: string;
}

/** When an order that is not done is taken up again. */
export interface Again {
  readonly turn: Turn;
  readonly dueAt: EpochMs;
  readonly tries: number;
}

/** Who plans which order again, and when: rows of `replan`, each in the hands of one process at a time. */
@Injectable()
export class ReplanTurns {
  constructor(private readonly db: DataSource) {}

  /** Takes what is due longest. */
  async take(now: EpochMs, most: number): Promise<readonly Turn[]> {
    return run<Turn>(this.db, TAKE, [new Date(now), most, LEASE_SEC]);
  }

  /**
   * Of the orders in hand, those still as they were read, locked until the transaction ends. Waits for
   * nobody: an order that somebody else is changing is left out.
   *
   * @returns their ids; null: the chain is another than at `chainVersion`
   */
  async lock(
    tx: EntityManager,
    turns: readonly (Turn & { readonly version: number })[],
    chainVersion: number,
  ): Promise<ReadonlySet<string> | null> {
    const values = [
      turns.map(({ orderId }) => orderId),
      turns.map(({ version }) => version),
      turns.map(({ lease }) => lease),
    ];
    const [chain] = await run<{ version: string }>(tx, CHAIN_VERSION);
    if (Number(chain!.version) !== chainVersion) return null;
    const rows = await run<{ id: string }>(tx, LOCK, values);
    return new Set(rows.map(({ id }) => id));
  }

  /** In the transaction of what came of them, of orders that are locked; or of orders that are no more. */
  async finish(from: EntityManager | null, orderIds: readonly string[]): Promise<void> {
    await run(from ?? this.db, FINISH, [orderIds]);
  }

  /** Puts orders back, unless somebody has asked for them anew. */
  async putBack(from: EntityManager | null, later: readonly Again[]): Promise<void> {
    if (later.length === 0) return;
    await run(from ?? this.db, PUT_BACK, [
      later.map(({ turn }) => turn.orderId),
      later.map(({ turn }) => turn.lease),
      later.map(({ dueAt }) => new Date(dueAt)),
      later.map(({ tries }) => tries),
    ]);
  }
}

/** Chosen apart: a plan may carry out a query in a condition again for each row, which would be no limit. */
const TAKE = {
  name: 'replan-take',
  text: `
    WITH due AS MATERIALIZED (
      SELECT order_id FROM replan
       WHERE due_at <= $1 AND (leased_until IS NULL OR leased_until < clock_timestamp())
       ORDER BY due_at, order_id LIMIT $2 FOR UPDATE SKIP LOCKED
    )
    UPDATE replan r SET leased_until = clock_timestamp() + make_interval(secs => $3)
      FROM due WHERE r.order_id = due.order_id
    RETURNING r.order_id AS "orderId", cause, tries, leased_until::text AS lease`,
};

const CHAIN_VERSION = { name: 'replan-chain-version', text: `SELECT version FROM chain` };

const LOCK = {
  name: 'replan-lock',
  text: `
    SELECT o.id
      FROM unnest($1::uuid[], $2::integer[], $3::timestamptz[]) AS given (id, version, lease)
      JOIN customer_order o ON o.id = given.id AND o.version = given.version
      JOIN replan r ON r.order_id = o.id AND r.leased_until = given.lease
       FOR NO KEY UPDATE OF o, r SKIP LOCKED`,
};

const FINISH = {
  name: 'replan-finish',
  text: `DELETE FROM replan WHERE order_id = ANY ($1::uuid[])`,
};

/** Locks in order of id, as whoever asks for several orders does. */
const PUT_BACK = {
  name: 'replan-put-back',
  text: `
    WITH given AS (
      SELECT r.order_id, given.due_at, given.tries
        FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::smallint[])
             AS given (id, lease, due_at, tries)
        JOIN replan r ON r.order_id = given.id AND r.leased_until = given.lease
       ORDER BY r.order_id FOR UPDATE OF r
    )
    UPDATE replan r SET leased_until = NULL, due_at = given.due_at, tries = given.tries
      FROM given WHERE r.order_id = given.order_id`,
};
