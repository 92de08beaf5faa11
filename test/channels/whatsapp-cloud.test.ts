import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { CallbackRequest, MessageContent } from '../../src/channels/channel.ts';
import { WHATSAPP_CODES } from '../../src/channels/whatsapp-cloud/codes.ts';
import { whatsappCloudChannel } from '../../src/channels/whatsapp-cloud/whatsapp-cloud.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import type { FakeAnswer } from './fakes/contract-fake.ts';
import {
  ACCESS_TOKEN,
  APP_SECRET,
  FakeWhatsappCloud,
  PHONE_NUMBER_ID,
  signatureOfMeta,
  VERIFY_TOKEN,
  WHATSAPP_TEMPLATE,
} from './fakes/whatsapp-cloud.ts';

const PHONE = '+8613800138000';
const DELIVERY = '0190b6b2-7f3a-4c1d-8e2f-000000000001';
const CALLBACK = 'https://welt.example/callbacks/whatsapp-cloud/1';
const AT_SEC = 1_795_309_323;
const AT = AT_SEC * 1000;
const clock = new TestClock(CONTRACT_START);
const fake = new FakeWhatsappCloud(clock);

const refusal = (code: number, status = 400): FakeAnswer => ({
  status,
  body: { error: { message: 'said in words', type: 'OAuthException', code } },
});

function update(value: object, { number = PHONE_NUMBER_ID, field = 'messages' } = {}) {
  const metadata = { display_phone_number: '15550783881', phone_number_id: number };
  const whole = { messaging_product: 'whatsapp', metadata, ...value };
  const entry = [{ id: '1', changes: [{ field, value: whole }] }];
  const body = Buffer.from(JSON.stringify({ object: 'whatsapp_business_account', entry }));
  const headers = {
    'content-type': 'application/json',
    'x-hub-signature-256': signatureOfMeta(body),
  };
  return { method: 'POST', url: CALLBACK, headers, body } satisfies CallbackRequest;
}

const status = (name: string, more: object = {}) => ({
  id: 'wamid.1029457500870543736',
  status: name,
  timestamp: String(AT_SEC),
  recipient_id: '8613800138000',
  biz_opaque_callback_data: DELIVERY,
  ...more,
});
const RECEIPT = {
  is: 'receipt',
  at: AT,
  deliveryId: DELIVERY,
  providerRef: 'wamid.1029457500870543736',
} as const;

const written = (type: string, more: object = {}) =>
  update({
    contacts: [{ wa_id: '8613800138000', profile: { name: 'Mei' } }],
    messages: [{ id: 'wamid.7', from: '8613800138000', timestamp: String(AT_SEC), type, ...more }],
  });
const said = (kind: string, text: string | null) =>
  ({
    is: 'inbound',
    dedupeKey: 'wamid.7',
    at: AT,
    addressKey: PHONE,
    kind: kind as 'text',
    text,
  }) as const;
const OPEN = {
  is: 'grant',
  at: AT,
  addressKey: PHONE,
  grant: { is: 'window' },
  change: 'open',
  lastsSec: 86_400,
  messages: null,
} as const;

const KINDS = {
  image: 'image',
  sticker: 'image',
  audio: 'voice',
  video: 'video',
  document: 'file',
  location: 'location',
  reaction: 'event',
};

const subject: ContractSubject = {
  channel: whatsappCloudChannel,
  fake,
  clock,
  settings: (url) => ({
    graphVersion: 'v21.0',
    phoneNumberId: PHONE_NUMBER_ID,
    accessToken: ACCESS_TOKEN,
    appSecret: APP_SECRET,
    verifyToken: VERIFY_TOKEN,
    templates: {
      'order.ready': {
        id: WHATSAPP_TEMPLATE,
        fields: { 3: 'pickUpTime', 1: 'items', 2: 'store', 'button.0': 'link' },
      },
    },
    baseUrl: url,
  }),
  address: PHONE,
  recipient: '8613800138000',
  wrongCredentials: {
    settings: { accessToken: 'EAAanother+access/token=1234567890' },
    outcome: { outcome: 'permanent', because: 'configuration', code: '190' },
  },
  cases: [
    ...Object.entries(WHATSAPP_CODES).map(([code, because]) => {
      const outcome = ['rateLimit', 'provider'].includes(because) ? 'temporary' : 'permanent';
      const answer = refusal(Number(code));
      return { name: code, answer, outcome: { outcome, because, code } } as const;
    }),
    {
      name: 'too much of what is taken for marketing',
      answer: refusal(131049),
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 86_400_000 },
    },
    {
      name: 'too many, until a time',
      answer: { ...refusal(130429, 429), headers: { 'retry-after': '7' } },
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 7000 },
    },
  ],
  unknownCode: { answer: refusal(139_999) },
  callbacks: {
    genuine: [
      ...(['sent', 'delivered', 'read'] as const).map((name) => ({
        name: `a receipt: ${name}`,
        request: () => update({ statuses: [status(name)] }),
        events: [{ ...RECEIPT, status: name, code: null }],
        reply: { body: '' },
        isBodySigned: true,
      })),
      {
        name: 'receipts of failures',
        request: () =>
          update({
            statuses: [
              status('failed', { errors: [{ code: 131026, title: 'x' }] }),
              status('failed', { id: 'wamid.2', errors: [{ code: 131000 }] }),
            ],
          }),
        events: [
          { ...RECEIPT, status: 'failed', code: '131026', because: 'recipient' },
          { ...RECEIPT, providerRef: 'wamid.2', status: 'failed', code: '131000' },
        ],
        isBodySigned: true,
      },
      {
        name: 'a receipt of what is not ours, and of a status that nobody knows',
        request: () =>
          update({
            statuses: [status('sent', { biz_opaque_callback_data: undefined }), status('warning')],
          }),
        events: [{ is: 'receipt', deliveryId: null, status: 'sent' }],
        isBodySigned: true,
      },
      {
        name: 'words open the window',
        request: () => written('text', { text: { body: '几点关门?' } }),
        events: [said('text', '几点关门?'), OPEN],
        isBodySigned: true,
      },
      {
        name: 'a pressed button',
        request: () => written('button', { button: { text: 'Move it', payload: 'x' } }),
        events: [said('text', 'Move it'), OPEN],
        isBodySigned: true,
      },
      ...Object.entries(KINDS).map(([type, kind]) => ({
        name: `not words: ${type}`,
        request: () => written(type, { [type]: { id: '9' } }),
        events: [said(kind, null), OPEN],
        isBodySigned: true,
      })),
      {
        name: 'a changed number, of which the provider tells',
        request: () => written('system', { system: { type: 'user_changed_number' } }),
        events: [said('event', null)],
        isBodySigned: true,
      },
      {
        name: 'words to another number of the app',
        request: () => update({ statuses: [status('sent')] }, { number: '999' }),
        events: [],
        isBodySigned: true,
      },
      {
        name: 'what is not about messages',
        request: () => update({ event: 'APPROVED' }, { field: 'message_template_status_update' }),
        events: [],
        isBodySigned: true,
      },
    ],
    forged: [
      {
        name: 'another verify token',
        request: () => challenge(`${VERIFY_TOKEN}x`),
      },
    ],
    handshake: {
      request: () => challenge(VERIFY_TOKEN),
      reply: { status: 200, contentType: 'text/plain', body: '1158201444' },
    },
  },
};

function challenge(token: string): CallbackRequest {
  const asked = { 'hub.mode': 'subscribe', 'hub.verify_token': token };
  const query = new URLSearchParams({ ...asked, 'hub.challenge': '1158201444' });
  const url = `${CALLBACK}?${query.toString()}`;
  return { method: 'GET', url, headers: {}, body: new Uint8Array() };
}

runChannelContract(subject);

describe('a message of WhatsApp', () => {
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  const templated = (content: Partial<MessageContent> = {}, settings = {}) => {
    const trial = new Trial(subject, settings);
    return trial.send(trial.message(content, { way: 'template' }));
  };

  it('goes as a template outside of the window', async () => {
    fake.closeGrants();
    const link = 'https://welt.example/o/W7K2Q9?from=message';
    const outcome = await templated({ link, fields: { items: 'AJ1\n\n深度      清洁' } });
    expect(outcome).toMatchObject({ outcome: 'accepted' });
    expect(fake.messages[0]!.text).toBe(
      'AJ1 深度 清洁 | 人民广场店 | 2026年11月27日 15:00 (https://welt.example/o/W7K2Q9?from=message)',
    );
  });

  it.each([
    { locale: 'zh-CN', language: undefined, outcome: 'accepted' },
    { locale: 'fr', language: undefined, outcome: 'permanent' },
    { locale: 'fr', language: 'en', outcome: 'accepted' },
  ])('is in the language of the template: $locale, $language', async (given) => {
    const { locale, language, outcome } = given;
    const fields = { 1: 'items', 2: 'store', 3: 'pickUpTime' };
    const binding = { id: WHATSAPP_TEMPLATE, language, fields };
    const sent = await templated({ locale }, { templates: { 'order.ready': binding } });
    expect(sent).toMatchObject({ outcome });
  });

  it('names the parameters of a template that has names', () => {
    const fields = { item: 'items', place: 'store' };
    const trial = new Trial(subject, { templates: { 'order.ready': { id: 'T', fields } } });
    const composed = trial.compose(trial.message({}, { way: 'template' }));
    const parameters = [
      { type: 'text', parameter_name: 'item', text: 'AJ1 深度清洁' },
      { type: 'text', parameter_name: 'place', text: '人民广场店' },
    ];
    expect(composed).toMatchObject({
      payload: { template: { components: [{ type: 'body', parameters }] } },
    });
  });

  it.each([
    { name: 'short words', text: 'x', seen: `T\n\nx [https://welt.example/p/1.jpg]` },
    {
      name: 'long words, which go alone',
      text: 'x'.repeat(1100),
      seen: `T\n\n${'x'.repeat(1100)}`,
    },
  ])('shows a photo with $name', async ({ text, seen }) => {
    const photo = { url: 'https://welt.example/p/1.jpg', caption: '' };
    const trial = new Trial(subject);
    await trial.send(trial.message({ title: 'T', text, link: null, photo }));
    expect(fake.messages[0]!.text).toBe(seen);
  });

  it.each([
    { address: 'US.13491208655302741918', partner: 'US.13491208655302741918' },
    { address: '+8613800138000', partner: '8613800138000' },
  ])('reaches $address, and knows who answers', async ({ address, partner }) => {
    const trial = new Trial({ ...subject, address });
    await trial.send();
    expect(fake.messages.map(({ recipient }) => recipient)).toEqual([partner]);
    const request = update({
      messages: [{ id: 'wamid.8', from: partner, timestamp: '1', type: 'text' }],
    });
    const outcome = subject.channel.callback!(trial.settings, request, clock.now());
    expect(outcome).toMatchObject({ events: [{ addressKey: address }, { addressKey: address }] });
  });

  it.each(['8613800138000', 'us.1', 'US.', '+86 138', ''])('has no address %j', (address) => {
    expect(whatsappCloudChannel.address.safeParse(address).success).toBe(false);
  });
});
