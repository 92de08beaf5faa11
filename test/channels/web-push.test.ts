import { createECDH } from 'node:crypto';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { encryptForBrowser, newOneTimeKeys } from '../../src/channels/web-push/push-encryption.ts';
import type { PushSubscription } from '../../src/channels/web-push/settings.ts';
import { webPushChannel } from '../../src/channels/web-push/web-push.channel.ts';
import { TestClock } from '../support/test-clock.ts';
import { CONTRACT_START, runChannelContract, startAnew } from './contract-kit.ts';
import type { ContractSubject } from './contract/subject.ts';
import { Trial } from './contract/trial.ts';
import { FakePushService } from './fakes/push-service.ts';

function newPair() {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  const privateKey = Buffer.concat([Buffer.alloc(32), pair.getPrivateKey()]).subarray(-32);
  return {
    vapidPublicKey: pair.getPublicKey('base64url'),
    vapidPrivateKey: privateKey.toString('base64url'),
  };
}

const PAIR = newPair();
const clock = new TestClock(CONTRACT_START);
const fake = new FakePushService(clock, PAIR.vapidPublicKey);
const ownMachine = { resolve: () => Promise.resolve(['127.0.0.1']), allowPrivate: true };
const settings = () => ({ ...PAIR, subject: 'mailto:it@welt.example' });

const subject: ContractSubject = {
  channel: webPushChannel(ownMachine),
  fake,
  clock,
  settings,
  get address() {
    return fake.subscription();
  },
  recipient: '/push/abc',
  wrongCredentials: {
    settings: newPair(),
    outcome: { outcome: 'permanent', because: 'configuration', code: 'HTTP_403' },
  },
  cases: [
    {
      name: '200, as some services say',
      answer: { status: 200 },
      outcome: { outcome: 'accepted' },
    },
    {
      name: 'a subscription that is not known',
      answer: { status: 404 },
      outcome: { outcome: 'permanent', because: 'recipient' },
    },
    {
      name: 'a subscription that has ended',
      answer: { status: 410 },
      outcome: { outcome: 'permanent', because: 'recipient' },
    },
    {
      name: 'headers that are wrong',
      answer: { status: 400 },
      outcome: { outcome: 'permanent', because: 'configuration' },
    },
    {
      name: 'no authorization',
      answer: { status: 401 },
      outcome: { outcome: 'permanent', because: 'configuration' },
    },
    {
      name: 'a body that is too large',
      answer: { status: 413 },
      outcome: { outcome: 'permanent', because: 'content' },
    },
    {
      name: 'too many',
      answer: { status: 429, headers: { 'retry-after': '120' } },
      outcome: { outcome: 'temporary', because: 'rateLimit', retryAfterMs: 120_000 },
    },
  ],
  unknownCode: { answer: { status: 418 } },
};

runChannelContract(subject);

describe('a notification', () => {
  beforeAll(() => fake.start());
  afterAll(() => fake.stop());
  beforeEach(() => {
    startAnew(subject);
  });

  it('is read by the browser', async () => {
    await new Trial(subject).send();
    expect(fake.shown).toEqual([
      {
        title: '鞋子可取了',
        body: '您的 AJ1 已可取:周五 15:00 人民广场店,取件码 W7K2Q9。',
        link: 'https://welt.example/o/W7K2Q9',
        kind: 'order.ready',
        lang: 'zh-CN',
        tag: '0190b6b27f3a4c1d8e2f000000000001',
      },
    ]);
    expect(fake.requests[0]!.headers.topic).toBe('0190b6b27f3a4c1d8e2f000000000001');
  });

  it.each([
    { leftMs: 3_600_000, ttl: '3600' },
    { leftMs: 999, ttl: '0' },
    { leftMs: -1, ttl: '0' },
    { leftMs: 90 * 86_400_000, ttl: '2419200' },
  ])('is kept $ttl s by the service if it is of use for $leftMs ms', async ({ leftMs, ttl }) => {
    const trial = new Trial(subject);
    await trial.send(trial.message({}, { usefulUntil: clock.now() + leftMs }));
    expect(fake.requests[0]!.headers.ttl).toBe(ttl);
  });

  it('is as long as a push service takes at most, and no longer', async () => {
    const trial = new Trial(subject);
    const outcome = await trial.send(trial.message({ short: '"鞋'.repeat(3000) }));
    expect(outcome).toMatchObject({ outcome: 'accepted' });
    expect(fake.requests[0]!.body.length).toBeGreaterThan(4085);
    expect(fake.requests[0]!.body.length).toBeLessThanOrEqual(4096);
    expect(fake.shown[0]!.body.endsWith('…')).toBe(true);
  });

  it('is not encrypted twice with the same keys', async () => {
    const trial = new Trial(subject);
    const message = trial.message();
    await trial.send(message);
    await trial.send(message);
    const [first, second] = fake.requests;
    expect(second!.body.subarray(0, 86).equals(first!.body.subarray(0, 86))).toBe(false);
  });

  it('cannot be sent to a browser whose key is no point of the curve', async () => {
    const trial = new Trial(subject);
    const { endpoint, keys } = trial.address as PushSubscription;
    const p256dh = Buffer.from([4, ...Array<number>(64).fill(1)]).toString('base64url');
    const address = { endpoint, keys: { ...keys, p256dh } };
    expect(await trial.send(trial.message({}, { address }))).toMatchObject({
      outcome: 'permanent',
      because: 'recipient',
      code: 'BAD_KEY',
    });
    expect(fake.requests).toHaveLength(0);
  });

  it('is not sent into a private network, whatever a browser says', async () => {
    const resolve = () => Promise.resolve(['169.254.169.254']);
    const channel = webPushChannel({ resolve, allowPrivate: false });
    const trial = new Trial(subject);
    const { keys } = trial.address as PushSubscription;
    const address = channel.address.parse({ endpoint: 'https://push.invalid/1', keys });
    const message = { ...trial.message(), address };
    const given = channel.settings.parse(settings());
    expect(await channel.send(given, message, '{}', trial.context())).toMatchObject({
      outcome: 'permanent',
      because: 'recipient',
      code: 'ADDRESS_NOT_PUBLIC',
    });
  });

  it('has an address that is told without telling the endpoint', () => {
    const { address } = new Trial(subject);
    const key = subject.channel.addressKey(address);
    expect(key).toMatch(/^127\.0\.0\.1:\d+\/[0-9a-f]{64}$/);
  });

  it('needs an endpoint by https', () => {
    const { address } = new Trial(subject);
    expect(webPushChannel().address.safeParse(address).success).toBe(false);
    const https = { ...(address as PushSubscription), endpoint: 'https://push.example/1' };
    expect(webPushChannel().address.safeParse(https).success).toBe(true);
  });

  it('needs keys that belong together', () => {
    const parsed = webPushChannel().settings.safeParse({
      ...settings(),
      vapidPrivateKey: newPair().vapidPrivateKey,
    });
    expect(parsed.error?.issues.map(({ path }) => path)).toEqual([['vapidPublicKey']]);
  });
});

describe('encryptForBrowser', () => {
  const keys = {
    p256dh:
      'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  };

  it('gives the body of RFC 8291, section 5', () => {
    const body = encryptForBrowser('When I grow up, I want to be a watermelon', keys, {
      salt: Buffer.from('DGv6ra1nlYgDCS1FRnbzlw', 'base64url'),
      privateKey: Buffer.from('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw', 'base64url'),
    });
    expect(body.toString('base64url')).toBe(
      'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
    );
  });

  it('takes 103 bytes more than the payload', () => {
    expect(encryptForBrowser('hello', keys, newOneTimeKeys())).toHaveLength(108);
    expect(encryptForBrowser('x'.repeat(3993), keys, newOneTimeKeys())).toHaveLength(4096);
  });
});
