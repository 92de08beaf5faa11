import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { FindingTimes } from '../../core/goods/fold-work.ts';
import type { PairData, PairOperation } from '../../core/goods/pair.ts';
import type { Discrepancy, ScanData } from '../../core/goods/scan.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run, together } from '../../platform/database/statement.ts';
import { instant, instantOrNull, MS_OF, placeRow } from '../goods/index.ts';
import { CHAIN_LOCK } from '../network/index.ts';

/** A scan as it is kept. */
export interface KeptScan extends ScanData {
  readonly receivedAt: EpochMs;
  readonly discrepancies: readonly Discrepancy[];
}

/** A picture that was taken with a scan. */
export interface PairPhoto {
  readonly orderId: string;
  readonly pairId: string;
  readonly mediaId: string;
  readonly scanId: string;
  readonly stage: 'BEFORE' | 'AFTER' | 'DETAIL';
  readonly caption: string | null;
  readonly at: EpochMs;
}

/** Everything that a batch of scans changes of pairs. */
export interface ScanWrites {
  readonly scans: readonly KeptScan[];
  /** Earlier scans of which it is seen differently now what did not fit together. */
  readonly judged: readonly Pick<KeptScan, 'pairId' | 'id' | 'discrepancies'>[];
  readonly pairs: readonly Pick<PairData, 'id' | 'place' | 'since' | 'shelf'>[];
  readonly operations: readonly (PairOperation & { readonly pairId: string })[];
  readonly photos: readonly PairPhoto[];
}

/** What is read and written for scans, each in one statement however many there are. */
@Injectable()
export class ScanRows {
  /**
   * Locks the orders of the tags in order of id, as everybody does who changes several, and keeps the
   * chain as it is. @returns their ids
   */
  async lock(tx: EntityManager, tags: readonly string[]): Promise<readonly string[]> {
    const rows = await run<{ id: string }>(tx, LOCK, [tags, CHAIN_LOCK]);
    return rows.map(({ id }) => id);
  }

  /** To be read after {@link lock}. */
  async chainVersion(tx: EntityManager): Promise<number> {
    const [row] = await run<{ version: string }>(tx, CHAIN_VERSION);
    return Number(row!.version);
  }

  /** All scans of all pairs of the orders, by pair, in order. */
  async ofOrders(
    tx: EntityManager,
    orderIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly KeptScan[]>> {
    const rows = await run<{ pair_id: string; scans: KeptScan[] }>(tx, SCANS_OF, [orderIds]);
    return new Map(rows.map(({ pair_id, scans }) => [pair_id, scans]));
  }

  /** Of all pairs of the orders, by pair. */
  async findings(
    tx: EntityManager,
    orderIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly FindingTimes[]>> {
    const rows = await run<{ pair_id: string; findings: FindingTimes[] }>(tx, FINDINGS_OF, [
      orderIds,
    ]);
    return new Map(rows.map(({ pair_id, findings }) => [pair_id, findings]));
  }

  async write(tx: EntityManager, writes: ScanWrites): Promise<void> {
    const { scans, judged, pairs, operations, photos } = writes;
    const send = (statement: { name: string; text: string }, rows: readonly object[]) =>
      rows.length === 0 ? [] : [run(tx, statement, [JSON.stringify(rows)])];
    await together([
      ...send(INSERT_SCANS, scans.map(scanRow)),
      ...send(JUDGE, judged),
      ...send(
        MOVE_PAIRS,
        pairs.map((pair) => ({ ...pair, ...placeRow(pair) })),
      ),
      ...send(WRITE_OPERATIONS, operations.map(operationRow)),
      ...send(
        INSERT_PHOTOS,
        photos.map((photo) => ({ ...photo, at: instant(photo.at) })),
      ),
    ]);
  }
}

const scanRow = ({ trip, ...scan }: KeptScan) => ({
  ...scan,
  lineCode: trip?.lineCode ?? null,
  departs: instantOrNull(trip?.departs ?? null),
  at: instant(scan.at),
  receivedAt: instant(scan.receivedAt),
});

const operationRow = (operation: PairOperation & { readonly pairId: string }) => ({
  ...operation,
  startedAt: instantOrNull(operation.startedAt),
  finishedAt: instantOrNull(operation.finishedAt),
  shiftStart: instantOrNull(operation.shiftStart),
});

const LOCK = {
  name: 'scans-lock-orders',
  text: `
    WITH guard AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared($2))
    SELECT o.id FROM guard, customer_order o
     WHERE o.id IN (SELECT order_id FROM pair WHERE tag = ANY ($1::text[]))
     ORDER BY o.id FOR NO KEY UPDATE OF o`,
};

const CHAIN_VERSION = { name: 'scans-chain-version', text: `SELECT version FROM chain` };

/** A scan in the form of the engine. */
export const SCAN_JSON = `
  json_build_object('id', s.id, 'pairId', s.pair_id, 'kind', s.kind, 'placeCode', s.place_code,
    'trip', CASE WHEN s.line_code IS NOT NULL THEN json_build_object('lineCode', s.line_code,
              'departs', ${MS_OF('s.trip_departs')}) END,
    'toCode', s.to_code, 'isListed', s.is_listed, 'shelf', s.shelf, 'skill', s.skill,
    'operations', s.operations, 'at', ${MS_OF('s.at')},
    'receivedAt', ${MS_OF('s.received_at')}, 'actor', s.actor, 'discrepancies', s.discrepancies)`;

const SCANS_OF = {
  name: 'scans-of-orders',
  text: `
    SELECT s.pair_id, json_agg(${SCAN_JSON} ORDER BY s.at, s.id) AS scans
      FROM pair p JOIN scan s ON s.pair_id = p.id
     WHERE p.order_id = ANY ($1::uuid[])
     GROUP BY s.pair_id`,
};

const FINDINGS_OF = {
  name: 'scans-findings-of-orders',
  text: `
    SELECT pair_id, json_agg(json_build_object('id', id, 'reportedAt', ${MS_OF('reported_at')},
             'decidedAt', ${MS_OF('decided_at')})) AS findings
      FROM finding WHERE pair_id IN (SELECT id FROM pair WHERE order_id = ANY ($1::uuid[]))
     GROUP BY pair_id`,
};

const INSERT_SCANS = {
  name: 'scans-insert',
  text: `
    INSERT INTO scan (id, pair_id, kind, place_code, line_code, trip_departs, to_code, is_listed, shelf,
                      skill, operations, at, received_at, actor, discrepancies)
    SELECT id, "pairId", kind, "placeCode", "lineCode", departs, "toCode", "isListed", shelf,
           skill, operations, at, "receivedAt", actor, discrepancies
      FROM jsonb_to_recordset($1::jsonb) AS given
           (id text, "pairId" uuid, kind text, "placeCode" text, "lineCode" text, departs timestamptz,
            "toCode" text, "isListed" boolean, shelf text, skill text, operations jsonb, at timestamptz, "receivedAt" timestamptz, actor text,
            discrepancies text[])`,
};

const JUDGE = {
  name: 'scans-judge',
  text: `
    UPDATE scan s SET discrepancies = given.discrepancies
      FROM jsonb_to_recordset($1::jsonb) AS given ("pairId" uuid, id text, discrepancies text[])
     WHERE s.pair_id = given."pairId" AND s.id = given.id`,
};

const MOVE_PAIRS = {
  name: 'scans-move-pairs',
  text: `
    UPDATE pair p SET place = given.place, place_code = "placeCode", trip_departs = "tripDeparts",
           to_code = "toCode", shelf = given.shelf, since = given.since
      FROM jsonb_to_recordset($1::jsonb) AS given
           (id uuid, place text, "placeCode" text, "tripDeparts" timestamptz, "toCode" text,
            shelf text, since timestamptz)
     WHERE p.id = given.id`,
};

const WRITE_OPERATIONS = {
  name: 'scans-write-operations',
  text: `
    INSERT INTO pair_operation AS o (pair_id, position, skill, units, dwell_min, origin, finding_id,
                                     started_at, finished_at, workshop_code, shift_start)
    SELECT "pairId", position, skill, units, "dwellMin", origin, "findingId", "startedAt", "finishedAt",
           "workshopCode", "shiftStart"
      FROM jsonb_to_recordset($1::jsonb) AS given
           ("pairId" uuid, position smallint, skill text, units smallint, "dwellMin" integer,
            origin text, "findingId" uuid, "startedAt" timestamptz, "finishedAt" timestamptz,
            "workshopCode" text, "shiftStart" timestamptz)
    ON CONFLICT (pair_id, position) DO UPDATE
       SET skill = excluded.skill, units = excluded.units, dwell_min = excluded.dwell_min,
           origin = excluded.origin, finding_id = excluded.finding_id,
           started_at = excluded.started_at, finished_at = excluded.finished_at,
           workshop_code = excluded.workshop_code, shift_start = excluded.shift_start`,
};

const INSERT_PHOTOS = {
  name: 'scans-insert-photos',
  text: `
    INSERT INTO pair_photo (pair_id, media_id, scan_id, stage, caption, at)
    SELECT "pairId", "mediaId", "scanId", stage, caption, at
      FROM jsonb_to_recordset($1::jsonb) AS given
           ("pairId" uuid, "mediaId" uuid, "scanId" text, stage text, caption text, at timestamptz)
    ON CONFLICT (pair_id, media_id) DO NOTHING`,
};
