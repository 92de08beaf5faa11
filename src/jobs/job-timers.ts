import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { SchedulerRegistry } from '@nestjs/schedule';

import { JOBS, type Job } from './job.ts';

/** Wakes each job at its interval; a run that is still going on makes the next tick do nothing. */
@Injectable()
export class JobTimers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('jobs');
  private readonly running = new Map<string, Promise<void>>();

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
    }
  }

  /** Lets what runs come to its end. */
  async beforeApplicationShutdown(): Promise<void> {
    for (const name of this.registry.getIntervals()) this.registry.deleteInterval(name);
    await Promise.all(this.running.values());
  }

  private tick(job: Job): void {
    if (this.running.has(job.name)) return;
    const run = this.runOne(job).finally(() => this.running.delete(job.name));
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
