import { JOBS, type Job } from '../../src/jobs/job.ts';
import { JobTimers } from '../../src/jobs/job-timers.ts';
import { deliver } from '../support/messaging.ts';
import type { TestService } from '../support/service.ts';
import { MINUTE, type Ground } from './ground.ts';

/** Nothing of the service runs by real time: its jobs run at their intervals of simulated time. */
export async function stopTimers({ app }: TestService): Promise<void> {
  await app.get(JobTimers, { strict: false }).beforeApplicationShutdown();
}

/** What need not look that often in a simulation, in minutes. */
const EVERY_MIN: Readonly<Record<string, number>> = {
  'check-shelves': 30,
  'mark-no-shows': 5,
  'decide-findings': 15,
  'sweep-promises': 5,
  'day-sheets': 15,
  'follow-policy': 60,
  'apply-receipts': 60,
  'sweep-holds': 60,
  'trim-ledger-changes': 360,
  'sweep-media': 360,
};

/** What follows at once what people do; while they do nothing, it looks every few minutes. */
const PROMPT: ReadonlySet<string> = new Set(['guard-promises', 'send-messages']);
const IDLE_MIN = 5;

/** Runs the jobs at their intervals, and lets the customers read what was sent. */
export class Clockwork {
  private readonly jobs: readonly Job[];
  /** Looks that were taken, and things that others had done when the prompt jobs ran last. */
  private looks = 0;
  private seen = -1;

  constructor(
    private readonly ground: Ground,
    private readonly service: TestService,
    private readonly read: () => void,
  ) {
    this.jobs = service.app.get<readonly Job[]>(JOBS, { strict: false });
  }

  start(): void {
    for (const job of this.jobs) {
      if (PROMPT.has(job.name)) continue;
      this.repeat(EVERY_MIN[job.name] ?? Math.ceil(job.everySeconds / 60), () => this.run(job));
    }
    const order = ['guard-promises', 'send-messages'];
    const prompt = order.map((name) => this.jobs.find((job) => job.name === name)!);
    let idle = 0;
    this.repeat(1, async () => {
      const others = this.ground.agenda.done - this.looks;
      idle += 1;
      if (others === this.seen && idle < IDLE_MIN) return;
      idle = 0;
      this.seen = others;
      for (const job of prompt) await this.run(job);
    });
  }

  private repeat(minutes: number, work: () => Promise<void>): void {
    this.ground.agenda.in(minutes * MINUTE, async () => {
      await work();
      this.looks += 1;
      this.repeat(minutes, work);
    });
  }

  private async run(job: Job): Promise<void> {
    const { tally, agenda } = this.ground;
    try {
      const handled = await job.run();
      // A tick does not wait for what is on its way.
      if (handled > 0 && job.name === 'send-messages') await deliver(this.service);
      tally.add(`jobs/${job.name}`, handled);
    } catch (fault) {
      tally.flaw('FAULT_LOGGED', agenda.now, `${job.name}: ${String(fault)}`);
    }
    if (job.name === 'send-messages') this.read();
  }
}
