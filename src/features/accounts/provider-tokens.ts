import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { FreshToken, TokenStore } from '../../channels/token-store.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { Sealer } from './sealer.ts';

/** A token is renewed this long before its provider says that it ends, but not within {@link LEAST_SEC}. */
const EARLY_SEC = 300;
const LEAST_SEC = 60;

interface KeptToken {
  readonly token: string;
  readonly until: EpochMs;
}

interface TokenRow {
  readonly token: string;
  readonly expires_at: Date;
}

/**
 * {@link TokenStore} of all processes: sealed in the database, remembered in memory.
 *
 * Whoever finds no good token takes an advisory lock, looks again, and only then fetches: of any number
 * of processes one does, the others find its token. Within a process all callers share one such attempt.
 */
@Injectable()
export class ProviderTokens implements TokenStore {
  private readonly remembered = new Map<string, KeptToken>();
  private readonly underway = new Map<string, Promise<string>>();
  /** By key the last one that was refused: a caller that read it just before must not bring it back. */
  private readonly refused = new Map<string, string>();

  constructor(
    private readonly db: DataSource,
    private readonly sealer: Sealer,
    private readonly clock: Clock,
  ) {}

  /** @throws what `fetch` throws */
  async get(key: string, fetch: () => Promise<FreshToken>): Promise<string> {
    const known = this.remembered.get(key);
    if (known !== undefined && this.isGood(known)) return known.token;
    const already = this.underway.get(key);
    if (already !== undefined) return already;
    const looking = this.look(key, fetch).finally(() => this.underway.delete(key));
    this.underway.set(key, looking);
    return looking;
  }

  async invalidate(key: string, refused: string): Promise<void> {
    this.refused.set(key, refused);
    if (this.remembered.get(key)?.token === refused) this.remembered.delete(key);
    const [row] = await run<TokenRow>(this.db, SELECT, [key]);
    if (row === undefined || this.open(key, row)?.token !== refused) return;
    // The sealed form differs each time, so that this deletes the very token that was looked at.
    await run(this.db, DELETE, [key, row.token]);
  }

  private async look(key: string, fetch: () => Promise<FreshToken>): Promise<string> {
    const stored = await this.read(this.db, key);
    const kept = stored ?? (await this.renew(key, fetch));
    if (kept.token !== this.refused.get(key)) this.remembered.set(key, kept);
    return kept.token;
  }

  private renew(key: string, fetch: () => Promise<FreshToken>): Promise<KeptToken> {
    return this.db.transaction(async (tx) => {
      await run(tx, LOCK, [key]);
      const kept = await this.read(tx, key);
      if (kept !== undefined) return kept;
      const { token, expiresInSec } = await fetch();
      const lastsSec = Math.max(expiresInSec - EARLY_SEC, LEAST_SEC);
      const until = this.clock.now() + lastsSec * 1000;
      const sealed = this.sealer.seal(token, placeOf(key)).toString('base64');
      await run(tx, UPSERT, [key, sealed, new Date(until)]);
      // A provider may well give the same one again.
      this.refused.delete(key);
      return { token, until };
    });
  }

  /** A good token, if there is one. */
  private async read(db: DataSource | EntityManager, key: string): Promise<KeptToken | undefined> {
    const [row] = await run<TokenRow>(db, SELECT, [key]);
    const kept = row === undefined ? undefined : this.open(key, row);
    if (kept === undefined || kept.token === this.refused.get(key)) return undefined;
    return this.isGood(kept) ? kept : undefined;
  }

  private isGood({ until }: KeptToken): boolean {
    return until > this.clock.now();
  }

  /** One that was sealed under another secret is as good as none. */
  private open(key: string, { token, expires_at: expiresAt }: TokenRow): KeptToken | undefined {
    try {
      const opened = this.sealer.open(Buffer.from(token, 'base64'), placeOf(key));
      return { token: opened, until: expiresAt.getTime() };
    } catch {
      return undefined;
    }
  }
}

const placeOf = (key: string): string => `token ${key}`;

const SELECT = {
  name: 'token-select',
  text: `SELECT token, expires_at FROM provider_token WHERE key = $1`,
};

const LOCK = {
  name: 'token-lock',
  text: `SELECT pg_advisory_xact_lock(7102, hashtext($1))`,
};

const UPSERT = {
  name: 'token-put',
  text: `INSERT INTO provider_token (key, token, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (key) DO UPDATE SET token = excluded.token, expires_at = excluded.expires_at`,
};

const DELETE = {
  name: 'token-delete',
  text: `DELETE FROM provider_token WHERE key = $1 AND token = $2`,
};
