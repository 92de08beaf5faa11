import { dirname } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { Channel } from '../../channels/channel.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import { checkNewAccount, type ChannelAccountInput } from './account-input.ts';
import { AccountStore, type SettingValues, type StoredAccount } from './account-store.ts';
import { Accounts, LOG } from './accounts.service.ts';
import { invalidSettings, problemsOf, unknownChannel } from './refusals.ts';
import type { InvalidSettings, SettingProblem, UnknownChannel } from './refusals.ts';
import { Standings } from './standings.ts';

/** Settings that say who is given the secrets. */
const SERVER_SETTINGS = ['baseUrl', 'host'];

/** Settings of one account, parted by whether they may be seen. */
interface PartedSettings {
  readonly settings: SettingValues;
  readonly secrets: SettingValues;
}

/** Makes and changes accounts of channels. */
@Injectable()
export class SetAccount {
  private readonly log = new Logger('accounts');

  constructor(
    private readonly db: DataSource,
    private readonly store: AccountStore,
    private readonly accounts: Accounts,
    private readonly standings: Standings,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws GraphQLError BAD_USER_INPUT that names the field, but for the settings */
  async run(input: ChannelAccountInput): Promise<Result<null, InvalidSettings | UnknownChannel>> {
    checkNewAccount(input);
    const channel = this.accounts.channel(input.channel);
    if (channel === undefined) return refuse(unknownChannel('UNKNOWN_CHANNEL'));
    const problems = await this.db.transaction((tx) => this.put(tx, channel, input));
    if (problems.length > 0) return refuse(invalidSettings(problems));
    this.accounts.forget();
    this.log.log(`account ${input.account} of ${input.channel} was set`);
    return ok(null);
  }

  /** @returns why nothing was written */
  private async put(
    tx: EntityManager,
    channel: Channel,
    input: ChannelAccountInput,
  ): Promise<readonly SettingProblem[]> {
    const stored = await this.store.lock(tx, input.channel, input.account);
    const kept = stored === null ? {} : this.store.readableSecrets(stored);
    const { settings, secrets } = parted(channel, input.settings, kept);
    const parsed = channel.settings.safeParse({ ...settings, ...secrets });
    const problems = parsed.success
      ? [...this.fileProblems(channel, settings)]
      : [...problemsOf(parsed.error, 'settings')];
    if (stored !== null) problems.push(...this.unprovenSecrets(stored, settings, kept, input));
    if (problems.length > 0) return problems;
    const { costMinor, currency = null, perSecond = null } = input;
    const { channel: name, account } = input;
    const change = { settings, secrets, costMinor, currency, perSecond, isEnabled: true };
    await this.store.put(tx, { channel: name, account, ...change }, this.clock.now());
    // What the account was told with other settings may have been about the settings.
    await this.standings.restoreAll(tx, name, account);
    return [];
  }

  /** A secret that was given for one server is not handed to another one by whoever does not know it. */
  private unprovenSecrets(
    stored: StoredAccount,
    settings: SettingValues,
    kept: SettingValues,
    { settings: given }: ChannelAccountInput,
  ): readonly SettingProblem[] {
    if (SERVER_SETTINGS.every((name) => stored.settings[name] === settings[name])) return [];
    return Object.keys(kept)
      .filter((name) => !Object.hasOwn(given, name))
      .map((name) => ({
        path: `settings.${name}`,
        message: 'must be given again, as the server is another one',
      }));
  }

  /** What is written there comes from customers, so it must be no file that something else reads. */
  private fileProblems(channel: Channel, { file }: SettingValues): readonly SettingProblem[] {
    if (channel.descriptor.name !== LOG || typeof file !== 'string') return [];
    const { DATA_DIR } = this.config;
    if (dirname(file) === DATA_DIR && /^[\w-]+\.log$/.test(file.slice(DATA_DIR.length + 1)))
      return [];
    const message = 'must be a file in the data directory whose name ends in .log';
    return [{ path: 'settings.file', message }];
  }
}

/** The settings given, with the secrets that are kept; null removes a secret. */
function parted(channel: Channel, given: SettingValues, kept: SettingValues): PartedSettings {
  const secretNames = new Set(
    channel.descriptor.settings.flatMap(({ name, isSecret }) => (isSecret ? [name] : [])),
  );
  const entries = Object.entries(given);
  const secrets = [...Object.entries(kept), ...entries.filter(([name]) => secretNames.has(name))];
  const settings = entries.filter(([name, value]) => !secretNames.has(name) && value !== null);
  return {
    settings: Object.fromEntries(settings),
    secrets: Object.fromEntries(
      [...new Map(secrets)].filter(([name, value]) => secretNames.has(name) && value !== null),
    ),
  };
}
