import { Injectable } from '@nestjs/common';
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
  readonly store_code: string;
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
    const kept = due.length === 0 ? 0 : await this.keepAll(due, network, now);
    this.checked = new Set(dates.map(keyOf));
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

  private async keepAll(
    due: readonly ShelfDate[],
    network: Network,
    now: EpochMs,
  ): Promise<number> {
    const stores = new Map(due.map((date) => [date.storeCode, date]));
    const overdue = await run<Overdue>(this.db, OVERDUE, [
      due.map(({ storeCode }) => storeCode),
      due.map(({ midnight }) => new Date(midnight)),
    ]);
    const keptAt = new Map<string, number>();
    for (let from = 0; from < overdue.length; from += AT_ONCE) {
      const batch = overdue.slice(from, from + AT_ONCE);
      for (const code of await this.keep(batch, stores, network, now)) {
        keptAt.set(code, (keptAt.get(code) ?? 0) + 1);
      }
    }
    await run(this.db, CHECK, [
      due.map(({ storeCode }) => storeCode),
      due.map(({ date }) => date),
      due.map(({ storeCode }) => keptAt.get(storeCode) ?? 0),
      new Date(now),
    ]);
    return [...keptAt.values()].reduce((sum, count) => sum + count, 0);
  }

  /** @returns the store of each order that kept its place */
  private async keep(
    batch: readonly Overdue[],
    stores: ReadonlyMap<string, ShelfDate>,
    network: Network,
    now: EpochMs,
  ): Promise<readonly string[]> {
    const takings: Taking[] = [];
    const kept: { readonly code: string; readonly order: OrderVersion }[] = [];
    const { isCommitted } = await inTransaction(
      this.db,
      async (tx) => {
        const updates = await this.updates(tx, batch, stores, now);
        await this.writer.updateMany(
          tx,
          network,
          updates.map(({ update }) => update),
        );
        for (const { update, taking, code } of updates) {
          takings.push(taking);
          kept.push({ code, order: update.after });
        }
      },
      (tx) => (takings.length === 0 ? Promise.resolve(null) : this.ledger.takeAll(tx, takings)),
    );
    if (!isCommitted) throw new Error('a shelf was not kept and nobody said why');
    for (const { order } of kept) this.news.tell(order);
    return kept.map(({ code }) => code);
  }

  /** Of those that are still overdue once they are locked, and have no place for the date yet. */
  private async updates(
    tx: EntityManager,
    batch: readonly Overdue[],
    stores: ReadonlyMap<string, ShelfDate>,
    now: EpochMs,
  ): Promise<readonly { update: OrderUpdate; taking: Taking; code: string }[]> {
    const dates = batch.map(({ store_code }) => stores.get(store_code)!);
    const locked = await run<Overdue>(tx, LOCK, [
      batch.map(({ id }) => id),
      dates.map(({ storeCode }) => storeCode),
      dates.map(({ midnight }) => new Date(midnight)),
    ]);
    const still = await run<Overdue>(tx, OVERDUE_OF, [
      locked.map(({ id }) => id),
      locked.map(({ store_code }) => store_code),
      locked.map(({ store_code }) => new Date(stores.get(store_code)!.midnight)),
    ]);
    const orders = await this.reader.many(
      still.map(({ id }) => id),
      tx,
    );
    const byId = new Map(orders.map((one) => [one.order.id, one]));
    return still.flatMap(({ id, store_code: storeCode, pairs }) => {
      const { order, claims: before } = byId.get(id)!;
      const { midnight, date } = stores.get(storeCode)!;
      const after = withStay(before, { storeCode, midnight, pairs });
      if (after === null) return [];
      const event = {
        id: newId(),
        kind: 'STAYED',
        actor: KEEPER,
        at: now,
        details: { date },
      } as const;
      const update = { before: order, after: { ...order, version: order.version + 1 }, event };
      return [{ update, taking: { ownerId: id, before, after }, code: storeCode }];
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
    INSERT INTO shelf_check (store_code, local_date, orders, checked_at)
    SELECT code, date, orders, $4 FROM unnest($1::text[], $2::date[], $3::int[]) AS given (code, date, orders)
    ON CONFLICT (store_code, local_date) DO NOTHING`,
};

/** What is ready, or was put on the shelf; goods that were only handed in there are not on it. */
const IS_OVERDUE = `
  p.place = 'STORE' AND o.status NOT IN ('BOOKED', 'CANCELLED', 'COLLECTED')
  AND (o.status = 'READY' OR p.shelf IS NOT NULL) AND a.starts_at < given.midnight`;

const OVERDUE = {
  name: 'shelves-overdue',
  text: `
    SELECT o.id, given.code AS store_code, count(*)::int AS pairs
      FROM unnest($1::text[], $2::timestamptz[]) AS given (code, midnight)
      JOIN pair p ON p.place_code = given.code
      JOIN customer_order o ON o.id = p.order_id
      JOIN appointment a ON a.order_id = o.id AND a.kind = 'PICK_UP' AND a.store_code = given.code
     WHERE ${IS_OVERDUE}
     GROUP BY o.id, given.code ORDER BY o.id`,
};

const LOCK = {
  name: 'shelves-lock',
  text: `
    SELECT o.id, given.code AS store_code
      FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS given (id, code, midnight)
      JOIN customer_order o ON o.id = given.id
     ORDER BY o.id FOR UPDATE OF o`,
};

/** A statement of its own: the one that locks may see what was before the lock. */
const OVERDUE_OF = {
  name: 'shelves-overdue-of',
  text: `
    SELECT o.id, given.code AS store_code, count(*)::int AS pairs
      FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS given (id, code, midnight)
      JOIN customer_order o ON o.id = given.id
      JOIN pair p ON p.order_id = o.id AND p.place_code = given.code
      JOIN appointment a ON a.order_id = o.id AND a.kind = 'PICK_UP' AND a.store_code = given.code
     WHERE ${IS_OVERDUE}
     GROUP BY o.id, given.code ORDER BY o.id`,
};
