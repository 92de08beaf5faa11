import { diffClaims, type Claim, type LimitedClaim } from '../claims/claim.ts';
import {
  counterDropOffs,
  counterPairs,
  counterPickUps,
  counterVisits,
} from '../claims/resource.ts';
import { pairsOf, type AppointmentData, type OrderData } from '../orders/order.ts';
import { APPOINTMENT_TRANSITIONS, type AppointmentStatus } from '../orders/states.ts';
import { ok, refuse, type Result } from '../result.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';

/** Nothing of the order can be done at the counter as it stands. */
export interface WrongOrderStatus {
  readonly code: 'WRONG_STATUS';
}

/** The goods are not on the shelf yet. */
export interface GoodsNotReady {
  readonly code: 'GOODS_NOT_READY';
}

/** The visit of an order that comes next, or why there is none. */
export function nextVisit(
  order: OrderData,
): Result<AppointmentData, WrongOrderStatus | GoodsNotReady> {
  switch (order.status) {
    case 'BOOKED':
      return ok(order.dropOff);
    case 'READY':
      return ok(order.pickUp);
    case 'RECEIVED':
    case 'IN_TRANSIT':
    case 'IN_CARE':
      return refuse({ code: 'GOODS_NOT_READY' });
    case 'COLLECTED':
    case 'CANCELLED':
      return refuse({ code: 'WRONG_STATUS' });
  }
}

/** The next version of an order, with one of its visits in another status; WRONG_STATUS where it cannot be. */
export function withVisit(
  order: OrderData,
  visit: AppointmentData,
  status: AppointmentStatus,
): Result<OrderData, WrongOrderStatus> {
  const next: readonly AppointmentStatus[] = APPOINTMENT_TRANSITIONS[visit.status];
  if (!next.includes(status)) return refuse({ code: 'WRONG_STATUS' });
  const changed = { ...visit, status };
  return ok({
    ...order,
    version: order.version + 1,
    ...(visit.kind === 'DROP_OFF' ? { dropOff: changed } : { pickUp: changed }),
  });
}

/** What an order keeps when the place of one of its visits at the counter is free for others again. */
export function withoutPlace(
  order: OrderData,
  { kind, storeCode, start }: AppointmentData,
  claims: readonly Claim[],
): readonly LimitedClaim[] {
  const given =
    kind === 'DROP_OFF'
      ? [
          { resource: counterDropOffs(storeCode), amount: 1 },
          { resource: counterPairs(storeCode), amount: pairsOf(order.items) },
          { resource: counterVisits(storeCode), amount: 1 },
        ]
      : [
          { resource: counterPickUps(storeCode), amount: 1 },
          { resource: counterVisits(storeCode), amount: 1 },
        ];
  const taken = new Map(claims.map((claim) => [`${claim.resource} ${claim.start}`, claim.amount]));
  const back = given.map(({ resource, amount }) => ({
    resource,
    start,
    amount: Math.min(amount, taken.get(`${resource} ${start}`) ?? 0),
  }));
  return diffClaims(back, claims.map(unlimited));
}

const unlimited = (claim: Claim): LimitedClaim => ({ ...claim, limit: null });

/**
 * Whether the customer did not come to their next visit: the grace after its slot is over, and the goods
 * to be collected were not late themselves.
 */
export function isNoShow(order: OrderData, graceMin: number, now: EpochMs): boolean {
  const visit = nextVisit(order);
  if (!visit.ok || visit.value.status !== 'BOOKED') return false;
  if (visit.value.kind === 'PICK_UP' && order.promise.readyBy > visit.value.start) return false;
  return visit.value.end + graceMin * MINUTE_MS <= now;
}

/** What a missed visit gives back: of a drop-off all, as nothing of its way can be kept. */
export const claimsAfterNoShow = (
  order: OrderData,
  visit: AppointmentData,
  claims: readonly Claim[],
): readonly LimitedClaim[] => (visit.kind === 'DROP_OFF' ? [] : withoutPlace(order, visit, claims));
