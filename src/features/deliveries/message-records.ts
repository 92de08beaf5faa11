import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { MessageContent } from '../../channels/channel.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { DeliveryStatus } from '../../core/messages/receipt-rank.ts';
import { run } from '../../platform/database/statement.ts';
import { checkPage, startAfter, type PageRequest } from '../../platform/graphql/page.ts';
import type { CustomerCaller, HqCaller, StaffCaller } from '../../platform/signin/caller.ts';
import type { PassedOver } from './opened-writer.ts';
import type { AttemptEntry } from './record.ts';

export type MessageState = 'OWED' | 'OPEN' | 'DONE' | 'SKIPPED' | 'WITHDRAWN' | 'FAILED';

/** A message with all that was done about it. */
export interface MessageRecord {
  readonly id: string;
  readonly orderId: string;
  readonly customerId: string;
  readonly kind: MessageKind;
  readonly state: MessageState;
  readonly reason: string | null;
  readonly dueAt: Date;
  readonly usefulUntil: Date;
  readonly owedAt: Date;
  readonly endedAt: Date | null;
  readonly passedOver: readonly PassedOver[];
  readonly deliveries: readonly DeliveryView[];
}

/** As JSON has it: instants are texts. */
export interface DeliveryView {
  readonly id: string;
  readonly channel: string;
  readonly account: string;
  readonly addressKey: string;
  readonly content: Pick<MessageContent, 'title' | 'text'> | null;
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  readonly engagement: readonly string[];
  readonly mayBeRepeated: boolean;
  readonly isLate: boolean;
  readonly costMinor: number;
  readonly currency: string | null;
  readonly createdAt: string;
  readonly nextAt: string | null;
  readonly attempts: readonly AttemptEntry[];
}

/** What a customer was sent on one channel. */
export interface SentRecord {
  readonly id: string;
  readonly orderId: string;
  readonly kind: MessageKind;
  readonly content: Pick<MessageContent, 'title' | 'text'>;
  readonly channel: string;
  readonly status: DeliveryStatus;
  readonly sentAt: Date;
}

export type StoreCaller = StaffCaller | HqCaller;

const MOST_AT_ONCE = 100;
/** Of one order: it has some dozens at the very most. */
const MOST_OF_ORDER = 500;

/** Reads messages for those who may see them. To everybody else there are none. */
@Injectable()
export class MessageRecords {
  constructor(private readonly db: DataSource) {}

  /** Null: there is no such order that the caller may see. */
  async ofOrder(orderId: string, caller: StoreCaller): Promise<readonly MessageRecord[] | null> {
    if (!isUuid(orderId)) return null;
    const stores = storesOf(caller);
    const [visible] = await run(this.db, ORDER_VISIBLE, [orderId, stores]);
    if (visible === undefined) return null;
    return run<MessageRecord>(this.db, OF_ORDER, [orderId, MOST_OF_ORDER]);
  }

  async one(
    id: string,
    caller: StoreCaller,
    from: DataSource | EntityManager = this.db,
  ): Promise<MessageRecord | null> {
    if (!isUuid(id)) return null;
    const [row] = await run<MessageRecord>(from, ONE, [id, storesOf(caller)]);
    return row ?? null;
  }

  /** Of orders that begin or end at the store. */
  failed(storeCode: string, page: PageRequest): Promise<readonly MessageRecord[]> {
    checkPage(page, MOST_AT_ONCE);
    return run<MessageRecord>(this.db, FAILED, [storeCode, startAfter(page), page.first]);
  }

  sentTo({ contact }: CustomerCaller, page: PageRequest): Promise<readonly SentRecord[]> {
    checkPage(page, MOST_AT_ONCE);
    const values = [contact.kind, contact.value, startAfter(page), page.first];
    return run<SentRecord>(this.db, SENT_TO, values);
  }
}

/** Null: all stores. */
export const storesOf = (caller: StoreCaller): readonly string[] | null =>
  caller.role === 'staff' ? caller.stores : null;

const SELECT = `
  SELECT m.id, m.order_id AS "orderId", o.customer_id AS "customerId", m.kind, m.state, m.reason,
         m.due_at AS "dueAt", m.useful_until AS "usefulUntil", m.owed_at AS "owedAt",
         m.ended_at AS "endedAt", coalesce(m.passed_over, '[]') AS "passedOver",
         (SELECT coalesce(jsonb_agg(jsonb_build_object('id', d.id, 'channel', d.channel,
                   'account', d.account, 'addressKey', d.address_key,
                   'content', d.content - '{fields,calendar}'::text[], 'status', d.status,
                   'reason', d.reason, 'engagement', d.engagement,
                   'mayBeRepeated', d.may_be_repeated, 'isLate', d.is_late,
                   'costMinor', d.cost_minor, 'currency', d.currency, 'createdAt', d.created_at,
                   'nextAt', d.next_at, 'attempts', d.attempts) ORDER BY d.created_at, d.step, d.id), '[]')
            FROM delivery d WHERE d.message_id = m.id) AS deliveries
    FROM message m JOIN customer_order o ON o.id = m.order_id`;

const AT_STORE = `EXISTS (SELECT FROM appointment a
  WHERE a.order_id = o.id AND a.store_code = ANY ($2::text[]))`;

const ORDER_VISIBLE = {
  name: 'order-visible',
  text: `SELECT o.id FROM customer_order o WHERE o.id = $1 AND ($2::text[] IS NULL OR ${AT_STORE})`,
};

const OF_ORDER = {
  name: 'message-records-of-order',
  text: `${SELECT} WHERE m.order_id = $1 ORDER BY m.due_at, m.id LIMIT $2`,
};

const ONE = {
  name: 'message-record',
  text: `${SELECT} WHERE m.id = $1 AND ($2::text[] IS NULL OR ${AT_STORE})`,
};

const FAILED = {
  name: 'message-records-failed',
  text: `${SELECT}
          WHERE m.state = 'FAILED' AND ($2::uuid IS NULL OR m.id < $2)
            AND EXISTS (SELECT FROM appointment a WHERE a.order_id = o.id AND a.store_code = $1)
          ORDER BY m.id DESC LIMIT $3`,
};

const SENT_TO = {
  name: 'messages-sent-to',
  text: `SELECT d.id, m.order_id AS "orderId", m.kind, d.content - '{fields,calendar}'::text[] AS content,
                d.channel, d.status, d.first_attempt_at AS "sentAt"
           FROM customer_order o JOIN message m ON m.order_id = o.id
           JOIN delivery d ON d.message_id = m.id
          WHERE o.customer_id = (SELECT customer_id FROM contact WHERE kind = $1 AND value = $2)
            AND d.status IN ('ACCEPTED', 'SENT', 'DELIVERED') AND d.content IS NOT NULL
            AND ($3::uuid IS NULL OR d.id < $3)
          ORDER BY d.id DESC LIMIT $4`,
};
