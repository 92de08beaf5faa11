import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { run } from '../../platform/database/statement.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import { OrderReader, type OrderWithClaims } from '../orders/index.ts';

/** An order as the counter names it: by id, or by the ticket that the customer shows. */
export interface OrderName {
  readonly orderId: string | null;
  readonly ticketCode: string | null;
}

/** Finds orders at the counter. Whoever has the ticket may see the order, whichever store it is booked at. */
@Injectable()
export class CounterOrders {
  constructor(
    private readonly db: DataSource,
    private readonly reader: OrderReader,
  ) {}

  /** Null: there is none that the caller may see. */
  async find(
    { orderId, ticketCode }: OrderName,
    caller: SignedInCaller,
  ): Promise<OrderWithClaims | null> {
    if (orderId !== null) return this.reader.byId(orderId, caller);
    const [row] = await run<{ id: string }>(this.db, BY_TICKET, [ticketOf(ticketCode ?? '')]);
    if (row === undefined) return null;
    const [found] = await this.reader.many([row.id]);
    return found ?? null;
  }
}

/** As tickets are written, however this one was typed: `k7rm4xwa` is `K7RM-4XWA`. */
function ticketOf(text: string): string {
  const letters = text.toUpperCase().replace(/[^0-9A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

const BY_TICKET = {
  name: 'counter-order-by-ticket',
  text: `SELECT id FROM customer_order WHERE ticket_code = $1`,
};
