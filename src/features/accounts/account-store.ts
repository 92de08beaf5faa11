import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { Sealer } from './sealer.ts';

export type SettingValues = Readonly<Record<string, unknown>>;

/** An account as it is kept; its secrets are sealed. */
export interface StoredAccount {
  readonly channel: string;
  readonly account: string;
  readonly settings: SettingValues;
  readonly secrets: Buffer;
  readonly version: number;
  readonly isEnabled: boolean;
  readonly costMinor: number;
  readonly currency: string | null;
  readonly perSecond: number | null;
}

/** What a change of an account states anew. */
export interface AccountChange {
  readonly channel: string;
  readonly account: string;
  readonly settings: SettingValues;
  readonly secrets: SettingValues;
  readonly isEnabled: boolean;
  readonly costMinor: number;
  readonly currency: string | null;
  readonly perSecond: number | null;
}

/** The only code that reads and writes accounts of channels. */
@Injectable()
export class AccountStore {
  constructor(
    private readonly db: DataSource,
    private readonly sealer: Sealer,
  ) {}

  all(): Promise<readonly StoredAccount[]> {
    return run<StoredAccount>(this.db, SELECT_ALL);
  }

  /** Keeps the account as it is until the transaction ends. */
  async lock(tx: EntityManager, channel: string, account: string): Promise<StoredAccount | null> {
    await run(tx, LOCK_NAME, [`${channel}/${account}`]);
    const [row] = await run<StoredAccount>(tx, SELECT_ONE, [channel, account]);
    return row ?? null;
  }

  /** @returns the new version */
  async put(tx: EntityManager, change: AccountChange, now: EpochMs): Promise<number> {
    const { channel, account, settings, isEnabled, costMinor, currency, perSecond } = change;
    const secrets = this.sealer.seal(JSON.stringify(change.secrets), placeOf(change));
    const [row] = await run<{ version: number }>(tx, UPSERT, [
      ...[channel, account, JSON.stringify(settings), secrets, isEnabled],
      ...[costMinor, currency, perSecond, new Date(now)],
    ]);
    return row!.version;
  }

  /** @returns whether there is such an account */
  async disable(channel: string, account: string, now: EpochMs): Promise<boolean> {
    const rows = await run(this.db, DISABLE, [channel, account, new Date(now)]);
    return rows.length === 1;
  }

  /** @throws Error if the secrets were sealed under another secret of the deployment */
  secretsOf(stored: StoredAccount): SettingValues {
    return JSON.parse(this.sealer.open(stored.secrets, placeOf(stored))) as SettingValues;
  }

  /** None of those that were sealed under another secret: they are lost. */
  readableSecrets(stored: StoredAccount): SettingValues {
    try {
      return this.secretsOf(stored);
    } catch {
      return {};
    }
  }
}

const placeOf = ({ channel, account }: Pick<StoredAccount, 'channel' | 'account'>): string =>
  `account ${channel}/${account}`;

const COLUMNS = `channel, account, settings, secrets, version, is_enabled AS "isEnabled",
  cost_minor AS "costMinor", currency, per_second AS "perSecond"`;

const SELECT_ALL = {
  name: 'accounts-all',
  text: `SELECT ${COLUMNS} FROM channel_account ORDER BY channel, account`,
};

/** Also of an account that is not there yet, which has no row to lock. */
const LOCK_NAME = {
  name: 'account-lock',
  text: `SELECT pg_advisory_xact_lock(7101, hashtext($1))`,
};

const SELECT_ONE = {
  name: 'account-one',
  text: `SELECT ${COLUMNS} FROM channel_account WHERE channel = $1 AND account = $2`,
};

const UPSERT = {
  name: 'account-put',
  text: `INSERT INTO channel_account AS a (channel, account, settings, secrets, version, is_enabled,
                                           cost_minor, currency, per_second, updated_at)
         VALUES ($1, $2, $3, $4, 1, $5, $6, $7, $8, $9)
         ON CONFLICT (channel, account) DO UPDATE
            SET settings = excluded.settings, secrets = excluded.secrets, version = a.version + 1,
                is_enabled = excluded.is_enabled, cost_minor = excluded.cost_minor,
                currency = excluded.currency, per_second = excluded.per_second,
                updated_at = excluded.updated_at
         RETURNING version`,
};

const DISABLE = {
  name: 'account-disable',
  text: `UPDATE channel_account
            SET is_enabled = false, version = version + 1, updated_at = $3
          WHERE channel = $1 AND account = $2 AND is_enabled
      RETURNING account`,
};
