import type pg from 'pg';

import type { Claim } from '../../src/core/claims/claim.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { AppointmentData, OrderData } from '../../src/core/orders/order.ts';
import type { Proposal } from '../../src/core/orders/propose.ts';
import { claimsFrom, type ClaimRow } from '../../src/features/capacity/index.ts';

export interface StoredEvent {
  readonly id: string;
  readonly order_id: string;
  readonly version: number;
  readonly after: OrderData;
}

export interface StoredHold {
  readonly id: string;
  readonly ended: boolean;
  readonly expired: boolean;
  readonly proposal: Proposal;
}

/** An order as its rows have it; there may be too few or too many appointments. */
export interface StoredOrder extends Omit<OrderData, 'dropOff' | 'pickUp'> {
  readonly appointments: readonly AppointmentData[];
}

/** Everything that has to fit together. */
export interface StoredState {
  readonly ledger: readonly Claim[];
  readonly claims: ReadonlyMap<string, readonly Claim[]>;
  readonly orders: readonly StoredOrder[];
  /** Of each order, by version. */
  readonly events: ReadonlyMap<string, readonly StoredEvent[]>;
  readonly holds: readonly StoredHold[];
  readonly keys: readonly { readonly key: string; readonly answer_id: string }[];
  /** Ids of what else a request can have written. */
  readonly effects: readonly string[];
}

/** Of one snapshot, while others work. */
export async function readState(db: pg.Pool): Promise<StoredState> {
  const client = await db.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return await readStateIn(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** As the transaction of this connection sees it. */
export async function readStateIn(client: pg.ClientBase): Promise<StoredState> {
  const rows = async <Row extends pg.QueryResultRow>(text: string): Promise<Row[]> =>
    (await client.query<Row>(text)).rows;
  const ledger = await rows<{ resource: string; start: Date; amount: number }>(
    `SELECT resource, start, taken AS amount FROM ledger`,
  );
  const claims = await rows<ClaimRow & { owner_id: string }>(`SELECT * FROM claim`);
  const events = await rows<StoredEvent>(
    `SELECT id, order_id, version, after FROM event ORDER BY order_id, version`,
  );
  return {
    ledger: ledger.map((row) => ({ ...row, start: row.start.getTime() })),
    claims: new Map(claims.map((row) => [row.owner_id, claimsFrom(row)])),
    orders: await rows<StoredOrder>(ORDERS),
    events: byOrder(events),
    holds: await rows<StoredHold>(
      `SELECT id, ended_at IS NOT NULL AS ended, expires_at <= clock_timestamp() AS expired, proposal
         FROM hold ORDER BY id`,
    ),
    keys: await rows(`SELECT key, answer_id FROM request_key`),
    effects: (await rows<{ id: string }>(`SELECT id FROM disruption`)).map(({ id }) => id),
  };
}

function byOrder(events: readonly StoredEvent[]): ReadonlyMap<string, readonly StoredEvent[]> {
  const grouped = new Map<string, StoredEvent[]>();
  for (const event of events) {
    const others = grouped.get(event.order_id);
    if (others === undefined) grouped.set(event.order_id, [event]);
    else others.push(event);
  }
  return grouped;
}

const ORDERS = `
  SELECT o.id, o.ticket_code AS "ticketCode", o.status, o.version, o.promise,
         (SELECT coalesce(json_agg(json_strip_nulls(json_build_object('description', description,
                   'serviceCodes', service_codes, 'pairs', pairs,
                   'price', CASE WHEN currency IS NOT NULL
                     THEN json_build_object('minor', price_minor, 'currency', currency) END))
                   ORDER BY position), '[]')
            FROM order_item WHERE order_id = o.id) AS items,
         (SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'storeCode', store_code,
                   'start', (extract(epoch FROM starts_at) * 1000)::bigint,
                   'end', (extract(epoch FROM ends_at) * 1000)::bigint, 'status', status)
                   ORDER BY kind), '[]')
            FROM appointment WHERE order_id = o.id) AS appointments
    FROM customer_order o ORDER BY o.id`;

/** The chain as it is stored, compiled. */
export async function storedNetwork(db: pg.Pool): Promise<Network> {
  const { rows } = await db.query<{ kind: string; document: unknown; version: string }>(
    `SELECT p.kind, p.document, c.version FROM chain c JOIN network_part p ON true`,
  );
  const ofKind = (kind: string) =>
    rows.filter((row) => row.kind === kind).map((row) => row.document);
  const input = {
    stores: ofKind('store'),
    workshops: ofKind('workshop'),
    services: ofKind('service'),
    lines: ofKind('line'),
  } as unknown as NetworkInput;
  return compileNetwork(documentOf(input), Number(rows[0]?.version ?? 0));
}
