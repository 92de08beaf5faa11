import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';

import { OrderNews, type OrderVersion } from '../orders/index.ts';
import { QueueNews } from '../queue/index.ts';
import { ChangedStores } from './changed-stores.ts';

/** How long changes are gathered before it is asked where they were. */
const GATHER_MS = 100;
/** How often boards are looked at when nobody says so: what was said may be lost, and time goes on. */
const LOOK_MS = 15_000;
/** Of more changes at once it is not asked where they were. */
const MOST_GATHERED = 2_000;

/** One client's interest in the board of a store. */
export class BoardWatch {
  private isDue = false;
  private isOver = false;
  private wake: (() => void) | undefined;

  constructor(
    readonly codes: readonly string[],
    private readonly forget: (watch: BoardWatch) => void,
  ) {}

  /** Waits until something may have changed. @returns false: the watch was ended */
  async changed(): Promise<boolean> {
    while (!this.isOver && !this.isDue) await new Promise<void>((go) => (this.wake = go));
    this.isDue = false;
    return !this.isOver;
  }

  /** Lets changes gather, so that many of them are one. @returns false: the watch was ended */
  async pause(ms: number): Promise<boolean> {
    const until = performance.now() + ms;
    while (!this.isOver && performance.now() < until) {
      await new Promise<void>((go) => {
        const timer = setTimeout(go, until - performance.now());
        this.wake = () => {
          if (!this.isOver) return;
          clearTimeout(timer);
          go();
        };
      });
    }
    return !this.isOver;
  }

  look(): void {
    this.isDue = true;
    this.wake?.();
  }

  end(): void {
    this.isOver = true;
    this.forget(this);
    this.wake?.();
  }
}

/** The boards that clients of this process watch, and how it gets to know that they changed. */
@Injectable()
export class WatchedBoards implements OnModuleDestroy {
  private readonly log = new Logger('board');
  private readonly watches = new Set<BoardWatch>();
  private readonly gathered: OrderVersion[] = [];
  private gathering: NodeJS.Timeout | undefined;
  private looks: NodeJS.Timeout | undefined;
  private readonly stopListening: (() => void)[] = [];

  constructor(
    private readonly orders: OrderNews,
    private readonly lines: QueueNews,
    private readonly stores: ChangedStores,
  ) {}

  /** Hears of every change at the store, or at the workshops inside it, after this call; to be ended. */
  watch(codes: readonly string[]): BoardWatch {
    const watch = new BoardWatch(codes, (ended) => {
      this.forget(ended);
    });
    this.watches.add(watch);
    this.begin();
    return watch;
  }

  /** How many clients watch. */
  get count(): number {
    return this.watches.size;
  }

  /** Has all boards looked at, whatever happened. */
  lookAtAll(): void {
    for (const watch of this.watches) watch.look();
  }

  /** Has the boards of a store looked at. */
  changedAt(codes: ReadonlySet<string>): void {
    for (const watch of this.watches) if (watch.codes.some((code) => codes.has(code))) watch.look();
  }

  onModuleDestroy(): void {
    for (const stop of this.stopListening) stop();
    clearTimeout(this.gathering);
    for (const watch of [...this.watches]) watch.end();
  }

  private begin(): void {
    if (this.stopListening.length === 0) this.listen();
    this.looks ??= setInterval(() => {
      this.lookAtAll();
    }, LOOK_MS).unref();
  }

  private listen(): void {
    const missed = (): void => {
      this.lookAtAll();
    };
    const changed = (order: OrderVersion): void => {
      this.gather(order);
    };
    const moved = (storeCode: string): void => {
      this.changedAt(new Set([storeCode]));
    };
    this.stopListening.push(
      this.orders.listen({ changed, missed }),
      this.lines.listen({ moved, missed }),
    );
  }

  private gather(order: OrderVersion): void {
    if (this.watches.size === 0) return;
    this.gathered.push(order);
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.tell(this.gathered.splice(0));
    }, GATHER_MS);
  }

  private async tell(orders: readonly OrderVersion[]): Promise<void> {
    try {
      if (orders.length > MOST_GATHERED) this.lookAtAll();
      else this.changedAt(await this.stores.of(orders));
    } catch (fault) {
      // The next look is soon.
      this.log.warn(`cannot tell where orders changed: ${(fault as Error).message}`);
    }
  }

  private forget(watch: BoardWatch): void {
    this.watches.delete(watch);
    if (this.watches.size > 0) return;
    clearInterval(this.looks);
    this.looks = undefined;
  }
}
