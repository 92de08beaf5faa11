import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { Clock } from '../../platform/clock.ts';
import { Capacity } from '../capacity/index.ts';
import { MessagePolicies, Outbox } from '../messages/index.ts';
import { OrderReader } from '../orders/index.ts';

const BATCH = 200;

/**
 * Makes the reminders of all open orders follow a changed policy, some orders a transaction. How far it has
 * come stands in the database: another process goes on where one died, and a newer policy begins anew.
 */
@Injectable()
export class FollowPolicy {
  constructor(
    private readonly db: DataSource,
    private readonly policies: MessagePolicies,
    private readonly outbox: Outbox,
    private readonly orders: OrderReader,
    private readonly capacity: Capacity,
    private readonly clock: Clock,
  ) {}

  /** @returns the number of orders whose messages were looked at */
  async run(): Promise<number> {
    let handled = 0;
    for (;;) {
      const batch = await this.batch();
      if (batch === null) return handled;
      handled += batch;
    }
  }

  /** Null: everything follows, or another process is at work. */
  private async batch(): Promise<number | null> {
    const { network } = await this.capacity.world();
    return this.db.transaction(async (tx) => {
      const pending = await this.policies.pending(tx);
      // A change of the chain that this process has not seen yet: it comes with the next look.
      if (pending === null || pending.version > network.version) return null;
      const ids = await this.orders.lockOpenAfter(tx, pending.after, BATCH);
      for (const { order } of await this.orders.many(ids, tx)) {
        await this.outbox.follow(tx, pending.policy, order, network, this.clock.now());
      }
      await this.policies.followed(tx, ids.at(-1) ?? null);
      return ids.length;
    });
  }
}
