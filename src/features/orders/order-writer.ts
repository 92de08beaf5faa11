import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Network } from '../../core/network/network.ts';
import type { OrderEventKind } from '../../core/orders/events.ts';
import type { AppointmentData, OrderData } from '../../core/orders/order.ts';
import type { OrderStatus } from '../../core/orders/states.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run, together } from '../../platform/database/statement.ts';
import { Outbox } from '../messages/index.ts';

/** What happened to an order, why, and who did it. */
export interface OrderEvent {
  readonly id: string;
  readonly kind: OrderEventKind;
  /** Id of the caller; holds no personal data. */
  readonly actor: string;
  readonly at: EpochMs;
  readonly reason?: string | null;
  /** What belongs to the happening alone: stage, explanation, price, photo. */
  readonly details?: object | null;
}

/** The next version of an order with its event. */
export interface OrderUpdate {
  readonly before: OrderData;
  readonly after: OrderData;
  readonly event: OrderEvent;
}

interface VersionRow {
  readonly chain_version: string;
}

/** The only code that writes orders: the order, its event, and what is owed for it. */
@Injectable()
export class OrderWriter {
  constructor(private readonly outbox: Outbox) {}

  /**
   * @param network that the order was decided on
   * @returns the version of the chain, read after the transaction made sure that it stays
   */
  async insert(
    tx: EntityManager,
    network: Network,
    order: OrderData,
    customerId: string,
    event: OrderEvent,
  ): Promise<number> {
    const values = [
      order.id,
      order.ticketCode,
      customerId,
      order.status,
      order.version,
      JSON.stringify(order.promise),
      new Date(event.at),
      JSON.stringify(order.items),
      JSON.stringify([order.dropOff, order.pickUp].map(appointmentRow)),
      ...eventValues(order, event, null),
    ];
    const inserted = run<VersionRow>(tx, INSERT_ORDER, values);
    const [[row]] = await together([inserted, this.outbox.owe(tx, event, order, network)]);
    return Number(row!.chain_version);
  }

  /**
   * Writes `after` over `before`, of which it is the next version.
   *
   * @param network that the change was decided on
   * @returns the version of the chain; null: the order is no longer at the version of `before`
   */
  async update(
    tx: EntityManager,
    network: Network,
    before: OrderData,
    after: OrderData,
    event: OrderEvent,
  ): Promise<number | null> {
    const values = [
      after.id,
      before.version,
      after.status,
      after.version,
      JSON.stringify(after.promise),
      new Date(event.at),
      JSON.stringify([after.dropOff, after.pickUp].map(appointmentRow)),
      ...eventValues(after, event, before),
    ];
    const [row] = await run<VersionRow>(tx, UPDATE_ORDER, values);
    if (row === undefined) return null;
    const isSameItems = JSON.stringify(before.items) === JSON.stringify(after.items);
    await together([
      this.outbox.owe(tx, event, after, network),
      ...(isSameItems ? [] : [run(tx, WRITE_ITEMS, [after.id, JSON.stringify(after.items)])]),
    ]);
    return Number(row.chain_version);
  }

  /**
   * As {@link update}, of many orders in two statements, whose rows the transaction has locked already.
   * Items stay as they are.
   *
   * @returns the ids of those that were still at the version of their `before`, and so were written
   */
  async updateMany(
    tx: EntityManager,
    network: Network,
    updates: readonly OrderUpdate[],
  ): Promise<ReadonlySet<string>> {
    if (updates.length === 0) return new Set();
    const rows = updates.map(({ before, after, event }) => ({
      ...event,
      at: new Date(event.at),
      orderId: after.id,
      oldVersion: before.version,
      before: replacedIn(before, after),
      after,
    }));
    const owing = updates.filter((update) => !owesTheSame(update));
    const [written] = await together([
      run<{ id: string }>(tx, UPDATE_ORDERS, [JSON.stringify(rows)]),
      this.outbox.oweMany(tx, owing, network),
    ]);
    return new Set(written.map(({ id }) => id));
  }
}

/** Goods that go on their way make nothing true that was not, unless somebody is told of it. */
function owesTheSame({ before, after, event }: OrderUpdate): boolean {
  return (
    event.kind === 'TRAVELLED' &&
    isUnderWay(before.status) &&
    isUnderWay(after.status) &&
    before.pickUp === after.pickUp &&
    before.promise === after.promise
  );
}

const isUnderWay = (status: OrderStatus): boolean =>
  status === 'RECEIVED' || status === 'IN_TRANSIT' || status === 'IN_CARE';

const appointmentRow = (appointment: AppointmentData) => ({
  ...appointment,
  start: new Date(appointment.start),
  end: new Date(appointment.end),
});

function eventValues(after: OrderData, event: OrderEvent, before: OrderData | null) {
  const replaced = before === null ? null : JSON.stringify(replacedIn(before, after));
  const { id, kind, actor, reason = null, details = null } = event;
  return [id, kind, actor, replaced, JSON.stringify(after), reason, details];
}

/** The fields of `before` that `after` has otherwise. */
function replacedIn(before: OrderData, after: OrderData): Partial<OrderData> {
  const fields = Object.keys(after) as (keyof OrderData)[];
  const changed = fields.filter((f) => JSON.stringify(before[f]) !== JSON.stringify(after[f]));
  return Object.fromEntries(changed.map((field) => [field, before[field]]));
}

const INSERT_ORDER = {
  name: 'order-insert',
  text: `
    WITH placed AS (
      INSERT INTO customer_order
        (id, ticket_code, customer_id, status, version, promise, created_at, updated_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
    ), items AS (
      INSERT INTO order_item (order_id, position, description, service_codes, pairs, price_minor, currency)
      SELECT $1, position, item->>'description',
             ARRAY(SELECT jsonb_array_elements_text(item->'serviceCodes')), (item->>'pairs')::smallint,
             (item#>>'{price,minor}')::int, item#>>'{price,currency}'
        FROM jsonb_array_elements($8::jsonb) WITH ORDINALITY AS given (item, position)
    ), visits AS (
      INSERT INTO appointment (id, order_id, kind, store_code, starts_at, ends_at, status)
      SELECT id, $1, kind, "storeCode", "start", "end", status
        FROM jsonb_to_recordset($9::jsonb) AS given
             (id uuid, kind text, "storeCode" text, "start" timestamptz, "end" timestamptz, status text)
    ), logged AS (
      INSERT INTO event (id, order_id, version, kind, actor, at, before, after, reason, details)
      VALUES ($10, $1, $5, $11, $12, $7, $13, $14, $15, $16)
    )
    SELECT version AS chain_version FROM chain`,
};

const WRITE_ITEMS = {
  name: 'order-items-write',
  text: `
    WITH given AS (
      SELECT position, item->>'description' AS description,
             ARRAY(SELECT jsonb_array_elements_text(item->'serviceCodes')) AS service_codes,
             (item->>'pairs')::smallint AS pairs, (item#>>'{price,minor}')::int AS price_minor,
             item#>>'{price,currency}' AS currency
        FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS items (item, position)
    ), written AS (
      INSERT INTO order_item AS i (order_id, position, description, service_codes, pairs, price_minor, currency)
      SELECT $1, position, description, service_codes, pairs, price_minor, currency FROM given
      ON CONFLICT (order_id, position) DO UPDATE
         SET description = excluded.description, service_codes = excluded.service_codes,
             pairs = excluded.pairs, price_minor = excluded.price_minor, currency = excluded.currency
    )
    DELETE FROM order_item WHERE order_id = $1 AND position > (SELECT count(*) FROM given)`,
};

const UPDATE_ORDER = {
  name: 'order-update',
  text: `
    WITH changed AS (
      UPDATE customer_order SET status = $3, version = $4, promise = $5, updated_at = $6
       WHERE id = $1 AND version = $2
      RETURNING id
    ), visits AS (
      UPDATE appointment a SET store_code = given."storeCode", starts_at = given."start",
             ends_at = given."end", status = given.status
        FROM changed, jsonb_to_recordset($7::jsonb) AS given
             (id uuid, "storeCode" text, "start" timestamptz, "end" timestamptz, status text)
       WHERE a.id = given.id AND a.order_id = changed.id
    ), logged AS (
      INSERT INTO event (id, order_id, version, kind, actor, at, before, after, reason, details)
      SELECT $8, id, $4, $9, $10, $6, $11, $12, $13, $14 FROM changed
    )
    SELECT version AS chain_version FROM chain, changed`,
};

const UPDATE_ORDERS = {
  name: 'orders-update-many',
  text: `
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS given
        ("orderId" uuid, "oldVersion" int, id uuid, kind text, actor text, at timestamptz, before jsonb,
         after jsonb, reason text, details jsonb)
    ), changed AS (
      UPDATE customer_order o
         SET status = after->>'status', version = (after->>'version')::int, promise = after->'promise',
             updated_at = given.at
        FROM given WHERE o.id = given."orderId" AND o.version = given."oldVersion"
      RETURNING o.id
    ), visits AS (
      UPDATE appointment a
         SET store_code = visit->>'storeCode', status = visit->>'status',
             starts_at = to_timestamp((visit->>'start')::bigint / 1000.0),
             ends_at = to_timestamp((visit->>'end')::bigint / 1000.0)
        FROM given JOIN changed ON changed.id = given."orderId",
             LATERAL (VALUES (after->'dropOff'), (after->'pickUp')) AS visits (visit)
       WHERE given.before ?| '{dropOff,pickUp}'
         AND a.id = (visit->>'id')::uuid AND a.order_id = changed.id
    ), logged AS (
      INSERT INTO event (id, order_id, version, kind, actor, at, before, after, reason, details)
      SELECT given.id, changed.id, (after->>'version')::int, kind, actor, at, before, after, reason, details
        FROM given JOIN changed ON changed.id = given."orderId"
    )
    SELECT id FROM changed`,
};
