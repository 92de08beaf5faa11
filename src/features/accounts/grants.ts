import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { v5 as namedId, v7 as newId } from 'uuid';

import type { GrantNeed } from '../../channels/channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

/** Whose grants, and for what. */
export interface GrantPlace {
  readonly channel: string;
  readonly account: string;
  readonly addressKey: string;
  readonly grant: GrantNeed;
}

/** What the person has allowed by one act. */
export interface OpenedGrant extends GrantPlace {
  /** What says that it is the same act again. */
  readonly dedupeKey: string;
  /** null: any number while it is open. */
  readonly messages: number | null;
  readonly at: EpochMs;
  readonly expiresAt: EpochMs | null;
}

/**
 * What became of a reserved grant.
 *
 * - `CONSUMED`: the message was sent, or may have been
 * - `RELEASED`: it was not, for a reason that has nothing to do with the grant
 * - `CLOSED`: the provider says that there is none; it is right, and none of the address is left
 * - `REFUNDED`: it was consumed for a message that turned out not to have been sent
 */
export type GrantEnd = 'CONSUMED' | 'RELEASED' | 'CLOSED' | 'REFUNDED';

export interface SettledGrant {
  readonly grantId: string;
  readonly deliveryId: string;
  readonly end: GrantEnd;
}

/** Sets the ids of grants apart from other names. */
const GRANT_IDS = '5b0fbd0e-9a0c-4d0e-8c7e-7d6c2f5d1a11';

/**
 * What people have granted, as their acts opened it and messages used it up.
 *
 * A grant is reserved before a message goes its way and settled when it is known what became of it. Each
 * step is one entry of the history, whose sum over a limited grant is what is free of it.
 */
@Injectable()
export class Grants {
  /**
   * Reserves the one that ends first. One statement: who waits for a row that another takes the last of
   * goes on to the next row, so that as many get one as there are.
   *
   * @returns its id; null: there is none
   */
  async reserve(
    tx: DataSource | EntityManager,
    { channel, account, addressKey, grant }: GrantPlace,
    deliveryId: string,
    now: EpochMs,
  ): Promise<string | null> {
    const [kind, templateId] = kindOf(grant);
    const place = [channel, account, addressKey, kind, templateId];
    const [row] = await run<{ id: string }>(tx, RESERVE, [
      ...place,
      ...[new Date(now), newId(), deliveryId],
    ]);
    return row?.id ?? null;
  }

  /** Of any number at once; to be written in the transaction that writes the outcome, so that it is once. */
  async settle(tx: EntityManager, settled: readonly SettledGrant[], now: EpochMs): Promise<void> {
    if (settled.length === 0) return;
    const ordered = [...settled].sort((a, b) => (a.grantId < b.grantId ? -1 : 1));
    const values = [
      ordered.map(({ grantId }) => grantId),
      ordered.map(({ deliveryId }) => deliveryId),
      ordered.map(({ end }) => end),
      ordered.map(() => newId()),
      new Date(now),
    ];
    await run(tx, LOCK, [values[0]]);
    await run(tx, SETTLE, values);
    const closed = ordered.filter(({ end }) => end === 'CLOSED').map(({ grantId }) => grantId);
    if (closed.length > 0) await run(tx, CLOSE_LIKE, [closed, new Date(now)]);
  }

  /** Once for each act, however often it is told. @returns whether it was new */
  async open(tx: EntityManager, opened: OpenedGrant): Promise<boolean> {
    const { channel, account, addressKey, messages, at, expiresAt } = opened;
    const [kind, templateId] = kindOf(opened.grant);
    const id = namedId(JSON.stringify([channel, account, opened.dedupeKey]), GRANT_IDS);
    const rows = await run(tx, OPEN, [
      ...[id, channel, account, addressKey, kind, templateId, messages],
      ...[expiresAt === null ? null : new Date(expiresAt), new Date(at), newId()],
    ]);
    return rows.length === 1;
  }

  /** Closes what was opened until `at`: the person has taken it back, or the provider says it is over. */
  async close(
    tx: EntityManager,
    { channel, account, addressKey, grant }: GrantPlace,
    reason: string,
    at: EpochMs,
  ): Promise<void> {
    const [kind, templateId] = kindOf(grant);
    await run(tx, CLOSE, [channel, account, addressKey, kind, templateId, new Date(at), reason]);
  }
}

const kindOf = (grant: GrantNeed): readonly ['ONE_TIME' | 'WINDOW', string | null] =>
  grant.is === 'oneTime' ? ['ONE_TIME', grant.templateId] : ['WINDOW', null];

const RESERVE = {
  name: 'grant-reserve',
  text: `WITH pick AS (
           SELECT id FROM channel_grant
            WHERE channel = $1 AND account = $2 AND address_key = $3 AND kind = $4
              AND template_id IS NOT DISTINCT FROM $5
              AND closed_at IS NULL AND (expires_at IS NULL OR expires_at > $6)
              AND (remaining IS NULL OR remaining - reserved > 0)
            ORDER BY expires_at NULLS LAST, opened_at, id
            LIMIT 1 FOR UPDATE
         ), reserved AS (
           UPDATE channel_grant g SET reserved = reserved + 1 FROM pick WHERE g.id = pick.id
           RETURNING g.id
         )
         INSERT INTO grant_entry (id, grant_id, delta, reason, delivery_id, at)
         SELECT $7, id, -1, 'RESERVED', $8, $6 FROM reserved
         RETURNING grant_id AS id`,
};

/** In one order for everybody. */
const LOCK = {
  name: 'grant-lock',
  text: `SELECT id FROM channel_grant WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
};

const SETTLE = {
  name: 'grant-settle',
  text: `WITH settled AS (
           SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::uuid[])
             AS given (grant_id, delivery_id, reason, entry_id)
         ), changed AS (
           SELECT grant_id, count(*) FILTER (WHERE reason <> 'REFUNDED') AS back,
                  count(*) FILTER (WHERE reason = 'REFUNDED')
                    - count(*) FILTER (WHERE reason = 'CONSUMED') AS more
             FROM settled GROUP BY grant_id
         ), updated AS (
           UPDATE channel_grant g
              SET reserved = g.reserved - c.back, remaining = g.remaining + c.more
             FROM changed c WHERE g.id = c.grant_id
         )
         INSERT INTO grant_entry (id, grant_id, delta, reason, delivery_id, at)
         SELECT entry_id, grant_id,
                CASE WHEN reason IN ('RELEASED', 'REFUNDED', 'CLOSED') THEN 1 ELSE 0 END,
                reason, delivery_id, $5
           FROM settled`,
};

/** What others have reserved meanwhile stays theirs to settle; nothing is free any more. */
const CLOSING = `
  SET closed_at = $AT, remaining = CASE WHEN g.remaining IS NULL THEN NULL ELSE g.reserved END
  FROM open WHERE g.id = open.id
  RETURNING g.id, open.free`;

const CLOSE_LIKE = {
  name: 'grant-close-like',
  text: `WITH open AS (
           SELECT o.id, coalesce(o.remaining - o.reserved, 0) AS free
             FROM channel_grant o
            WHERE o.closed_at IS NULL AND EXISTS (
              SELECT FROM channel_grant g
               WHERE g.id = ANY ($1::uuid[]) AND g.channel = o.channel AND g.account = o.account
                 AND g.address_key = o.address_key AND g.kind = o.kind
                 AND g.template_id IS NOT DISTINCT FROM o.template_id)
            ORDER BY o.id FOR UPDATE
         ), closed AS (UPDATE channel_grant g ${CLOSING.replace('$AT', '$2')})
         INSERT INTO grant_entry (id, grant_id, delta, reason, delivery_id, at)
         SELECT gen_random_uuid(), id, -free, 'CLOSED_BY_PROVIDER', NULL, $2 FROM closed`,
};

const OPEN = {
  name: 'grant-open',
  text: `WITH opened AS (
           INSERT INTO channel_grant (id, channel, account, address_key, kind, template_id, remaining,
                                      expires_at, opened_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (id) DO NOTHING RETURNING id, remaining
         )
         INSERT INTO grant_entry (id, grant_id, delta, reason, delivery_id, at)
         SELECT $10, id, coalesce(remaining, 0), 'OPENED', NULL, $9 FROM opened RETURNING id`,
};

const CLOSE = {
  name: 'grant-close',
  text: `WITH open AS (
           SELECT id, coalesce(remaining - reserved, 0) AS free FROM channel_grant
            WHERE channel = $1 AND account = $2 AND address_key = $3 AND kind = $4
              AND template_id IS NOT DISTINCT FROM $5 AND closed_at IS NULL AND opened_at <= $6
            ORDER BY id FOR UPDATE
         ), closed AS (UPDATE channel_grant g ${CLOSING.replace('$AT', '$6')})
         INSERT INTO grant_entry (id, grant_id, delta, reason, delivery_id, at)
         SELECT gen_random_uuid(), id, -free, $7, NULL, $6 FROM closed`,
};
