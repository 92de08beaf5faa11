import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHmac } from 'node:crypto';

import { lineChannel } from '../../src/channels/line/line.channel.ts';
import { telegramChannel } from '../../src/channels/telegram/telegram.channel.ts';
import { tencentSmsChannel } from '../../src/channels/tencent-sms/tencent-sms.channel.ts';
import { twilioChannel } from '../../src/channels/twilio/twilio.channel.ts';
import { whatsappCloudChannel } from '../../src/channels/whatsapp-cloud/whatsapp-cloud.channel.ts';
import { MEI } from '../support/bookings.ts';
import { linkChannel, myAddresses, setAccount } from '../support/channel-accounts.ts';
import { aDelivery, aMessage, readDelivery } from '../support/deliveries.ts';
import { callHook, type HookAnswer } from '../support/hook-calls.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const PUBLIC_URL = 'https://welt.example.com';
const SECRET = 'a-secret-of-a-provider-1234';
const USER = `U${'0123456789abcdef'.repeat(2)}`;

let service: TestService;
let message: string;
beforeAll(async () => {
  service = await startService({
    network: workedNetwork(),
    channels: [
      lineChannel,
      telegramChannel,
      tencentSmsChannel,
      twilioChannel,
      whatsappCloudChannel,
    ],
    env: { PUBLIC_URL },
  });
  message = await aMessage(service);
  for (const [channel, settings] of Object.entries(SETTINGS)) {
    const made = await setAccount(service, { channel, settings });
    expect(made).toMatchObject({ __typename: 'ChannelAccount', isUsable: true });
  }
});
afterAll(() => service.stop());

const SETTINGS = {
  line: { channelAccessToken: 'token', channelSecret: SECRET },
  telegram: { botToken: '123456:abcdefghij', botUsername: 'welt_bot', webhookSecretToken: SECRET },
  'tencent-sms': {
    ...{ secretId: 'id', secretKey: 'key', sdkAppId: '1400000000', signName: 'Welt' },
    ...{ region: 'ap-guangzhou', receiptPathSecret: SECRET },
  },
  twilio: {
    ...{ kind: 'sms', accountSid: 'AC1', authToken: SECRET, from: '+15005550006' },
    publicCallbackUrl: `${PUBLIC_URL}/hooks/twilio/default`,
  },
  'whatsapp-cloud': {
    ...{ phoneNumberId: '1065', accessToken: 'token', appSecret: SECRET },
    verifyToken: 'a-verify-token-of-ours',
  },
};

const now = () => service.clock.now();
const delivery = (channel: string, parts: object = {}) =>
  aDelivery(service, message, { channel, addressKey: MEI.phone, ...parts });

const post = (
  path: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<HookAnswer> => callHook(service, path, { method: 'POST', headers, body });

const hmac = (algorithm: string, text: string, encoding: 'hex' | 'base64'): string =>
  createHmac(algorithm, SECRET).update(text).digest(encoding);

describe('WhatsApp', () => {
  const update = (value: object): string =>
    JSON.stringify({
      entry: [
        {
          changes: [
            { field: 'messages', value: { metadata: { phone_number_id: '1065' }, ...value } },
          ],
        },
      ],
    });
  const send = (body: string, signature = `sha256=${hmac('sha256', body, 'hex')}`) =>
    post('whatsapp-cloud/default', body, { 'x-hub-signature-256': signature });
  const seconds = () => String(Math.floor(now() / 1000));

  it('asks whether the address is ours', async () => {
    const ask = (token: string) =>
      callHook(
        service,
        `whatsapp-cloud/default?hub.mode=subscribe&hub.challenge=42&hub.verify_token=${token}`,
        {},
      );
    expect(await ask('a-verify-token-of-ours')).toMatchObject({ status: 200, body: '42' });
    expect(await ask('a-guess-at-the-token')).toMatchObject({ status: 403 });
  });

  it('tells what became of a message by the id that it echoes', async () => {
    const id = await delivery('whatsapp-cloud');
    const receipt = { id: 'wamid.1', timestamp: seconds(), biz_opaque_callback_data: id };
    const body = update({ statuses: [{ ...receipt, status: 'read' }] });
    expect((await send(body, 'sha256=00')).status).toBe(401);
    expect(await readDelivery(service, id)).toMatchObject({ status: 'ACCEPTED' });
    expect((await send(body)).status).toBe(200);
    expect(await readDelivery(service, id)).toMatchObject({
      status: 'DELIVERED',
      engagement: ['read'],
    });
  });

  it('opens a window of a day by what somebody writes', async () => {
    const said = { id: 'wamid.2', from: MEI.phone.slice(1), timestamp: seconds(), type: 'text' };
    await send(update({ messages: [{ ...said, text: { body: 'hello' } }] }));
    const rows = await service.rows(
      `SELECT kind, remaining, expires_at FROM channel_grant WHERE address_key = $1`,
      [MEI.phone],
    );
    const expiresAt = new Date(Number(said.timestamp) * 1000 + 86_400_000);
    expect(rows).toEqual([{ kind: 'WINDOW', remaining: null, expires_at: expiresAt }]);
  });
});

describe('Twilio', () => {
  it('signs the public address with its query and the form', async () => {
    const id = await delivery('twilio');
    const form = new URLSearchParams({
      ...{ AccountSid: 'AC1', MessageSid: 'SM1', MessageStatus: 'undelivered', ErrorCode: '30005' },
    });
    const signed = (url: string) =>
      hmac(
        'sha1',
        url +
          [...form]
            .map(([name, value]) => name + value)
            .sort()
            .join(''),
        'base64',
      );
    const call = (signature: string) =>
      post(`twilio/default?d=${id}`, form.toString(), {
        'content-type': 'application/x-www-form-urlencoded',
        'x-twilio-signature': signature,
      });
    const elsewhere = signed(`https://elsewhere.example.com/hooks/twilio/default?d=${id}`);
    expect((await call(elsewhere)).status).toBe(401);
    expect(await call(signed(`${PUBLIC_URL}/hooks/twilio/default?d=${id}`))).toMatchObject({
      status: 200,
      body: '<Response/>',
    });
    expect(await readDelivery(service, id)).toMatchObject({ status: 'UNDELIVERED' });
  });
});

describe('Tencent Cloud', () => {
  it('is known by the secret at the end of the address', async () => {
    const report = {
      ...{ user_receive_time: '2030-09-02 08:00:00', nationcode: '86', mobile: '13800138000' },
      ...{ report_status: 'SUCCESS', errmsg: 'DELIVRD', description: '', sid: 'serial-1' },
    };
    const id = await delivery('tencent-sms', { providerRef: 'serial-1' });
    const body = JSON.stringify([report]);
    const call = (secret: string) =>
      post(`tencent-sms/default/${secret}`, body, { 'content-type': 'application/json' });
    expect((await call('another-secret')).status).toBe(403);
    expect((await call(SECRET)).status).toBe(200);
    expect(await readDelivery(service, id)).toMatchObject({ status: 'DELIVERED' });
  });
});

describe('a chat', () => {
  it('of LINE is linked by the code that somebody sends, and left when they leave', async () => {
    const mei = service.tokens.customer(MEI.email);
    const { code } = await linkChannel(service, { channel: 'line' }, mei);
    const source = { type: 'user', userId: USER };
    const send = (event: object) => {
      const body = JSON.stringify({ destination: 'x', events: [{ source, ...event }] });
      return post('line/default', body, { 'x-line-signature': hmac('sha256', body, 'base64') });
    };
    const text = { type: 'text', text: code };
    const said = { type: 'message', webhookEventId: '1', timestamp: now(), message: text };
    expect((await send(said)).status).toBe(200);
    expect(await myAddresses(service, mei)).toMatchObject([{ channel: 'line', isUsable: true }]);
    await send({ type: 'unfollow', webhookEventId: '2', timestamp: now() + 1 });
    expect(await myAddresses(service, mei)).toMatchObject([{ channel: 'line', isUsable: false }]);
  });

  it('of Telegram is linked when it is opened by a link with the code', async () => {
    const li = service.tokens.customer('li@example.com');
    const { code } = await linkChannel(service, { channel: 'telegram' }, li);
    const update = {
      update_id: 7,
      message: {
        ...{ message_id: 1, date: Math.floor(now() / 1000), text: `/start ${code}` },
        chat: { id: 4711, type: 'private' },
      },
    };
    const headers = { 'x-telegram-bot-api-secret-token': SECRET };
    expect((await post('telegram/default', JSON.stringify(update), headers)).status).toBe(200);
    expect(await myAddresses(service, li)).toMatchObject([{ channel: 'telegram', isUsable: true }]);
  });
});
