import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import { CLOCK_KINDS, type MessageKind } from '../../core/messages/kinds.ts';
import { messagesAfter, messagesByClock, type MessagePlan } from '../../core/messages/owed.ts';
import type { MessagePolicy } from '../../core/messages/policy.ts';
import type { Network } from '../../core/network/network.ts';
import type { OrderEventFacts } from '../../core/orders/events.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { MessagePolicies } from './message-policies.ts';
import { spreadOf } from './spread.ts';

/** An event and its order after it. */
interface Change {
  readonly event: OrderEventFacts;
  readonly after: OrderData;
}

/** The only code that owes messages, and withdraws what is no longer owed. */
@Injectable()
export class Outbox {
  constructor(private readonly policies: MessagePolicies) {}

  /**
   * Owes what an event makes true and withdraws what it makes untrue, in the transaction of the event.
   *
   * @param order after the event
   * @param network the one that the transaction checks the version of
   */
  async owe(
    tx: EntityManager,
    event: OrderEventFacts,
    order: OrderData,
    network: Network,
  ): Promise<void> {
    const policy = await this.policies.at(network.version, tx);
    const plan = messagesAfter(event, order, network.stores, policy, spreadOf(order.id));
    await write(tx, order, plan, event.at);
  }

  /** As {@link owe}, of the events of many orders in one statement. */
  async oweMany(tx: EntityManager, changes: readonly Change[], network: Network): Promise<void> {
    if (changes.length === 0) return;
    const policy = await this.policies.at(network.version, tx);
    const rows = changes.map(({ event, after }) => {
      const plan = messagesAfter(event, after, network.stores, policy, spreadOf(after.id));
      return owedRow(after, plan, event.at);
    });
    await run(tx, OWE_MANY, [JSON.stringify(rows)]);
  }

  /** Makes what an order owes by the clock follow another policy. */
  async follow(
    tx: EntityManager,
    policy: MessagePolicy,
    order: OrderData,
    network: Network,
    now: EpochMs,
  ): Promise<void> {
    const owed = messagesByClock(order, network.stores, policy, spreadOf(order.id), now);
    await write(tx, order, { owed, recomputed: [...CLOCK_KINDS, ...policy.off] }, now);
  }

  /**
   * Owes one message that no change of the order makes true: what happens around it does, once for each
   * occasion, and at once.
   *
   * @param order as it was when it began to concern them
   */
  async tell(
    tx: EntityManager,
    kind: MessageKind,
    order: Pick<OrderData, 'id' | 'version'>,
    happening: { readonly occasion: string; readonly now: EpochMs; readonly usefulUntil: EpochMs },
    network: Network,
  ): Promise<void> {
    const policy = await this.policies.at(network.version, tx);
    if (policy.off.includes(kind)) return;
    const { occasion, now, usefulUntil } = happening;
    const owed = [{ kind, occasion, dueAt: now, usefulUntil, skip: null }];
    await write(tx, order, { owed, recomputed: [] }, now);
  }

  /** Withdraws the messages of a kind about these versions of an order that were not sent yet. */
  async withdrawOf(
    tx: EntityManager,
    kind: MessageKind,
    orderId: string,
    versions: readonly number[],
    now: EpochMs,
  ): Promise<void> {
    await run(tx, WITHDRAW_OF, [orderId, kind, versions, new Date(now)]);
  }

  /** Withdraws what is owed of a kind, as it is no longer true. */
  async withdraw(
    tx: EntityManager,
    kind: MessageKind,
    order: Pick<OrderData, 'id' | 'version'>,
    now: EpochMs,
  ): Promise<void> {
    await write(tx, order, { owed: [], recomputed: [kind] }, now);
  }
}

async function write(
  tx: EntityManager,
  order: Pick<OrderData, 'id' | 'version'>,
  { owed, recomputed }: MessagePlan,
  now: EpochMs,
): Promise<void> {
  await run(tx, OWE, [
    order.id,
    order.version,
    new Date(now),
    recomputed,
    owed.map(() => newId()),
    owed.map(({ kind }) => kind),
    owed.map(({ occasion }) => occasion),
    owed.map(({ dueAt }) => new Date(dueAt)),
    owed.map(({ usefulUntil }) => new Date(usefulUntil)),
    owed.map(({ skip }) => skip),
  ]);
}

const WITHDRAW_OF = {
  name: 'messages-withdraw-of',
  text: `
    UPDATE message SET state = 'WITHDRAWN', reason = 'NO_LONGER_TRUE', ended_at = $4
     WHERE order_id = $1 AND kind = $2 AND order_version = ANY ($3::integer[]) AND state IN ('OWED', 'OPEN')`,
};

const OWE = {
  name: 'messages-owe',
  text: `SELECT owe_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};

function owedRow({ id, version }: OrderData, { owed, recomputed }: MessagePlan, now: EpochMs) {
  return {
    id,
    version,
    now: new Date(now),
    recomputed,
    ids: owed.map(() => newId()),
    kinds: owed.map(({ kind }) => kind),
    occasions: owed.map(({ occasion }) => occasion),
    dues: owed.map(({ dueAt }) => new Date(dueAt)),
    untils: owed.map(({ usefulUntil }) => new Date(usefulUntil)),
    skips: owed.map(({ skip }) => skip),
  };
}

const OWE_MANY = {
  name: 'messages-owe-many',
  text: `
    SELECT owe_messages(id, version, now, recomputed, ids, kinds, occasions, dues, untils, skips)
      FROM jsonb_to_recordset($1::jsonb) AS given
        (id uuid, version int, now timestamptz, recomputed text[], ids uuid[], kinds text[],
         occasions text[], dues timestamptz[], untils timestamptz[], skips text[])`,
};
