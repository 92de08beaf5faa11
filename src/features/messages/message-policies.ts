import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { DEFAULT_POLICY, type MessagePolicy } from '../../core/messages/policy.ts';
import { run } from '../../platform/database/statement.ts';
import { CHAIN_LOCK } from '../network/index.ts';

interface PolicyRow {
  readonly version: string;
  readonly document: Partial<MessagePolicy> | null;
  readonly is_settled: boolean | null;
}

/** A policy that the messages of some orders do not follow yet. */
export interface PendingPolicy {
  readonly policy: MessagePolicy;
  /** Of the chain, at the time it was read. */
  readonly version: number;
  /** The messages of orders up to this id follow it; null: of none. */
  readonly after: string | null;
}

/**
 * The policy of messages, by version of the chain: every change of it is a new one, so that whoever
 * checks the chain's version inside a transaction has checked the policy too.
 */
@Injectable()
export class MessagePolicies {
  private known: { readonly version: number; readonly policy: MessagePolicy } | undefined;

  constructor(private readonly db: DataSource) {}

  /**
   * The policy at this version of the chain, or a later one if the chain has moved on.
   *
   * @param from the transaction of who is in one, which must not wait for a second connection
   */
  async at(version: number, from: DataSource | EntityManager = this.db): Promise<MessagePolicy> {
    if (this.known !== undefined && this.known.version >= version) return this.known.policy;
    return this.read(from);
  }

  /** The policy as it is now, and whether all that waits to be sent follows it. */
  async standing(): Promise<{ readonly policy: MessagePolicy; readonly isSettled: boolean }> {
    const [row] = await run<PolicyRow>(this.db, READ);
    return { policy: policyOf(row!.document), isSettled: row!.is_settled ?? true };
  }

  /** Locks out every change of an order, as it would owe by the policy that is being replaced. */
  async locked(tx: EntityManager): Promise<MessagePolicy> {
    await tx.query(`SELECT pg_advisory_xact_lock($1)`, [CHAIN_LOCK]);
    const [row] = await run<PolicyRow>(tx, READ);
    return policyOf(row!.document);
  }

  /** Replaces the policy; the messages of all orders have to follow it from then on. */
  async replace(tx: EntityManager, policy: MessagePolicy, now: number): Promise<void> {
    await run(tx, REPLACE, [JSON.stringify(policy), new Date(now)]);
  }

  /**
   * The policy that messages have to be made follow. Keeps the chain and the policy as they are until the
   * transaction ends. Null: nothing is pending, or another process is at it.
   */
  async pending(tx: EntityManager): Promise<PendingPolicy | null> {
    await tx.query(`SELECT pg_advisory_xact_lock_shared($1)`, [CHAIN_LOCK]);
    const [row] = await run<PendingRow>(tx, PENDING);
    if (row === undefined) return null;
    const { version, document, replanned } = row;
    return { policy: policyOf(document), version: Number(version), after: replanned };
  }

  /** @param upTo the last order whose messages follow now; null: there are no more */
  async followed(tx: EntityManager, upTo: string | null): Promise<void> {
    await run(tx, FOLLOWED, [upTo]);
  }

  private async read(from: DataSource | EntityManager): Promise<MessagePolicy> {
    const [row] = await run<PolicyRow>(from, READ);
    const version = Number(row!.version);
    const policy = policyOf(row!.document);
    if (this.known === undefined || version >= this.known.version) this.known = { version, policy };
    return policy;
  }
}

interface PendingRow {
  readonly version: string;
  readonly document: Partial<MessagePolicy>;
  readonly replanned: string | null;
}

/** What an older release wrote lacks what was added since. */
const policyOf = (document: Partial<MessagePolicy> | null): MessagePolicy => ({
  ...DEFAULT_POLICY,
  ...document,
});

const READ = {
  name: 'message-policy-read',
  text: `SELECT c.version, p.document, p.is_settled FROM chain c LEFT JOIN message_policy p ON true`,
};

const REPLACE = {
  name: 'message-policy-replace',
  text: `
    WITH moved_on AS (
      UPDATE chain SET version = version + 1
    )
    INSERT INTO message_policy (document, replanned, is_settled, updated_at)
    VALUES ($1, NULL, false, $2)
    ON CONFLICT (one) DO UPDATE
       SET document = excluded.document, replanned = NULL, is_settled = false,
           updated_at = excluded.updated_at`,
};

const PENDING = {
  name: 'message-policy-pending',
  text: `
    WITH mine AS (
      SELECT document, replanned FROM message_policy WHERE NOT is_settled FOR UPDATE SKIP LOCKED
    )
    SELECT c.version, mine.document, mine.replanned FROM mine, chain c`,
};

const FOLLOWED = {
  name: 'message-policy-followed',
  text: `UPDATE message_policy SET replanned = coalesce($1, replanned), is_settled = $1::uuid IS NULL`,
};
