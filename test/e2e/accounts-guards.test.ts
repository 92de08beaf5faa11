import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { lineChannel } from '../../src/channels/line/line.channel.ts';
import { setAccount } from '../support/channel-accounts.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork(), channels: [lineChannel] });
});
afterAll(() => service.stop());

const SECRETS = { channelAccessToken: 'token', channelSecret: 'a-secret-of-a-provider-1234' };

describe('secrets of an account', () => {
  it('are not handed to another server by whoever does not know them', async () => {
    const line = (settings: object) => setAccount(service, { channel: 'line', settings });
    expect(await line(SECRETS)).toMatchObject({ version: 1 });
    expect(await line({})).toMatchObject({ version: 2 });

    const elsewhere = { baseUrl: 'https://listener.example.com' };
    const refused = await line(elsewhere);
    expect(refused.problems.map(({ path }) => path).sort()).toEqual([
      'settings.channelAccessToken',
      'settings.channelSecret',
    ]);
    expect(await line({ ...SECRETS, ...elsewhere })).toMatchObject({ version: 3 });
    expect(await line(elsewhere)).toMatchObject({ version: 4 });
  });
});

describe('a text with a null character', () => {
  it.each([
    { name: 'asked for', query: `query ($t: ID!) { staffTasks(storeCode: $t) { id } }` },
    {
      name: 'to be changed',
      query: `mutation ($t: ID!) { disableChannelAccount(channel: "line", account: $t) { __typename } }`,
    },
    {
      name: 'to be kept',
      query: `mutation ($t: String!) { setMessagePolicy(input: { defaultRoute: { mode: FALLBACK, steps: [{ channel: "line", account: $t }] } }) { __typename } }`,
    },
  ])('is answered as bad input: $name', async ({ query }) => {
    const { errors } = await service.ask(query, { t: 'a\0b' }, service.tokens.hq);
    expect(errors.map(({ extensions }) => extensions['code'])).toEqual(['BAD_USER_INPUT']);
  });
});

describe('the address of an order', () => {
  const set = async (orderLink: string) => {
    const mutation = `mutation ($input: MessagePolicyInput!) { setMessagePolicy(input: $input) { __typename } }`;
    const data = await service.data<{ setMessagePolicy: { __typename: string } }>(
      mutation,
      { input: { orderLink } },
      service.tokens.hq,
    );
    return data.setMessagePolicy.__typename;
  };

  it.each(['https://shop.example/orders/{id}', 'https://shop.example:8443/o?id={id}&from=mail'])(
    'may be %s',
    async (link) => {
      expect(await set(link)).toBe('MessagePolicy');
    },
  );

  it.each([
    'http://shop.example/{id}',
    'https://shop.example/orders',
    'https://{id}.evil.example/',
    'https://user:word@shop.example/{id}',
    'https://shop.example/{id}?{other}',
    'https://shop.example/{id} <script>',
    'https://shop.example/{id}\r\nfoo',
  ])('must not be %j', async (link) => {
    expect(await set(link)).toBe('InvalidMessagePolicy');
  });
});
