import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { isToldInTime } from '../../core/guard/notice.ts';
import { messagesAfter } from '../../core/messages/owed.ts';
import type { MessagePolicy } from '../../core/messages/policy.ts';
import type { OrderData, VisitChoice } from '../../core/orders/order.ts';
import type { World } from '../../core/orders/world.ts';
import { StaffTasks, type NewTask } from '../deliveries/index.ts';
import { MessagePolicies, spreadOf } from '../messages/index.ts';
import type { OrderUpdate } from '../orders/index.ts';

/** A promise that is broken, written as the next version of its order. */
export interface BrokenPromise {
  readonly update: OrderUpdate;
  readonly choice: VisitChoice;
}

/** An order that needs somebody to look after it. */
export interface StuckOrder {
  readonly order: OrderData;
  readonly reason: string;
}

/** What the guard of promises leaves for staff to do. */
@Injectable()
export class GuardTasks {
  constructor(
    private readonly tasks: StaffTasks,
    private readonly policies: MessagePolicies,
  ) {}

  async raise(
    tx: EntityManager,
    world: World,
    broken: readonly BrokenPromise[],
    stuck: readonly StuckOrder[],
  ): Promise<void> {
    if (broken.length + stuck.length === 0) return;
    const policy = await this.policies.at(world.network.version, tx);
    const calls = broken.filter(({ update, choice }) => {
      return !isTold(world, policy, update, choice);
    });
    await this.tasks.raise(tx, [...calls.map(call), ...stuck.flatMap(lookAfter)], world.now);
  }
}

function isTold(
  { network }: World,
  policy: MessagePolicy,
  { event, after }: OrderUpdate,
  { visit }: VisitChoice,
): boolean {
  const plan = messagesAfter(event, after, network.stores, policy, spreadOf(after.id));
  const { storeCode, start } = visit === 'PICK_UP' ? after.pickUp : after.dropOff;
  return isToldInTime(plan, policy, network.stores.get(storeCode)!.timeZone, start);
}

function call({ update: { after }, choice }: BrokenPromise): NewTask {
  const { storeCode } = choice.visit === 'PICK_UP' ? after.pickUp : after.dropOff;
  return {
    kind: 'CALL_CUSTOMER',
    storeCode,
    orderId: after.id,
    cause: `promise:v${after.version}`,
    reason: 'PROMISE_BROKEN',
  };
}

/** At both stores of the order. */
function lookAfter({ order, reason }: StuckOrder): readonly NewTask[] {
  const stores = new Set([order.dropOff.storeCode, order.pickUp.storeCode]);
  return [...stores].map((storeCode) => ({
    kind: 'REPLAN_NEEDED',
    storeCode,
    orderId: order.id,
    cause: `${reason}:${storeCode}:v${order.version}`,
    reason,
  }));
}
