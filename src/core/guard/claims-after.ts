import {
  compareBuckets,
  normalClaims,
  normalLimitedClaims,
  type Bucket,
  type Claim,
  type LimitedClaim,
} from '../claims/claim.ts';
import { workOf } from '../claims/resource.ts';
import type { PairData } from '../goods/pair.ts';
import type { EpochMs } from '../time/time.ts';

const isCounter = ({ resource }: Bucket): boolean => resource.startsWith('counter:');
const isWork = ({ resource }: Bucket): boolean => resource.startsWith('work:');

/** The units that finished work has used up, by the shift that it was done in. */
export function workDone(pairs: readonly PairData[]): readonly Claim[] {
  return normalClaims(
    pairs.flatMap(({ operations }) =>
      operations.flatMap(({ skill, units, finishedAt, workshopCode, shiftStart }) =>
        finishedAt === null || workshopCode === null || shiftStart === null
          ? []
          : [{ resource: workOf(workshopCode, skill), start: shiftStart, amount: units }],
      ),
    ),
  );
}

/**
 * All that an order takes once it goes another way.
 *
 * Of vans and shelves whose window has started it keeps what it took, or takes what it needs if that is
 * more: nobody else can use it. Of shifts it has what was really worked and what is planned. Windows to
 * come are the plan's alone. Visits at the counter stay.
 *
 * @param before what it takes now
 * @param planned by the plan from now on
 * @returns in normal form; what is kept has no limit, as nothing is taken anew for it
 */
export function claimsAfter(
  before: readonly Claim[],
  done: readonly Claim[],
  planned: readonly LimitedClaim[],
  now: EpochMs,
): readonly LimitedClaim[] {
  const started = before.filter(
    (claim) => claim.start <= now && !isCounter(claim) && !isWork(claim),
  );
  return normalLimitedClaims([
    ...before.filter(isCounter).map(unlimited),
    ...done.map(unlimited),
    ...more(started, planned),
  ]);
}

/** `planned`, and what of `started` is more than it. */
function more(started: readonly Claim[], planned: readonly LimitedClaim[]): LimitedClaim[] {
  const left = started.map((claim) => {
    const same = planned.find((other) => compareBuckets(claim, other) === 0);
    return unlimited({ ...claim, amount: Math.max(0, claim.amount - (same?.amount ?? 0)) });
  });
  return [...planned, ...left];
}

const unlimited = (claim: Claim): LimitedClaim => ({ ...claim, limit: null });

/** Both in normal form. */
export function isSameClaims(a: readonly Claim[], b: readonly Claim[]): boolean {
  return (
    a.length === b.length &&
    a.every((claim, at) => compareBuckets(claim, b[at]!) === 0 && claim.amount === b[at]!.amount)
  );
}
