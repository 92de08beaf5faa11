import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { NotBookable } from '../../core/orders/refusals.ts';
import { withVisit } from '../../core/queue/visits.ts';
import { ok, refuse } from '../../core/result.ts';
import { run } from '../../platform/database/statement.ts';
import { OrderChange, OrderReader, type OrderWithClaims } from '../orders/index.ts';
import { LineReader } from './line-reader.ts';

const QUEUE = { role: 'hq', id: 'queue' } as const;
const BATCH = 100;

interface UnservedRow {
  readonly id: string;
  readonly order_id: string;
}

/**
 * Those who checked in to hand goods in and left without having done so: their appointment is awaited again,
 * so that they may come back to it, and count as missed if they do not.
 */
@Injectable()
export class Unserved {
  private readonly log = new Logger('queue');

  constructor(
    private readonly db: DataSource,
    private readonly reader: LineReader,
    private readonly change: OrderChange,
    private readonly orders: OrderReader,
  ) {}

  /** Right after a visit has ended; does nothing unless its order is one of those. */
  async after({ orderId }: { readonly orderId: string | null }): Promise<void> {
    if (orderId !== null) await this.tryOne(orderId);
  }

  /** All of whom nobody took note when they left. @returns how many */
  async run(): Promise<number> {
    let done = 0;
    let last: string | null = null;
    for (;;) {
      const rows: readonly UnservedRow[] = await run<UnservedRow>(this.db, UNSERVED, [last, BATCH]);
      for (const row of rows) if (await this.tryOne(row.order_id)) done += 1;
      if (rows.length < BATCH) return done;
      last = rows.at(-1)!.id;
    }
  }

  /** What fails is found again by {@link run}. */
  private async tryOne(orderId: string): Promise<boolean> {
    try {
      return await this.awaitAgain(orderId);
    } catch (fault) {
      this.log.error(fault, `order ${orderId} was left unserved`);
      return false;
    }
  }

  private async awaitAgain(orderId: string): Promise<boolean> {
    const seen = await this.orders.byId(orderId, QUEUE);
    if (seen === null || (await this.reader.ofOrder(orderId)) !== null) return false;
    const { version } = seen.order;
    const awaited = await this.change.run<NotBookable, OrderWithClaims | null>({
      caller: QUEUE,
      // Whoever else sees it at this moment has the same key.
      requestKey: `${orderId} v${version}`,
      ...{ operation: 'awaitAgain', content: { orderId } },
      read: () => this.orders.byId(orderId, QUEUE),
      decide: (_, found) => {
        if (found?.order.version !== version || !isUnserved(found)) return wrongStatus();
        const { dropOff } = found.order;
        const after = withVisit(found.order, dropOff, 'BOOKED');
        if (!after.ok) return after;
        const event = { kind: 'LEFT_UNSERVED', details: { visit: dropOff.kind } } as const;
        return ok({ before: found, after: after.value, event, holdsOnAnyChain: true });
      },
    });
    return awaited.ok;
  }
}

const isUnserved = ({ order: { status, dropOff } }: OrderWithClaims): boolean =>
  status === 'BOOKED' && dropOff.status === 'CHECKED_IN';

const wrongStatus = () => refuse({ code: 'WRONG_STATUS' } as const);

const UNSERVED = {
  name: 'queue-unserved',
  text: `
    SELECT a.id, a.order_id FROM appointment a JOIN customer_order o ON o.id = a.order_id
     WHERE a.kind = 'DROP_OFF' AND a.status = 'CHECKED_IN' AND o.status = 'BOOKED'
       AND ($1::uuid IS NULL OR a.id > $1)
       AND NOT EXISTS (SELECT FROM queue_entry q WHERE q.order_id = o.id
                          AND q.state IN ('WAITING', 'CALLED', 'SERVING', 'HELD'))
     ORDER BY a.id LIMIT $2`,
};
