import { type Claim, type LimitedClaim } from '../claims/claim.ts';
import { shelfOf } from '../claims/resource.ts';
import { openOperations, type PairData } from '../goods/pair.ts';
import type { Store } from '../network/network.ts';
import type { OrderData } from '../orders/order.ts';
import { instantAt } from '../time/instant-at.ts';
import { localDateOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';

export type HandOutProblemCode =
  /** No pair has this tag. */
  | 'UNKNOWN_TAG'
  /** The pair is another order's. */
  | 'WRONG_PAIR'
  | 'ALREADY_HANDED_OUT'
  /** Nobody knows where it is. */
  | 'MISSING'
  | 'NOT_HERE'
  /** The customer has not decided on a finding. */
  | 'NOT_DECIDED'
  /** Work is to be done on it. */
  | 'NOT_READY'
  /** It was not scanned, and only part of the order was not asked for. */
  | 'LEFT_BEHIND';

/** Why a pair cannot be handed out, or the order not without it. */
export interface HandOutProblem {
  readonly code: HandOutProblemCode;
  readonly tag: string;
}

export interface ScannedOut {
  readonly storeCode: string;
  /** In the form of `readTag`, each once. */
  readonly tags: readonly string[];
  /** Those of the tags that some pair of the chain has. */
  readonly knownTags: ReadonlySet<string>;
  readonly isPartial: boolean;
}

/** All that is wrong with handing out what was scanned, tag by tag; nothing: it may go. */
export function handOutProblems(
  pairs: readonly PairData[],
  gated: ReadonlySet<string>,
  { storeCode, tags, knownTags, isPartial }: ScannedOut,
): readonly HandOutProblem[] {
  const byTag = new Map(pairs.map((pair) => [pair.tag, pair]));
  const scanned = tags.flatMap((tag): HandOutProblem[] => {
    const pair = byTag.get(tag);
    const code =
      pair === undefined
        ? knownTags.has(tag)
          ? 'WRONG_PAIR'
          : 'UNKNOWN_TAG'
        : problemOf(pair, gated, storeCode);
    return code === null ? [] : [{ code, tag }];
  });
  if (isPartial) return scanned;
  const left = pairs.filter(({ tag, place }) => place.kind !== 'CUSTOMER' && !tags.includes(tag));
  return [...scanned, ...left.map(({ tag }) => ({ code: 'LEFT_BEHIND' as const, tag }))];
}

/** Why one pair cannot be handed out at this store; null: it can. */
export function problemOf(
  pair: PairData,
  gated: ReadonlySet<string>,
  storeCode: string,
): HandOutProblemCode | null {
  const { place } = pair;
  if (place.kind === 'CUSTOMER') return 'ALREADY_HANDED_OUT';
  if (place.kind === 'MISSING') return 'MISSING';
  if (place.kind !== 'STORE' || place.code !== storeCode) return 'NOT_HERE';
  if (gated.has(pair.id)) return 'NOT_DECIDED';
  return openOperations(pair).length > 0 ? 'NOT_READY' : null;
}

/** The order after these pairs are out. */
export function handedOut(order: OrderData, isAll: boolean): OrderData {
  const version = order.version + 1;
  if (!isAll) return { ...order, version };
  return {
    ...order,
    version,
    status: 'COLLECTED',
    pickUp: { ...order.pickUp, status: 'FULFILLED' },
  };
}

/** What the order still takes: its shelf no longer from tomorrow on, for as many pairs as are out. */
export function claimsAfterHandOut(
  claims: readonly Claim[],
  store: Store,
  pairsOut: number,
  now: EpochMs,
): readonly LimitedClaim[] {
  const today = instantAt(localDateOf(now, store.timeZone), 0, store.timeZone);
  return claims
    .map((claim) => {
      const isFree = claim.resource === shelfOf(store.code) && claim.start > today;
      const amount = isFree ? Math.max(0, claim.amount - pairsOut) : claim.amount;
      return { ...claim, amount, limit: null };
    })
    .filter(({ amount }) => amount > 0);
}
