import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { PairData } from '../../core/goods/pair.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { instant, pairFrom, placeRow, SELECT_PAIR, type PairRow } from './pair-rows.ts';

/** Pairs that are handed to somebody at a store. */
export interface HandOutScans {
  readonly pairIds: readonly string[];
  readonly storeCode: string;
  readonly at: EpochMs;
  /** Id of the caller. */
  readonly actor: string;
}

/** The pairs of the chain: where each is, and what is still to be done on it. */
@Injectable()
export class Goods {
  constructor(private readonly db: DataSource) {}

  /** All pairs of the orders, by order and number. One statement, however many there are. */
  async ofOrders(
    orderIds: readonly string[],
    from?: EntityManager,
  ): Promise<ReadonlyMap<string, readonly PairData[]>> {
    const rows = await run<PairRow>(from ?? this.db, OF_ORDERS, [orderIds]);
    const byOrder = new Map<string, PairData[]>(orderIds.map((id) => [id, []]));
    for (const row of rows) byOrder.get(row.order_id)!.push(pairFrom(row));
    return byOrder;
  }

  /** All pairs of an order by number, as they stay until the end of the transaction. */
  async locked(tx: EntityManager, orderId: string): Promise<readonly PairData[]> {
    await run(tx, LOCK, [orderId]);
    return (await this.ofOrders([orderId], tx)).get(orderId)!;
  }

  /** Those of the tags that there are, by tag. */
  async byTags(
    tags: readonly string[],
    from?: EntityManager,
  ): Promise<ReadonlyMap<string, PairData>> {
    const rows = await run<PairRow>(from ?? this.db, BY_TAGS, [tags]);
    return new Map(rows.map((row) => [row.tag, pairFrom(row)]));
  }

  /**
   * Writes pairs that were handed in, with their work and the beginning of their history.
   *
   * @param actor id of the caller who took them in
   */
  async create(tx: EntityManager, pairs: readonly PairData[], actor = 'counter'): Promise<void> {
    const rows = pairs.map((pair) => ({ ...pair, ...placeRow(pair) }));
    await run(tx, INSERT_PAIRS, [JSON.stringify(rows), actor]);
    const operations = pairs.flatMap(({ id, operations }) =>
      operations.map((operation) => ({ ...operation, pairId: id })),
    );
    await run(tx, INSERT_OPERATIONS, [JSON.stringify(operations)]);
  }

  /**
   * Gives pairs to the customer, for good: whatever is scanned of them later changes nothing. To be called
   * in the transaction that changes their order, after it has written the order.
   */
  async handOut(tx: EntityManager, scans: HandOutScans): Promise<void> {
    const { pairIds, storeCode, at, actor } = scans;
    await run(tx, HAND_OUT, [pairIds, storeCode, instant(at), actor]);
  }
}

const OF_ORDERS = {
  name: 'pairs-of-orders',
  text: `${SELECT_PAIR} WHERE p.order_id = ANY ($1::uuid[]) ORDER BY p.order_id, p.number`,
};

/** A statement of its own: the one that locks may see what was before the lock. */
const LOCK = {
  name: 'pairs-lock',
  text: `SELECT id FROM pair WHERE order_id = $1 ORDER BY id FOR UPDATE`,
};

const BY_TAGS = {
  name: 'pairs-by-tags',
  text: `${SELECT_PAIR} WHERE p.tag = ANY ($1::text[]) ORDER BY p.tag`,
};

const INSERT_PAIRS = {
  name: 'pairs-insert',
  text: `
    WITH given AS (
      SELECT * FROM jsonb_to_recordset($1::jsonb) AS given
        (id uuid, "orderId" uuid, item smallint, number smallint, tag text, condition text,
         place text, "placeCode" text, "tripDeparts" timestamptz, "toCode" text, shelf text,
         since timestamptz)
    ), written AS (
      INSERT INTO pair (id, order_id, item, number, tag, condition, place, place_code, trip_departs,
                        to_code, shelf, since)
      SELECT id, "orderId", item, number, tag, condition, place, "placeCode", "tripDeparts", "toCode",
             shelf, since FROM given
    )
    INSERT INTO scan (id, pair_id, kind, place_code, at, received_at, actor)
    SELECT 'received', id, 'RECEIVED', "placeCode", since, since, $2 FROM given`,
};

const INSERT_OPERATIONS = {
  name: 'pair-operations-insert',
  text: `
    INSERT INTO pair_operation (pair_id, position, skill, units, dwell_min, origin, finding_id)
    SELECT "pairId", position, skill, units, "dwellMin", origin, "findingId"
      FROM jsonb_to_recordset($1::jsonb) AS given
           ("pairId" uuid, position smallint, skill text, units smallint, "dwellMin" integer,
            origin text, "findingId" uuid)`,
};

const HAND_OUT = {
  name: 'pairs-hand-out',
  text: `
    WITH scanned AS (
      INSERT INTO scan (id, pair_id, kind, place_code, at, received_at, actor)
      SELECT 'handed-out', id, 'HANDED_OUT', $2, $3, $3, $4 FROM unnest($1::uuid[]) AS id
      ON CONFLICT (pair_id, id) DO NOTHING
    )
    UPDATE pair SET place = 'CUSTOMER', place_code = $2, trip_departs = NULL, to_code = NULL,
           shelf = NULL, since = $3
     WHERE id = ANY ($1::uuid[]) AND place <> 'CUSTOMER'`,
};
