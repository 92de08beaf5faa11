import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { ChannelEvent } from '../../channels/channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { ReceiptApplier, type MatchedReceipt } from './receipt-applier.ts';

export type ReceiptEvent = Extract<ChannelEvent, { is: 'receipt' }>;

/** An account by its names. */
export interface AccountName {
  readonly channel: string;
  readonly account: string;
}

interface StoredRow extends MatchedReceipt {
  readonly providerRef: string | null;
}

/**
 * What providers told of deliveries. Each receipt is kept once and applied once, when its delivery is known:
 * at once by the id that the provider echoes, else as soon as the delivery has the provider's reference.
 *
 * A receipt touches deliveries of its own account only.
 */
@Injectable()
export class Receipts {
  constructor(
    private readonly db: DataSource,
    private readonly applier: ReceiptApplier,
    private readonly clock: Clock,
  ) {}

  /** @returns references of deliveries that are not known yet */
  async take(
    tx: EntityManager,
    { channel, account }: AccountName,
    events: readonly ReceiptEvent[],
    now: EpochMs,
  ): Promise<readonly string[]> {
    if (events.length === 0) return [];
    const given = events.map(
      ({ dedupeKey, deliveryId, providerRef, status, code, at, ...rest }) => ({
        ...{ dedupeKey, status, code, at: new Date(at), because: rest.because ?? null },
        ...{
          providerRef,
          deliveryId: deliveryId !== null && isUuid(deliveryId) ? deliveryId : null,
        },
      }),
    );
    const values = [channel, account, JSON.stringify(given), new Date(now)];
    const added = await run<StoredRow>(tx, ADD, values);
    await this.applier.apply(tx, added.filter(isMatched), now);
    return added.flatMap((row) =>
      isMatched(row) || row.providerRef === null ? [] : [row.providerRef],
    );
  }

  /** Applies receipts that were waiting for the reference of one of these deliveries. */
  applyPending(tx: EntityManager, deliveryIds: readonly string[]): Promise<number> {
    return this.match(tx, OF_DELIVERIES, [deliveryIds]);
  }

  /** The same for these references, if their deliveries have become known meanwhile. */
  async applyOf({ channel, account }: AccountName, refs: readonly string[]): Promise<number> {
    if (refs.length === 0) return 0;
    return this.db.transaction((tx) => this.match(tx, OF_REFS, [channel, account, refs]));
  }

  /**
   * Applies what came in the last hour and whose delivery became known at the very same moment, so that
   * neither side saw the other.
   */
  applyMissed(): Promise<number> {
    return this.db.transaction((tx) => this.match(tx, MISSED, [new Date(this.clock.now())]));
  }

  private async match(
    tx: EntityManager,
    statement: { readonly name: string; readonly text: string },
    values: readonly unknown[],
  ): Promise<number> {
    const matched = await run<MatchedReceipt>(tx, statement, values);
    await this.applier.apply(tx, matched, this.clock.now());
    return matched.length;
  }
}

const isMatched = ({ deliveryId }: StoredRow): boolean => (deliveryId as string | null) !== null;

const RETURNING = `r.delivery_id AS "deliveryId", r.channel, r.account, r.status, r.code, r.because,
  r.at, r.dedupe_key AS "dedupeKey"`;

/** In one order for everybody, so that repeats of one list wait for each other. */
const ADD = {
  name: 'receipt-add',
  text: `INSERT INTO receipt AS r (channel, account, dedupe_key, delivery_id, provider_ref, status, code,
                                   because, at, received_at)
         SELECT $1, $2, "dedupeKey", coalesce(
                  (SELECT d.id FROM delivery d
                    WHERE d.id = g."deliveryId" AND d.channel = $1 AND d.account = $2),
                  (SELECT d.id FROM delivery d
                    WHERE d.channel = $1 AND d.account = $2 AND d.provider_ref = g."providerRef"
                    ORDER BY d.created_at DESC, d.id LIMIT 1)),
                "providerRef", status, code, because, at, $4
           FROM jsonb_to_recordset($3::jsonb) AS g ("dedupeKey" text, "deliveryId" uuid,
                "providerRef" text, status text, code text, because text, at timestamptz)
          ORDER BY "dedupeKey"
         ON CONFLICT DO NOTHING
         RETURNING ${RETURNING}, r.provider_ref AS "providerRef"`,
};

const MATCH = `
  UPDATE receipt r SET delivery_id = d.id FROM delivery d
   WHERE r.delivery_id IS NULL AND r.channel = d.channel AND r.account = d.account
     AND r.provider_ref = d.provider_ref`;

const OF_DELIVERIES = {
  name: 'receipt-of-deliveries',
  text: `${MATCH} AND d.id = ANY ($1::uuid[]) RETURNING ${RETURNING}`,
};

const OF_REFS = {
  name: 'receipt-of-refs',
  text: `${MATCH} AND r.channel = $1 AND r.account = $2 AND r.provider_ref = ANY ($3::text[])
         RETURNING ${RETURNING}`,
};

const MISSED = {
  name: 'receipt-missed',
  text: `${MATCH} AND r.received_at > $1::timestamptz - interval '1 hour' RETURNING ${RETURNING}`,
};
