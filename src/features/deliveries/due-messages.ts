import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';

import {
  ALL_MESSAGE_KINDS,
  MESSAGE_KINDS,
  ruleOf,
  type MessageKind,
} from '../../core/messages/kinds.ts';
import type { DeliveryStatus } from '../../core/messages/receipt-rank.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { MessageHead } from './leased-delivery.ts';

/** A message that is due, with all that is told in it, locked for the transaction. */
export interface DueMessage extends MessageHead {
  readonly orderVersion: number;
  readonly customerId: string;
}

/** Another message of the same order that may say all that a due one says. */
export interface OtherMessage {
  readonly id: string;
  readonly orderId: string;
  readonly kind: MessageKind;
  readonly orderVersion: number;
  readonly usefulUntil: EpochMs;
  /** It is on its way or has come, and not only due. */
  readonly isSent: boolean;
}

/** What became of an earlier step of a message. */
export interface EarlierDelivery {
  readonly channel: string;
  readonly account: string;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly isRead: boolean;
}

export interface FactRow {
  readonly message_id: string;
  readonly kind: MessageKind;
  readonly occasion: string;
  readonly order_version: number;
  readonly step: number;
  /** Epoch ms. */
  readonly useful_until: number;
  readonly customer_id: string;
  readonly order: OrderData;
  readonly cause_reason: string | null;
  readonly cause_details: object | null;
  readonly cause_moved: 'DROP_OFF' | 'PICK_UP' | null;
}

interface OtherRow {
  readonly id: string;
  readonly order_id: string;
  readonly kind: MessageKind;
  readonly order_version: number;
  readonly useful_until: Date;
  readonly is_sent: boolean;
}

interface EarlierRow extends EarlierDelivery {
  readonly message_id: string;
}

/** Reads messages that are due, and what is to be looked at before they are sent. */
@Injectable()
export class DueMessages {
  /** Those longest due that nobody else has taken, each locked until the transaction ends. */
  async take(tx: EntityManager, now: EpochMs, most: number): Promise<readonly DueMessage[]> {
    const rows = await run<FactRow>(tx, TAKE, [new Date(now), most, NEWS]);
    return rows.map(dueMessage);
  }

  /** By order: messages that are due or were sent, of kinds that make others needless. */
  async others(
    tx: EntityManager,
    due: readonly DueMessage[],
    now: EpochMs,
  ): Promise<ReadonlyMap<string, readonly OtherMessage[]>> {
    const orders = due.filter(({ kind }) => REPLACEABLE.has(kind)).map(({ order }) => order.id);
    if (orders.length === 0) return new Map();
    const rows = await run<OtherRow>(tx, OTHERS, [orders, REPLACING, new Date(now)]);
    return groupedBy(rows.map(otherMessage), ({ orderId }) => orderId);
  }

  /** By message: the deliveries of its earlier steps, first step first. */
  async earlier(
    tx: DataSource | EntityManager,
    messages: readonly MessageHead[],
  ): Promise<ReadonlyMap<string, readonly EarlierDelivery[]>> {
    const ids = messages.filter(({ step }) => step > 0).map(({ id }) => id);
    if (ids.length === 0) return new Map();
    const rows = await run<EarlierRow>(tx, EARLIER, [ids]);
    return groupedBy(rows, ({ message_id: id }) => id);
  }
}

export function headFrom(row: FactRow): MessageHead {
  const cause = { reason: row.cause_reason, details: row.cause_details, moved: row.cause_moved };
  const { message_id: id, kind, occasion, step, order } = row;
  return { id, kind, occasion, step, usefulUntil: row.useful_until, order, cause };
}

const dueMessage = (row: FactRow): DueMessage =>
  Object.assign(headFrom(row), {
    orderVersion: row.order_version,
    customerId: row.customer_id,
  });

const otherMessage = (row: OtherRow): OtherMessage => ({
  id: row.id,
  orderId: row.order_id,
  kind: row.kind,
  orderVersion: row.order_version,
  usefulUntil: row.useful_until.getTime(),
  isSent: row.is_sent,
});

function groupedBy<T>(
  rows: readonly T[],
  keyOf: (row: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}

/** Kinds that tell of a change, whose event has more to say than the order. */
export const NEWS: readonly MessageKind[] = ALL_MESSAGE_KINDS.filter(
  (kind) => MESSAGE_KINDS[kind].by === 'change',
);

const REPLACEABLE: ReadonlySet<string> = new Set(
  ALL_MESSAGE_KINDS.flatMap((kind) => ruleOf(kind).replaces),
);

const REPLACING: readonly MessageKind[] = ALL_MESSAGE_KINDS.filter(
  (kind) => ruleOf(kind).replaces.length > 0,
);

/**
 * What is told in a message `m`: its order as it is now, and what the causing event says. $NEWS are the
 * kinds that tell of an event.
 */
export const factsFrom = (news: string): string => `
  JOIN customer_order o ON o.id = m.order_id
  JOIN event e ON e.order_id = o.id AND e.version = o.version
  LEFT JOIN event c ON c.order_id = m.order_id AND c.version = m.order_version
   AND m.kind = ANY (${news}::text[])`;

export const FACTS = `
  m.id AS message_id, m.kind, m.occasion, m.order_version, m.step,
  (extract(epoch FROM m.useful_until) * 1000)::float8 AS useful_until, o.customer_id, e.after AS "order", c.reason AS cause_reason, c.details AS cause_details,
  CASE WHEN c.before ? 'pickUp' THEN 'PICK_UP' WHEN c.before ? 'dropOff' THEN 'DROP_OFF' END
    AS cause_moved`;

/** A row that somebody changed since the statement began is looked at again before it is locked. */
const TAKE = {
  name: 'messages-due',
  text: `WITH m AS MATERIALIZED (
           SELECT id, order_id, kind, occasion, order_version, step, useful_until, due_at
             FROM message WHERE state = 'OWED' AND due_at <= $1
            ORDER BY due_at, id LIMIT $2
              FOR UPDATE SKIP LOCKED
         )
         SELECT ${FACTS} FROM m ${factsFrom('$3')} ORDER BY m.due_at, m.id`,
};

const OTHERS = {
  name: 'messages-others',
  text: `SELECT id, order_id, kind, order_version, useful_until, state <> 'OWED' AS is_sent
           FROM message
          WHERE order_id = ANY ($1::uuid[]) AND kind = ANY ($2::text[])
            AND (state IN ('OPEN', 'DONE') OR (state = 'OWED' AND due_at <= $3))`,
};

/** Only since it was last owed: what it was sent on before that is no step of this route. */
const EARLIER = {
  name: 'messages-earlier-steps',
  text: `SELECT d.message_id, d.channel, d.account, d.status, d.reason,
                'read' = ANY (d.engagement) AS "isRead"
           FROM delivery d JOIN message m ON m.id = d.message_id
          WHERE d.message_id = ANY ($1::uuid[]) AND d.created_at >= m.owed_at
          ORDER BY d.message_id, d.step, d.id`,
};
