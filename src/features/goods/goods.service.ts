import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { PairData, PairOperation, PairPlace } from '../../core/goods/pair.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';

interface PairRow {
  readonly id: string;
  readonly order_id: string;
  readonly item: number;
  readonly number: number;
  readonly tag: string;
  readonly condition: string | null;
  readonly place: PairPlace['kind'];
  readonly place_code: string;
  readonly trip_departs: Date | null;
  readonly to_code: string | null;
  readonly shelf: string | null;
  readonly since: Date;
  readonly operations: readonly PairOperation[] | null;
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

  /** Writes pairs that were handed in, with their work. */
  async create(tx: EntityManager, pairs: readonly PairData[]): Promise<void> {
    await run(tx, INSERT_PAIRS, [JSON.stringify(pairs.map(pairRow))]);
    const operations = pairs.flatMap(({ id, operations }) =>
      operations.map((operation) => ({ ...operation, pairId: id })),
    );
    await run(tx, INSERT_OPERATIONS, [JSON.stringify(operations)]);
  }
}

function pairFrom(row: PairRow): PairData {
  const { id, item, number, tag, condition, shelf } = row;
  return {
    id,
    orderId: row.order_id,
    item,
    number,
    tag,
    condition,
    place: placeFrom(row),
    since: row.since.getTime(),
    shelf,
    operations: row.operations ?? [],
  };
}

function placeFrom({ place: kind, place_code: code, trip_departs, to_code }: PairRow): PairPlace {
  if (kind !== 'TRIP') return { kind, code };
  return { kind, lineCode: code, departs: trip_departs!.getTime(), toCode: to_code! };
}

function pairRow({ place, since, operations: _, ...pair }: PairData) {
  const isOnTrip = place.kind === 'TRIP';
  return {
    ...pair,
    place: place.kind,
    placeCode: isOnTrip ? place.lineCode : place.code,
    tripDeparts: isOnTrip ? instant(place.departs) : null,
    toCode: isOnTrip ? place.toCode : null,
    since: instant(since),
  };
}

const instant = (at: EpochMs): string => new Date(at).toISOString();

const MS_OF = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`;

const OF_ORDERS = {
  name: 'pairs-of-orders',
  text: `
    SELECT p.id, p.order_id, p.item, p.number, p.tag, p.condition, p.place, p.place_code,
           p.trip_departs, p.to_code, p.shelf, p.since,
           (SELECT json_agg(json_build_object('position', position, 'skill', skill, 'units', units,
                     'dwellMin', dwell_min, 'origin', origin, 'findingId', finding_id,
                     'startedAt', ${MS_OF('started_at')}, 'finishedAt', ${MS_OF('finished_at')},
                     'workshopCode', workshop_code, 'shiftStart', ${MS_OF('shift_start')})
                   ORDER BY position)
              FROM pair_operation WHERE pair_id = p.id) AS operations
      FROM pair p
     WHERE p.order_id = ANY ($1::uuid[])
     ORDER BY p.order_id, p.number`,
};

const INSERT_PAIRS = {
  name: 'pairs-insert',
  text: `
    INSERT INTO pair (id, order_id, item, number, tag, condition, place, place_code, trip_departs,
                      to_code, shelf, since)
    SELECT id, "orderId", item, number, tag, condition, place, "placeCode", "tripDeparts", "toCode",
           shelf, since
      FROM jsonb_to_recordset($1::jsonb) AS given
           (id uuid, "orderId" uuid, item smallint, number smallint, tag text, condition text,
            place text, "placeCode" text, "tripDeparts" timestamptz, "toCode" text, shelf text,
            since timestamptz)`,
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
