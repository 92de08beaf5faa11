import { Inject, Injectable, Logger } from '@nestjs/common';

import type { Channel, Verified } from '../../channels/channel.ts';
import { CHANNELS_LIST } from '../../channels/channels.module.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { AccountStore, type SettingValues, type StoredAccount } from './account-store.ts';
import type { Account } from './account.ts';
import { Accounts } from './accounts.service.ts';
import { unknownChannel, type UnknownChannel } from './refusals.ts';
import { SendContexts } from './send-contexts.ts';

/** An account as headquarters see it: no secret is in it. */
export interface SeenAccount extends Omit<StoredAccount, 'secrets'> {
  readonly isUsable: boolean;
  /** Its provider can be told where to send what it has to tell. */
  readonly hasCallback: boolean;
  readonly secretsSet: readonly string[];
}

export interface SeenChannel {
  readonly channel: Channel;
  readonly accounts: readonly SeenAccount[];
}

/** What headquarters see of channels and their accounts, and what they do with them besides setting them. */
@Injectable()
export class AccountDesk {
  private readonly log = new Logger('accounts');

  constructor(
    @Inject(CHANNELS_LIST) private readonly channels: readonly Channel[],
    private readonly store: AccountStore,
    private readonly accounts: Accounts,
    private readonly contexts: SendContexts,
    private readonly clock: Clock,
  ) {}

  async all(): Promise<readonly SeenChannel[]> {
    const stored = await this.store.all();
    const made = await Promise.all(stored.map((one) => this.seen(one)));
    const unmade = (await this.accounts.enabled()).filter(({ version }) => version === 0);
    const accounts = [...made, ...unmade.map(seenUnmade)];
    return this.channels.map((channel) => ({
      channel,
      accounts: accounts.filter((one) => one.channel === channel.descriptor.name),
    }));
  }

  async one(channel: string, account: string): Promise<Result<SeenAccount, UnknownChannel>> {
    const found = (await this.all()).find((one) => one.channel.descriptor.name === channel);
    const seen = found?.accounts.find((one) => one.account === account);
    return seen === undefined ? refuse(unknownChannel('UNKNOWN_ACCOUNT')) : ok(seen);
  }

  /** One that is disabled already stays so. */
  async disable(channel: string, account: string): Promise<Result<SeenAccount, UnknownChannel>> {
    const isChanged = await this.store.disable(channel, account, this.clock.now());
    if (isChanged) {
      this.accounts.forget();
      this.log.log(`account ${account} of ${channel} was disabled`);
    }
    return this.one(channel, account);
  }

  async verify(channel: string, account: string): Promise<Result<Verified, UnknownChannel>> {
    const found = await this.accounts.get(channel, account);
    if (found === null) return refuse(unknownChannel('UNKNOWN_ACCOUNT'));
    const { channel: asked, settings } = found;
    const context = this.contexts.of(AbortSignal.timeout(asked.descriptor.timeoutMs));
    return ok((await asked.verify?.(settings, context)) ?? NOT_CHECKABLE);
  }

  private async seen({ secrets, ...stored }: StoredAccount): Promise<SeenAccount> {
    const values: SettingValues = this.store.readableSecrets({ ...stored, secrets });
    const isUsable = (await this.accounts.get(stored.channel, stored.account)) !== null;
    const hasCallback = this.accounts.channel(stored.channel)?.callback !== undefined;
    return { ...stored, isUsable, hasCallback, secretsSet: Object.keys(values).sort() };
  }
}

const NOT_CHECKABLE: Verified = {
  ok: false,
  code: 'NOT_CHECKABLE',
  message: 'nobody can tell but by a message',
};

function seenUnmade({ channel, settings, ...account }: Account): SeenAccount {
  const name = channel.descriptor.name;
  const values = settings as SettingValues;
  const more = { isUsable: true, hasCallback: channel.callback !== undefined, secretsSet: [] };
  return { ...account, channel: name, settings: values, ...more };
}
