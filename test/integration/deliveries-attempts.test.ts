import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { DataSource } from 'typeorm';

import type { Way } from '../../src/channels/channel.ts';
import type { Route } from '../../src/core/messages/policy.ts';
import { Grants } from '../../src/features/accounts/index.ts';
import { FakeChannel, refused, silent, temporary } from '../support/fake-channel.ts';
import {
  anAccount,
  aQuietOrder,
  deliver,
  deliveriesOf,
  messageOf,
  messengerOf,
  owe,
  setPolicy,
  startQuiet,
} from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const SMS = new FakeChannel('sms', {
  reaches: 'phone',
  receipts: 'push',
  idempotency: { is: 'lookUp', afterSec: [30, 120], isAuthoritative: true },
});
const MAIL = new FakeChannel('mail');
const CHAT = new FakeChannel('chat', { idempotency: { is: 'none' } });
const CHANNELS = [SMS, MAIL, CHAT];
const MINUTE = 60_000;

let service: TestService;
let orderId: string;
let phones = 0;

beforeAll(async () => {
  service = await startService({
    network: workedNetwork({ counter: { visits: 200 } }),
    channels: CHANNELS,
  });
  await anAccount(service, 'sms', { costMinor: 5 });
  await anAccount(service, 'mail');
  await anAccount(service, 'chat');
});

beforeEach(async () => {
  await startQuiet(service, CHANNELS);
  const phone = `+86139${String(10_000_000 + (phones += 1))}`;
  orderId = (await aQuietOrder(service, { customer: { name: 'Mei Lin', phone } })).id;
});

afterAll(() => service.stop());

const only = (channel: string): Route => ({
  mode: 'fallback',
  steps: [{ channel, account: null, advance: [] }],
});

const go = async (channel: string): Promise<void> => {
  await setPolicy(service, { defaultRoute: only(channel) });
};

/** Lets time pass, a second at a time at most when something is due, as the job would. */
async function pass(ms: number, everyMs = 10_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += everyMs) {
    service.clock.advance(everyMs);
    await deliver(service);
  }
}

describe('an attempt that failed for now', () => {
  it('is made again, as the same delivery, with the same words', async () => {
    await go('mail');
    MAIL.answers(temporary(), temporary());
    const id = await owe(service, orderId);
    await deliver(service);
    expect(await deliveriesOf(service, id)).toMatchObject([{ status: 'RETRYING' }]);
    await pass(MINUTE);
    expect(MAIL.sent).toHaveLength(3);
    expect(new Set(MAIL.sent.map(({ deliveryId }) => deliveryId)).size).toBe(1);
    expect(new Set(MAIL.sent.map(({ text }) => text)).size).toBe(1);
    const [delivery] = await deliveriesOf(service, id);
    expect(delivery!.attempts.map(({ outcome }) => outcome)).toEqual([
      ...['temporary', 'temporary', 'accepted'],
    ]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  });

  it('is a dead letter after eight times', async () => {
    await go('mail');
    MAIL.always = temporary();
    const id = await owe(service, orderId);
    await deliver(service);
    await pass(40 * MINUTE, 30_000);
    expect(MAIL.sent).toHaveLength(8);
    expect(await messageOf(service, id)).toMatchObject({ state: 'FAILED', reason: 'EXHAUSTED' });
    expect(await deliveriesOf(service, id)).toMatchObject([{ status: 'FAILED' }]);
  });

  it('does not hold up others for as long as an answer says', async () => {
    await anAccount(service, 'mail', { perSecond: 100 });
    await go('mail');
    MAIL.answers(temporary('TOO_MANY', 10_000 * MINUTE));
    await owe(service, orderId);
    await deliver(service);
    const other = await owe(service, orderId);
    service.clock.advance(4 * MINUTE);
    await deliver(service);
    expect(await messageOf(service, other)).toMatchObject({ reason: 'RATE_DEFERRED' });
    await pass(2 * MINUTE);
    expect(await messageOf(service, other)).toMatchObject({ state: 'DONE' });
    await anAccount(service, 'mail');
  });

  it('is not made again before the provider wants it', async () => {
    await go('mail');
    MAIL.answers(temporary('TOO_MANY', 5 * MINUTE));
    await owe(service, orderId);
    await deliver(service);
    await pass(5 * MINUTE - 10_000);
    expect(MAIL.sent).toHaveLength(1);
    await pass(MINUTE);
    expect(MAIL.sent).toHaveLength(2);
  });

  it('has no longer for two tokens than for one', async () => {
    await go('mail');
    const token = { ...temporary(), because: 'token' } as ReturnType<typeof temporary>;
    const real = performance.now.bind(performance);
    const late = vi.spyOn(performance, 'now');
    MAIL.answers(() => {
      late.mockImplementation(() => real() + 1000);
      return token;
    });
    await owe(service, orderId);
    await deliver(service);
    late.mockRestore();
    const [first, second] = MAIL.sent;
    expect(second!.signal).toBe(first!.signal);
  });

  it('is made again at once when a token was refused, once', async () => {
    await go('mail');
    const token = { ...temporary(), because: 'token' } as ReturnType<typeof temporary>;
    MAIL.answers(token, token);
    const id = await owe(service, orderId);
    await deliver(service);
    expect(MAIL.sent).toHaveLength(2);
    expect(await messageOf(service, id)).toMatchObject({ reason: 'CONFIGURATION' });
  });
});

describe('a silent provider', () => {
  it('with a key is given the same again', async () => {
    await go('mail');
    MAIL.answers(silent);
    const id = await owe(service, orderId, { kind: 'PROGRESS' });
    service.clock.advance(4 * 60 * MINUTE);
    await deliver(service);
    await pass(MINUTE);
    expect(MAIL.sent).toHaveLength(2);
    expect(await deliveriesOf(service, id)).toMatchObject([
      { status: 'ACCEPTED', may_be_repeated: false },
    ]);
  });

  it('that can be asked is asked, and not given it again', async () => {
    await go('sms');
    SMS.answers(silent);
    SMS.onLookUp = { found: true, providerRef: 'ref-1', status: 'delivered' };
    const id = await owe(service, orderId);
    await deliver(service);
    await pass(20_000);
    expect(SMS.lookedUp).toHaveLength(0);
    await pass(20_000);
    expect([SMS.sent.length, SMS.lookedUp.length]).toEqual([1, 1]);
    expect(await deliveriesOf(service, id)).toMatchObject([{ status: 'DELIVERED', cost_minor: 5 }]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  });

  it('that does not know of it gets it again after the last look', async () => {
    await go('sms');
    SMS.answers(silent);
    await owe(service, orderId);
    await deliver(service);
    await pass(3 * MINUTE);
    expect([SMS.sent.length, SMS.lookedUp.length]).toEqual([2, 2]);
  });

  it('that cannot be asked gets it once more, and it is said that it may be a repeat', async () => {
    await go('chat');
    CHAT.always = silent;
    const id = await owe(service, orderId);
    await deliver(service);
    await pass(10 * MINUTE);
    expect(CHAT.sent).toHaveLength(2);
    expect(await deliveriesOf(service, id)).toMatchObject([
      { status: 'AMBIGUOUS', may_be_repeated: true, reason: 'NOBODY_KNOWS' },
    ]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'FAILED' });
  });

  it('does not get again what may come at most once', async () => {
    await go('chat');
    CHAT.always = silent;
    service.clock.advance(4 * 60 * MINUTE);
    const id = await owe(service, orderId, { kind: 'PROGRESS' });
    await deliver(service);
    await pass(10 * MINUTE);
    expect(CHAT.sent).toHaveLength(1);
    expect(await deliveriesOf(service, id)).toMatchObject([{ status: 'AMBIGUOUS' }]);
  });
});

describe('a limit of an account', () => {
  it('keeps messages owed until their turn', async () => {
    await go('mail');
    await anAccount(service, 'mail', { perSecond: 10 });
    for (let n = 0; n < 12; n += 1) await owe(service, orderId);
    await deliver(service);
    expect(MAIL.sent).toHaveLength(1);
    const [waiting] = await service.rows<{ count: string }>(
      `SELECT count(*) FROM message WHERE state = 'OWED' AND reason = 'RATE_DEFERRED'`,
    );
    expect(Number(waiting!.count)).toBe(11);
    const perSecond: number[] = [];
    for (let second = 0; second < 3; second += 1) {
      const before = MAIL.sent.length;
      await pass(1000, 50);
      perSecond.push(MAIL.sent.length - before);
    }
    await anAccount(service, 'mail');
    expect(Math.max(...perSecond)).toBeLessThanOrEqual(10);
    expect(MAIL.sent).toHaveLength(12);
  });
});

describe('a grant', () => {
  const way: Way = { name: 'template', grant: { is: 'oneTime', templateId: 't1' } };
  const place = () => ({
    ...{ channel: 'mail', account: 'default', grant: way.grant! },
    addressKey: MAIL.sent[0]?.address as string,
  });

  beforeEach(async () => {
    await go('mail');
    await owe(service, orderId);
    await deliver(service);
    const grants = service.app.get(Grants, { strict: false });
    const opened = { ...place(), dedupeKey: orderId, messages: 1, expiresAt: null };
    await service.app
      .get(DataSource, { strict: false })
      .transaction((tx) => grants.open(tx, { ...opened, at: service.clock.now() }));
    MAIL.waysOf = [way];
  });

  const left = async (): Promise<object> => {
    const [row] = await service.rows<{ remaining: number; reserved: number }>(
      `SELECT remaining, reserved FROM channel_grant WHERE address_key = $1`,
      [place().addressKey],
    );
    return row!;
  };

  it('is used up by one message', async () => {
    const first = await owe(service, orderId);
    const second = await owe(service, orderId);
    await deliver(service);
    const states = [await messageOf(service, first), await messageOf(service, second)];
    expect(states.map(({ state }) => state).sort()).toEqual(['DONE', 'FAILED']);
    expect(states.find(({ state }) => state === 'FAILED')!.reason).toBe('NO_GRANT');
    expect(await left()).toMatchObject({ remaining: 0, reserved: 0 });
  });

  it('stays reserved while it is tried, and is given back', async () => {
    MAIL.answers(temporary(), refused('content'));
    await owe(service, orderId);
    await deliver(service);
    expect(await left()).toMatchObject({ remaining: 1, reserved: 1 });
    await pass(MINUTE);
    expect(await left()).toMatchObject({ remaining: 1, reserved: 0 });
  });

  it('that the provider knows nothing of is closed, and the address stays good', async () => {
    MAIL.answers(refused('consent'));
    const id = await owe(service, orderId);
    await deliver(service);
    expect(await left()).toMatchObject({ remaining: 0, reserved: 0 });
    expect(await messageOf(service, id)).toMatchObject({ reason: 'NO_CONSENT' });
    MAIL.waysOf = [{ name: 'plain', grant: null }];
    const next = await owe(service, orderId);
    await deliver(service);
    expect(await messageOf(service, next)).toMatchObject({ state: 'DONE' });
  });
});

describe('stopping', () => {
  it('waits for an attempt that was begun, and records it', async () => {
    await go('mail');
    const other = await startService({ database: service.database, channels: CHANNELS });
    other.clock.set(service.clock.now());
    let answer: (outcome: ReturnType<typeof temporary>) => void = () => undefined;
    MAIL.answers(() => new Promise((done) => (answer = done)));
    await owe(service, orderId);
    void messengerOf(other).tick();
    while (MAIL.sent.length === 0) await new Promise(setImmediate);
    const stopped = other.stop();
    answer({ outcome: 'accepted', providerRef: null });
    await stopped;
    const [row] = await service.rows(`SELECT status, leased_until FROM delivery WHERE id = $1`, [
      MAIL.sent[0]!.deliveryId,
    ]);
    expect(row).toEqual({ status: 'ACCEPTED', leased_until: null });
  });
});
