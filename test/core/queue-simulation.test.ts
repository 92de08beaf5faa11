import { beforeAll, describe, expect, it } from 'vitest';

import { accuracyOf, mean, quantile, type Accuracy } from '../support/queue/report.ts';
import { QueueDay, USUAL_DAY, type Served } from '../support/queue/simulator.ts';

/** Days of a store with four desks at load 0.9; `QUEUE_DAYS=100 npm test -- test/core/queue-sim` plays more. */
const DAYS = Number(process.env['QUEUE_DAYS'] ?? 3);
const SEED = Number(process.env['QUEUE_SEED'] ?? 1);

const AIM = { meanErrorMin: 4, within5Share: 0.75, tooLittleShare: 0.05 };

const keepsAim = ({ meanErrorMin, within5Share, tooLittleShare }: Accuracy): boolean =>
  meanErrorMin <= AIM.meanErrorMin &&
  within5Share >= AIM.within5Share &&
  tooLittleShare <= AIM.tooLittleShare;

describe('a store at load 0.9', () => {
  let served: readonly Served[] = [];
  beforeAll(() => {
    const days = Array.from({ length: DAYS }, (_, day) => SEED + day);
    served = days.flatMap((seed) => new QueueDay({ ...USUAL_DAY, seed }).run());
  });

  it('tells waits within the aim: 4 min off in the mean, 75 % within 5, 5 % ten too little', () => {
    const told = accuracyOf(served, (one) => one.told.likelyMin);
    expect(told.count).toBeGreaterThan(300 * DAYS);
    expect({ ...told, keepsAim: keepsAim(told) }).toMatchObject({ keepsAim: true });
    const walkIns = served.filter(({ kind }) => kind !== 'APPOINTMENT');
    const toldWalkIns = accuracyOf(walkIns, (one) => one.told.likelyMin);
    expect(toldWalkIns.meanErrorMin).toBeLessThan(AIM.meanErrorMin);
  });

  it('would not keep the aim by the place in the line', () => {
    const times = accuracyOf(served, (one) => one.others.positionTimesAverage);
    const over = accuracyOf(served, (one) => one.others.positionOverDesks);
    expect(keepsAim(times)).toBe(false);
    expect(keepsAim(over)).toBe(false);
    const told = accuracyOf(served, (one) => one.told.likelyMin);
    expect(times.meanErrorMin).toBeGreaterThan(4 * told.meanErrorMin);
    expect(over.meanErrorMin).toBeGreaterThan(1.4 * told.meanErrorMin);
  });

  it('keeps four of five waits within the range that is told', () => {
    const inRange = served.filter(
      ({ waitedMin, told }) => waitedMin >= told.fromMin && waitedMin <= told.toMin,
    );
    expect(inRange.length / served.length).toBeGreaterThan(0.8);
  });

  it('lets the punctual hardly wait: 3 min in the mean, one in twenty more than 12', () => {
    const late = served.filter(({ kind }) => kind === 'APPOINTMENT').map(({ lateMin }) => lateMin);
    expect(mean(late)).toBeLessThan(3);
    expect(quantile(late, 0.95)).toBeLessThan(12);
  });

  it('lets nobody wait for ever: nobody much longer than a walk-in is due', () => {
    const waits = served.map(({ calledAt, dueAt }) => (calledAt - dueAt) / 60_000);
    expect(Math.max(...waits)).toBeLessThan(30);
    expect(quantile(waits, 0.99)).toBeLessThan(15);
  });

  it('would let the punctual wait by the order of arrival', () => {
    const byArrival = new QueueDay({
      ...{ ...USUAL_DAY, seed: SEED },
      order: (a, b) => a.arrivedAt - b.arrivedAt,
    }).run();
    const lateness = (all: readonly Served[]) =>
      mean(all.filter(({ kind }) => kind === 'APPOINTMENT').map(({ lateMin }) => lateMin));
    const first = new QueueDay({ ...USUAL_DAY, seed: SEED }).run();
    expect(lateness(byArrival)).toBeGreaterThan(2 * lateness(first));
  });

  it('plays the same day from the same seed', () => {
    const day = { ...USUAL_DAY, openMin: 60, seed: SEED };
    expect(new QueueDay(day).run()).toEqual(new QueueDay(day).run());
  });
});
