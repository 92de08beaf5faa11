import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { join } from 'node:path';

import { logChannel } from '../../src/channels/log/log.channel.ts';
import { Accounts } from '../../src/features/accounts/index.ts';
import { readConfig } from '../../src/platform/config/config.ts';
import { MEI } from '../support/bookings.ts';
import {
  disableAccount,
  readChannels,
  SET_ACCOUNT,
  setAccount,
  type AccountAnswer,
} from '../support/channel-accounts.ts';
import { startService, type TestService } from '../support/service.ts';
import { browserChannel, ToldChannel } from '../support/told-channel.ts';
import { workedNetwork } from '../support/worked-network.ts';

const SECRET = 'the-secret-of-told';
const channels = [
  logChannel,
  new ToldChannel(),
  browserChannel,
  new ToldChannel({ name: 'group', audience: 'staff', reaches: 'endpoint', rates: [] }),
];

let service: TestService;
let other: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork(), channels });
  other = await startService({ channels, database: service.database });
});
afterAll(async () => {
  await other.stop();
  await service.stop();
});
beforeEach(async () => {
  await service.rows('TRUNCATE channel_account');
  for (const one of [service, other]) one.app.get(Accounts, { strict: false }).forget();
});

const told = (settings: object = { secret: SECRET }, parts: object = {}) =>
  setAccount(service, { channel: 'told', settings, ...parts });
const accountsOf = async (channel: string, of = service): Promise<readonly AccountAnswer[]> =>
  (await readChannels(of)).find(({ name }) => name === channel)!.accounts;
const enabledIn = async (of: TestService): Promise<readonly string[]> =>
  (await of.app.get(Accounts, { strict: false }).enabled()).map(
    ({ channel, account, version }) => `${channel.descriptor.name}/${account} ${version}`,
  );

describe('an account of a channel', () => {
  it('is made with its settings, of which the secret ones are not shown', async () => {
    const made = await told({ secret: SECRET, label: 'one' }, { costMinor: 5, currency: 'CNY' });
    expect(made).toEqual({
      ...{ __typename: 'ChannelAccount', channel: 'told', account: 'default', version: 1 },
      ...{ isEnabled: true, isUsable: true, settings: { label: 'one' }, secretsSet: ['secret'] },
      ...{ costMinor: 5, currency: 'CNY', perSecond: null },
      callbackUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/hooks\/told\/default$/),
    });
    expect(await accountsOf('told')).toEqual([made]);
  });

  it('keeps secrets that are not named, loses those that are null, replaces the rest', async () => {
    await told({ secret: SECRET, otherSecret: 'more', label: 'one' });
    expect(await told({})).toMatchObject({
      ...{ version: 2, settings: {}, secretsSet: ['otherSecret', 'secret'] },
    });
    expect((await told({ otherSecret: null })).secretsSet).toEqual(['secret']);
    const account = await service.app.get(Accounts, { strict: false }).get('told', 'default');
    expect(account?.settings).toEqual({ secret: SECRET, label: 'none' });
    const refused = await told({ secret: null });
    expect(refused).toMatchObject({ code: 'INVALID_SETTINGS' });
    expect(refused.problems.map(({ path }) => path)).toEqual(['settings.secret']);
  });

  it('is sealed in the database, and opens for this account alone', async () => {
    await told();
    await told({ secret: 'another-secret' }, { account: 'two' });
    const [row] = await service.rows<{ whole: string }>(
      `SELECT string_agg(a::text || encode(secrets, 'escape'), '') AS whole FROM channel_account a`,
    );
    expect(row!.whole).not.toContain(SECRET);
    expect(row!.whole).not.toContain(Buffer.from(SECRET).toString('hex'));
    await service.rows(
      `UPDATE channel_account SET version = 9, secrets =
         (SELECT secrets FROM channel_account WHERE account = 'two') WHERE account = 'default'`,
    );
    service.app.get(Accounts, { strict: false }).forget();
    expect(await accountsOf('told')).toEqual([
      expect.objectContaining({ account: 'default', isUsable: false, secretsSet: [] }),
      expect.objectContaining({ account: 'two', isUsable: true }),
    ]);
    expect(await enabledIn(service)).toEqual(['told/two 1']);
    expect(await told()).toMatchObject({ isUsable: true, version: 10 });
  });

  it.each([
    { name: 'a value that does not fit', settings: { secret: SECRET, label: 'a b' }, at: 'label' },
    { name: 'a value that is missing', settings: {}, at: 'secret' },
    { name: 'a secret of a wrong type', settings: { secret: 12345678 }, at: 'secret' },
  ])('is not made with $name, and the value is not repeated', async ({ settings, at }) => {
    const refused = await told(settings);
    expect(refused).toMatchObject({ __typename: 'InvalidSettings', code: 'INVALID_SETTINGS' });
    expect(refused.problems.map(({ path }) => path)).toEqual([`settings.${at}`]);
    for (const value of ['a b', '12345678', SECRET]) {
      expect(JSON.stringify(refused)).not.toContain(value);
    }
    expect(await accountsOf('told')).toEqual([]);
  });

  it('is not made with a setting that the channel does not know', async () => {
    const refused = await told({ secret: SECRET, colour: 'red' });
    expect(refused.problems).toEqual([
      { path: 'settings', message: expect.stringContaining('colour') },
    ]);
  });

  it.each([
    { parts: { account: '../up' }, at: 'input.account' },
    { parts: { costMinor: -1 }, at: 'input.costMinor' },
    { parts: { costMinor: 5 }, at: 'input.currency' },
    { parts: { currency: 'yuan' }, at: 'input.currency' },
    { parts: { perSecond: 0 }, at: 'input.perSecond' },
  ])('is not made with $parts', async ({ parts, at }) => {
    const input = { channel: 'told', settings: { secret: SECRET }, ...parts };
    const { errors } = await service.ask(SET_ACCOUNT, { input }, service.tokens.hq);
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: at });
  });

  it('is not made of a channel that there is not', async () => {
    const refused = await setAccount(service, { channel: 'pigeon', settings: {} });
    expect(refused).toMatchObject({ __typename: 'UnknownChannel', code: 'UNKNOWN_CHANNEL' });
  });

  it('changed by two at once has the secrets of both', async () => {
    await told();
    await Promise.all([told({ otherSecret: 'more' }), told({ secret: 'changed' })]);
    const account = await service.app.get(Accounts, { strict: false }).get('told', 'default');
    expect(account).toMatchObject({
      version: 3,
      settings: { secret: 'changed', otherSecret: 'more' },
    });
  });

  it('that is disabled stays known and is not sent on', async () => {
    await told();
    expect(await disableAccount(service, 'told')).toMatchObject({ isEnabled: false, version: 2 });
    expect(await disableAccount(service, 'told')).toMatchObject({ isEnabled: false, version: 2 });
    // What nobody can send must not look as if it had been sent to a file.
    expect(await enabledIn(service)).toEqual([]);
    const accounts = service.app.get(Accounts, { strict: false });
    expect(await accounts.get('told', 'default')).toMatchObject({ isEnabled: false });
    expect(await disableAccount(service, 'told', 'other')).toMatchObject({
      code: 'UNKNOWN_ACCOUNT',
    });
    expect(await told()).toMatchObject({ isEnabled: true, version: 3 });
  });

  it('is seen by another process within two seconds', async () => {
    expect(await enabledIn(other)).toEqual(['log/default 0']);
    await told();
    other.clock.advance(2000);
    expect(await enabledIn(other)).toEqual(['told/default 1']);
    await told({ secret: 'changed' });
    other.clock.advance(2000);
    expect(await enabledIn(other)).toEqual(['told/default 2']);
  });

  it.each([
    { label: 'fine', check: { works: true, failureCode: null } },
    { label: 'broken', check: { works: false, failureCode: 'E7' } },
  ])('is verified by its channel: $label', async ({ label, check }) => {
    await told({ secret: SECRET, label });
    const verify = `mutation ($channel: ID!) { verifyChannelAccount(channel: $channel) {
      ... on ChannelAccountCheck { works failureCode failure } ... on Refusal { code } } }`;
    const of = async (channel: string) =>
      (await service.data(verify, { channel }, service.tokens.hq))['verifyChannelAccount'];
    expect(await of('told')).toMatchObject(check);
    expect(await of('browser')).toEqual({ code: 'UNKNOWN_ACCOUNT' });
    await setAccount(service, { channel: 'browser', settings: {} });
    expect(await of('browser')).toMatchObject({ works: false, failureCode: 'NOT_CHECKABLE' });
  });

  it('goes out as fast as the provider or headquarters allow, whichever is slower', async () => {
    const perSecond = async () =>
      (await service.app.get(Accounts, { strict: false }).get('told', 'default'))!.perSecond;
    await told();
    expect(await perSecond()).toBe(60);
    await told({}, { perSecond: 10 });
    expect(await perSecond()).toBe(10);
    await told({}, { perSecond: 100 });
    expect(await perSecond()).toBe(60);
  });
});

describe('the file of messages', () => {
  it('is where messages go until an account reaches customers', async () => {
    const [log] = await accountsOf('log');
    expect(log).toMatchObject({ account: 'default', version: 0, isEnabled: true });
    const directory = readConfig({ NODE_ENV: 'test' }).DATA_DIR;
    expect(log!.settings).toEqual({ file: join(directory, 'messages.log') });
    await setAccount(service, { channel: 'group', settings: { secret: SECRET } });
    expect(await enabledIn(service)).toEqual(['log/default 0', 'group/default 1']);
    await told();
    expect(await enabledIn(service)).toEqual(['told/default 1', 'group/default 1']);
    expect(await accountsOf('log')).toEqual([]);
  });

  it('may be made beside others, in the data directory alone', async () => {
    const directory = readConfig({ NODE_ENV: 'test' }).DATA_DIR;
    const inFile = (file: string) => setAccount(service, { channel: 'log', settings: { file } });
    for (const file of [
      '/etc/cron.d/welt.log',
      `${directory}/token-secret`,
      `${directory}/../a.log`,
    ]) {
      expect((await inFile(file)).problems.map(({ path }) => path)).toEqual(['settings.file']);
    }
    await told();
    expect(await inFile(`${directory}/told.log`)).toMatchObject({ version: 1, isUsable: true });
    expect(await enabledIn(service)).toEqual(['log/default 1', 'told/default 1']);
    await disableAccount(service, 'log');
    await disableAccount(service, 'told');
    expect(await enabledIn(service)).toEqual([]);
  });
});

describe('who may ask', () => {
  const ACCOUNT = '(channel: "told") { __typename }';

  it.each([
    `{ channels { name } }`,
    `mutation { setChannelAccount(input: { channel: "told", settings: {} }) { __typename } }`,
    `mutation { disableChannelAccount${ACCOUNT} }`,
    `mutation { verifyChannelAccount${ACCOUNT} }`,
  ])('headquarters alone: %s', async (query) => {
    const { hq, staff, customer } = service.tokens;
    for (const token of [staff('A', 'B'), customer(MEI.email)]) {
      expect((await service.ask(query, {}, token)).status).toBe(403);
    }
    expect((await service.ask(query, {}, hq)).status).toBe(200);
  });
});
