import { Injectable } from '@nestjs/common';

import type { Network } from '../../core/network/network.ts';
import type { World } from '../../core/orders/world.ts';
import { Planner } from '../../core/promise/planner.ts';
import { DAY_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import type { Caller } from '../../platform/signin/caller.ts';
import { ChainStore, type Chain } from '../network/index.ts';
import { FollowedLedger } from './followed-ledger.ts';
import { LedgerFeed, type LedgerReading } from './ledger-feed.ts';

/** Changes are kept for an hour; a follower further behind than this reads everything anew. */
const LONGEST_GAP_MS = 30 * 60_000;
/** Past windows pile up in memory until everything is read anew. */
const LONGEST_FOLLOWING_MS = DAY_MS;

interface Following {
  readonly chain: Chain;
  readonly ledger: FollowedLedger;
  readonly planner: Planner;
  readonly since: EpochMs;
  readonly last: LedgerReading;
}

/**
 * The chain and what is taken of it, in memory, as of now.
 *
 * Before each use one statement asks the database for what was committed since the last one; all
 * requests that arrive while it runs share the next. So an answer shows everything that was committed,
 * by any process, before its request came, at the cost of one round trip for many requests.
 */
@Injectable()
export class Capacity {
  private following: Following | undefined;
  private running: Promise<Following> | undefined;
  private next: Promise<Following> | undefined;

  constructor(
    private readonly chains: ChainStore,
    private readonly feed: LedgerFeed,
    private readonly clock: Clock,
  ) {}

  /** To be looked at at once: a later await may see later bookings in the same value. */
  async world(): Promise<World> {
    const { chain, ledger, planner } = await this.refreshed();
    return { network: chain.network, usage: ledger.usage, planner, now: this.clock.now() };
  }

  /**
   * Runs `look` on the world as `caller` can use it: what they hold is free to them. One statement more than
   * {@link world} for somebody who is signed in. Nothing may await inside.
   */
  async lookAs<T>(caller: Caller, look: (world: World) => T): Promise<T> {
    if (caller.role === 'anonymous') return look(await this.world());
    const holds = await this.feed.holdsOf(caller.id);
    const { chain, ledger, planner } = await this.refreshed();
    const { usage } = ledger;
    const world = { network: chain.network, usage, planner, now: this.clock.now() };
    return usage.without(ledger.heldBy(holds), () => look(world));
  }

  /** The chain as last seen, without asking whether there is a newer one. */
  async lastSeen(): Promise<Network> {
    return (this.following ?? (await this.refreshed())).chain.network;
  }

  /** A refresh that began after this call. */
  private refreshed(): Promise<Following> {
    if (this.next !== undefined) return this.next;
    if (this.running === undefined) return this.start();
    const start = () => this.start();
    return (this.next = this.running.then(start, start));
  }

  private start(): Promise<Following> {
    this.next = undefined;
    const running = this.refresh().finally(() => {
      if (this.running === running) this.running = undefined;
    });
    this.running = running;
    return running;
  }

  private async refresh(): Promise<Following> {
    try {
      return (this.following = await this.follow(this.following));
    } catch (fault) {
      // A reading that was applied in part is worth nothing: begin anew next time.
      this.forget();
      throw fault;
    }
  }

  private async follow(before: Following | undefined): Promise<Following> {
    if (before === undefined) return this.begin();
    const reading = await this.feed.since(before.last.snapshot);
    const gap = reading.databaseNow - before.last.databaseNow;
    const age = reading.databaseNow - before.since;
    if (gap > LONGEST_GAP_MS || age > LONGEST_FOLLOWING_MS) {
      this.forget();
      return this.begin();
    }
    before.ledger.apply(reading);
    if (reading.chainVersion === before.chain.network.version) return { ...before, last: reading };
    return this.withNewChain({ ...before, last: reading });
  }

  private async begin(): Promise<Following> {
    const reading = await this.feed.whole();
    const chain = await this.chains.load();
    const ledger = new FollowedLedger(reading);
    const planner = new Planner(chain.network, ledger.usage);
    return { chain, ledger, planner, since: reading.databaseNow, last: reading };
  }

  private async withNewChain(following: Following): Promise<Following> {
    const chain = await this.chains.load();
    following.planner.dispose();
    return { ...following, chain, planner: new Planner(chain.network, following.ledger.usage) };
  }

  private forget(): void {
    this.following?.planner.dispose();
    this.following = undefined;
  }
}
