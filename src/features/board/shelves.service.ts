import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import { withStay } from '../../core/board/staying.ts';
import type { Network } from '../../core/network/network.ts';
import { instantOfDay } from '../../core/time/instant-at.ts';
import { dateOfDay, localDayOf } from '../../core/time/local-date.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { inTransaction } from '../../platform/database/transaction.ts';
import { Capacity, Ledger, type Taking } from '../capacity/index.ts';
import {
  OrderNews,
  OrderReader,
  OrderWriter,
  type OrderUpdate,
  type OrderVersion,
} from '../orders/index.ts';

/** A store on the date that it has there now. */
interface ShelfDate {
  readonly storeCode: string;
  readonly date: LocalDate;
  readonly midnight: EpochMs;
}

/** An order with goods on a shelf after the date on which they were to be collected. */
interface Overdue {
  readonly id: string;
  readonly pairs: number;
}

/** Orders that are written in one transaction. */
const AT_ONCE = 100;
/** Who keeps the shelf, in the log of events. */
const KEEPER = 'shelf-check';

/**
 * Keeps the place on the shelf of goods that were not collected in time, day by day: they are there, so
 * what can be promised has to count them. Once for a store and its date, whoever is first.
 *
 * An order's next version is written with its claims, though nothing of it is seen to change: whoever
 * decides on an order decides on its claims too, and knows them by its version.
 */
@Injectable()
export class Shelves {
  /** Dates that are known to be checked: asked once in each process. */
  private checked: ReadonlySet<string> = new Set();
  private readonly log = new Logger('board');

  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
    private readonly reader: OrderReader,
    private readonly writer: OrderWriter,
    private readonly ledger: Ledger,
    private readonly news: OrderNews,
  ) {}

  /** @returns how many orders kept their place for one more date */
  async check(): Promise<number> {
    const { network, now } = await this.capacity.world();
    const dates = shelfDates(network, now);
    const asked = dates.filter((date) => !this.checked.has(keyOf(date)));
    if (asked.length === 0) return 0;
    const due = await this.unchecked(asked);
    const { kept, failed } = await this.keepAll(due, network, now);
    this.checked = new Set(dates.map(keyOf).filter((key) => !failed.has(key)));
    return kept;
  }

  private async unchecked(asked: readonly ShelfDate[]): Promise<readonly ShelfDate[]> {
    const rows = await run<{ key: string }>(this.db, CHECKED, [
      asked.map(({ storeCode }) => storeCode),
      asked.map(({ date }) => date),
    ]);
    const known = new Set(rows.map(({ key }) => key));
    return asked.filter((date) => !known.has(keyOf(date)));
  }

  /** Store after store. One that fails is not noted as checked: it comes again with the next check. */
  private async keepAll(
    due: readonly ShelfDate[],
    network: Network,
    now: EpochMs,
  ): Promise<{ readonly kept: number; readonly failed: ReadonlySet<string> }> {
    const failed = new Set<string>();
    let kept = 0;
    for (const date of due) {
      try {
        const count = await this.keepStore(date, network, now);
        await run(this.db, CHECK, [date.storeCode, date.date, count, new Date(now)]);
        kept += count;
      } catch (fault) {
        failed.add(keyOf(date));
        this.log.error(fault, `shelf of ${keyOf(date)}`);
      }
    }
    return { kept, failed };
  }

  private async keepStore(date: ShelfDate, network: Network, now: EpochMs): Promise<number> {
    const { storeCode, midnight } = date;
    let kept = 0;
    let last: string | null = null;
    for (;;) {
      const values = [storeCode, new Date(midnight), last, AT_ONCE];
      const batch: readonly Overdue[] = await run<Overdue>(this.db, OVERDUE, values);
      if (batch.length > 0) kept += await this.keep(batch, date, network, now);
      if (batch.length < AT_ONCE) return kept;
      last = batch.at(-1)!.id;
    }
  }

  /** @returns how many orders kept their place */
  private async keep(
    batch: readonly Overdue[],
    date: ShelfDate,
    network: Network,
    now: EpochMs,
  ): Promise<number> {
    const takings: Taking[] = [];
    const kept: OrderVersion[] = [];
    const { isCommitted } = await inTransaction(
      this.db,
      async (tx) => {
        const stays = await this.stays(tx, batch, date, now);
        await this.writer.updateMany(
          tx,
          network,
          stays.map(({ update }) => update),
        );
        for (const { update, taking } of stays) {
          takings.push(taking);
          kept.push(update.after);
        }
      },
      (tx) => (takings.length === 0 ? Promise.resolve(null) : this.ledger.takeAll(tx, takings)),
    );
    if (!isCommitted) throw new Error('a shelf was not kept and nobody said why');
    for (const order of kept) this.news.tell(order);
    return kept.length;
  }

  /** Of those that are still overdue once they are locked, and have no place for the date yet. */
  private async stays(
    tx: EntityManager,
    batch: readonly Overdue[],
    { storeCode, midnight, date }: ShelfDate,
    now: EpochMs,
  ): Promise<readonly { readonly update: OrderUpdate; readonly taking: Taking }[]> {
    const ids = batch.map(({ id }) => id);
    await run(tx, LOCK, [ids]);
    const still = await run<Overdue>(tx, OVERDUE_OF, [storeCode, new Date(midnight), ids]);
    const orders = await this.reader.many(
      still.map(({ id }) => id),
      tx,
    );
    const byId = new Map(orders.map((one) => [one.order.id, one]));
    return still.flatMap(({ id, pairs }) => {
      const { order, claims: before } = byId.get(id)!;
      const after = withStay(before, { storeCode, midnight, pairs });
      if (after === null) return [];
      const what = { kind: 'STAYED', details: { date } } as const;
      const event = { ...what, id: newId(), actor: KEEPER, at: now };
      const update = { before: order, after: { ...order, version: order.version + 1 }, event };
      return [{ update, taking: { ownerId: id, before, after } }];
    });
  }
}

const keyOf = ({ storeCode, date }: ShelfDate): string => `${storeCode} ${date}`;

function shelfDates({ stores }: Network, now: EpochMs): readonly ShelfDate[] {
  return [...stores.values()].map(({ code: storeCode, timeZone }) => {
    const day = localDayOf(now, timeZone);
    return { storeCode, date: dateOfDay(day), midnight: instantOfDay(day, 0, timeZone) };
  });
}

const CHECKED = {
  name: 'shelves-checked',
  text: `
    SELECT c.store_code || ' ' || c.local_date AS key
      FROM unnest($1::text[], $2::date[]) AS given (store_code, local_date)
      JOIN shelf_check c USING (store_code, local_date)`,
};

const CHECK = {
  name: 'shelves-check',
  text: `
    INSERT INTO shelf_check (store_code, local_date, orders, checked_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (store_code, local_date) DO NOTHING`,
};

/** What is ready, or was put on the shelf; goods that were only handed in there are not on it. */
const OVERDUE_AT = `
    SELECT o.id, count(*)::int AS pairs
      FROM pair p
      JOIN customer_order o ON o.id = p.order_id
      JOIN appointment a ON a.order_id = o.id AND a.kind = 'PICK_UP' AND a.store_code = $1
     WHERE p.place_code = $1 AND p.place = 'STORE' AND a.starts_at < $2
       AND o.status NOT IN ('BOOKED', 'CANCELLED', 'COLLECTED')
       AND (o.status = 'READY' OR p.shelf IS NOT NULL)`;

const OVERDUE = {
  name: 'shelves-overdue',
  text: `${OVERDUE_AT} AND ($3::uuid IS NULL OR o.id > $3) GROUP BY o.id ORDER BY o.id LIMIT $4`,
};

const LOCK = {
  name: 'shelves-lock',
  text: `SELECT id FROM customer_order WHERE id = ANY ($1::uuid[]) ORDER BY id FOR UPDATE`,
};

/** A statement of its own: the one that locks may see what was before the lock. */
const OVERDUE_OF = {
  name: 'shelves-overdue-of',
  text: `${OVERDUE_AT} AND o.id = ANY ($3::uuid[]) GROUP BY o.id ORDER BY o.id`,
};
