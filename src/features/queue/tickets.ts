import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { VisitKind } from '../../core/counter/remaining.ts';
import { run } from '../../platform/database/statement.ts';

/** An order that could be meant by a phone number. */
export interface CheckInOption {
  readonly orderId: string;
  readonly ticketCode: string;
  readonly visitKind: VisitKind;
  readonly start: Date;
  readonly end: Date;
}

const MOST = 20;

/** Finds the order that somebody at the counter has come for. */
@Injectable()
export class Tickets {
  constructor(private readonly db: DataSource) {}

  /** Null: there is none of this code. */
  async orderOf(ticketCode: string): Promise<string | null> {
    const [row] = await run<{ id: string }>(this.db, BY_CODE, [ticketCode]);
    return row?.id ?? null;
  }

  /** Visits at the store that are still to come, of all orders of a phone number, by start. */
  async ofPhone(storeCode: string, phone: string): Promise<readonly CheckInOption[]> {
    return run<CheckInOption & Record<string, unknown>>(this.db, BY_PHONE, [
      storeCode,
      phone,
      MOST,
    ]);
  }

  /** The order of this phone number that is in the line of the store. */
  async inLineOfPhone(storeCode: string, phone: string): Promise<string | null> {
    const [row] = await run<{ id: string }>(this.db, IN_LINE_BY_PHONE, [storeCode, phone]);
    return row?.id ?? null;
  }
}

const IN_LINE_BY_PHONE = {
  name: 'tickets-in-line-of-phone',
  text: `
    SELECT q.order_id AS id FROM contact p
      JOIN customer_order o ON o.customer_id = p.customer_id
      JOIN queue_entry q ON q.order_id = o.id
     WHERE p.kind = 'phone' AND p.value = $2 AND q.store_code = $1
       AND q.state IN ('WAITING', 'CALLED', 'SERVING', 'HELD')
     ORDER BY q.arrived_at, q.id LIMIT 1`,
};

const BY_CODE = {
  name: 'ticket-order',
  text: `SELECT id FROM customer_order WHERE ticket_code = $1`,
};

const BY_PHONE = {
  name: 'tickets-of-phone',
  text: `
    SELECT o.id AS "orderId", o.ticket_code AS "ticketCode", a.kind AS "visitKind",
           a.starts_at AS start, a.ends_at AS "end"
      FROM contact p
      JOIN customer_order o ON o.customer_id = p.customer_id
      JOIN appointment a ON a.order_id = o.id
     WHERE p.kind = 'phone' AND p.value = $2 AND a.store_code = $1
       AND a.status IN ('BOOKED', 'NO_SHOW')
       AND ((a.kind = 'DROP_OFF' AND o.status = 'BOOKED')
         OR (a.kind = 'PICK_UP' AND o.status = 'READY'))
     ORDER BY a.starts_at, a.id LIMIT $3`,
};
