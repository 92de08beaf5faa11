import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import { shelfOf } from '../../core/claims/resource.ts';
import type { PairData } from '../../core/goods/pair.ts';
import type { Store } from '../../core/network/network.ts';
import { instantOfDay } from '../../core/time/instant-at.ts';
import { dateOfDay, localDayOf } from '../../core/time/local-date.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { checkPage, type PageRequest } from '../../platform/graphql/page.ts';
import { Capacity } from '../capacity/index.ts';
import { pairFrom, SELECT_PAIR, type PairRow } from '../goods/index.ts';

/** The load of a shelf on one date, in pairs. */
export interface ShelfDay {
  readonly date: LocalDate;
  readonly reserved: number;
  readonly overdue: number;
  readonly excess: number;
}

const MOST_PAIRS = 100;
const MOST_DAYS = 31;

/** What lies on the shelves of stores. */
@Injectable()
export class Shelves {
  constructor(
    private readonly db: DataSource,
    private readonly capacity: Capacity,
  ) {}

  async find(storeCode: string): Promise<Store | null> {
    return (await this.capacity.world()).network.stores.get(storeCode) ?? null;
  }

  /** From today on. Pairs that nobody collected lie there beyond what their orders have reserved. */
  async days(store: Store, count: number): Promise<readonly ShelfDay[]> {
    if (count < 1 || count > MOST_DAYS) throw badInput(`1 to ${MOST_DAYS} days.`, 'count');
    const { usage, now } = await this.capacity.world();
    const resource = shelfOf(store.code);
    const values = [store.code, new Date(now), resource];
    const overdue = await run<{ reserved: readonly string[] | null }>(this.db, OVERDUE, values);
    const until = overdue.map(({ reserved }) => new Set((reserved ?? []).map(Date.parse)));
    const today = localDayOf(now, store.timeZone);
    return Array.from({ length: count }, (_, ahead) => {
      const start: EpochMs = instantOfDay(today + ahead, 0, store.timeZone);
      const reserved = usage.taken(resource, start);
      const left = until.filter((days) => !days.has(start)).length;
      const excess = Math.max(0, reserved + left - (store.shelfPairs ?? Infinity));
      return { date: dateOfDay(today + ahead), reserved, overdue: left, excess };
    });
  }

  async pairs(store: Store, page: PageRequest): Promise<readonly PairData[]> {
    checkPage(page, MOST_PAIRS);
    const rows = await run<PairRow>(this.db, ON_SHELF, [
      store.code,
      page.after ?? null,
      page.first,
    ]);
    return rows.map(pairFrom);
  }
}

/** For each pair the dates that its order has reserved. */
const OVERDUE = {
  name: 'shelf-overdue',
  text: `
    SELECT (SELECT json_agg(start) FROM unnest(c.resources, c.starts) AS taken (resource, start)
             WHERE resource = $3) AS reserved
      FROM pair p
      JOIN appointment a ON a.order_id = p.order_id AND a.kind = 'PICK_UP' AND a.ends_at <= $2
      LEFT JOIN claim c ON c.owner_id = p.order_id
     WHERE p.place = 'STORE' AND p.place_code = $1 AND a.store_code = $1`,
};

const ON_SHELF = {
  name: 'shelf-pairs',
  text: `
    ${SELECT_PAIR}
     WHERE p.place = 'STORE' AND p.place_code = $1
       AND ($2::text IS NULL OR (p.shelf IS NULL, coalesce(p.shelf, ''), p.tag) >
             (SELECT l.shelf IS NULL, coalesce(l.shelf, ''), l.tag FROM pair l WHERE l.tag = $2))
     ORDER BY p.shelf IS NULL, coalesce(p.shelf, ''), p.tag LIMIT $3`,
};
