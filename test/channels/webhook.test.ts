import { randomBytes } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';

import { isSameSecret } from '../../src/channels/constant-time.ts';
import { signWebhook } from '../../src/channels/webhook/standard-webhook.ts';
import { webhookChannel } from '../../src/channels/webhook/webhook.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { FakeWebhookReceiver, SIGNING_SECRET } from './fakes/webhook-receiver.ts';

const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const clock = new TestClock(CONTRACT_START);
const fake = new FakeWebhookReceiver(clock);
const ownMachine = { resolve: () => Promise.resolve(['127.0.0.1']), allowPrivate: true };

const subject: ContractSubject = {
  channel: webhookChannel(ownMachine),
  fake,
  clock,
  settings: (url) => ({
    url: `${url}/hooks/1`,
    secret: SIGNING_SECRET,
    previousSecret: OTHER_SECRET,
  }),
  address: {},
  recipient: 'endpoint',
  wrongCredentials: {
    settings: { secret: OTHER_SECRET, previousSecret: undefined },
    outcome: { outcome: 'permanent', because: 'configuration', code: 'HTTP_401' },
  },
  cases: [
    {
      name: '200 with a body',
      answer: { status: 200, body: '<p>thanks' },
      outcome: { outcome: 'accepted' },
    },
    {
      name: 'gone for good',
      answer: { status: 410 },
      outcome: { outcome: 'permanent', because: 'recipient' },
    },
    {
      name: 'too many',
      answer: { status: 429, headers: { 'retry-after': '7' } },
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 7000 },
    },
    {
      name: 'down until a time',
      answer: { status: 503, headers: { 'retry-after': 'Sun, 22 Nov 2026 01:03:03 GMT' } },
      outcome: { outcome: 'temporary', because: 'provider', retryAfterMs: 60_000 },
    },
    {
      name: 'not found, until somebody repairs it',
      answer: { status: 404 },
      outcome: { outcome: 'temporary', because: 'provider' },
    },
    {
      name: 'moved',
      answer: { status: 301, headers: { location: '/elsewhere' } },
      outcome: { outcome: 'temporary', because: 'provider', code: 'HTTP_301' },
    },
  ],
  unknownCode: {
    answer: { status: 418 },
    outcome: { outcome: 'temporary', because: 'provider' },
  },
};

runChannelContract(subject);

describe('a webhook', () => {
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  it('is accepted by the library of the standard, which reads the clock of this machine', async () => {
    clock.set(Date.now());
    await new Trial(subject).send();
    const { headers, body } = fake.requests[0]!;
    const event = new Webhook(SIGNING_SECRET).verify(body.toString('utf8'), { ...headers });
    expect(event).toMatchObject({ type: 'order.ready', data: { title: '鞋子可取了' } });
  });

  it('is signed with both secrets while one takes the place of the other', async () => {
    clock.set(Date.now());
    await new Trial(subject, { secret: OTHER_SECRET, previousSecret: SIGNING_SECRET }).send();
    const { headers, body } = fake.requests[0]!;
    for (const secret of [SIGNING_SECRET, OTHER_SECRET]) {
      expect(() => new Webhook(secret).verify(body, { ...headers })).not.toThrow();
    }
    const stranger = new Webhook(`whsec_${randomBytes(24).toString('base64')}`);
    expect(() => stranger.verify(body, { ...headers })).toThrow();
  });

  it('has the same id and body on every attempt, and the time of the attempt', async () => {
    const trial = new Trial(subject);
    const message = trial.message();
    await trial.send(message);
    clock.advance(120_000);
    await trial.send(message);
    const [first, second] = fake.requests;
    expect(second!.body.equals(first!.body)).toBe(true);
    expect(second!.headers['webhook-id']).toBe(message.deliveryId);
    const times = fake.requests.map(({ headers }) => Number(headers['webhook-timestamp']));
    expect(times).toEqual([CONTRACT_START / 1000, CONTRACT_START / 1000 + 120]);
  });

  it('blames the clock too when the receiver does not believe a late one', async () => {
    const trial = new Trial(subject);
    const message = trial.message();
    const composed = trial.compose(message);
    if (!composed.ok) throw new Error(composed.error.code);
    const late = { ...trial.context(), now: () => clock.now() - 301_000 };
    const outcome = await subject.channel.send(trial.settings, message, composed.payload, late);
    expect(outcome).toMatchObject({
      outcome: 'permanent',
      because: 'configuration',
      message: expect.stringContaining('clock'),
    });
  });

  it('stays below 20,000 bytes, whatever that takes of the text', async () => {
    const trial = new Trial(subject);
    await trial.send(trial.message({ text: '"鞋\n😀'.repeat(5000) }));
    const { body } = fake.requests[0]!;
    expect(body.length).toBeLessThanOrEqual(20_000);
    expect(body.length).toBeGreaterThan(19_900);
    expect(
      await trial.send(trial.message({ fields: { reason: 'x'.repeat(20_000) } })),
    ).toMatchObject({
      outcome: 'permanent',
      because: 'content',
      code: 'TOO_LARGE',
    });
  });

  it('is not sent to a name that leads into a private network', async () => {
    const channel = webhookChannel({
      resolve: () => Promise.resolve(['1.1.1.1', '10.0.0.1']),
      allowPrivate: false,
    });
    const settings = channel.settings.parse({
      url: 'https://shop.invalid/',
      secret: SIGNING_SECRET,
    });
    const trial = new Trial(subject);
    const message = { ...trial.message(), address: {} };
    expect(await channel.send(settings, message, '{}', trial.context())).toMatchObject({
      outcome: 'permanent',
      because: 'configuration',
      code: 'ADDRESS_NOT_PUBLIC',
    });
    expect(fake.requests).toHaveLength(0);
  });

  it.each([
    { name: 'plain http', url: 'http://shop.example/hook' },
    { name: 'another protocol', url: 'ftp://shop.example/hook' },
    { name: 'a password', url: 'https://me:hush@shop.example/hook' },
    { name: 'no address', url: 'shop.example' },
  ])('of an account goes not to $name', ({ url }) => {
    const parsed = webhookChannel().settings.safeParse({ url, secret: SIGNING_SECRET });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['url']]);
    expect(parsed.error?.message).not.toContain('hush');
  });

  it.each(['', 'whsec_', 'whsec_c2hvcnQ=', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_$$$'])(
    'is not signed with %p',
    (secret) => {
      const parsed = webhookChannel().settings.safeParse({ url: 'https://shop.example/', secret });
      expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['secret']]);
    },
  );
});

describe('signWebhook', () => {
  it.each([
    {
      name: 'as the standard publishes it, without prefix',
      secret: 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      timestampSec: 1_614_265_330,
      body: '{"test": 2432232314}',
      signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    },
    {
      name: 'with prefix',
      secret: SIGNING_SECRET,
      id: 'msg_1',
      timestampSec: 1_795_309_323,
      body: '{"type":"order.ready","timestamp":"2026-11-22T01:02:03Z","data":{"orderId":"o_1"}}',
      signature: 'v1,YU9eTxvy8azsU5p0Eym6InZZmV9VE2AYaskWflJav/4=',
    },
  ])('$name', ({ secret, id, timestampSec, body, signature }) => {
    expect(signWebhook(secret, id, timestampSec, body)).toBe(signature);
  });

  it('changes with every byte of what is signed', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 127 }),
        (body, at, flip) => {
          const right = signWebhook(SIGNING_SECRET, 'id', 1, body);
          const place = at % body.length;
          const code = body.charCodeAt(place) ^ flip;
          const other = body.slice(0, place) + String.fromCharCode(code) + body.slice(place + 1);
          expect(isSameSecret(signWebhook(SIGNING_SECRET, 'id', 1, other), right)).toBe(false);
          expect(isSameSecret(signWebhook(SIGNING_SECRET, 'id', 2, body), right)).toBe(false);
          expect(isSameSecret(signWebhook(OTHER_SECRET, 'id', 1, body), right)).toBe(false);
          expect(isSameSecret(right.slice(1), right)).toBe(false);
        },
      ),
    );
  });
});
