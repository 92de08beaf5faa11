import { afterAll, beforeAll, expect, it } from 'vitest';
import { DataSource } from 'typeorm';

import { DaySheets } from '../../src/features/board/index.ts';
import { MessageForgetting } from '../../src/features/deliveries/index.ts';
import { Media } from '../../src/features/media/index.ts';
import { OrderForgetting, RecordProgress } from '../../src/features/orders/index.ts';
import { ForgetJob } from '../../src/jobs/forget.job.ts';
import { Clock } from '../../src/platform/clock.ts';
import { CONFIG, type Config } from '../../src/platform/config/config.ts';
import {
  aBooking,
  bookOrder,
  cancelOrder,
  holdOrder,
  newKey,
  type BookingInput,
  type OrderAnswer,
} from '../support/bookings.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { anAccount, deliver } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const DAY_MS = 86_400_000;
const NETWORK = workedNetwork({ counter: { visits: 50 } });

let service: TestService;
let open: OrderAnswer;
let collected: OrderAnswer;
let cancelled: OrderAnswer;
let keyOfOpen: string;

const count = async (text: string, values: unknown[] = []): Promise<number> => {
  const [row] = await service.rows<{ count: number }>(`SELECT count(*)::int FROM ${text}`, values);
  return row!.count;
};

async function booked(booking: BookingInput): Promise<OrderAnswer> {
  const order = await bookOrder(service, booking);
  expect(order).toMatchObject({ __typename: 'Order' });
  return order;
}

const messagesOf = (order: OrderAnswer) => count('message WHERE order_id = $1', [order.id]);

/** Buckets whose sum is not that of all claims. */
const unequalBuckets = () =>
  count(`ledger l FULL JOIN (
           SELECT resource, start, sum(amount) AS claimed
             FROM claim, unnest(resources, starts, amounts) AS had (resource, start, amount)
            GROUP BY resource, start
         ) c USING (resource, start)
         WHERE coalesce(l.taken, 0) <> coalesce(c.claimed, 0)`);

function aJob(): ForgetJob {
  const get = <T>(what: abstract new (...args: never[]) => T): T =>
    service.app.get(what, { strict: false });
  const config = service.app.get<Config>(CONFIG, { strict: false });
  return new ForgetJob(
    config,
    get(Clock),
    get(OrderForgetting),
    get(MessageForgetting),
    get(DaySheets),
    get(Media),
  );
}

beforeAll(async () => {
  const channel = new FakeChannel('told');
  service = await startService({ network: NETWORK, channels: [channel] });
  await anAccount(service, 'told');
  const booking = aBooking();
  keyOfOpen = booking.requestKey;
  open = await booked(booking);
  collected = await booked(aBooking());
  cancelled = await booked(aBooking({ dropOff: 'A Tue 10:30', pickUp: 'B Wed 20:30' }));
  await holdOrder(service, aBooking({ dropOff: 'A Tue 10:30', pickUp: 'B Wed 20:30' }));
  await deliver(service);
  const progress = service.app.get(RecordProgress, { strict: false });
  const caller = { role: 'hq', id: 'hq' } as const;
  for (const kind of ['RECEIVED', 'READY', 'COLLECTED'] as const) {
    await progress.run({ caller, requestKey: newKey(), orderId: collected.id, kind });
  }
  await cancelOrder(service, {
    requestKey: newKey(),
    orderId: cancelled.id,
    expectedVersion: cancelled.version,
  });
  await deliver(service);
}, 60_000);

afterAll(() => service.stop());

it('forgets nothing while it is fresh', async () => {
  const before = await messagesOf(collected);
  expect(before).toBeGreaterThan(0);
  service.clock.advance(20 * DAY_MS);
  await aJob().run();
  expect(await messagesOf(collected)).toBe(before);
  expect(await count('request_key')).toBeGreaterThan(0);
});

it('gives back what orders that are over had of windows long past, and keeps the sum', async () => {
  expect(await count(`ledger WHERE taken > 0`)).toBeGreaterThan(0);
  service.clock.advance(90 * DAY_MS);
  await aJob().run();
  const claimsOf = async (order: OrderAnswer) =>
    (
      await service.rows<{ many: number }>(
        'SELECT cardinality(resources) AS many FROM claim WHERE owner_id = $1',
        [order.id],
      )
    )[0]!.many;
  expect(await claimsOf(collected)).toBe(0);
  expect(await claimsOf(open)).toBeGreaterThan(0);
  expect(await unequalBuckets()).toBe(0);
  expect(await count('ledger WHERE taken = 0')).toBe(0);
});

it('keeps the messages of an order that is not over, and deletes those of the others', async () => {
  const ofOpen = await messagesOf(open);
  expect(ofOpen).toBeGreaterThan(0);
  service.clock.advance(400 * DAY_MS);
  await aJob().run();
  expect(await messagesOf(collected)).toBe(0);
  expect(await messagesOf(cancelled)).toBe(0);
  expect(
    await count('delivery d WHERE NOT EXISTS (SELECT FROM message WHERE id = d.message_id)'),
  ).toBe(0);
  expect(await messagesOf(open)).toBe(ofOpen);
  expect(await count('event WHERE order_id = $1', [collected.id])).toBe(4);
});

it('forgets request keys, and holds that ended', async () => {
  const past = `clock_timestamp() - interval '40 days'`;
  await service.rows(`UPDATE hold SET ended_at = ${past}`);
  await service.rows(`UPDATE request_key SET created_at = ${past} WHERE key = $1`, [keyOfOpen]);
  await aJob().run();
  expect(await count('request_key WHERE key = $1', [keyOfOpen])).toBe(0);
  expect(await count('request_key')).toBeGreaterThan(0);
  expect(await count('hold')).toBe(0);
});

it('may run in several processes at once', async () => {
  const db = service.app.get(DataSource, { strict: false });
  await db.query(
    `INSERT INTO request_key (caller, key, content_hash, answer_id, created_at)
     SELECT 'hq', 'many-' || n, '', gen_random_uuid(), '2020-01-01' FROM generate_series(1, 2500) AS n`,
  );
  const forgotten = await Promise.all([aJob().run(), aJob().run(), aJob().run()]);
  expect(forgotten.reduce((sum, each) => sum + each)).toBe(2500);
});
