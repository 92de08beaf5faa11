import type { Claim, LimitedClaim } from '../claims/claim.ts';
import { Usage } from '../claims/usage.ts';
import type { Network } from '../network/network.ts';
import type { OrderData } from '../orders/order.ts';
import type { World } from '../orders/world.ts';
import type { PlanStep } from '../promise/plan.ts';
import type { WaitingGroup } from './goods-now.ts';
import { lateByMs, legsRidden, rideOf, tripsOf, type TripPart } from './trips.ts';

/** Goods that wait for a late van that they were promised. */
export interface AwaitedRide {
  /** As it is when the van has brought it to where it gets off. */
  readonly group: WaitingGroup;
  /** What the ride takes. */
  readonly kept: readonly LimitedClaim[];
}

type Looking = Pick<World, 'network' | 'now'>;

/**
 * The late vans that the goods of an order wait for where they are, by group; null: a group waits for none.
 *
 * The steps of a promise do not say whose they are. Each group in turn is taken to go by the first ride
 * from where it is on which the order still has room for it, unless it is worked on or stays there.
 *
 * @param claims what the order takes now
 */
export function awaitedRides(
  { network, now }: Looking,
  order: OrderData,
  groups: readonly WaitingGroup[],
  claims: readonly Claim[],
): readonly (AwaitedRide | null)[] {
  const left = new Usage();
  left.add(claims);
  return groups.map((group) => {
    const parts = nextRides(network, order, group).flatMap((step) => tripsOf(network, step));
    const from = group.ride === null ? Math.max(now, group.since) : 0;
    const part = parts.find((one) => rideOf(one).start >= from && hasRoom(left, one, group));
    if (part === undefined) return null;
    const kept = legClaims(part, group);
    left.remove(kept);
    if (group.ride !== null || lateByMs(part.line, part.departs) === 0) return null;
    const ride = rideOf(part);
    return { group: { ...group, fromCode: ride.toCode, since: ride.end, ride }, kept };
  });
}

/** Of those promised, the ones that may be the next of this group; of goods on a van the ride they are on. */
function nextRides(
  network: Network,
  { promise, pickUp }: OrderData,
  { fromCode, since, items, ride }: WaitingGroup,
): readonly PlanStep[] {
  if (ride !== null) return [ride];
  const place = placeOf(network, fromCode);
  const here = promise.steps.filter(
    (step) => placeOf(network, step.fromCode) === place && step.end >= since,
  );
  const next = items.flatMap(({ operations }) => operations[0]?.skill ?? []);
  const staysFor =
    next.length === 0
      ? place === pickUp.storeCode
      : here.some(({ by, kind }) => kind === 'WORK' && next.includes(by!));
  return staysFor ? [] : here;
}

/** A workshop in a store is where the store is. */
const placeOf = ({ workshops }: Network, code: string): string =>
  workshops.get(code)?.storeCode ?? code;

function hasRoom(left: Usage, part: TripPart, group: WaitingGroup): boolean {
  return legClaims(part, group).every(
    ({ resource, start, amount }) => left.taken(resource, start) >= amount,
  );
}

function legClaims(part: TripPart, { items }: WaitingGroup): readonly LimitedClaim[] {
  const amount = items.reduce((sum, { pairs }) => sum + pairs, 0);
  const { departs: start, line } = part;
  return legsRidden(part).map((resource) => ({ resource, start, amount, limit: line.pairs }));
}
