import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';

import { JOBS, type Job } from './job.ts';

/** How long a job that was woken waits for more to come, so that one run serves many. */
const GATHER_MS = 25;

/**
 * Wakes each job at its interval, and sooner if it has a way to be told; a run that is still going on makes
 * the next tick do nothing, and one more run follow when it was woken meanwhile.
 */
@Injectable()
export class JobTimers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('jobs');
  private readonly running = new Map<string, Promise<void>>();
  private readonly woken = new Set<Job>();
  private readonly ends: (() => void)[] = [];
  private gathering: NodeJS.Timeout | undefined;
  private isOver = false;

  constructor(
    private readonly registry: SchedulerRegistry,
    @Inject(JOBS) private readonly jobs: readonly Job[],
  ) {}

  onApplicationBootstrap(): void {
    for (const job of this.jobs) {
      const timer = setInterval(() => {
        this.tick(job);
      }, job.everySeconds * 1000);
      this.registry.addInterval(job.name, timer);
      const end = job.wakes?.(() => {
        this.wake(job);
      });
      if (end !== undefined) this.ends.push(end);
    }
  }

  /** Lets what runs come to its end. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const end of this.ends.splice(0)) end();
    this.isOver = true;
    clearTimeout(this.gathering);
    for (const name of this.registry.getIntervals()) this.registry.deleteInterval(name);
    await Promise.all(this.running.values());
  }

  private wake(job: Job): void {
    if (this.isOver) return;
    this.woken.add(job);
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      for (const one of this.woken) this.tick(one);
    }, GATHER_MS);
  }

  private tick(job: Job): void {
    if (this.running.has(job.name)) return;
    this.woken.delete(job);
    const run = this.runOne(job).finally(() => {
      this.running.delete(job.name);
      if (this.woken.has(job)) this.wake(job);
    });
    this.running.set(job.name, run);
  }

  private async runOne(job: Job): Promise<void> {
    try {
      const handled = await job.run();
      if (handled > 0) this.log.debug(`${job.name}: ${handled}`);
    } catch (fault) {
      this.log.error(fault, job.name);
    }
  }
}
