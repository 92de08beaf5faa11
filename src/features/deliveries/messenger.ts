import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';

import { Clock } from '../../platform/clock.ts';
import { Attempts } from './attempts.ts';
import { Lanes } from './lanes.ts';
import { LATEST_START_MS, goesAlone, type LeasedDelivery } from './leased-delivery.ts';
import { BATCH, Opener } from './opener.ts';
import { putBack } from './record.ts';
import { Recorder } from './recorder.ts';
import { Reviewer, type Reviewed } from './reviewer.ts';
import type { Account } from '../accounts/index.ts';
import { SurroundingsReader } from './surroundings.ts';

/** Deliveries that one process works on at once. */
const MOST_IN_FLIGHT = 1500;
/** While messages wait for their turn on an account with a limit, what is due is looked at this often. */
const TURN_MS = 50;
/** How long one tick goes on looking; the next one comes a second after it began. */
const TICK_MS = 900;

/** What is counted, since the process started. */
export interface MessengerCounts {
  opened: number;
  attempts: number;
}

/**
 * Sends what is due: opens messages, looks again at deliveries that are due, makes attempts and has them
 * recorded, all at the same time. Any number of processes do so beside each other.
 */
@Injectable()
export class Messenger implements BeforeApplicationShutdown {
  readonly counts: MessengerCounts = { opened: 0, attempts: 0 };

  private readonly log = new Logger('deliveries');
  private readonly lanes = new Lanes();
  private readonly inFlight = new Set<Promise<void>>();
  private isStopping = false;
  /** More is due than one round takes: then two go beside each other. */
  private isBusy = false;
  private waitUntil = 0;
  private ticking: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly surroundings: SurroundingsReader,
    private readonly opener: Opener,
    private readonly reviewer: Reviewer,
    private readonly attempts: Attempts,
    private readonly recorder: Recorder,
    private readonly clock: Clock,
  ) {}

  /** Works until nothing is due and nothing on its way. @returns how many messages and deliveries were taken */
  async run(): Promise<number> {
    this.surroundings.forget();
    let all = 0;
    for (;;) {
      const wasBusy = this.inFlight.size > 0;
      const taken = await this.takeAll();
      all += taken;
      // What ended while nothing was found may have made something due.
      if (taken === 0 && !wasBusy && this.inFlight.size === 0) return all;
      if (this.inFlight.size > 0) await Promise.race(this.inFlight);
    }
  }

  /** Works until nothing is due, without waiting for what is on its way. */
  async tick(): Promise<number> {
    const ticking = this.tickOnce();
    this.ticking = ticking;
    return ticking;
  }

  /** Lets attempts that were begun come to their end, and gives back the others. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await Promise.allSettled([this.ticking]);
    while (this.inFlight.size > 0) await Promise.all(this.inFlight);
  }

  private async tickOnce(): Promise<number> {
    const end = performance.now() + TICK_MS;
    let taken = await this.takeAll();
    while (!this.isStopping && this.clock.now() <= this.waitUntil && performance.now() < end) {
      await new Promise((go) => setTimeout(go, TURN_MS));
      taken += await this.takeAll();
    }
    return taken;
  }

  private async takeAll(): Promise<number> {
    let all = 0;
    while (!this.isStopping) {
      const taken = await this.take();
      all += taken;
      if (taken === 0) break;
      while (this.inFlight.size > MOST_IN_FLIGHT) await Promise.race(this.inFlight);
    }
    return all;
  }

  private async take(): Promise<number> {
    const { looked: reviewed, lost } = await this.reviewAll();
    // What a worker left when it died has waited for a whole lease: nothing new is begun before it.
    if (lost > 0) return reviewed;
    const [opened, more] = await Promise.all([this.open(), this.isBusy ? this.open() : 0]);
    this.isBusy = opened + more >= BATCH;
    return opened + more + reviewed;
  }

  private async open(): Promise<number> {
    const room = (account: Account): number => this.lanes.room(account);
    const { looked, leased, waitUntil } = await this.opener.open(this.surroundings, room);
    this.counts.opened += looked;
    this.waitUntil = Math.max(this.waitUntil, waitUntil);
    for (const one of leased) this.follow(this.send(one));
    return looked;
  }

  private async reviewAll(): Promise<Reviewed> {
    const reviewed = await this.reviewer.review(this.surroundings, this.lanes.full());
    this.waitUntil = Math.max(this.waitUntil, reviewed.waitUntil);
    for (const one of reviewed.send) this.follow(this.send(one));
    for (const one of reviewed.lookUp) this.follow(this.lookUp(one));
    for (const record of reviewed.records) this.follow(this.recorder.record(record));
    return reviewed;
  }

  private follow(work: Promise<unknown>): void {
    const done = work
      .catch((fault: unknown) => {
        this.log.error(fault);
      })
      .then(() => {
        this.inFlight.delete(done);
      });
    this.inFlight.add(done);
  }

  /** Where nobody could tell later whether an attempt was made, the next waits for its record. */
  private async send(leased: LeasedDelivery): Promise<void> {
    const recorded = await this.lanes.through(leased.account, async () => {
      const record = this.mayStart(leased)
        ? await this.attempts.make(leased)
        : putBack(leased, this.clock.now());
      if (record === null) return true;
      if (record.attempt !== null) this.counts.attempts += 1;
      const written = this.recorder.record(record);
      return goesAlone(leased.account) ? await written : { written };
    });
    if (typeof recorded === 'object') await recorded.written;
  }

  private async lookUp(leased: LeasedDelivery): Promise<void> {
    const record = await this.lanes.through(leased.account, async () =>
      this.mayStart(leased) ? this.attempts.lookUp(leased) : putBack(leased, this.clock.now()),
    );
    await this.recorder.record(record);
  }

  private mayStart({ heldSinceMs }: LeasedDelivery): boolean {
    return !this.isStopping && performance.now() - heldSinceMs < LATEST_START_MS;
  }
}
