import type { Claim, LimitedClaim } from '../claims/claim.ts';
import { normalLimitedClaims } from '../claims/claim.ts';
import { shelfOf } from '../claims/resource.ts';
import type { EpochMs } from '../time/time.ts';

/** Pairs of an order that were not collected and are on the shelf on a date after their pick-up's. */
export interface Staying {
  readonly storeCode: string;
  /** Midnight at which the date begins there. */
  readonly midnight: EpochMs;
  readonly pairs: number;
}

/**
 * What an order has taken, with its place on the shelf for one more date. They are there whether or not
 * there is room, so no limit applies.
 *
 * @returns null: it has that place already
 */
export function withStay(
  claims: readonly Claim[],
  { storeCode, midnight, pairs }: Staying,
): readonly LimitedClaim[] | null {
  const resource = shelfOf(storeCode);
  const isOfDate = (claim: Claim): boolean =>
    claim.resource === resource && claim.start === midnight;
  if ((claims.find(isOfDate)?.amount ?? 0) >= pairs) return null;
  const others = claims.filter((claim) => !isOfDate(claim));
  const stay = { resource, start: midnight, amount: pairs, limit: null };
  return normalLimitedClaims([...others.map((claim) => ({ ...claim, limit: null })), stay]);
}
