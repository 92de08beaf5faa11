import { DataSource } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { OrderData } from '../../src/core/orders/order.ts';
import { Outbox } from '../../src/features/messages/index.ts';
import { run as query } from '../../src/platform/database/statement.ts';
import { ground } from './support/ground.ts';
import { fillMessages, sampleOrder } from './support/many-messages.ts';
import { measure, type Measure } from './support/measure.ts';
import { recordBookings, repeater, ReplayClient } from './support/replay.ts';
import { silentService } from './support/silent-service.ts';
import { wishes } from './support/wishes.ts';

const RUNS = 5;
const ORDERS = 1000;
const MESSAGES_BEFORE = 100_000;
const RECORDED = 200;
/** News of the booking, and reminders. */
const KINDS_OF_A_BOOKING = 5;

/**
 * What it costs to owe messages inside a transaction: deciding which, and writing them, against a bare
 * insert of one row into the same table; each with its round trip, without begin and commit. And as a
 * share of all that a booking sends.
 */
export async function run(): Promise<readonly Measure[]> {
  const base = await ground();
  const url = await base.emptyDatabase('owed');
  const now = Date.now();
  await fillMessages(url, { due: 0, later: MESSAGES_BEFORE }, now);
  const app = await silentService(url);
  const perBooking: number[] = [];
  const bare: number[] = [];
  try {
    const [db, outbox] = [app.get(DataSource), app.get(Outbox, { strict: false })];
    const { network } = base;
    for (let turn = 0; turn <= RUNS; turn++) {
      const orders = await newOrders(db, sampleOrder(now));
      const ours = await db.transaction((tx) =>
        timed(orders, (order) => outbox.owe(tx, { kind: 'BOOKED', at: now }, order, network)),
      );
      const limit = await db.transaction((tx) =>
        timed(orders, (order) => query(tx, INSERT, [newId(), order.id, new Date(now)])),
      );
      // The first turn warms up.
      if (turn === 0) continue;
      perBooking.push(ours);
      bare.push(limit);
    }
  } finally {
    await app.close();
  }
  const each = perBooking.map((microseconds) => microseconds / KINDS_OF_A_BOOKING);
  const whole = await statementsOfBooking();
  const shares = perBooking.map((microseconds) => (100 * microseconds) / whole);
  return [
    measure('owe, one message of a booking', 'us', each, bare),
    measure('owe, all five of a booking', 'us', perBooking, bare),
    measure('owe, share of the statements of a booking', '%', shares),
  ];
}

/** In microseconds for each. */
async function timed(
  orders: readonly OrderData[],
  one: (order: OrderData) => Promise<unknown>,
): Promise<number> {
  const begin = performance.now();
  for (const order of orders) await one(order);
  return (1000 * (performance.now() - begin)) / orders.length;
}

async function newOrders(db: DataSource, sample: OrderData): Promise<readonly OrderData[]> {
  const orders = Array.from({ length: ORDERS }, () => ({ ...sample, id: newId() }));
  await db.query(
    `INSERT INTO customer_order
       (id, ticket_code, customer_id, status, version, promise, created_at, updated_at)
     SELECT id, id::text, (SELECT min(id::text)::uuid FROM customer), 'BOOKED', 1, '{}', now(), now()
       FROM unnest($1::uuid[]) AS id`,
    [orders.map(({ id }) => id)],
  );
  return orders;
}

const INSERT = {
  name: 'bench-bare-insert',
  text: `INSERT INTO message (id, order_id, kind, occasion, order_version, state, planned_at, due_at,
                              useful_until, owed_at)
         VALUES ($1, $2, 'BARE', 'v1', 1, 'OWED', $3, $3, $3, $3)`,
};

/** In microseconds: what all statements of one booking take, replayed by one bare connection. */
async function statementsOfBooking(): Promise<number> {
  const { chain, network, databaseUrl } = await ground();
  const wished = wishes(chain, network, Date.now(), { seed: 77 });
  const recorded = await recordBookings(databaseUrl, wished, RECORDED);
  const client = new ReplayClient(databaseUrl, recorded.map((one) => repeater(one)()).values());
  await client.connect();
  try {
    const begin = performance.now();
    for (let done = 0; done < recorded.length; done++) await client.replay();
    return (1000 * (performance.now() - begin)) / recorded.length;
  } finally {
    await client.close();
  }
}
