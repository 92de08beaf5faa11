import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Refusal } from '../../core/messages/attempt.ts';
import {
  afterReceipt,
  DELIVERED_AFTER_FAILURE,
  isFailure,
  rankOf,
  type ReceiptState,
  type ReceiptStatus,
} from '../../core/messages/receipt-rank.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { Grants } from './grants.ts';
import { standingAfter, Standings } from './standings.ts';

/** A receipt whose delivery is known. */
export interface MatchedReceipt {
  readonly deliveryId: string;
  readonly channel: string;
  readonly account: string;
  readonly dedupeKey: string;
  readonly status: ReceiptStatus;
  readonly code: string | null;
  readonly because: Refusal | null;
  readonly at: Date;
}

interface DeliveryRow extends ReceiptState {
  readonly id: string;
  readonly addressKey: string;
  readonly isWaiting: boolean;
  readonly isMessageOpen: boolean;
}

/** What is written of a delivery. */
interface Change extends ReceiptState {
  readonly id: string;
  readonly isOver: boolean;
  readonly wakes: boolean;
}

/**
 * Changes deliveries by what receipts say. A message is left alone: where a receipt decides about its route,
 * the delivery becomes due (`next_at`), and the worker that takes it decides.
 */
@Injectable()
export class ReceiptApplier {
  constructor(
    private readonly standings: Standings,
    private readonly grants: Grants,
  ) {}

  async apply(tx: EntityManager, receipts: readonly MatchedReceipt[], now: EpochMs): Promise<void> {
    if (receipts.length === 0) return;
    const ids = [...new Set(receipts.map(({ deliveryId }) => deliveryId))];
    const deliveries = await run<DeliveryRow>(tx, LOCK, [ids]);
    const inOrder = [...receipts].sort(byTimeAndKey);
    const changes = deliveries.flatMap((delivery) =>
      changeBy(
        delivery,
        inOrder.filter(({ deliveryId }) => deliveryId === delivery.id),
      ),
    );
    if (changes.length > 0) await run(tx, CHANGE, [JSON.stringify(changes), new Date(now)]);
    const failed = new Set(changes.flatMap((one) => (isFailure(one.status) ? [one.id] : [])));
    await this.learn(
      tx,
      deliveries,
      inOrder.filter(({ deliveryId }) => failed.has(deliveryId)),
    );
    const reached = changes.filter(({ reason }) => reason === DELIVERED_AFTER_FAILURE);
    await this.standings.clear(
      tx,
      reached.map(({ id }) => id),
    );
  }

  /** What a failure says about the address itself. */
  private async learn(
    tx: EntityManager,
    deliveries: readonly DeliveryRow[],
    receipts: readonly MatchedReceipt[],
  ): Promise<void> {
    const keyOf = new Map(deliveries.map(({ id, addressKey }) => [id, addressKey]));
    const failures = receipts.flatMap((receipt) => {
      const addressKey = keyOf.get(receipt.deliveryId);
      const hasFailed = receipt.status === 'failed' || receipt.status === 'undelivered';
      return hasFailed && addressKey !== undefined ? [{ ...receipt, addressKey }] : [];
    });
    await this.standings.change(
      tx,
      failures.flatMap(({ channel, account, addressKey, because, code, at }) => {
        const standing = standingAfter(because);
        const reason = code ?? 'RECEIPT';
        return standing === null
          ? []
          : [{ channel, account, addressKey, standing, reason, at: at.getTime() }];
      }),
    );
    for (const { channel, account, addressKey, because, code, at } of failures) {
      if (because !== 'window') continue;
      const place = { channel, account, addressKey, grant: { is: 'window' } } as const;
      await this.grants.close(tx, place, code ?? 'RECEIPT', at.getTime());
    }
  }
}

function changeBy(delivery: DeliveryRow, receipts: readonly MatchedReceipt[]): readonly Change[] {
  const { id, isWaiting, isMessageOpen } = delivery;
  let state: ReceiptState = delivery;
  for (const receipt of receipts) ({ state } = afterReceipt(state, receipt));
  const { status, engagement, reason } = state;
  const hasMoved = rankOf(status) > rankOf(delivery.status);
  const isEngaged = engagement.length > delivery.engagement.length;
  if (!hasMoved && !isEngaged) return [];
  const isNews = isEngaged || status === 'DELIVERED' || rankOf(delivery.status) === 0;
  const hasFailed = hasMoved && isFailure(status);
  const wakes = hasFailed || (isNews && (isWaiting || isMessageOpen));
  const isOver = isFailure(status) || status === 'DELIVERED';
  return [{ id, status, engagement, reason, isOver, wakes }];
}

const byTimeAndKey = (a: MatchedReceipt, b: MatchedReceipt): number =>
  a.at.getTime() - b.at.getTime() || (a.dedupeKey < b.dedupeKey ? -1 : 1);

/** In one order for everybody. The message is read, not locked: who works on it locks it first. */
const LOCK = {
  name: 'receipt-lock',
  text: `SELECT d.id, d.status, d.engagement, d.reason, d.address_key AS "addressKey",
                d.next_at IS NOT NULL AS "isWaiting",
                m.state IN ('OPEN', 'FAILED') AS "isMessageOpen"
           FROM delivery d JOIN message m ON m.id = d.message_id
          WHERE d.id = ANY ($1::uuid[]) ORDER BY d.id FOR UPDATE OF d`,
};

/** Late: its route had gone on to a later step, which stays as it is. */
const CHANGE = {
  name: 'receipt-change',
  text: `UPDATE delivery d
            SET status = g.status, reason = g.reason,
                engagement = (SELECT coalesce(array_agg(e), '{}')
                                FROM jsonb_array_elements_text(g.engagement) AS e),
                is_late = d.is_late OR m.step > d.step,
                ended_at = CASE WHEN g."isOver" THEN coalesce(d.ended_at, $2) ELSE d.ended_at END,
                next_at = CASE WHEN g.wakes THEN $2 ELSE d.next_at END
           FROM jsonb_to_recordset($1::jsonb) AS g (id uuid, status text, reason text,
                engagement jsonb, "isOver" boolean, wakes boolean), message m
          WHERE d.id = g.id AND m.id = d.message_id`,
};
