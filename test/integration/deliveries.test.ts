import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { Metrics } from '../../src/platform/metrics/metrics.ts';
import { aCancellation, cancelOrder } from '../support/bookings.ts';
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
import { at, workedNetwork } from '../support/worked-network.ts';

const SMS = new FakeChannel('sms', { reaches: 'phone', receipts: 'push' });
const MAIL = new FakeChannel('mail');
const CHANNELS = [SMS, MAIL];
const HOUR = 3_600_000;

let service: TestService;

beforeAll(async () => {
  service = await startService({
    network: workedNetwork({ counter: { visits: 200 } }),
    channels: CHANNELS,
  });
  await anAccount(service, 'sms', { costMinor: 5 });
  await anAccount(service, 'mail');
});

beforeEach(() => startQuiet(service, CHANNELS));

afterAll(() => service.stop());

/** Somebody with an email address alone, unless they have a phone too. */
const anOrder = (phone?: string) =>
  aQuietOrder(service, phone === undefined ? {} : { customer: { name: 'Mei Lin', phone } });

let phones = 0;
const newPhone = (): string => `+86138${String(10_000_000 + (phones += 1)).padStart(8, '0')}`;

describe('a message that is due', () => {
  it('is sent once, whoever looks and however often', async () => {
    const order = await anOrder();
    const id = await owe(service, order.id);
    await Promise.all([deliver(service), deliver(service)]);
    await deliver(service);
    expect(MAIL.sent).toMatchObject([{ kind: 'order.received', way: 'plain' }]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE', reason: null });
    const [delivery] = await deliveriesOf(service, id);
    expect(delivery).toMatchObject({ status: 'ACCEPTED', attempts: [{ outcome: 'accepted' }] });
  });

  it('waits for its time', async () => {
    const order = await anOrder();
    await owe(service, order.id, { dueAt: service.clock.now() + 1 });
    expect(await deliver(service)).toBe(0);
    service.clock.advance(1);
    await deliver(service);
    expect(MAIL.sent).toHaveLength(1);
  });

  it('is not sent when its order is cancelled, though it was queued before', async () => {
    const order = await anOrder();
    const id = await owe(service, order.id, { kind: 'DROP_OFF_REMINDER', occasion: 'x' });
    await cancelOrder(service, aCancellation(order));
    await service.rows(`UPDATE message SET state = 'OWED', reason = NULL WHERE id = $1`, [id]);
    await service.rows(`DELETE FROM message WHERE order_id = $1 AND id <> $2`, [order.id, id]);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'SKIPPED', reason: 'STALE_EVENT' });
    expect(MAIL.sent).toHaveLength(0);
  });

  it('is not sent when it is of no use any more', async () => {
    const order = await anOrder();
    const id = await owe(service, order.id, { usefulForMs: HOUR });
    service.clock.advance(HOUR);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({
      ...{ state: 'SKIPPED', reason: 'EXPIRED_BEFORE_SEND' },
    });
    expect(MAIL.sent).toHaveLength(0);
  });

  it.each([
    ['the later of two of a kind', 'PROGRESS', 'PROGRESS'],
    ['the day itself instead of the reminder', 'PICK_UP_REMINDER', 'PICK_UP_DAY'],
    ['that it moved instead of the booking', 'ORDER_BOOKED', 'MOVED'],
  ])('after an outage, one says it all: %s', async (_, first, second) => {
    const order = await anOrder();
    service.clock.set(at('Mon 09:00'));
    const older = await owe(service, order.id, { kind: first, occasion: 'a', usefulForMs: HOUR });
    const newer = await owe(service, order.id, { kind: second, occasion: 'b' });
    await deliver(service);
    expect(await messageOf(service, older)).toMatchObject({ state: 'SKIPPED', reason: 'MERGED' });
    expect(await messageOf(service, newer)).toMatchObject({ state: 'DONE' });
    expect(MAIL.sent).toHaveLength(1);
  });

  it('is sent if the one that would say it all is of no use any more', async () => {
    const order = await anOrder();
    const older = await owe(service, order.id, { kind: 'PICK_UP_REMINDER' });
    await owe(service, order.id, { kind: 'PICK_UP_DAY', usefulForMs: 0 });
    await deliver(service);
    expect(await messageOf(service, older)).toMatchObject({ state: 'DONE' });
  });

  it('does not follow one that said it all before', async () => {
    const order = await anOrder();
    await owe(service, order.id, { kind: 'PICK_UP_DAY' });
    await deliver(service);
    const late = await owe(service, order.id, { kind: 'PICK_UP_REMINDER' });
    await deliver(service);
    expect(await messageOf(service, late)).toMatchObject({ state: 'SKIPPED', reason: 'MERGED' });
  });
});

describe('quiet hours', () => {
  it('keep what can wait until their end, and not what answers the customer', async () => {
    const order = await anOrder();
    service.clock.set(at('Mon 23:00'));
    const quiet = await owe(service, order.id, { kind: 'PROGRESS', usefulForMs: 12 * HOUR });
    const loud = await owe(service, order.id, { kind: 'RECEIPT' });
    await deliver(service);
    expect(await messageOf(service, loud)).toMatchObject({ state: 'DONE' });
    const waiting = await messageOf(service, quiet);
    expect(waiting).toMatchObject({ state: 'OWED', reason: 'QUIET_HOURS_DEFERRED' });
    expect(waiting.due_at.getTime()).toBeGreaterThanOrEqual(at('Tue 08:00'));
    expect(waiting.due_at.getTime()).toBeLessThanOrEqual(at('Tue 08:05'));
    service.clock.set(at('Tue 08:05'));
    await deliver(service);
    expect(await messageOf(service, quiet)).toMatchObject({ state: 'DONE', reason: null });
  });

  it('do not end in a burst', async () => {
    const order = await anOrder();
    service.clock.set(at('Mon 23:00'));
    const parts = { kind: 'FINDING', usefulForMs: 12 * HOUR };
    const ids = await Promise.all(
      ['a', 'b', 'c', 'd'].map((occasion) => owe(service, order.id, { ...parts, occasion })),
    );
    await deliver(service);
    const waiting = await Promise.all(ids.map((id) => messageOf(service, id)));
    const times = new Set(waiting.map(({ due_at: dueAt }) => dueAt.getTime()));
    expect(times.size).toBeGreaterThan(1);
  });

  it('are those of the recipient, in their zone', async () => {
    const order = await anOrder();
    await service.rows(
      `INSERT INTO message_preference (customer_id, time_zone, quiet_from, quiet_to, updated_at)
       SELECT customer_id, 'America/New_York', 1200, 360, now() FROM customer_order WHERE id = $1`,
      [order.id],
    );
    // Monday 08:30 in New York, then 23:00 on Sunday.
    service.clock.set(at('Mon 20:30'));
    const awake = await owe(service, order.id, { kind: 'PROGRESS', occasion: 'a' });
    await deliver(service);
    service.clock.set(at('Mon 11:00'));
    const asleep = await owe(service, order.id, {
      ...{ kind: 'PROGRESS', occasion: 'b', version: 2, usefulForMs: 24 * HOUR },
    });
    await deliver(service);
    expect(await messageOf(service, awake)).toMatchObject({ state: 'DONE' });
    const waiting = await messageOf(service, asleep);
    expect(waiting.state).toBe('OWED');
    expect(waiting.due_at.getTime()).toBeGreaterThanOrEqual(at('Mon 18:00'));
    expect(waiting.due_at.getTime()).toBeLessThanOrEqual(at('Mon 18:05'));
  });

  it('end what is of no use after them', async () => {
    const order = await anOrder();
    service.clock.set(at('Mon 23:00'));
    const id = await owe(service, order.id, { kind: 'PROGRESS', usefulForMs: HOUR });
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({
      ...{ state: 'SKIPPED', reason: 'EXPIRED_BEFORE_SEND' },
    });
  });

  it('hold a retry back as well', async () => {
    const order = await anOrder();
    service.clock.set(at('Mon 21:00') - 10_000);
    const id = await owe(service, order.id, { kind: 'PROGRESS', usefulForMs: 24 * HOUR });
    MAIL.answers(temporary());
    await deliver(service);
    service.clock.set(at('Mon 21:00') + 30_000);
    await deliver(service);
    expect(MAIL.sent).toHaveLength(1);
    service.clock.set(at('Tue 08:05'));
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  });
});

describe('what a customer wants', () => {
  const prefer = async (orderId: string, channels: string, offChannels: string, kinds: string) => {
    await service.rows(
      `INSERT INTO message_preference (customer_id, channels, off_channels, off_kinds, updated_at)
       SELECT customer_id, $2, $3, $4, now() FROM customer_order WHERE id = $1`,
      [orderId, channels, offChannels, kinds],
    );
  };
  const both = { name: 'Mei Lin' };

  it('goes out on the channel they like best', async () => {
    const order = await aQuietOrder(service, { customer: { ...both, phone: newPhone() } });
    await prefer(order.id, '{mail,sms}', '{}', '{}');
    await owe(service, order.id);
    await deliver(service);
    expect([SMS.sent.length, MAIL.sent.length]).toEqual([0, 1]);
  });

  it.each([
    ['a kind that they turned off', '{}', '{RECEIPT}', 'RECEIPT'],
    ['every channel that there is', '{sms,mail}', '{}', 'RECEIPT'],
  ])('is not told of %s', async (_, offChannels, offKinds, kind) => {
    const order = await anOrder();
    await prefer(order.id, '{}', offChannels, offKinds);
    const id = await owe(service, order.id, { kind });
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'SKIPPED', reason: 'OPTED_OUT' });
  });

  it('does not keep them from what they have to know', async () => {
    const order = await anOrder();
    await prefer(order.id, '{}', '{sms,mail}', '{FINDING}');
    const id = await owe(service, order.id, { kind: 'FINDING' });
    service.clock.set(at('Mon 12:00'));
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  });

  it('has no say in what headquarters tell nobody', async () => {
    const order = await anOrder();
    await setPolicy(service, { off: ['RECEIPT'] });
    const id = await owe(service, order.id);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'SKIPPED', reason: 'KIND_OFF' });
  });
});

describe('somebody who cannot be reached', () => {
  it('is called by the store of the pick-up, once', async () => {
    const order = await anOrder();
    await service.rows(
      `DELETE FROM contact WHERE customer_id = (SELECT customer_id FROM customer_order WHERE id = $1)`,
      [order.id],
    );
    const id = await owe(service, order.id);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({
      ...{ state: 'FAILED', reason: 'NO_ADDRESS' },
      passed_over: [
        { channel: 'sms', account: 'default', reason: 'NO_ADDRESS' },
        { channel: 'mail', account: 'default', reason: 'NO_ADDRESS' },
      ],
    });
    const tasks = await service.rows(`SELECT * FROM staff_task WHERE cause = $1`, [id]);
    expect(tasks).toMatchObject([
      { kind: 'CALL_CUSTOMER', store_code: 'B', order_id: order.id, reason: 'NO_ADDRESS' },
    ]);
  });

  it('is not written to again at an address that is none', async () => {
    const order = await anOrder();
    MAIL.answers(refused('recipient'));
    const first = await owe(service, order.id);
    await deliver(service);
    const second = await owe(service, order.id);
    await deliver(service);
    expect(MAIL.sent).toHaveLength(1);
    expect(await messageOf(service, first)).toMatchObject({ reason: 'ADDRESS_INVALID' });
    expect(await messageOf(service, second)).toMatchObject({ reason: 'ADDRESS_INVALID' });
  });
});

describe('the metrics', () => {
  it('tell what was sent, and for how long what is due has been waiting', async () => {
    const metrics = service.app.get(Metrics, { strict: false });
    const valueOf = async (name: string): Promise<number> => {
      const line = (await metrics.text()).split('\n').find((one) => one.startsWith(`${name} `));
      return Number(line?.split(' ')[1]);
    };
    const order = await anOrder();
    const before = await valueOf('welt_delivery_attempts_total');
    await owe(service, order.id, { dueAt: service.clock.now() - 90_000 });
    expect(await valueOf('welt_messages_overdue_seconds')).toBe(90);
    await deliver(service);
    expect(await valueOf('welt_messages_overdue_seconds')).toBe(0);
    expect(await valueOf('welt_delivery_attempts_total')).toBe(before + 1);
  });
});
