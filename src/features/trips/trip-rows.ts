import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { TripCall, TripScan } from '../../core/goods/manifest.ts';
import type { PairData } from '../../core/goods/pair.ts';
import type { TripName } from '../../core/goods/scan.ts';
import type { StopSpan } from '../../core/goods/trips.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { instant, MS_OF, pairFrom, SELECT_PAIR, type PairRow } from '../goods/index.ts';

type From = DataSource | EntityManager;

/** A pair that should have boarded when its van left. */
export interface ListedPair {
  readonly pairId: string;
  readonly span: StopSpan;
}

/** What is kept of trips. */
@Injectable()
export class TripRows {
  constructor(private readonly db: DataSource) {}

  async calls({ lineCode, departs }: TripName, from: From = this.db): Promise<readonly TripCall[]> {
    return run<TripCall>(from, CALLS, [lineCode, instant(departs)]);
  }

  /** Of several trips, by {@link tripKey}. */
  async callsOf(trips: readonly TripName[]): Promise<ReadonlyMap<string, readonly TripCall[]>> {
    const rows = await run<TripName & { calls: TripCall[] }>(this.db, CALLS_OF, [
      trips.map(({ lineCode }) => lineCode),
      trips.map(({ departs }) => instant(departs)),
    ]);
    return new Map(rows.map((row) => [tripKey(row), row.calls]));
  }

  /** Orders that have claimed a part of the trip, and may ride it. */
  async claimants(legs: readonly string[], departs: EpochMs, from: From = this.db) {
    const rows = await run<{ id: string }>(from, CLAIMANTS, [legs, instant(departs)]);
    return rows.map(({ id }) => id);
  }

  async listed({ lineCode, departs }: TripName, from: From = this.db) {
    return run<ListedPair>(from, LISTED, [lineCode, instant(departs)]);
  }

  /** Scans onto the trip and off it, in order of time, by pair. */
  async scans(
    { lineCode, departs }: TripName,
    from: From = this.db,
  ): Promise<ReadonlyMap<string, readonly TripScan[]>> {
    const values = [lineCode, instant(departs)];
    const rows = await run<{ pair_id: string; scans: TripScan[] }>(from, SCANS, values);
    return new Map(rows.map(({ pair_id, scans }) => [pair_id, scans]));
  }

  async pairs(ids: readonly string[], from: From = this.db): Promise<readonly PairData[]> {
    return (await run<PairRow>(from, PAIRS, [ids])).map(pairFrom);
  }

  /** Lets whoever takes note of the trip wait until the transaction ends. */
  async lock(tx: EntityManager, trip: TripName): Promise<void> {
    await run(tx, LOCK, [tripKey(trip)]);
  }

  /** @returns whether this is the first word of it */
  async departed(tx: EntityManager, trip: TripName, stop: number, at: EpochMs): Promise<boolean> {
    const values = [trip.lineCode, instant(trip.departs), stop, instant(at)];
    return (await run(tx, DEPARTED, values)).length === 1;
  }

  /** As {@link departed}. */
  async arrived(tx: EntityManager, trip: TripName, stop: number, at: EpochMs): Promise<boolean> {
    const values = [trip.lineCode, instant(trip.departs), stop, instant(at)];
    return (await run(tx, ARRIVED, values)).length === 1;
  }

  /** Keeps what should have boarded, which later plans no longer say. */
  async list(
    tx: EntityManager,
    { lineCode, departs }: TripName,
    pairs: readonly ListedPair[],
  ): Promise<void> {
    await run(tx, LIST, [
      lineCode,
      instant(departs),
      pairs.map(({ pairId }) => pairId),
      pairs.map(({ span }) => span.from),
      pairs.map(({ span }) => span.to),
    ]);
  }
}

export const tripKey = ({ lineCode, departs }: TripName): string => `${lineCode} ${departs}`;

const CALL_JSON = `json_build_object('stop', stop, 'arrivedAt', ${MS_OF('arrived_at')},
  'departedAt', ${MS_OF('departed_at')})`;

const CALLS = {
  name: 'trip-calls',
  text: `
    SELECT stop, (extract(epoch FROM arrived_at) * 1000)::float8 AS "arrivedAt",
           (extract(epoch FROM departed_at) * 1000)::float8 AS "departedAt"
      FROM trip_call WHERE line_code = $1 AND departs = $2 ORDER BY stop`,
};

const CALLS_OF = {
  name: 'trip-calls-of',
  text: `
    SELECT line_code AS "lineCode", (extract(epoch FROM departs) * 1000)::float8 AS departs,
           json_agg(${CALL_JSON} ORDER BY stop) AS calls
      FROM trip_call
     WHERE (line_code, departs) IN (SELECT * FROM unnest($1::text[], $2::timestamptz[]))
     GROUP BY line_code, departs`,
};

const CLAIMANTS = {
  name: 'trip-claimants',
  text: `
    SELECT o.id FROM claim c JOIN customer_order o ON o.id = c.owner_id
     WHERE c.resources && $1::text[] AND o.status <> 'CANCELLED'
       AND EXISTS (SELECT FROM unnest(c.resources, c.starts) AS taken (resource, start)
                    WHERE taken.resource = ANY ($1) AND taken.start = $2)
     ORDER BY o.id`,
};

const LISTED = {
  name: 'trip-listed',
  text: `
    SELECT pair_id AS "pairId", json_build_object('from', from_stop, 'to', to_stop) AS span
      FROM trip_listed WHERE line_code = $1 AND departs = $2`,
};

const SCANS = {
  name: 'trip-scans',
  text: `
    SELECT pair_id, json_agg(json_build_object('kind', kind, 'placeCode', place_code,
             'toCode', to_code, 'at', ${MS_OF('at')}, 'discrepancies', discrepancies)
             ORDER BY at, id) AS scans
      FROM scan WHERE line_code = $1 AND trip_departs = $2 GROUP BY pair_id`,
};

const PAIRS = {
  name: 'trip-pairs',
  text: `${SELECT_PAIR} WHERE p.id = ANY ($1::uuid[]) ORDER BY p.tag`,
};

const LOCK = {
  name: 'trip-lock',
  text: `SELECT pg_advisory_xact_lock(hashtextextended('trip ' || $1, 0))`,
};

const DEPARTED = {
  name: 'trip-departed',
  text: `
    INSERT INTO trip_call AS c (line_code, departs, stop, departed_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (line_code, departs, stop) DO UPDATE SET departed_at = excluded.departed_at
     WHERE c.departed_at IS NULL
    RETURNING stop`,
};

const ARRIVED = {
  name: 'trip-arrived',
  text: `
    INSERT INTO trip_call AS c (line_code, departs, stop, arrived_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (line_code, departs, stop) DO UPDATE SET arrived_at = excluded.arrived_at
     WHERE c.arrived_at IS NULL
    RETURNING stop`,
};

const LIST = {
  name: 'trip-list',
  text: `
    INSERT INTO trip_listed (line_code, departs, pair_id, from_stop, to_stop)
    SELECT $1, $2, id, f, t FROM unnest($3::uuid[], $4::smallint[], $5::smallint[]) AS given (id, f, t)
    ON CONFLICT DO NOTHING`,
};
