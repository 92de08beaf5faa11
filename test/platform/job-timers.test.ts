import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SchedulerRegistry } from '@nestjs/schedule';

import { JobTimers } from '../../src/jobs/job-timers.ts';
import type { Job } from '../../src/jobs/job.ts';

/** A job that ends when it is told to. */
class SlowJob implements Job {
  readonly name = 'slow';
  readonly everySeconds = 10;
  begun = 0;
  wake: () => void = () => undefined;
  isHeard = false;
  private end: () => void = () => undefined;

  async run(): Promise<number> {
    this.begun += 1;
    await new Promise<void>((end) => (this.end = end));
    return 0;
  }

  wakes(wake: () => void): () => void {
    this.wake = wake;
    this.isHeard = true;
    return () => (this.isHeard = false);
  }

  async finish(): Promise<void> {
    this.end();
    await jest.advanceTimersByTimeAsync(0);
  }
}

describe('timers of jobs', () => {
  let job: SlowJob;
  let timers: JobTimers;

  beforeEach(() => {
    jest.useFakeTimers();
    job = new SlowJob();
    timers = new JobTimers(new SchedulerRegistry(), [job]);
    timers.onApplicationBootstrap();
  });

  afterEach(async () => {
    const stopped = timers.beforeApplicationShutdown();
    await job.finish();
    await stopped;
    jest.useRealTimers();
  });

  it('run it at its interval, and not beside itself', async () => {
    await jest.advanceTimersByTimeAsync(9_999);
    expect(job.begun).toBe(0);
    await jest.advanceTimersByTimeAsync(1);
    expect(job.begun).toBe(1);
    await jest.advanceTimersByTimeAsync(30_000);
    expect(job.begun).toBe(1);
    await job.finish();
    await jest.advanceTimersByTimeAsync(10_000);
    expect(job.begun).toBe(2);
  });

  it('run it soon when it is woken, once for many calls', async () => {
    for (let call = 0; call < 100; call++) job.wake();
    await jest.advanceTimersByTimeAsync(100);
    expect(job.begun).toBe(1);
    await job.finish();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(job.begun).toBe(1);
  });

  it('run it once more when it was woken while it ran', async () => {
    job.wake();
    await jest.advanceTimersByTimeAsync(100);
    job.wake();
    job.wake();
    await jest.advanceTimersByTimeAsync(100);
    expect(job.begun).toBe(1);
    await job.finish();
    await jest.advanceTimersByTimeAsync(100);
    expect(job.begun).toBe(2);
  });

  it('run nothing after the shutdown, whatever wakes it', async () => {
    job.wake();
    await timers.beforeApplicationShutdown();
    job.wake();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(job.isHeard).toBe(false);
    expect(job.begun).toBe(0);
  });
});
