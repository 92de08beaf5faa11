import { performance } from 'node:perf_hooks';

import { quantile } from './measure.ts';

/** What came of asking as fast as the answers came, by so many clients at once. */
export interface Load {
  readonly seconds: number;
  readonly asked: number;
  /** How often an ask was counted. */
  readonly done: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/**
 * Each client asks again as soon as it is answered, until the time is over.
 *
 * @param ask of one client; answers whether it counts
 */
export async function loadFor(
  seconds: number,
  clients: readonly (() => Promise<boolean>)[],
): Promise<Load> {
  const begin = performance.now();
  const until = begin + seconds * 1000;
  const latencies: number[] = [];
  let done = 0;
  await Promise.all(
    clients.map(async (ask) => {
      for (let now = performance.now(); now < until;) {
        if (await ask()) done += 1;
        const then = performance.now();
        latencies.push(then - now);
        now = then;
      }
    }),
  );
  const took = (performance.now() - begin) / 1000;
  return {
    seconds: took,
    asked: latencies.length,
    done,
    perSecond: done / took,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
  };
}
