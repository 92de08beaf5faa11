import { describe, expect, it } from 'vitest';
import { Logger } from '@nestjs/common';

import { Metrics } from '../../src/platform/metrics/metrics.ts';

Logger.overrideLogger(false);

describe('Metrics', () => {
  it('asks for a total whenever somebody reads', async () => {
    const metrics = new Metrics();
    let total = 3;
    metrics.counter({ name: 'things_total', help: 'Things.' }, () => total);
    expect(await metrics.text()).toContain('# TYPE things_total counter\nthings_total 3\n');
    total = 4;
    expect(await metrics.text()).toContain('\nthings_total 4\n');
  });

  it('leaves out a value that cannot be had, also when it was there before', async () => {
    const metrics = new Metrics();
    let answer = Promise.resolve(7);
    metrics.gauge({ name: 'level', help: 'Level.' }, () => answer);
    expect(await metrics.text()).toContain('\nlevel 7\n');
    answer = Promise.reject(new Error('away'));
    expect(await metrics.text()).not.toMatch(/^level/m);
  });

  it('counts how long things took', async () => {
    const metrics = new Metrics();
    const observe = metrics.duration({ name: 'work_seconds', help: 'Work.' }, ['kind']);
    observe({ kind: 'hard' }, 0.3);
    observe({ kind: 'hard' }, 0.01);
    const text = await metrics.text();
    expect(text).toContain('work_seconds_bucket{le="0.01",kind="hard"} 1\n');
    expect(text).toContain('work_seconds_bucket{le="0.5",kind="hard"} 2\n');
    expect(text).toContain('work_seconds_sum{kind="hard"} 0.31\n');
  });

  it('keeps what one application tells from another', async () => {
    const [one, other] = [new Metrics(), new Metrics()];
    for (const metrics of [one, other]) {
      metrics.counter({ name: 'things_total', help: 'Things.' }, () => (metrics === one ? 1 : 2));
    }
    expect(await one.text()).toContain('\nthings_total 1\n');
    expect(await other.text()).toContain('\nthings_total 2\n');
  });

  it('tells of the process when asked to', async () => {
    const metrics = new Metrics();
    expect(await metrics.text()).not.toContain('process_cpu_seconds_total');
    metrics.watchProcess();
    expect(await metrics.text()).toMatch(/\nprocess_cpu_seconds_total \d/);
    expect(await metrics.text()).toMatch(/\nnodejs_eventloop_lag_p99_seconds \d/);
  });
});
