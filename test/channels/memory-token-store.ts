import type { EpochMs } from '../../src/core/time/time.ts';
import type { FreshToken, TokenStore } from '../../src/channels/token-store.ts';

/** A token is renewed this long before its provider says that it ends. */
const EARLY_SEC = 300;
const LEAST_SEC = 60;

interface Kept {
  readonly token: string;
  readonly until: EpochMs;
}

/** {@link TokenStore} of one process, which also tells what was asked of it. */
export class MemoryTokenStore implements TokenStore {
  readonly refused: { readonly key: string; readonly token: string }[] = [];
  readonly given: { readonly key: string; readonly token: string }[] = [];
  private readonly kept = new Map<string, Kept>();
  private readonly underway = new Map<string, Promise<string>>();

  constructor(private readonly now: () => EpochMs) {}

  async get(key: string, fetch: () => Promise<FreshToken>): Promise<string> {
    const kept = this.kept.get(key);
    const isGood = kept !== undefined && kept.until > this.now();
    const token = isGood ? kept.token : await this.fetchOnce(key, fetch);
    this.given.push({ key, token });
    return token;
  }

  invalidate(key: string, refused: string): Promise<void> {
    this.refused.push({ key, token: refused });
    if (this.kept.get(key)?.token === refused) this.kept.delete(key);
    return Promise.resolve();
  }

  private fetchOnce(key: string, fetch: () => Promise<FreshToken>): Promise<string> {
    const already = this.underway.get(key);
    if (already !== undefined) return already;
    const fetching = this.fetch(key, fetch).finally(() => this.underway.delete(key));
    this.underway.set(key, fetching);
    return fetching;
  }

  private async fetch(key: string, fetch: () => Promise<FreshToken>): Promise<string> {
    const { token, expiresInSec } = await fetch();
    const lastsSec = Math.max(expiresInSec - EARLY_SEC, LEAST_SEC);
    this.kept.set(key, { token, until: this.now() + lastsSec * 1000 });
    return token;
  }
}
