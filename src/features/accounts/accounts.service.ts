import { join } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';

import type { Channel } from '../../channels/channel.ts';
import { CHANNELS_LIST } from '../../channels/channels.module.ts';
import { DEFAULT_ACCOUNT } from '../../core/messages/route.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import { AccountStore, type StoredAccount } from './account-store.ts';
import { perSecondOf, reachesCustomers, type Account } from './account.ts';

/** A change by another process is seen this much later at most. */
const TRUSTED_MS = 2000;
/** The channel of an installation that has no account anywhere: it writes a file. */
export const LOG = 'log';

interface Loaded {
  readonly at: EpochMs;
  readonly accounts: readonly Account[];
  /** All there are, with those that cannot be used: null. */
  readonly byVersion: ReadonlyMap<string, Account | null>;
}

/** The accounts of all channels as they are now, kept in memory. */
@Injectable()
export class Accounts {
  private readonly log = new Logger('accounts');
  private loaded: Loaded | undefined;
  private loading: Promise<Loaded> | undefined;

  constructor(
    @Inject(CHANNELS_LIST) private readonly channels: readonly Channel[],
    private readonly store: AccountStore,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Those that may be sent on, in the order of the channels' list; of one channel `default` first, then by
   * name. Until an account is made that reaches customers, one of the channel `log` is there that nobody has made.
   */
  async enabled(): Promise<readonly Account[]> {
    return (await this.current()).accounts.filter(({ isEnabled }) => isEnabled);
  }

  /** Also one that is disabled; null: there is none, or it cannot be used as it is. */
  async get(channel: string, account: string): Promise<Account | null> {
    const { accounts } = await this.current();
    return (
      accounts.find((one) => one.channel.descriptor.name === channel && one.account === account) ??
      null
    );
  }

  /** The channel of this name. */
  channel(name: string): Channel | undefined {
    return this.channels.find(({ descriptor }) => descriptor.name === name);
  }

  /** To be called after a change in this process, which then sees it at once. */
  forget(): void {
    this.loaded = undefined;
    this.loading = undefined;
  }

  private async current(): Promise<Loaded> {
    const { loaded } = this;
    if (loaded !== undefined && Math.abs(this.clock.now() - loaded.at) < TRUSTED_MS) return loaded;
    if (this.loading !== undefined) return this.loading;
    const loading = this.load(loaded);
    this.loading = loading;
    try {
      const fresh = await loading;
      // One that was forgotten meanwhile may be from before the change.
      if (this.loading === loading) this.loaded = fresh;
      return fresh;
    } finally {
      if (this.loading === loading) this.loading = undefined;
    }
  }

  private async load(before: Loaded | undefined): Promise<Loaded> {
    const at = this.clock.now();
    const stored = await this.store.all();
    const byVersion = new Map<string, Account | null>();
    for (const one of stored) {
      const key = `${one.channel}/${one.account}/${one.version}`;
      const known = before?.byVersion.get(key);
      byVersion.set(key, known === undefined ? this.open(one) : known);
    }
    const accounts = this.inOrder([...byVersion.values()].filter((one) => one !== null));
    return { at, accounts: this.withLog(accounts, stored), byVersion };
  }

  /** An account that cannot be opened or read stops nothing but itself. */
  private open(stored: StoredAccount): Account | null {
    const { account, version, isEnabled, costMinor, currency } = stored;
    const channel = this.channel(stored.channel);
    if (channel === undefined) return null;
    try {
      const values = { ...stored.settings, ...this.store.secretsOf(stored) };
      const settings = channel.settings.parse(values);
      const perSecond = perSecondOf(channel, stored.perSecond);
      return { channel, account, version, settings, isEnabled, costMinor, currency, perSecond };
    } catch {
      this.log.error(`account ${account} of ${stored.channel} cannot be used: set it anew`);
      return null;
    }
  }

  private inOrder(accounts: readonly Account[]): readonly Account[] {
    const place = ({ channel }: Account) => this.channels.indexOf(channel);
    const name = ({ account }: Account) => (account === DEFAULT_ACCOUNT ? '' : account);
    return [...accounts].sort((a, b) => place(a) - place(b) || (name(a) < name(b) ? -1 : 1));
  }

  /** Also by an account that is disabled now: what nobody can send must not look as if it were sent. */
  private hasReached(stored: readonly StoredAccount[]): boolean {
    return stored.some((one) => {
      const channel = this.channel(one.channel);
      return channel !== undefined && reachesCustomers({ channel });
    });
  }

  private withLog(
    accounts: readonly Account[],
    stored: readonly StoredAccount[],
  ): readonly Account[] {
    const channel = this.channel(LOG);
    const isMade = stored.some((one) => one.channel === LOG && one.account === DEFAULT_ACCOUNT);
    if (channel === undefined || isMade || this.hasReached(stored)) return accounts;
    const settings = channel.settings.parse({ file: join(this.config.DATA_DIR, 'messages.log') });
    const log: Account = {
      channel,
      account: DEFAULT_ACCOUNT,
      version: 0,
      settings,
      isEnabled: true,
      costMinor: 0,
      currency: null,
      perSecond: perSecondOf(channel, null),
    };
    return this.inOrder([...accounts, log]);
  }
}
