import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import { diffClaims, type Bucket, type Claim, type LimitedClaim } from '../../core/claims/claim.ts';
import { detailOf } from '../../platform/database/database-errors.ts';
import { run } from '../../platform/database/statement.ts';

/** What changes hands in one transaction. */
export interface Taking {
  /** The order or hold that owns the claims from now on. */
  readonly ownerId: string;
  /** What it (or the hold it comes from) holds now; nothing: the owner is new. */
  readonly before: readonly Claim[];
  /** What it is to hold, in normal form; nothing: all is given back. */
  readonly after: readonly LimitedClaim[];
  /** The hold that ends with this: turned into the owner, or given back. */
  readonly endedHoldId?: string;
}

/** SQLSTATE of a take that met a full bucket; its detail is the position of the bucket, from 1. */
const BUCKET_FULL = 'WL001';

/** The only code that changes `ledger`, `claim` and `ledger_change`. */
@Injectable()
export class Ledger {
  constructor(private readonly db: DataSource) {}

  /**
   * Takes and gives back, in one statement, sorted as every writer does it; each bucket only up to its
   * limit. A limit below what is taken already stops nobody from giving back or keeping. The statement
   * is sent before this returns.
   *
   * @returns null, or the first bucket that is full: the transaction has then failed
   */
  take(tx: EntityManager, taking: Taking): Promise<Bucket | null> {
    const changes = diffClaims(taking.before, taking.after);
    const owned = taking.after;
    const values = [
      taking.ownerId,
      owned.map((claim) => claim.resource),
      owned.map((claim) => new Date(claim.start).toISOString()),
      owned.map((claim) => claim.amount),
      newId(),
      ...columns(changes),
      taking.endedHoldId ?? null,
    ];
    return fullIn(changes, run(tx, TAKE, values));
  }

  /**
   * As {@link take}, for many owners at once, none of which ends a hold: what one gives back another may
   * take.
   */
  takeAll(tx: EntityManager, takings: readonly Taking[]): Promise<Bucket | null> {
    const owned = takings.map(({ ownerId, after }) => ({
      id: ownerId,
      resources: after.map((claim) => claim.resource),
      starts: after.map((claim) => new Date(claim.start)),
      amounts: after.map((claim) => claim.amount),
    }));
    const changes = diffClaims(
      takings.flatMap(({ before }) => before),
      takings.flatMap(({ after }) => after),
    );
    return fullIn(
      changes,
      run(tx, TAKE_ALL, [JSON.stringify(owned), newId(), ...columns(changes)]),
    );
  }

  /** What an order or hold has taken. @throws Error if it was never written: that is a fault */
  async claimsOf(tx: EntityManager, ownerId: string): Promise<readonly Claim[]> {
    const [row] = await run<ClaimRow>(tx, CLAIMS_OF, [ownerId]);
    if (row === undefined) throw new Error(`no claims of ${ownerId}`);
    return claimsFrom(row);
  }

  /** Deletes changes that no follower is behind by: each reads everything anew long before. */
  async trimChanges(): Promise<number> {
    const [row] = await run<{ trimmed: number }>(this.db, TRIM_CHANGES);
    return row!.trimmed;
  }
}

const columns = (changes: readonly LimitedClaim[]) => [
  changes.map((claim) => claim.resource),
  changes.map((claim) => new Date(claim.start).toISOString()),
  changes.map((claim) => claim.amount),
  changes.map((claim) => claim.limit),
];

/** The bucket that made a statement of claims fail; null: it did not. */
function fullIn(changes: readonly LimitedClaim[], taken: Promise<unknown>): Promise<Bucket | null> {
  return taken.then(
    () => null,
    (fault: unknown) => {
      const position = detailOf(fault, BUCKET_FULL);
      if (position === undefined) throw fault;
      return changes[Number(position) - 1]!;
    },
  );
}

/** The claim statement. */
export const TAKE = {
  name: 'ledger-take',
  text: `
    WITH owned AS (
      INSERT INTO claim (owner_id, resources, starts, amounts)
      VALUES ($1, $2::text[], $3::timestamptz[], $4::integer[])
      ON CONFLICT (owner_id) DO UPDATE SET resources = EXCLUDED.resources,
        starts = EXCLUDED.starts, amounts = EXCLUDED.amounts
      RETURNING 1
    ), emptied AS (
      DELETE FROM claim WHERE owner_id = $10::uuid AND owner_id <> $1
    )
    SELECT require_taken(
             take_claims($5, $6::text[], $7::timestamptz[], $8::integer[], $9::integer[], $10::uuid))
      FROM owned`,
};

const TAKE_ALL = {
  name: 'ledger-take-all',
  text: `
    WITH owned AS (
      INSERT INTO claim (owner_id, resources, starts, amounts)
      SELECT id, resources, starts, amounts
        FROM jsonb_to_recordset($1::jsonb) AS given
             (id uuid, resources text[], starts timestamptz[], amounts integer[])
      ON CONFLICT (owner_id) DO UPDATE SET resources = EXCLUDED.resources,
        starts = EXCLUDED.starts, amounts = EXCLUDED.amounts
      RETURNING 1
    )
    SELECT require_taken(
             take_claims($2, $3::text[], $4::timestamptz[], $5::integer[], $6::integer[], NULL))
      FROM (SELECT count(*) FROM owned) AS written`,
};

const CLAIMS_OF = {
  name: 'ledger-claims-of',
  text: `SELECT resources, starts, amounts FROM claim WHERE owner_id = $1`,
};

const TRIM_CHANGES = {
  name: 'ledger-trim-changes',
  text: `
    WITH old AS (DELETE FROM ledger_change WHERE at < now() - interval '1 hour' RETURNING 1)
    SELECT count(*)::int AS trimmed FROM old`,
};

/** Claims as the tables keep them: three arrays of equal length. */
export interface ClaimRow {
  readonly resources: readonly string[];
  /** As dates, or as the text that JSON has for them, which is read in a fraction of the time. */
  readonly starts: readonly (Date | string)[];
  readonly amounts: readonly number[];
}

export function claimsFrom({ resources, starts, amounts }: ClaimRow): readonly Claim[] {
  return resources.map((resource, i) => ({
    resource,
    start: new Date(starts[i]!).getTime(),
    amount: amounts[i]!,
  }));
}
