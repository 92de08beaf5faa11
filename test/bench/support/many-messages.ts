import pg from 'pg';

import type { OrderData } from '../../../src/core/orders/order.ts';
import { DAY_MS, type EpochMs } from '../../../src/core/time/time.ts';
import { anOrder } from '../../support/message-facts.ts';

const STORES = ['X-QUIET', 'X-STEADY'] as const;

/** What {@link fillMessages} writes: messages of orders of their own, a customer for ten of them. */
export interface MessageLoad {
  /** Due at once, of kind ORDER_BOOKED. */
  readonly due: number;
  /** Due in a month, reminders. */
  readonly later: number;
}

/** An order whose visits are some days ahead, for messages of every kind to be true. */
export function sampleOrder(now: EpochMs): OrderData {
  const order = anOrder(now + 3 * DAY_MS, now + 5 * DAY_MS);
  return {
    ...order,
    dropOff: { ...order.dropOff, storeCode: STORES[0] },
    pickUp: { ...order.pickUp, storeCode: STORES[1] },
  };
}

/**
 * Orders with their events, and messages that are owed for them, past the service: what a busy chain has
 * piled up. Ids grow in the order of writing, as the service's own do.
 */
export async function fillMessages(
  databaseUrl: string,
  { due, later }: MessageLoad,
  now: EpochMs,
): Promise<void> {
  const db = new pg.Client(databaseUrl);
  await db.connect();
  try {
    await db.query(CUSTOMERS, [Math.ceil((due + later) / 10)]);
    await db.query(ORDERS, [due + later, JSON.stringify(sampleOrder(now)), new Date(now)]);
    await db.query(MESSAGES, [due, later, new Date(now)]);
    await db.query('VACUUM (ANALYZE) message');
    await db.query('VACUUM (ANALYZE) customer_order');
    await db.query('VACUUM (ANALYZE) event');
  } finally {
    await db.end();
  }
}

/** A number as an id, after all numbers below it. */
const ID = (prefix: string, number: string): string =>
  `('${prefix}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`;

const CUSTOMERS = `
  WITH made AS (
    INSERT INTO customer (id, name, locale, created_at)
    SELECT ${ID('00000000', 'n')}, 'Customer ' || n, 'en', now() FROM generate_series(1, $1::int) AS n
    RETURNING id
  )
  INSERT INTO contact (kind, value, customer_id)
  SELECT 'email', 'told-' || n || '@example.com', ${ID('00000000', 'n')}
    FROM generate_series(1, $1::int) AS n`;

const ORDERS = `
  WITH orders AS (
    INSERT INTO customer_order
      (id, ticket_code, customer_id, status, version, promise, created_at, updated_at)
    SELECT ${ID('01000000', 'n')}, 'M' || n, ${ID('00000000', '1 + (n - 1) / 10')}, 'BOOKED', 1,
           $2::jsonb -> 'promise', $3, $3
      FROM generate_series(1, $1::int) AS n
  )
  INSERT INTO event (id, order_id, version, kind, actor, at, before, after)
  SELECT ${ID('02000000', 'n')}, ${ID('01000000', 'n')}, 1, 'BOOKED', 'bench', $3, NULL,
         $2::jsonb || jsonb_build_object('id', ${ID('01000000', 'n')}, 'ticketCode', 'M' || n)
    FROM generate_series(1, $1::int) AS n`;

const MESSAGES = `
  INSERT INTO message (id, order_id, kind, occasion, order_version, state, planned_at, due_at,
                       useful_until, owed_at)
  SELECT ${ID('03000000', 'n')}, ${ID('01000000', 'n')},
         CASE WHEN n <= $1 THEN 'ORDER_BOOKED' ELSE 'PICK_UP_REMINDER' END, 'v1', 1, 'OWED', at, at,
         at + interval '1 day', $3
    FROM generate_series(1, $1::int + $2::int) AS n,
         LATERAL (SELECT CASE WHEN n <= $1 THEN $3::timestamptz ELSE $3::timestamptz
                    + interval '30 days' + make_interval(secs => n) END AS at) AS times`;
