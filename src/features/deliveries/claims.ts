import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { MessageContent } from '../../channels/channel.ts';
import type { DeliveryStatus } from '../../core/messages/receipt-rank.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { factsFrom, FACTS, headFrom, NEWS, type FactRow } from './due-messages.ts';
import { LEASE_SEC, type MessageHead } from './leased-delivery.ts';
import type { AttemptEntry } from './record.ts';

/** A delivery that was taken to be looked at, as it is stored. */
export interface ClaimedDelivery {
  readonly id: string;
  readonly fence: number;
  readonly heldSinceMs: number;
  /** Its worker died. */
  readonly isLost: boolean;
  /** Before it was taken; stored is SENDING, if it is one to be sent at once. */
  readonly status: DeliveryStatus;
  readonly step: number;
  readonly channel: string;
  readonly account: string;
  readonly wayName: string;
  readonly address: unknown;
  readonly addressKey: string;
  readonly content: MessageContent | null;
  readonly isRead: boolean;
  readonly reason: string | null;
  readonly grantId: string | null;
  readonly attempts: readonly AttemptEntry[];
  readonly lookUps: number;
  readonly mayBeRepeated: boolean;
  readonly createdAt: EpochMs;
  readonly firstAttemptAt: EpochMs | null;
  readonly message: MessageHead;
  readonly messageState: string;
  readonly messageReason: string | null;
  readonly customerId: string;
}

interface ClaimedRow extends FactRow {
  readonly id: string;
  readonly fence: number;
  readonly is_lost: boolean;
  readonly was: DeliveryStatus;
  readonly delivery_step: number;
  readonly channel: string;
  readonly account: string;
  readonly way: string;
  readonly address: unknown;
  readonly address_key: string;
  readonly content: MessageContent | null;
  readonly is_read: boolean;
  readonly reason: string | null;
  readonly grant_id: string | null;
  readonly attempts: readonly AttemptEntry[];
  readonly look_ups: number;
  readonly may_be_repeated: boolean;
  readonly created_at: Date;
  readonly first_attempt_at: Date | null;
  readonly message_state: string;
  readonly message_reason: string | null;
}

/** Most deliveries of one statement. */
const BATCH = 200;
const BATCH_ALONE = 20;

/** Takes deliveries that have to be looked at again: due ones, and those of workers that died. */
@Injectable()
export class Claims {
  constructor(private readonly db: DataSource) {}

  /**
   * @param full accounts (`channel/account`) that this process has no room for
   * @param alone channels whose attempts are announced one by one; no more are taken than can soon be sent
   */
  async claim(
    full: readonly string[],
    alone: readonly string[],
    now: EpochMs,
  ): Promise<readonly ClaimedDelivery[]> {
    const sideBySide = await this.claimOf(false, full, alone, now);
    const oneByOne = alone.length === 0 ? [] : await this.claimOf(true, full, alone, now);
    return [...sideBySide, ...oneByOne];
  }

  private async claimOf(
    isAlone: boolean,
    full: readonly string[],
    alone: readonly string[],
    now: EpochMs,
  ): Promise<readonly ClaimedDelivery[]> {
    const heldSinceMs = performance.now();
    const most = isAlone ? BATCH_ALONE : BATCH;
    const values = [new Date(now), most, NEWS, full, alone, LEASE_SEC, isAlone];
    const rows = await run<ClaimedRow>(this.db, CLAIM, values);
    return rows.map((row) => claimed(row, heldSinceMs));
  }

  /**
   * Announces an attempt of which nobody could tell afterwards whether it was made.
   *
   * @returns false: it is not this process's to make any more
   */
  async begin({ id, fence }: { readonly id: string; readonly fence: number }): Promise<boolean> {
    const rows = await run(this.db, BEGIN, [id, fence]);
    return rows.length === 1;
  }

  /** Whether the message is still to be sent. */
  async isOpen(messageId: string): Promise<boolean> {
    const rows = await run(this.db, IS_OPEN, [messageId]);
    return rows.length === 1;
  }
}

function claimed(row: ClaimedRow, heldSinceMs: number): ClaimedDelivery {
  return {
    ...{ id: row.id, fence: row.fence, heldSinceMs, isLost: row.is_lost },
    ...{ status: row.was, step: row.delivery_step },
    ...{ channel: row.channel, account: row.account, wayName: row.way, address: row.address },
    ...{ addressKey: row.address_key, content: row.content, isRead: row.is_read },
    ...{ reason: row.reason, grantId: row.grant_id, attempts: row.attempts },
    lookUps: row.look_ups,
    mayBeRepeated: row.may_be_repeated,
    createdAt: row.created_at.getTime(),
    firstAttemptAt: row.first_attempt_at?.getTime() ?? null,
    message: headFrom(row),
    messageState: row.message_state,
    messageReason: row.message_reason,
    customerId: row.customer_id,
  };
}

/** Of accounts with room, on the channels where attempts are announced one by one, or on the others. */
const OF_LANES = `channel || '/' || account <> ALL ($4::text[]) AND (channel = ANY ($5::text[])) = $7`;

/**
 * First those of workers that died: they have waited for a whole lease, and much may wait in line.
 * SKIP LOCKED: what another worker takes at this moment is not waited for.
 */
const CLAIM = {
  name: 'deliveries-claim',
  text: `
    WITH lost AS MATERIALIZED (
      SELECT id, status FROM delivery
       WHERE leased_until < clock_timestamp() AND next_at <= $1 AND ${OF_LANES}
       ORDER BY leased_until, id LIMIT $2
         FOR UPDATE SKIP LOCKED
    ), waiting AS MATERIALIZED (
      SELECT id, status FROM delivery
       WHERE next_at <= $1 AND leased_until IS NULL AND ${OF_LANES}
       ORDER BY next_at, id LIMIT $2 - (SELECT count(*) FROM lost)
         FOR UPDATE SKIP LOCKED
    ), due AS (
      SELECT id, status, true AS is_lost FROM lost
       UNION ALL SELECT id, status, false FROM waiting
    ), taken AS (
      UPDATE delivery d
         SET fence = d.fence + 1, leased_until = clock_timestamp() + make_interval(secs => $6),
             next_at = $1::timestamptz + make_interval(secs => $6),
             status = CASE WHEN due.status IN ('CREATED', 'RETRYING') AND NOT $7
                           THEN 'SENDING' ELSE due.status END
        FROM due WHERE d.id = due.id
      RETURNING d.id, d.fence, due.is_lost, due.status AS was, d.step, d.message_id, d.channel, d.account, d.way,
                d.address, d.address_key, d.content, 'read' = ANY (d.engagement) AS is_read, d.reason,
                d.grant_id, d.attempts, d.look_ups, d.may_be_repeated, d.created_at, d.first_attempt_at
    )
    SELECT t.id, t.fence, t.is_lost, t.was, t.step AS delivery_step, t.channel, t.account, t.way, t.address,
           t.address_key, t.content, t.is_read, t.reason, t.grant_id, t.attempts, t.look_ups,
           t.may_be_repeated, t.created_at, t.first_attempt_at, m.state AS message_state,
           m.reason AS message_reason, ${FACTS}
      FROM taken t JOIN message m ON m.id = t.message_id ${factsFrom('$3')}
     ORDER BY t.id`,
};

const BEGIN = {
  name: 'delivery-begin',
  text: `UPDATE delivery SET status = 'SENDING'
          WHERE id = $1 AND fence = $2 AND leased_until > clock_timestamp()
            AND status IN ('CREATED', 'RETRYING', 'AMBIGUOUS')
      RETURNING id`,
};

const IS_OPEN = {
  name: 'message-is-open',
  text: `SELECT id FROM message WHERE id = $1 AND state = 'OPEN'`,
};
