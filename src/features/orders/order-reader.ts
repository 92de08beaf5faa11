import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { validate as isUuid } from 'uuid';

import type { Claim } from '../../core/claims/claim.ts';
import type {
  AppointmentData,
  OrderData,
  OrderItem,
  PromiseData,
} from '../../core/orders/order.ts';
import type { AppointmentStatus, OrderStatus } from '../../core/orders/states.ts';
import { run } from '../../platform/database/statement.ts';
import { startAfter, type PageRequest } from '../../platform/graphql/page.ts';
import type { CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { claimsFrom, type ClaimRow } from '../capacity/index.ts';
import { VISIBLE, visibleTo } from './visibility.ts';

/** An order with what it has taken. */
export interface OrderWithClaims {
  readonly order: OrderData;
  readonly claims: readonly Claim[];
}

interface OrderRow extends ClaimRow {
  readonly id: string;
  readonly ticket_code: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly promise: PromiseData;
  readonly items: readonly OrderItem[];
  readonly appointments: readonly AppointmentRow[];
}

interface AppointmentRow extends Omit<AppointmentData, 'status'> {
  readonly status: AppointmentStatus;
}

/** Reads orders, each in one statement, for those who may see them. To everybody else there is none. */
@Injectable()
export class OrderReader {
  constructor(private readonly db: DataSource) {}

  async byId(id: string, caller: SignedInCaller): Promise<OrderWithClaims | null> {
    return isUuid(id) ? this.one('o.id = $1', 'id', id, caller) : null;
  }

  async byAppointment(id: string, caller: SignedInCaller): Promise<OrderWithClaims | null> {
    const which = 'o.id = (SELECT order_id FROM appointment WHERE id = $1)';
    return isUuid(id) ? this.one(which, 'appointment', id, caller) : null;
  }

  /** A customer's own orders, newest first; ids are in order of booking. */
  async ownedBy(
    { contact }: CustomerCaller,
    page: PageRequest,
  ): Promise<readonly OrderWithClaims[]> {
    const values = [contact.kind, contact.value, startAfter(page), page.first];
    return (await run<OrderRow>(this.db, OWNED_BY, values)).map(orderFrom);
  }

  /** Orders by id, for headquarters; unordered. */
  async many(ids: readonly string[], from?: EntityManager): Promise<readonly OrderWithClaims[]> {
    const statement = { name: 'orders-by-ids', text: `${SELECT_ORDER} WHERE o.id = ANY ($1)` };
    const rows = await run<OrderRow>(from ?? this.db, statement, [ids]);
    return rows.map(orderFrom);
  }

  /** Locks open orders whose ids come after `after`, in order of id. @returns their ids */
  async lockOpenAfter(
    tx: EntityManager,
    after: string | null,
    most: number,
  ): Promise<readonly string[]> {
    const rows = await run<{ id: string }>(tx, LOCK_OPEN, [after, most]);
    return rows.map(({ id }) => id);
  }

  /** The order as it was right after an event. @throws Error if there is no such event: that is a fault */
  async afterEvent(eventId: string): Promise<OrderData> {
    const [row] = await run<{ after: OrderData }>(this.db, AFTER_EVENT, [eventId]);
    if (row === undefined) throw new Error(`no event ${eventId}`);
    return row.after;
  }

  private async one(
    which: string,
    name: string,
    id: string,
    caller: SignedInCaller,
  ): Promise<OrderWithClaims | null> {
    const values = [id, ...visibleTo(caller)];
    const statement = {
      name: `order-by-${name}`,
      text: `${SELECT_ORDER} WHERE ${which} AND ${VISIBLE}`,
    };
    const [row] = await run<OrderRow>(this.db, statement, values);
    return row === undefined ? null : orderFrom(row);
  }
}

const SELECT_ORDER = `
  SELECT o.id, o.ticket_code, o.status, o.version, o.promise,
         c.resources, c.starts, c.amounts,
         (SELECT json_agg(json_strip_nulls(json_build_object('description', description,
                   'serviceCodes', service_codes, 'pairs', pairs, 'price', CASE WHEN currency IS NOT NULL
                     THEN json_build_object('minor', price_minor, 'currency', currency) END))
                 ORDER BY position)
            FROM order_item WHERE order_id = o.id) AS items,
         (SELECT json_agg(json_build_object('id', id, 'kind', kind, 'storeCode', store_code,
                   'start', (extract(epoch FROM starts_at) * 1000)::bigint,
                   'end', (extract(epoch FROM ends_at) * 1000)::bigint, 'status', status))
            FROM appointment WHERE order_id = o.id) AS appointments
    FROM customer_order o JOIN claim c ON c.owner_id = o.id`;

const OWNED_BY = {
  name: 'orders-owned-by',
  text: `${SELECT_ORDER}
          WHERE o.customer_id = (SELECT customer_id FROM contact WHERE kind = $1 AND value = $2)
            AND ($3::uuid IS NULL OR o.id < $3)
          ORDER BY o.id DESC LIMIT $4`,
};

const LOCK_OPEN = {
  name: 'orders-lock-open',
  text: `SELECT id FROM customer_order
          WHERE ($1::uuid IS NULL OR id > $1) AND status NOT IN ('CANCELLED', 'COLLECTED')
          ORDER BY id LIMIT $2 FOR UPDATE`,
};

const AFTER_EVENT = {
  name: 'order-after-event',
  text: `SELECT after FROM event WHERE id = $1`,
};

function orderFrom(row: OrderRow): OrderWithClaims {
  const appointment = (kind: AppointmentData['kind']) =>
    row.appointments.find((candidate) => candidate.kind === kind)!;
  const order = {
    id: row.id,
    ticketCode: row.ticket_code,
    status: row.status,
    version: row.version,
    items: row.items,
    dropOff: appointment('DROP_OFF'),
    pickUp: appointment('PICK_UP'),
    promise: row.promise,
  };
  return { order, claims: claimsFrom(row) };
}
