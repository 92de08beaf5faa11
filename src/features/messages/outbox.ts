import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import { CLOCK_KINDS } from '../../core/messages/kinds.ts';
import { messagesAfter, messagesByClock, type MessagePlan } from '../../core/messages/owed.ts';
import type { MessagePolicy } from '../../core/messages/policy.ts';
import type { Network } from '../../core/network/network.ts';
import type { OrderEventFacts } from '../../core/orders/events.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { MessagePolicies } from './message-policies.ts';
import { spreadOf } from './spread.ts';

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
}

async function write(
  tx: EntityManager,
  order: OrderData,
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

const OWE = {
  name: 'messages-owe',
  text: `SELECT owe_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};
