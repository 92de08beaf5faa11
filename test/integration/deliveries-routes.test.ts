import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';

import { Receipts } from '../../src/features/accounts/index.ts';
import { FakeChannel, refused, temporary } from '../support/fake-channel.ts';
import {
  anAccount,
  aQuietOrder,
  deliver,
  deliveriesOf,
  messageOf,
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

/** Lets time pass, a second at a time at most when something is due, as the job would. */
async function pass(ms: number, everyMs = 10_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += everyMs) {
    service.clock.advance(everyMs);
    await deliver(service);
  }
}

describe('a route', () => {
  const receipt = async (deliveryId: string, status: 'delivered' | 'failed' | 'sent') => {
    const receipts = service.app.get(Receipts, { strict: false });
    const event = { is: 'receipt', dedupeKey: `${deliveryId} ${status}`, deliveryId } as const;
    const told = { ...event, providerRef: null, status, code: null, at: service.clock.now() };
    const account = { channel: 'sms', account: 'default' };
    await service.app
      .get(DataSource, { strict: false })
      .transaction((tx) => receipts.take(tx, account, [told], service.clock.now()));
  };

  const smsThenMail = () =>
    setPolicy(service, {
      defaultRoute: {
        mode: 'fallback',
        steps: [
          {
            ...{ channel: 'sms', account: null },
            advance: [
              { on: 'rejected' },
              { on: 'exhausted' },
              { on: 'ambiguous' },
              { on: 'noReceipt', of: 'delivered', withinSec: 900 },
            ],
          },
          { channel: 'mail', account: null, advance: [] },
        ],
      },
    });

  const counts = () => [SMS.sent.length, MAIL.sent.length];

  it('goes on when a channel refuses', async () => {
    await smsThenMail();
    SMS.answers(refused('content'));
    const id = await owe(service, orderId);
    await deliver(service);
    expect(counts()).toEqual([1, 1]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE', step: 1 });
  });

  it('goes on when a channel was tried often enough', async () => {
    await smsThenMail();
    SMS.always = temporary();
    const id = await owe(service, orderId);
    await deliver(service);
    await pass(40 * MINUTE, 30_000);
    expect(counts()).toEqual([8, 1]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE', step: 1 });
  });

  it('goes on without a receipt in time, and a late one undoes nothing', async () => {
    await smsThenMail();
    const id = await owe(service, orderId);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'OPEN' });
    await pass(890_000);
    expect(counts()).toEqual([1, 0]);
    await pass(20_000);
    expect(counts()).toEqual([1, 1]);
    const [first] = await deliveriesOf(service, id);
    await receipt(first!.id, 'delivered');
    await pass(MINUTE);
    expect(counts()).toEqual([1, 1]);
    expect(await deliveriesOf(service, id)).toMatchObject([
      { status: 'DELIVERED', is_late: true },
      { status: 'ACCEPTED', is_late: false },
    ]);
  });

  it('ends with the receipt that was waited for', async () => {
    await smsThenMail();
    const id = await owe(service, orderId);
    await deliver(service);
    const [first] = await deliveriesOf(service, id);
    await receipt(first!.id, 'delivered');
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE', step: 0 });
    await pass(20 * MINUTE, MINUTE);
    expect(counts()).toEqual([1, 0]);
  });

  it('goes on at once when a receipt says that it failed', async () => {
    await smsThenMail();
    const id = await owe(service, orderId);
    await deliver(service);
    const [first] = await deliveriesOf(service, id);
    await receipt(first!.id, 'failed');
    await deliver(service);
    expect(counts()).toEqual([1, 1]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE', step: 1 });
  });

  it('drops a step that is waiting when an earlier one turns out to have come', async () => {
    await smsThenMail();
    MAIL.answers(temporary());
    const id = await owe(service, orderId);
    await deliver(service);
    await pass(900_000, 300_000);
    expect(counts()).toEqual([1, 1]);
    const [first] = await deliveriesOf(service, id);
    await receipt(first!.id, 'delivered');
    await pass(MINUTE);
    expect(counts()).toEqual([1, 1]);
    expect(await messageOf(service, id)).toMatchObject({ reason: 'SATISFIED_BY_EARLIER_STEP' });
    expect((await deliveriesOf(service, id))[1]).toMatchObject({ status: 'CANCELLED' });
  });

  it('of a broadcast goes all its ways at once', async () => {
    const target = (channel: string, isOptional = false) => ({
      ...{ channel, account: null, isOptional },
    });
    await setPolicy(service, {
      defaultRoute: {
        ...{ mode: 'broadcast', success: 'all' },
        targets: [target('sms'), target('mail'), target('chat', true)],
      },
    });
    CHAT.answers(refused('recipient'));
    MAIL.answers(temporary());
    const id = await owe(service, orderId);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'OPEN' });
    await pass(MINUTE);
    expect([...counts(), CHAT.sent.length]).toEqual([1, 2, 1]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  });
});
