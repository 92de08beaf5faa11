import { describe, expect, it } from 'vitest';

import type { CallbackRequest } from '../../src/channels/channel.ts';
import { TelegramAddress, TelegramSettings } from '../../src/channels/telegram/settings.ts';
import { telegramChannel } from '../../src/channels/telegram/telegram.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract } from './contract-kit.ts';
import { Trial } from './contract/trial.ts';
import type { ContractSubject } from './contract/subject.ts';
import type { FakeAnswer } from './fakes/contract-fake.ts';
import { BOT_TOKEN, CHAT, FakeTelegram } from './fakes/telegram.ts';

const WEBHOOK_SECRET = 'webhook-secret_1234567890';
const clock = new TestClock(CONTRACT_START);
const fake = new FakeTelegram(clock);

const refusal = (code: number, description: string, parameters?: object): FakeAnswer => ({
  status: code,
  body: { ok: false, error_code: code, description, parameters },
});

const settingsFor = (url: string) => ({
  botToken: BOT_TOKEN,
  webhookSecretToken: WEBHOOK_SECRET,
  botUsername: 'WeltBot',
  baseUrl: url,
});

const chat = { id: Number(CHAT), type: 'private', first_name: 'Mei' };
const from = { id: Number(CHAT), is_bot: false, first_name: 'Mei' };

function update(content: object, headers: Record<string, string> = {}): CallbackRequest {
  return {
    method: 'POST',
    url: 'https://welt.example/callbacks/telegram/1',
    headers: {
      'content-type': 'application/json',
      'x-telegram-bot-api-secret-token': WEBHOOK_SECRET,
      ...headers,
    },
    body: Buffer.from(JSON.stringify({ update_id: 900_000_001, ...content })),
  };
}

const message = (content: object) =>
  update({ message: { message_id: 7, date: 1_795_309_323, chat, from, ...content } });
const member = (status: string) =>
  update({
    my_chat_member: { chat, from, date: 1_795_309_323, new_chat_member: { user: {}, status } },
  });
const at = 1_795_309_323_000;
const inbound = (kind: string, text: string | null) => ({
  is: 'inbound' as const,
  dedupeKey: '900000001:inbound',
  at,
  addressKey: CHAT,
  kind: kind as 'text',
  text,
});
const consent = (change: 'given' | 'withdrawn') => ({
  is: 'consent' as const,
  dedupeKey: '900000001:consent',
  at,
  addressKey: CHAT,
  change,
});

const subject: ContractSubject = {
  channel: telegramChannel,
  fake,
  clock,
  settings: settingsFor,
  address: { chatId: CHAT },
  recipient: CHAT,
  wrongCredentials: {
    settings: { botToken: '7010000001:AAHk3-another_token_another' },
    outcome: { outcome: 'permanent', because: 'configuration', code: '401' },
  },
  cases: [
    {
      name: 'chat not found',
      answer: refusal(400, 'Bad Request: chat not found'),
      outcome: { outcome: 'permanent', because: 'recipient', code: '400' },
    },
    {
      name: 'a group that became another chat',
      answer: refusal(400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: -1_001_234_567_890,
      }),
      outcome: { outcome: 'permanent', because: 'recipient' },
    },
    {
      name: 'a bad text',
      answer: refusal(400, 'Bad Request: message text is empty'),
      outcome: { outcome: 'permanent', because: 'content' },
    },
    {
      name: 'a token that was revoked',
      answer: refusal(401, 'Unauthorized'),
      outcome: { outcome: 'permanent', because: 'configuration' },
    },
    {
      name: 'a token that never was',
      answer: refusal(404, 'Not Found'),
      outcome: { outcome: 'permanent', because: 'configuration' },
    },
    {
      name: 'blocked by the person',
      answer: refusal(403, 'Forbidden: bot was blocked by the user'),
      outcome: { outcome: 'permanent', because: 'consent' },
    },
    {
      name: 'too many',
      answer: refusal(429, 'Too Many Requests: retry after 35', { retry_after: 35 }),
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 35_000 },
    },
    {
      name: 'its own fault',
      answer: refusal(500, 'Internal Server Error'),
      outcome: { outcome: 'temporary', because: 'provider' },
    },
  ],
  unknownCode: { answer: refusal(418, 'I am a teapot') },
  callbacks: {
    genuine: [
      {
        name: 'a text',
        request: () => message({ text: '几点关门?' }),
        events: [inbound('text', '几点关门?')],
        isBodySigned: false,
      },
      {
        name: 'the start, with a code',
        request: () => message({ text: '/start c0de-1' }),
        events: [consent('given'), inbound('text', '/start c0de-1')],
        isBodySigned: false,
      },
      {
        name: 'the end',
        request: () => message({ text: '/stop' }),
        events: [consent('withdrawn'), inbound('text', '/stop')],
        isBodySigned: false,
      },
      {
        name: 'a picture with words',
        request: () => message({ photo: [{}], caption: 'this stain' }),
        events: [inbound('image', 'this stain')],
        isBodySigned: false,
      },
      {
        name: 'a voice',
        request: () => message({ voice: {} }),
        events: [inbound('voice', null)],
        isBodySigned: false,
      },
      {
        name: 'a place',
        request: () => message({ location: {} }),
        events: [inbound('location', null)],
        isBodySigned: false,
      },
      {
        name: 'blocking',
        request: () => member('kicked'),
        events: [consent('withdrawn')],
        isBodySigned: false,
      },
      {
        name: 'coming back',
        request: () => member('member'),
        events: [consent('given')],
        isBodySigned: false,
      },
      {
        name: 'what is said in a group',
        request: () => message({ chat: { id: -100, type: 'group' }, text: '/stop' }),
        events: [],
        isBodySigned: false,
      },
      {
        name: 'a kind of update that is not known',
        request: () => update({ poll: {} }),
        events: [],
        isBodySigned: false,
      },
    ],
    forged: [
      {
        name: 'another secret',
        request: () =>
          update({}, { 'x-telegram-bot-api-secret-token': 'webhook-secret_1234567891' }),
      },
      {
        name: 'a secret of another length',
        request: () => update({}, { 'x-telegram-bot-api-secret-token': '' }),
      },
    ],
  },
};

runChannelContract(subject);

describe('a message of telegram', () => {
  const settings = TelegramSettings.parse(settingsFor('http://127.0.0.1:1'));
  const photo = { url: 'https://welt.example/p/1.jpg', caption: 'before' };
  const bodyOf = (content: object): Record<string, unknown> => {
    const trial = new Trial(subject);
    const composed = telegramChannel.compose(settings, {
      ...trial.message(content),
      address: TelegramAddress.parse({ chatId: CHAT }),
    });
    if (!composed.ok) throw new Error(composed.error.code);
    return JSON.parse(composed.payload) as Record<string, unknown>;
  };

  it('has its title in bold, and no markup', () => {
    expect(bodyOf({ title: '<b>鞋😀', text: '*x*', link: null })).toEqual({
      chat_id: CHAT,
      text: '<b>鞋😀\n\n*x*',
      entities: [{ type: 'bold', offset: 0, length: 6 }],
      link_preview_options: { is_disabled: true },
    });
  });

  it('keeps the link when the text is too long, and says it once', () => {
    const link = 'https://welt.example/o/1';
    const text = String(bodyOf({ title: 'T', text: 'x'.repeat(5000), link }).text);
    expect(text).toHaveLength(4096);
    expect(text.endsWith(`…\n\n${link}`)).toBe(true);
    expect(bodyOf({ title: 'T', text: `see ${link}.`, link }).text).toBe(`T\n\nsee ${link}.`);
  });

  it('shows a photo above the words', () => {
    expect(bodyOf({ photo }).link_preview_options).toEqual({
      url: photo.url,
      prefer_large_media: true,
      show_above_text: true,
    });
  });

  it('is not sent by a bot of another name', async () => {
    await fake.start();
    const trial = new Trial(subject, { botUsername: 'OtherBot' });
    const verified = await telegramChannel.verify!(
      TelegramSettings.parse(trial.raw),
      trial.context(),
    );
    await fake.stop();
    expect(verified).toMatchObject({ ok: false, code: 'OTHER_BOT' });
  });
});
