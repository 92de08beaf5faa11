import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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
    await vi.advanceTimersByTimeAsync(0);
  }
}

describe('timers of jobs', () => {
  let job: SlowJob;
  let timers: JobTimers;

  beforeEach(() => {
    vi.useFakeTimers();
    job = new SlowJob();
    timers = new JobTimers(new SchedulerRegistry(), [job]);
    timers.onApplicationBootstrap();
  });

  afterEach(async () => {
    const stopped = timers.beforeApplicationShutdown();
    await job.finish();
    await stopped;
    vi.useRealTimers();
  });

  it('run it at its interval, and not beside itself', async () => {
    await vi.advanceTimersByTimeAsync(9_999);
    expect(job.begun).toBe(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(job.begun).toBe(1);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(job.begun).toBe(1);
    await job.finish();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(job.begun).toBe(2);
  });

  it('run it soon when it is woken, once for many calls', async () => {
    for (let call = 0; call < 100; call++) job.wake();
    await vi.advanceTimersByTimeAsync(100);
    expect(job.begun).toBe(1);
    await job.finish();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(job.begun).toBe(1);
  });

  it('run it once more when it was woken while it ran', async () => {
    job.wake();
    await vi.advanceTimersByTimeAsync(100);
    job.wake();
    job.wake();
    await vi.advanceTimersByTimeAsync(100);
    expect(job.begun).toBe(1);
    await job.finish();
    await vi.advanceTimersByTimeAsync(100);
    expect(job.begun).toBe(2);
  });

  it('run nothing after the shutdown, whatever wakes it', async () => {
    job.wake();
    await timers.beforeApplicationShutdown();
    job.wake();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(job.isHeard).toBe(false);
    expect(job.begun).toBe(0);
  });
});
