import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { OrderHistory, OrderNews, type OrderVersion } from '../orders/index.ts';

/** How often orders are looked at when nobody says that they changed: what was said may be lost. */
const LOOK_MS = 5_000;

/** One client's interest in an order. */
export class OrderWatch {
  private newest = 0;
  private wake: (() => void) | undefined;
  private isOver = false;

  constructor(private readonly forget: (watch: OrderWatch) => void) {}

  /** Waits until somebody says that there is a version after `seen`. @returns false: the watch was ended */
  async beyond(seen: number): Promise<boolean> {
    while (!this.isOver && this.newest <= seen) {
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
    // Said once, looked at once: it may be wrong.
    this.newest = 0;
    return !this.isOver;
  }

  changed(version: number): void {
    this.newest = Math.max(this.newest, version);
    this.wake?.();
  }

  end(): void {
    this.isOver = true;
    this.forget(this);
    this.wake?.();
  }
}

/** The orders that clients of this process watch, and how it gets to know that they changed. */
@Injectable()
export class WatchedOrders implements OnModuleDestroy {
  private readonly log = new Logger('live');
  private readonly watches = new Map<string, Set<OrderWatch>>();
  private looks: NodeJS.Timeout | undefined;
  private stopListening: (() => void) | undefined;
  private isLooking = false;
  private hasToLookAgain = false;

  constructor(
    private readonly news: OrderNews,
    private readonly history: OrderHistory,
  ) {}

  /** Hears of every version that comes to be after this call; to be ended. */
  watch(orderId: string): OrderWatch {
    this.begin();
    const known = this.watches.get(orderId);
    const watches = known ?? new Set();
    const watch = new OrderWatch((ended) => {
      this.forget(orderId, ended);
    });
    watches.add(watch);
    if (known === undefined) this.watches.set(orderId, watches);
    return watch;
  }

  /** How many orders are watched. */
  get count(): number {
    return this.watches.size;
  }

  /** Asks for the versions of all watched orders, in one statement. One more look serves all who ask meanwhile. */
  async look(): Promise<void> {
    this.hasToLookAgain = true;
    if (this.isLooking) return;
    this.isLooking = true;
    try {
      while (this.hasToLookAgain && this.watches.size > 0) {
        this.hasToLookAgain = false;
        const newest = await this.history.newest([...this.watches.keys()]);
        for (const order of newest) this.changed(order);
      }
    } catch (fault) {
      // The next look is soon.
      this.log.warn(`cannot look at watched orders: ${(fault as Error).message}`);
    } finally {
      this.isLooking = false;
    }
  }

  onModuleDestroy(): void {
    this.stopListening?.();
    clearInterval(this.looks);
    for (const watches of [...this.watches.values()]) for (const watch of [...watches]) watch.end();
  }

  private begin(): void {
    this.stopListening ??= this.news.listen({
      changed: (order) => {
        this.changed(order);
      },
      missed: () => void this.look(),
    });
    this.looks ??= setInterval(() => void this.look(), LOOK_MS).unref();
  }

  private changed({ id, version }: OrderVersion): void {
    for (const watch of this.watches.get(id) ?? []) watch.changed(version);
  }

  private forget(orderId: string, watch: OrderWatch): void {
    const watches = this.watches.get(orderId);
    watches?.delete(watch);
    if (watches?.size === 0) this.watches.delete(orderId);
    if (this.watches.size > 0) return;
    clearInterval(this.looks);
    this.looks = undefined;
  }
}
