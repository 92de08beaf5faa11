import { Injectable } from '@nestjs/common';

import type { OrderData } from '../../core/orders/order.ts';
import { forbidden } from '../../platform/graphql/errors.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { OrderHistory } from '../orders/index.ts';
import { WatchedOrders, type OrderWatch } from './watched-orders.ts';

/** Versions read at once: what a client that reads slowly keeps in memory. */
const MOST_AT_ONCE = 20;

/** Who watches which order, from which version on; null: from the one that it has now, that included. */
interface Watching {
  readonly id: string;
  readonly afterVersion: number | null;
  readonly caller: SignedInCaller;
}

/**
 * Every version of an order after the one that a client has seen, in their order, each once.
 *
 * All of them are read from the log of events, and by what the client has seen. That something changed is
 * only a reason to read, so nothing is lost when nobody says so in time, and nothing comes twice.
 */
@Injectable()
export class OrderFeed {
  constructor(
    private readonly history: OrderHistory,
    private readonly watched: WatchedOrders,
  ) {}

  /** @throws GraphQLError FORBIDDEN if there is no such order that the caller may see */
  async open(watching: Watching): Promise<AsyncIterableIterator<OrderData>> {
    // Before the first reading, so that what changes right after it is heard.
    const watch = this.watched.watch(watching.id);
    try {
      const first = await this.read(watching, watching.afterVersion);
      return endingWith(watch, this.versions(watching, watch, first));
    } catch (fault) {
      watch.end();
      throw fault;
    }
  }

  private async *versions(
    watching: Watching,
    watch: OrderWatch,
    first: readonly OrderData[],
  ): AsyncGenerator<OrderData, void, void> {
    let seen = watching.afterVersion ?? 0;
    let found = first;
    try {
      for (;;) {
        for (const order of found) {
          seen = order.version;
          yield order;
        }
        if (found.length < MOST_AT_ONCE && !(await watch.beyond(seen))) return;
        found = await this.read(watching, seen);
      }
    } finally {
      watch.end();
    }
  }

  /** Whether the caller may see the order is asked each time: it may go to another store. */
  private async read(
    { id, caller }: Watching,
    afterVersion: number | null,
  ): Promise<readonly OrderData[]> {
    const found = await this.history.after(id, afterVersion, caller, MOST_AT_ONCE);
    if (found === null) throw forbidden('There is no such order that you may see.');
    return found;
  }
}

/** Ends the wait for the next version too: a generator alone takes notice only after it. */
function endingWith(
  watch: OrderWatch,
  versions: AsyncGenerator<OrderData, void, void>,
): AsyncIterableIterator<OrderData> {
  return {
    next: () => versions.next(),
    return: () => {
      watch.end();
      return versions.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
