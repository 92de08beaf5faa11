import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aBooking, bookOrder, MEI } from '../support/bookings.ts';
import { linkChannel, myAddresses, setAccount } from '../support/channel-accounts.ts';
import { startService, type TestService } from '../support/service.ts';
import { browserChannel, ToldChannel } from '../support/told-channel.ts';
import { aStore, workedNetwork } from '../support/worked-network.ts';

const channels = [
  new ToldChannel(),
  browserChannel,
  new ToldChannel({ name: 'group', audience: 'staff', reaches: 'endpoint' }),
];

let service: TestService;
beforeAll(async () => {
  const chain = workedNetwork();
  const network = { ...chain, stores: [...chain.stores!, aStore('C')] };
  service = await startService({ network, channels });
  await bookOrder(service, aBooking());
  await setAccount(service, { channel: 'told', settings: { secret: 'a-secret' } });
  await setAccount(service, { channel: 'group', settings: { secret: 'a-secret' } });
  await setAccount(service, { channel: 'browser', settings: {} });
});
afterAll(() => service.stop());
beforeEach(() => service.rows('TRUNCATE channel_address, channel_link, address_standing'));

describe('a customer', () => {
  const mei = () => service.tokens.customer(MEI.email);

  it('gets a code for half an hour, a new one in place of the one before', async () => {
    const first = await linkChannel(service, { channel: 'told' }, mei());
    expect(first).toMatchObject({
      __typename: 'ChannelLink',
      code: expect.stringMatching(/^\w{10}$/),
    });
    expect(Date.parse(first.expiresAt) - service.clock.now()).toBe(30 * 60_000);
    const second = await linkChannel(service, { channel: 'told' }, mei());
    const rows = await service.rows<{ code: string }>('SELECT code FROM channel_link');
    expect(rows).toEqual([{ code: second.code }]);
  });

  it.each([
    { name: 'that there is not', input: { channel: 'pigeon' }, code: 'UNKNOWN_CHANNEL' },
    { name: 'for colleagues', input: { channel: 'group' }, code: 'UNKNOWN_CHANNEL' },
    { name: 'that nobody can write on', input: { channel: 'browser' }, code: 'UNKNOWN_CHANNEL' },
    {
      name: 'without the account',
      input: { channel: 'told', account: 'x' },
      code: 'UNKNOWN_ACCOUNT',
    },
  ])('gets no code for a channel $name', async ({ input, code }) => {
    expect(await linkChannel(service, input, mei())).toMatchObject({ code });
  });

  it('gets one by staff of a store of theirs or by headquarters', async () => {
    const { hq, staff } = service.tokens;
    const input = { channel: 'told', contact: MEI.phone };
    for (const token of [hq, staff('A'), staff('C', 'B')]) {
      expect(await linkChannel(service, input, token)).toMatchObject({ __typename: 'ChannelLink' });
    }
    expect(await linkChannel(service, input, staff('C'))).toMatchObject({
      code: 'UNKNOWN_CUSTOMER',
    });
    const nobody = { ...input, contact: 'nobody@example.com' };
    expect(await linkChannel(service, nobody, hq)).toMatchObject({ code: 'UNKNOWN_CUSTOMER' });
    const { errors } = await service.ask(
      `mutation { linkChannel(input: { channel: "told" }) { __typename } }`,
      {},
      hq,
    );
    expect(errors[0]!.extensions).toMatchObject({ inputPath: 'input.contact' });
  });

  it('has addresses of a browser, one for each account, nobody else’s', async () => {
    const set = async (id: string, token = mei()) => {
      const input = { channel: 'browser', address: { id } };
      const data = await service.data<Record<string, { __typename: string; code: string }>>(
        `mutation ($input: ChannelAddressInput!) { setMyChannelAddress(input: $input) {
          __typename ... on ChannelAddress { channel isUsable } ... on Refusal { code } } }`,
        { input },
        token,
      );
      return data['setMyChannelAddress'];
    };
    expect(await set('one')).toMatchObject({ __typename: 'ChannelAddress', isUsable: true });
    expect(await set('two')).toMatchObject({ channel: 'browser' });
    expect(await set('not one word')).toMatchObject({ code: 'INVALID_SETTINGS' });
    expect(await myAddresses(service, mei())).toHaveLength(1);
    const li = service.tokens.customer('li@example.com');
    expect(await myAddresses(service, li)).toEqual([]);
    await set('two', li);
    expect(await myAddresses(service, li)).toHaveLength(1);
    expect(await myAddresses(service, mei())).toEqual([]);
    const remove = `mutation { removeMyChannelAddress(channel: "browser") }`;
    expect(await service.data(remove, {}, mei())).toEqual({ removeMyChannelAddress: false });
    expect(await service.data(remove, {}, li)).toEqual({ removeMyChannelAddress: true });
    expect(await myAddresses(service, li)).toEqual([]);
  });

  it.each([
    `{ myChannelAddresses { channel } }`,
    `mutation { removeMyChannelAddress(channel: "told") }`,
    `mutation { setMyChannelAddress(input: { channel: "told", address: {} }) { __typename } }`,
  ])('alone may ask: %s', async (query) => {
    const { hq, staff, customer } = service.tokens;
    for (const token of [hq, staff('A')]) {
      expect((await service.ask(query, {}, token)).status).toBe(403);
    }
    expect((await service.ask(query, {}, customer(MEI.email))).status).toBe(200);
  });
});
