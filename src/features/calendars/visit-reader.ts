import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { Contact } from '../../platform/signin/caller.ts';
import type { Visit } from './visit.ts';

/** A store's are bounded by its counter; this bounds what a mistake there may cost. */
const MOST_OF_STORE = 5_000;
const MOST_OF_CUSTOMER = 400;

interface VisitRow extends Omit<Visit, 'start' | 'end' | 'changedAt'> {
  readonly start: Date;
  readonly end: Date;
  readonly changedAt: Date;
}

/** Reads what calendars show, each feed in one statement. */
@Injectable()
export class VisitReader {
  constructor(private readonly db: DataSource) {}

  /** All that start in the window, cancelled ones too, by start. */
  async ofStore(storeCode: string, from: EpochMs, to: EpochMs): Promise<readonly Visit[]> {
    const values = [storeCode, new Date(from), new Date(to), MOST_OF_STORE];
    return (await run<VisitRow>(this.db, OF_STORE, values)).map(visitFrom);
  }

  /** Of all open orders, and of those that ended since then; the newest orders first. */
  async ofCustomer(customerId: string, endedSince: EpochMs): Promise<readonly Visit[]> {
    const values = [customerId, new Date(endedSince), MOST_OF_CUSTOMER];
    return (await run<VisitRow>(this.db, OF_CUSTOMER, values)).map(visitFrom);
  }

  /** The language that the customer told; null: none, or there is no such customer. */
  async localeOf(customerId: string): Promise<string | null> {
    const [row] = await run<{ locale: string | null }>(this.db, LOCALE_OF, [customerId]);
    return row?.locale ?? null;
  }

  /** Null: nobody is known by this contact. */
  async customerOf({ kind, value }: Contact): Promise<string | null> {
    const [row] = await run<{ customer_id: string }>(this.db, CUSTOMER_OF, [kind, value]);
    return row?.customer_id ?? null;
  }
}

const visitFrom = ({ start, end, changedAt, ...rest }: VisitRow): Visit => ({
  ...rest,
  start: start.getTime(),
  end: end.getTime(),
  changedAt: changedAt.getTime(),
});

const SELECT_VISIT = `
  SELECT a.id, a.kind, a.store_code AS "storeCode", a.starts_at AS start, a.ends_at AS "end", a.status,
         o.version, o.updated_at AS "changedAt", o.ticket_code AS "ticketCode",
         (SELECT json_agg(json_build_object('description', description,
                   'serviceCodes', service_codes, 'pairs', pairs) ORDER BY position)
            FROM order_item WHERE order_id = o.id) AS items
    FROM appointment a JOIN customer_order o ON o.id = a.order_id`;

const OF_STORE = {
  name: 'visits-of-store',
  text: `${SELECT_VISIT}
          WHERE a.store_code = $1 AND a.starts_at >= $2 AND a.starts_at < $3
          ORDER BY a.starts_at, a.id LIMIT $4`,
};

const OF_CUSTOMER = {
  name: 'visits-of-customer',
  text: `${SELECT_VISIT}
          WHERE o.customer_id = $1
            AND (o.status NOT IN ('CANCELLED', 'COLLECTED') OR o.updated_at >= $2)
          ORDER BY o.id DESC, a.starts_at, a.id LIMIT $3`,
};

const LOCALE_OF = {
  name: 'calendar-locale',
  text: `SELECT locale FROM customer WHERE id = $1`,
};

const CUSTOMER_OF = {
  name: 'calendar-customer',
  text: `SELECT customer_id FROM contact WHERE kind = $1 AND value = $2`,
};
