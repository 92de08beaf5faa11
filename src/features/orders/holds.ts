import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { Bucket, Claim } from '../../core/claims/claim.ts';
import type { Proposal } from '../../core/orders/propose.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import { claimsFrom, Ledger, type ClaimRow } from '../capacity/index.ts';

/** What is kept, and the version of the chain that it was found on. */
export interface HeldProposal extends Proposal {
  readonly chainVersion: number;
}

/** All that a booking would take, kept until `expiresAt` of the database's clock. */
export interface HoldData {
  readonly id: string;
  readonly contentHash: string;
  readonly proposal: HeldProposal;
  readonly expiresAt: EpochMs;
}

export interface HoldWithClaims extends HoldData {
  readonly claims: readonly Claim[];
}

interface HoldRow extends ClaimRow {
  readonly id: string;
  readonly content_hash: string;
  readonly proposal: HeldProposal;
  readonly expires_at: Date;
}

/** Freed in one call, one by one, so that no transaction holds many buckets. */
const MOST_FREED_AT_ONCE = 200;

/** The only code that writes holds. */
@Injectable()
export class Holds {
  constructor(
    private readonly db: DataSource,
    private readonly ledger: Ledger,
  ) {}

  /** @returns when it expires, by the database's clock; and the version of the chain */
  async insert(
    tx: EntityManager,
    hold: Omit<HoldData, 'expiresAt'>,
    caller: string,
    seconds: number,
  ): Promise<{ readonly expiresAt: EpochMs; readonly chainVersion: number }> {
    const values = [hold.id, caller, hold.contentHash, JSON.stringify(hold.proposal), seconds];
    const [row] = await run<{ expires_at: Date; chain_version: string }>(tx, INSERT_HOLD, values);
    return { expiresAt: row!.expires_at.getTime(), chainVersion: Number(row!.chain_version) };
  }

  /** A caller's hold that is still on. Null: unknown, somebody else's, used or expired. */
  async current(id: string, caller: string): Promise<HoldWithClaims | null> {
    const [row] = await run<HoldRow>(this.db, CURRENT_HOLD, [id, caller]);
    return row === undefined ? null : { ...holdFrom(row), claims: claimsFrom(row) };
  }

  /** A hold as it was made. @throws Error if there is none: that is a fault */
  async made(id: string): Promise<HoldData> {
    const [row] = await run<HoldRow>(this.db, MADE_HOLD, [id]);
    if (row === undefined) throw new Error(`no hold ${id}`);
    return holdFrom(row);
  }

  /** Ends a hold for the order that takes it over. @returns false: it is no longer on */
  async end(tx: EntityManager, id: string): Promise<boolean> {
    return (await run(tx, END_HOLD, [id])).length === 1;
  }

  /**
   * Gives back expired holds that have some of these buckets, or any. One transaction a hold: its row is
   * locked first, then its buckets, as when it becomes an order; whoever comes second finds it ended.
   *
   * @returns how many holds were ended; there may be more
   */
  async freeExpired(buckets?: readonly Bucket[]): Promise<number> {
    const resources = buckets?.map((bucket) => bucket.resource) ?? null;
    const starts = buckets?.map((bucket) => new Date(bucket.start)) ?? null;
    const values = [resources, starts, MOST_FREED_AT_ONCE];
    const expired = await run<{ id: string }>(this.db, EXPIRED_HOLDS, values);
    let freed = 0;
    for (const { id } of expired) {
      if (await this.db.transaction((tx) => this.free(tx, id))) freed += 1;
    }
    return freed;
  }

  private async free(tx: EntityManager, id: string): Promise<boolean> {
    if ((await run(tx, END_EXPIRED_HOLD, [id])).length === 0) return false;
    const before = await this.ledger.claimsOf(tx, id);
    await this.ledger.take(tx, { ownerId: id, before, after: [], endedHoldId: id });
    return true;
  }
}

const INSERT_HOLD = {
  name: 'hold-insert',
  text: `INSERT INTO hold (id, caller, content_hash, proposal, expires_at)
         VALUES ($1, $2, $3, $4, date_trunc('milliseconds', clock_timestamp()) + make_interval(secs => $5))
         RETURNING expires_at, (SELECT version FROM chain) AS chain_version`,
};

const CURRENT_HOLD = {
  name: 'hold-current',
  text: `SELECT h.id, h.content_hash, h.proposal, h.expires_at, c.resources, c.starts, c.amounts
           FROM hold h JOIN claim c ON c.owner_id = h.id
          WHERE h.id = $1 AND h.caller = $2
            AND h.ended_at IS NULL AND h.expires_at > clock_timestamp()`,
};

const MADE_HOLD = {
  name: 'hold-made',
  text: `SELECT id, content_hash, proposal, expires_at FROM hold WHERE id = $1`,
};

const END_HOLD = {
  name: 'hold-end',
  text: `UPDATE hold SET ended_at = clock_timestamp()
          WHERE id = $1 AND ended_at IS NULL AND expires_at > clock_timestamp() RETURNING 1 AS ended`,
};

const END_EXPIRED_HOLD = {
  name: 'hold-end-expired',
  text: `UPDATE hold SET ended_at = clock_timestamp()
          WHERE id = $1 AND ended_at IS NULL AND expires_at <= clock_timestamp() RETURNING 1 AS ended`,
};

const EXPIRED_HOLDS = {
  name: 'hold-expired',
  text: `SELECT h.id FROM hold h JOIN claim c ON c.owner_id = h.id
          WHERE h.ended_at IS NULL AND h.expires_at <= clock_timestamp()
            AND ($1::text[] IS NULL OR EXISTS (
                  SELECT resource, start FROM unnest(c.resources, c.starts) AS held (resource, start)
                  INTERSECT
                  SELECT resource, start
                    FROM unnest($1, $2::timestamptz[]) AS wanted (resource, start)))
          ORDER BY h.id LIMIT $3`,
};

function holdFrom(row: Omit<HoldRow, keyof ClaimRow>): HoldData {
  return {
    id: row.id,
    contentHash: row.content_hash,
    proposal: row.proposal,
    expiresAt: row.expires_at.getTime(),
  };
}
