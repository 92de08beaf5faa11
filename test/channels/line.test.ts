import { createHmac } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { CallbackRequest } from '../../src/channels/channel.ts';
import { lineChannel } from '../../src/channels/line/line.channel.ts';
import { LineSettings } from '../../src/channels/line/settings.ts';
import { lineSignature } from '../../src/channels/line/webhook-events.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { ACCESS_TOKEN, FakeLine, USER } from './fakes/line.ts';

const CHANNEL_SECRET = 'line-channel-secret';
const clock = new TestClock(CONTRACT_START);
const fake = new FakeLine(clock);
const EVENT_ID = '01HQ2W3E4R5T6Y7U8I9O0P1A2S';
const AT = 1_795_309_323_123;

function callback(body: string, signature?: string): CallbackRequest {
  const right = createHmac('sha256', CHANNEL_SECRET).update(body).digest('base64');
  return {
    method: 'POST',
    url: 'https://welt.example/callbacks/line/1',
    headers: { 'content-type': 'application/json', 'x-line-signature': signature ?? right },
    body: Buffer.from(body),
  };
}

const events = (...list: readonly object[]) =>
  callback(JSON.stringify({ destination: 'U0', events: list }));
const event = (type: string, more: object = {}) => ({
  type,
  webhookEventId: EVENT_ID,
  timestamp: AT,
  mode: 'active',
  source: { type: 'user', userId: USER },
  deliveryContext: { isRedelivery: false },
  ...more,
});
const common = { dedupeKey: EVENT_ID, at: AT, addressKey: USER };
const inbound = (kind: 'text' | 'voice' | 'event', text: string | null) =>
  ({ is: 'inbound', ...common, kind, text }) as const;
const consent = (change: 'given' | 'withdrawn') => ({ is: 'consent', ...common, change }) as const;

const subject: ContractSubject = {
  channel: lineChannel,
  fake,
  clock,
  settings: (url) => ({
    channelAccessToken: ACCESS_TOKEN,
    channelSecret: CHANNEL_SECRET,
    baseUrl: url,
  }),
  address: { userId: USER },
  recipient: USER,
  wrongCredentials: {
    settings: { channelAccessToken: 'another-token' },
    outcome: { outcome: 'permanent', because: 'configuration', code: 'HTTP_401' },
  },
  cases: [
    {
      name: 'a bad message',
      answer: {
        status: 400,
        body: {
          message: 'The request body has 1 error(s)',
          details: [{ message: 'May not be empty', property: 'messages[0].text' }],
        },
      },
      outcome: { outcome: 'permanent', because: 'content', field: 'messages[0].text' },
    },
    {
      name: 'a plan that does not allow it',
      answer: { status: 403, body: { message: 'Not available for your plan' } },
      outcome: { outcome: 'permanent', because: 'configuration' },
    },
    {
      name: 'too many in a second',
      answer: { status: 429, body: { message: 'The API rate limit has been exceeded.' } },
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: null },
    },
    {
      name: 'all messages of the month used up',
      answer: { status: 429, body: { message: 'You have reached your monthly limit.' } },
      outcome: {
        outcome: 'temporary',
        because: 'rateLimit',
        code: 'MONTHLY_LIMIT',
        retryAfterMs: Date.parse('2026-12-01T00:00:00Z') - CONTRACT_START,
      },
    },
    {
      name: 'its own fault',
      answer: { status: 500, body: { message: 'The error has occurred' } },
      outcome: { outcome: 'temporary', because: 'provider' },
    },
    {
      name: 'a conflict that is no repeat',
      answer: { status: 409, body: { message: 'conflict' } },
      outcome: { outcome: 'permanent', because: 'content' },
    },
  ],
  unknownCode: { answer: { status: 418, body: { message: 'I am a teapot' } } },
  callbacks: {
    genuine: [
      {
        name: 'a text',
        request: () =>
          events(event('message', { message: { type: 'text', id: '1', text: '你好' } })),
        events: [inbound('text', '你好')],
        isBodySigned: true,
      },
      {
        name: 'a voice',
        request: () => events(event('message', { message: { type: 'audio', id: '1' } })),
        events: [inbound('voice', null)],
        isBodySigned: true,
      },
      {
        name: 'a sticker',
        request: () => events(event('message', { message: { type: 'sticker', id: '1' } })),
        events: [inbound('event', null)],
        isBodySigned: true,
      },
      {
        name: 'following',
        request: () => events(event('follow')),
        events: [consent('given')],
        isBodySigned: true,
      },
      {
        name: 'blocking',
        request: () => events(event('unfollow')),
        events: [consent('withdrawn')],
        isBodySigned: true,
      },
      {
        name: 'what is said in a group',
        request: () =>
          events(
            event('message', {
              source: { type: 'group', groupId: 'C1', userId: USER },
              message: { type: 'text', text: 'hi' },
            }),
          ),
        events: [],
        isBodySigned: true,
      },
      {
        name: 'an event that is not known',
        request: () => events(event('beacon')),
        events: [],
        isBodySigned: true,
      },
    ],
    forged: [
      { name: 'signed with another secret', request: () => callback('{"events":[]}', 'bm9wZQ==') },
      {
        name: 'a body that was written again',
        request: () => ({
          ...events(event('follow')),
          body: Buffer.from(
            JSON.stringify({ destination: 'U0', events: [event('follow')] }, null, 1),
          ),
        }),
      },
    ],
    handshake: { request: () => events(), reply: { status: 200 } },
  },
};

runChannelContract(subject);

describe('what line is sent', () => {
  const trial = () => new Trial(subject);
  const messagesOf = (content: object): unknown => {
    const composed = trial().compose(trial().message(content));
    if (!composed.ok) throw new Error(composed.error.code);
    return (JSON.parse(composed.payload as string) as { messages: unknown }).messages;
  };

  it('has a photo after the words, if LINE can fetch it', () => {
    const url = 'https://welt.example/p/1.jpg';
    const words = { title: 'T', text: 'x', link: null };
    expect(messagesOf({ ...words, photo: { url, caption: 'before' } })).toEqual([
      { type: 'text', text: 'T\n\nx' },
      { type: 'image', originalContentUrl: url, previewImageUrl: url },
    ]);
    const plain = { url: 'http://welt.example/p/1.jpg', caption: '' };
    expect(messagesOf({ ...words, photo: plain })).toEqual([{ type: 'text', text: 'T\n\nx' }]);
  });

  it('is known again for a day, and told so', async () => {
    await fake.start();
    const sending = trial();
    const message = sending.message();
    const first = await sending.send(message);
    clock.advance(86_399_999);
    const again = await sending.send(message);
    clock.advance(1);
    const late = await sending.send(message);
    await fake.stop();
    expect(first).toMatchObject({ outcome: 'accepted' });
    expect(again).toEqual({ ...first, isRepeat: true });
    expect(late).not.toHaveProperty('isRepeat');
    expect(fake.messages).toHaveLength(2);
  });

  it('needs an account that names its secrets only', () => {
    const parsed = LineSettings.safeParse({ channelAccessToken: 'hush', channelSecret: 7 });
    expect(parsed.error?.message).toContain('channelSecret');
    expect(parsed.error?.message).not.toContain('hush');
  });
});

describe('lineSignature', () => {
  it('is as published', () => {
    expect(lineSignature('channelsecret', '{"destination":"U0","events":[]}')).toBe(
      'mPzXvmp5o47ZLzcZ27C0voI4JEov6gID7IZ7YD4j1Z4=',
    );
  });
});
