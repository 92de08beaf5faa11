import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { FakeChannel } from '../support/fake-channel.ts';
import { anAccount, aQuietOrder, deliver, owe, startQuiet } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { when, workedNetwork } from '../support/worked-network.ts';

const SMS = new FakeChannel('sms', { reaches: 'phone' });
const MAIL = new FakeChannel('mail');
const CHANNELS = [MAIL, SMS];

let service: TestService;
let email: string;
let orderId: string;
let people = 0;

beforeAll(async () => {
  const network = workedNetwork({ counter: { visits: 200 } });
  service = await startService({ network, channels: CHANNELS });
  await anAccount(service, 'mail', { costMinor: 3 });
  await anAccount(service, 'sms');
});

beforeEach(async () => {
  await startQuiet(service, CHANNELS);
  email = `customer-${(people += 1)}@example.com`;
  orderId = (await aQuietOrder(service, { customer: { name: 'Mei Lin', email } })).id;
});

afterAll(() => service.stop());

describe('a customer', () => {
  const mine = () => service.tokens.customer(email);
  const WISHES = `__typename ... on MessagePreferences { channels offChannels offKinds locale timeZone
    quietHours { from to } } ... on Refusal { code message } ... on KindNotOptional { kinds }`;

  async function setWishes(input: object): Promise<Record<string, unknown>> {
    const mutation = `mutation ($input: MessagePreferencesInput!) {
      setMyMessagePreferences(input: $input) { ${WISHES} } }`;
    const data = await service.data(mutation, { input }, mine());
    return data['setMyMessagePreferences'] as Record<string, unknown>;
  }

  it('sees what they were sent, newest first, and nobody else does', async () => {
    for (const kind of ['RECEIPT', 'FINDING']) {
      await owe(service, orderId, { kind });
      await deliver(service);
      service.clock.advance(9 * 3_600_000);
    }
    const query = `query ($after: ID) { myMessages(first: 1, after: $after) {
      id orderId kind title text channel status sentAt } }`;
    type Sent = { readonly myMessages: readonly { readonly id: string; readonly kind: string }[] };
    const first = await service.data<Sent>(query, {}, mine());
    const after = first.myMessages[0]!.id;
    const second = await service.data<Sent>(query, { after }, mine());
    expect([first.myMessages[0]!.kind, second.myMessages[0]!.kind]).toEqual(['FINDING', 'RECEIPT']);
    expect(second.myMessages[0]).toMatchObject({
      ...{ orderId, channel: 'mail', status: 'ACCEPTED', sentAt: when('Mon 08:00') },
      text: MAIL.sent[0]!.text,
    });
    const other = service.tokens.customer('somebody-else@example.com');
    expect((await service.data<Sent>(query, {}, other)).myMessages).toEqual([]);
  });

  it('says how they want to be told, and is told so', async () => {
    const wishes = {
      ...{ channels: ['sms', 'mail'], offChannels: [], offKinds: ['PROGRESS'], locale: 'zh-CN' },
      ...{ timeZone: 'Europe/London', quietHours: { from: '22:00', to: '07:30' } },
    };
    expect(await setWishes(wishes)).toEqual({ __typename: 'MessagePreferences', ...wishes });
    const query = `{ myMessagePreferences { ${WISHES.replaceAll(/\.\.\. on Refusal.*$/gs, '')} } }`;
    const data = await service.data(query, {}, mine());
    expect(data['myMessagePreferences']).toMatchObject(wishes);
    await owe(service, orderId);
    await deliver(service);
    expect(MAIL.sent[0]!.text).toContain('您');
  });

  it('of whom nobody has heard can say so too', async () => {
    email = 'new@example.com';
    expect(await setWishes({ offKinds: ['OVERDUE'] })).toMatchObject({ offKinds: ['OVERDUE'] });
  });

  it.each([
    [{ offKinds: ['CANCELLED'] }, { code: 'KIND_NOT_OPTIONAL', kinds: ['CANCELLED'] }],
    [{ channels: ['fax'] }, { code: 'UNKNOWN_CHANNEL' }],
  ])('cannot wish for %j', async (input, refusal) => {
    expect(await setWishes(input)).toMatchObject(refusal);
  });

  it.each([
    ['locale', { locale: 'not a locale' }],
    ['timeZone', { timeZone: 'Mars/Olympus' }],
    ['quietHours.to', { quietHours: { from: '22:00', to: '7' } }],
    ['quietHours.to', { quietHours: { from: '00:00', to: '24:00' } }],
    ['channels', { channels: Array.from({ length: 51 }, () => 'mail') }],
  ])('is told what is wrong with %s', async (path, input) => {
    const mutation = `mutation ($input: MessagePreferencesInput!) {
      setMyMessagePreferences(input: $input) { __typename } }`;
    const { errors } = await service.ask(mutation, { input }, mine());
    expect(errors[0]!.extensions).toMatchObject({
      ...{ code: 'BAD_USER_INPUT', inputPath: `input.${path}` },
    });
  });

  it('may not ask as staff do', async () => {
    const { errors } = await service.ask(
      `query ($id: ID!) { orderMessages(orderId: $id) { id } }`,
      { id: orderId },
      mine(),
    );
    expect(errors[0]!.extensions['code']).toBe('FORBIDDEN');
  });
});
