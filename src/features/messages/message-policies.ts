import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { DEFAULT_POLICY, type MessagePolicy } from '../../core/messages/policy.ts';
import { run } from '../../platform/database/statement.ts';

interface PolicyRow {
  readonly version: string;
  readonly document: Partial<MessagePolicy> | null;
}

/**
 * The policy of messages, by version of the chain: every change of it is a new one, so that whoever
 * checks the chain's version inside a transaction has checked the policy too.
 */
@Injectable()
export class MessagePolicies {
  private known: { readonly version: number; readonly policy: MessagePolicy } | undefined;

  constructor(private readonly db: DataSource) {}

  /** The policy at this version of the chain, or a later one if the chain has moved on. */
  async at(version: number): Promise<MessagePolicy> {
    if (this.known !== undefined && this.known.version >= version) return this.known.policy;
    return this.read(this.db);
  }

  /** The policy as it is now. */
  async current(): Promise<MessagePolicy> {
    return this.read(this.db);
  }

  /** Replaces the policy; the messages of all orders have to follow it from then on. */
  async replace(tx: EntityManager, policy: MessagePolicy, now: number): Promise<void> {
    await run(tx, REPLACE, [JSON.stringify(policy), new Date(now)]);
  }

  private async read(from: DataSource | EntityManager): Promise<MessagePolicy> {
    const [row] = await run<PolicyRow>(from, READ);
    const version = Number(row!.version);
    // What an older release wrote lacks what was added since.
    const policy = { ...DEFAULT_POLICY, ...row!.document };
    if (this.known === undefined || version >= this.known.version) this.known = { version, policy };
    return policy;
  }
}

const READ = {
  name: 'message-policy-read',
  text: `SELECT c.version, p.document FROM chain c LEFT JOIN message_policy p ON true`,
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
