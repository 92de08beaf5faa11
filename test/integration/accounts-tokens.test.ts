import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { ProviderTokens } from '../../src/features/accounts/provider-tokens.ts';
import { Sealer } from '../../src/features/accounts/sealer.ts';
import { openPools, type Pools } from '../support/pools.ts';
import { TestClock } from '../support/test-clock.ts';

const NOON = Date.UTC(2030, 8, 2, 4);
const KEY = 'wechat-oa wx1';

let pools: Pools;
let clock: TestClock;
/** As two processes have them. */
let stores: readonly ProviderTokens[];
let fetched: string[];
beforeAll(async () => {
  pools = await openPools(2, 4);
});
afterAll(() => pools.stop());
beforeEach(async () => {
  await pools.all[0]!.query('TRUNCATE provider_token');
  clock = new TestClock(NOON);
  stores = pools.all.map(
    (pool) => new ProviderTokens(pool, new Sealer(() => 'x'.repeat(32)), clock),
  );
  fetched = [];
});

/** Gives `token-1`, `token-2` and so on, each good for two hours. */
const fetch =
  (expiresInSec = 7200) =>
  (): Promise<{ token: string; expiresInSec: number }> => {
    fetched.push(`token-${fetched.length + 1}`);
    return Promise.resolve({ token: fetched.at(-1)!, expiresInSec });
  };

describe('tokens of providers', () => {
  it('are fetched once for twenty callers in two processes', async () => {
    const got = await Promise.all(
      Array.from({ length: 20 }, (_, place) => stores[place % 2]!.get(KEY, fetch())),
    );
    expect(new Set(got)).toEqual(new Set(['token-1']));
    expect(fetched).toHaveLength(1);
  });

  it.each([
    { expiresInSec: 7200, lastsSec: 6900 },
    { expiresInSec: 330, lastsSec: 60 },
    { expiresInSec: 30, lastsSec: 60 },
  ])('good for $expiresInSec s are kept for $lastsSec s', async ({ expiresInSec, lastsSec }) => {
    await stores[0]!.get(KEY, fetch(expiresInSec));
    clock.advance(lastsSec * 1000 - 1);
    expect(await stores[0]!.get(KEY, fetch())).toBe('token-1');
    expect(await stores[1]!.get(KEY, fetch())).toBe('token-1');
    clock.advance(1);
    expect(await stores[1]!.get(KEY, fetch())).toBe('token-2');
    expect(await stores[0]!.get(KEY, fetch())).toBe('token-2');
  });

  it('that were refused are fetched anew, once', async () => {
    await Promise.all(stores.map((store) => store.get(KEY, fetch())));
    await Promise.all(stores.map((store) => store.invalidate(KEY, 'token-1')));
    const got = await Promise.all(
      Array.from({ length: 20 }, (_, place) => stores[place % 2]!.get(KEY, fetch())),
    );
    expect(new Set(got)).toEqual(new Set(['token-2']));
    expect(fetched).toHaveLength(2);
  });

  it('are not forgotten because an older one is refused late', async () => {
    await stores[0]!.get(KEY, fetch());
    await stores[0]!.invalidate(KEY, 'token-1');
    await stores[0]!.get(KEY, fetch());
    await stores[1]!.invalidate(KEY, 'token-1');
    expect(await stores[1]!.get(KEY, fetch())).toBe('token-2');
    expect(fetched).toHaveLength(2);
  });

  it('are learned by a process that still has one that was refused elsewhere', async () => {
    await Promise.all(stores.map((store) => store.get(KEY, fetch())));
    await stores[0]!.invalidate(KEY, 'token-1');
    await stores[0]!.get(KEY, fetch());
    expect(await stores[1]!.get(KEY, fetch())).toBe('token-1');
    await stores[1]!.invalidate(KEY, 'token-1');
    expect(await stores[1]!.get(KEY, fetch())).toBe('token-2');
  });

  it('may come again from a provider that gives the same one', async () => {
    const same = () => Promise.resolve({ token: 'same', expiresInSec: 7200 });
    await stores[0]!.get(KEY, same);
    await stores[0]!.invalidate(KEY, 'same');
    expect(await stores[0]!.get(KEY, same)).toBe('same');
    expect(await stores[1]!.get(KEY, fetch())).toBe('same');
    expect(fetched).toEqual([]);
  });

  it('that cannot be fetched leave no trace, and the next caller tries again', async () => {
    const fails = () => Promise.reject(new Error('no answer'));
    await expect(stores[0]!.get(KEY, fails)).rejects.toThrow('no answer');
    expect(await stores[1]!.get(KEY, fetch())).toBe('token-1');
  });

  it('are kept apart by key, and sealed', async () => {
    await stores[0]!.get(KEY, fetch());
    expect(await stores[0]!.get('wechat-oa wx2', fetch())).toBe('token-2');
    const rows = await pools.all[0]!.query<{ token: string }[]>('SELECT token FROM provider_token');
    expect(rows).toHaveLength(2);
    for (const { token } of rows) {
      expect(Buffer.from(token, 'base64').toString('latin1')).not.toContain('token-');
    }
  });

  it('sealed under another secret, or for another key, are as good as none', async () => {
    await stores[0]!.get(KEY, fetch());
    const other = new ProviderTokens(pools.all[1]!, new Sealer(() => 'y'.repeat(32)), clock);
    expect(await other.get(KEY, fetch())).toBe('token-2');
    await pools.all[0]!.query(`UPDATE provider_token SET key = 'moved'`);
    expect(await stores[1]!.get('moved', fetch())).toBe('token-3');
  });
});
