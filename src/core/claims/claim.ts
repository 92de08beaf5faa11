import type { EpochMs } from '../time/time.ts';

/** What can run out: a resource (see `resource.ts`) and the instant at which its window starts. */
export interface Bucket {
  readonly resource: string;
  readonly start: EpochMs;
}

/** An amount of one bucket, in the unit of the resource: visits, pairs, or units of work. */
export interface Claim extends Bucket {
  readonly amount: number;
}

/** A claim with the most that its bucket may hold in all. A limit of null: no limit. */
export interface LimitedClaim extends Claim {
  readonly limit: number | null;
}

/** The order in which every writer takes buckets: by resource (code units), then by start. */
export function compareBuckets(a: Bucket, b: Bucket): number {
  if (a.resource !== b.resource) return a.resource < b.resource ? -1 : 1;
  return a.start - b.start;
}

/** Sorted (see {@link compareBuckets}), one entry a bucket, amounts added, zero amounts left out. */
export function normalClaims(claims: readonly Claim[]): readonly Claim[] {
  return join(claims.map(({ resource, start, amount }) => ({ resource, start, amount })));
}

/** As {@link normalClaims}, with limits: of two limits of one bucket the lower one counts. */
export function normalLimitedClaims(claims: readonly LimitedClaim[]): readonly LimitedClaim[] {
  return join(claims);
}

/**
 * What to add to the ledger so that `after` is taken instead of `before`; amounts may be negative, and
 * only those above zero have a limit to respect.
 */
export function diffClaims(
  before: readonly Claim[],
  after: readonly LimitedClaim[],
): readonly LimitedClaim[] {
  const given = before.map((claim) => ({ ...claim, amount: -claim.amount, limit: null }));
  return normalLimitedClaims([...given, ...after]);
}

function join<C extends Claim & { readonly limit?: number | null }>(claims: readonly C[]): C[] {
  const out: C[] = [];
  for (const claim of [...claims].sort(compareBuckets)) {
    const last = out.at(-1);
    if (last === undefined || compareBuckets(last, claim) !== 0) {
      out.push(claim);
      continue;
    }
    const joined = { ...last, amount: last.amount + claim.amount };
    out[out.length - 1] =
      claim.limit === undefined
        ? joined
        : { ...joined, limit: lower(last.limit ?? null, claim.limit) };
  }
  return out.filter((claim) => claim.amount !== 0);
}

function lower(a: number | null, b: number | null): number | null {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}
