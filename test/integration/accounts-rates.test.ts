import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { Rates } from '../../src/features/accounts/rates.ts';
import { openPools, type Pools } from '../support/pools.ts';

const NOON = Date.UTC(2030, 8, 2, 4);

let pools: Pools;
let accounts = 0;
beforeAll(async () => {
  pools = await openPools(2);
});
afterAll(() => pools.stop());

const rates = new Rates();
const anAccount = () => ({ channel: 'fake', account: `a${(accounts += 1)}` });

/** The most that any window of one second, open at its end, holds. */
function mostInASecond(
  grants: readonly { readonly at: number; readonly granted: number }[],
): number {
  const within = (from: number) =>
    grants
      .filter(({ at }) => at >= from && at < from + 1000)
      .reduce((sum, { granted }) => sum + granted, 0);
  return Math.max(0, ...grants.map(({ at }) => within(at)));
}

describe('turns on an account', () => {
  it.each([
    { perSecond: 100, atOnce: 10 },
    { perSecond: 10, atOnce: 1 },
    { perSecond: 1, atOnce: 1 },
    { perSecond: 0.3, atOnce: 1 },
  ])('of $perSecond a second: $atOnce at once, the others one behind the other', async (limit) => {
    const name = anAccount();
    const { granted, waitUntil } = await rates.take(pools.all[0]!, name, limit.perSecond, 20, NOON);
    expect(granted).toBe(limit.atOnce);
    expect(waitUntil).toHaveLength(20 - granted);
    const spacing = 1000 / (0.9 * limit.perSecond);
    waitUntil.forEach((at, place) => {
      expect(Math.abs(at - (NOON + (place + 1) * spacing))).toBeLessThanOrEqual(2);
    });
  });

  it('that come later queue behind those that wait', async () => {
    const name = anAccount();
    const first = await rates.take(pools.all[0]!, name, 10, 11, NOON);
    const second = await rates.take(pools.all[1]!, name, 10, 5, NOON + 20);
    expect(second.granted).toBe(0);
    expect(second.waitUntil[0]!).toBeGreaterThan(first.waitUntil.at(-1)!);
  });

  it('are granted to each that comes when it was told to', async () => {
    const name = anAccount();
    const { waitUntil } = await rates.take(pools.all[0]!, name, 50, 30, NOON);
    for (const at of waitUntil) {
      expect(await rates.take(pools.all[0]!, name, 50, 1, at)).toEqual({
        granted: 1,
        waitUntil: [],
      });
    }
  });

  it('are nobody’s while the account pauses', async () => {
    const name = anAccount();
    await rates.pause(pools.all[0]!, name, NOON + 60_000);
    const during = await rates.take(pools.all[0]!, name, 10, 2, NOON + 59_999);
    expect(during.granted).toBe(0);
    expect(during.waitUntil[0]!).toBeGreaterThan(NOON + 60_000);
    expect((await rates.take(pools.all[0]!, name, 10, 1, NOON + 61_000)).granted).toBe(1);
  });

  it('do not come back while a clock stands behind', async () => {
    const name = anAccount();
    await rates.take(pools.all[0]!, name, 10, 1, NOON);
    expect((await rates.take(pools.all[1]!, name, 10, 1, NOON - 5000)).granted).toBe(0);
    expect((await rates.take(pools.all[1]!, name, 10, 1, NOON + 100)).granted).toBe(0);
    expect((await rates.take(pools.all[1]!, name, 10, 1, NOON + 112)).granted).toBe(1);
  });

  it('are never more than the limit in any second, whoever asks when for how many', async () => {
    const asks = fc.array(
      fc.record({
        pauseMs: fc.integer({ min: 0, max: 700 }),
        wanted: fc.integer({ min: 0, max: 60 }),
      }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(1, 2, 3, 7, 10, 15, 30, 100), asks, async (limit, steps) => {
        const name = anAccount();
        const grants: { at: number; granted: number }[] = [];
        let at = NOON;
        for (const [index, { pauseMs, wanted }] of steps.entries()) {
          at += pauseMs;
          const { granted } = await rates.take(pools.all[index % 2]!, name, limit, wanted, at);
          grants.push({ at, granted });
        }
        expect(mostInASecond(grants)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 40 },
    );
  });

  it('are taken once each by many at the same moment in two processes', async () => {
    const name = anAccount();
    const asked = Array.from({ length: 24 }, (_, place) =>
      rates.take(pools.all[place % 2]!, name, 70, 3, NOON),
    );
    const turns = await Promise.all(asked);
    expect(turns.reduce((sum, { granted }) => sum + granted, 0)).toBe(7);
    const waiting = turns.flatMap(({ waitUntil }) => waitUntil);
    expect(new Set(waiting).size).toBe(24 * 3 - 7);
  });
});
