import type { Claim } from '../../core/claims/claim.ts';
import { limitOf } from '../../core/claims/limits.ts';
import { counterClaims, type VisitKind } from '../../core/counter/remaining.ts';
import { slotAt } from '../../core/counter/slots.ts';
import { openingAt } from '../../core/hours/openings.ts';
import type { Network } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { Affected } from './affected.ts';

/** An appointment already made. */
export interface BookedVisit {
  readonly id: string;
  readonly orderId: string;
  readonly kind: VisitKind;
  readonly storeCode: string;
  readonly start: EpochMs;
  readonly pairs: number;
}

/** The rides, work and shelf that an order has taken. */
export interface BookedWay {
  readonly orderId: string;
  readonly pickUpId: string;
  readonly claims: readonly Claim[];
}

export interface Conflict {
  readonly orderId: string;
  readonly appointmentId: string;
  readonly code: 'CLOSED' | 'NOT_ON_GRID' | 'OVER_CAPACITY';
}

/**
 * Visits that no longer fit the hours or the numbers of their store. Where more was booked than fits
 * now, those booked first keep their place: `visits` come oldest booking first.
 */
export function visitConflicts(
  network: Network,
  visits: readonly BookedVisit[],
): readonly Conflict[] {
  const taken = new Map<string, number>();
  return visits.flatMap((visit) => {
    const code = visitConflict(network, visit, taken);
    return code === null ? [] : [{ orderId: visit.orderId, appointmentId: visit.id, code }];
  });
}

function visitConflict(
  network: Network,
  { storeCode, start, kind, pairs }: BookedVisit,
  taken: Map<string, number>,
): Conflict['code'] | null {
  const store = network.stores.get(storeCode)!;
  const slot = slotAt(store, start);
  if (slot === null) return openingAt(store, start) === null ? 'CLOSED' : 'NOT_ON_GRID';
  return takeAll(counterClaims(store, slot, kind, pairs), taken) ? null : 'OVER_CAPACITY';
}

/**
 * Orders whose rides, work or shelf no longer fit, reported by their pick-up; `ways` come oldest
 * booking first. Windows that began before `now` cannot be helped any more and are left out.
 */
export function wayConflicts(
  network: Network,
  { resources }: Affected,
  ways: readonly BookedWay[],
  now: EpochMs,
): readonly Conflict[] {
  const affected = new Set(resources);
  const taken = new Map<string, number>();
  return ways.flatMap(({ orderId, pickUpId, claims }) => {
    // A window that is no longer there has room for nothing.
    const looked = claims
      .filter((claim) => affected.has(claim.resource) && claim.start >= now)
      .map((claim) => ({ ...claim, limit: limitIn(network, claim) }));
    const fits = takeAll(looked, taken);
    return fits ? [] : [{ orderId, appointmentId: pickUpId, code: 'OVER_CAPACITY' as const }];
  });
}

function limitIn(network: Network, claim: Claim): number | null {
  const limit = limitOf(network, claim);
  return limit === undefined ? 0 : limit;
}

/** Takes all of `claims`, or none if one of them passes its limit. */
function takeAll(
  claims: readonly (Claim & { readonly limit: number | null })[],
  taken: Map<string, number>,
): boolean {
  const sums = claims.map(({ resource, start, amount, limit }) => {
    const key = `${resource} ${start}`;
    return { key, sum: (taken.get(key) ?? 0) + amount, limit };
  });
  if (sums.some(({ sum, limit }) => limit !== null && sum > limit)) return false;
  for (const { key, sum } of sums) taken.set(key, sum);
  return true;
}
