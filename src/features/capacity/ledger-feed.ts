import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { Claim } from '../../core/claims/claim.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { claimsFrom, type ClaimRow } from './ledger.ts';

/** Windows that began longer ago than this are of no use to a plan. */
const KEPT_DAYS = 2;

/** What one committed transaction added to the ledger. */
export interface LedgerChange {
  readonly claims: readonly Claim[];
  readonly endedHoldId: string | null;
}

/** A hold whose claims are in the ledger. */
export interface HoldInLedger {
  readonly id: string;
  readonly claims: readonly Claim[];
}

/** The ledger as one snapshot of the database shows it, or what came after an earlier one. */
export interface LedgerReading {
  /** PostgreSQL's name for the snapshot, to ask for what comes after it. */
  readonly snapshot: string;
  readonly chainVersion: number;
  readonly databaseNow: EpochMs;
  readonly changes: readonly LedgerChange[];
  /** All holds there are at the moment whose time is over while their claims are still in the ledger. */
  readonly lapsed: readonly HoldInLedger[];
}

interface FeedRow extends ClaimRow {
  readonly kind: 'head' | 'taken' | 'change' | 'lapsed';
  readonly id: string | null;
  readonly version: string | null;
  readonly at: Date | null;
  /** Of one resource: start in epoch ms and sum of each window in turn, as JSON. */
  readonly windows: string | null;
}

/** Reads the ledger for followers. One statement each, so that all of a reading is of one snapshot. */
@Injectable()
export class LedgerFeed {
  constructor(private readonly db: DataSource) {}

  /** All that is taken of windows that may still matter, as one change a resource. */
  async whole(): Promise<LedgerReading> {
    const rows = await run<FeedRow>(this.db, WHOLE, [KEPT_DAYS]);
    return readingOf(rows);
  }

  /** What was committed after `snapshot` was taken. Constant cost when nothing was. */
  async since(snapshot: string): Promise<LedgerReading> {
    return readingOf(await run<FeedRow>(this.db, SINCE, [snapshot]));
  }

  /** A caller's holds that are still on. */
  async holdsOf(caller: string): Promise<readonly HoldInLedger[]> {
    const rows = await run<ClaimRow & { readonly id: string }>(this.db, HOLDS_OF, [caller]);
    return rows.map((row) => ({ id: row.id, claims: claimsFrom(row) }));
  }
}

const HEAD = `
  SELECT 'head' AS kind, pg_current_snapshot()::text AS id, version::text, clock_timestamp() AS at,
         NULL::text[] AS resources, NULL::json AS starts, NULL::integer[] AS amounts,
         NULL::text AS windows
    FROM chain`;

const LAPSED = `
  SELECT 'lapsed', h.id::text, NULL, NULL, c.resources, to_json(c.starts), c.amounts, NULL
    FROM hold h JOIN claim c ON c.owner_id = h.id
   WHERE h.ended_at IS NULL AND h.expires_at <= clock_timestamp()`;

/** Few holds are on at any time, so the index on their expiry is enough. */
const HOLDS_OF = {
  name: 'ledger-holds-of',
  text: `SELECT h.id::text, c.resources, c.starts, c.amounts
           FROM hold h JOIN claim c ON c.owner_id = h.id
          WHERE h.caller = $1 AND h.ended_at IS NULL AND h.expires_at > clock_timestamp()`,
};

/** Hundreds of thousands of buckets: as text that JSON reads, a tenth of the time of arrays of instants. */
const WHOLE = {
  name: 'ledger-whole',
  text: `${HEAD} UNION ALL
  SELECT 'taken', resource, NULL, NULL, NULL, NULL, NULL,
         '[' || string_agg((extract(epoch FROM start) * 1000)::bigint || ',' || taken, ',') || ']'
    FROM ledger WHERE taken > 0 AND start > now() - make_interval(days => $1)
   GROUP BY resource
  UNION ALL ${LAPSED}`,
};

/**
 * Not visible in the last snapshot and committed now: exactly what is new, each change once. The upper
 * end leaves out nothing that is visible; with it the planner expects a short range of the index.
 */
const SINCE = {
  name: 'ledger-since',
  text: `${HEAD} UNION ALL
  SELECT 'change', ended_hold::text, NULL, NULL, resources, to_json(starts), amounts, NULL
    FROM ledger_change
   WHERE xid >= pg_snapshot_xmin($1::pg_snapshot) AND xid < pg_snapshot_xmax(pg_current_snapshot())
     AND NOT pg_visible_in_snapshot(xid, $1::pg_snapshot)
  UNION ALL ${LAPSED}`,
};

function readingOf(rows: readonly FeedRow[]): LedgerReading {
  const head = rows.find((row) => row.kind === 'head')!;
  return {
    snapshot: head.id!,
    chainVersion: Number(head.version),
    databaseNow: head.at!.getTime(),
    changes: rows.flatMap((row) => {
      if (row.kind === 'taken') return [{ claims: sumsFrom(row), endedHoldId: null }];
      return row.kind === 'change' ? [{ claims: claimsFrom(row), endedHoldId: row.id }] : [];
    }),
    lapsed: rows
      .filter((row) => row.kind === 'lapsed')
      .map((row) => ({ id: row.id!, claims: claimsFrom(row) })),
  };
}

function sumsFrom({ id, windows }: FeedRow): readonly Claim[] {
  const numbers = JSON.parse(windows!) as readonly number[];
  const sums: Claim[] = [];
  for (let at = 0; at < numbers.length; at += 2) {
    sums.push({ resource: id!, start: numbers[at]!, amount: numbers[at + 1]! });
  }
  return sums;
}
