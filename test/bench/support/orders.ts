import { v7 as newId } from 'uuid';

import type { Claim } from '../../../src/core/claims/claim.ts';
import { Usage } from '../../../src/core/claims/usage.ts';
import type { NetworkInput } from '../../../src/core/network/network-input.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { OrderData } from '../../../src/core/orders/order.ts';
import { propose, type Proposal } from '../../../src/core/orders/propose.ts';
import type { World } from '../../../src/core/orders/world.ts';
import { Planner } from '../../../src/core/promise/planner.ts';
import { DAY_MS, type EpochMs } from '../../../src/core/time/time.ts';
import { newTicketCode } from '../../../src/features/orders/ticket-code.ts';
import { BUSY_STORE, STEADY_STORE } from './chain.ts';
import { wishes, type CustomersWish } from './wishes.ts';

/** An order with all that it takes, as a booking would have written it. */
export interface PlacedOrder {
  readonly order: OrderData;
  readonly claims: readonly Claim[];
  readonly email: string;
}

export const WEEK_MS = 7 * DAY_MS;
/** An order touches no day further from its drop-off than this. */
const REACH_WEEKS = 3;
/** Handed in within a week; in 31 days that makes about 200 and 2,000. */
const STEADY = 45;
const BUSY = 452;

/**
 * Orders handed in during the week ahead, planned as the service plans them in a world where every week
 * has the same ones: so there is room for all of them as often as they are repeated week by week.
 */
export function* ordersOfAWeek(
  chain: NetworkInput,
  network: Network,
  now: EpochMs,
  count: number,
): Generator<PlacedOrder> {
  const usage = new Usage();
  const world: World = { network, usage, planner: new Planner(network, usage), now };
  const streams = [
    {
      count: STEADY,
      wished: wishes(chain, network, now, { seed: 2, only: STEADY_STORE, days: 7 }),
    },
    { count: BUSY, wished: wishes(chain, network, now, { seed: 3, only: BUSY_STORE, days: 7 }) },
    { count: count - STEADY - BUSY, wished: wishes(chain, network, now, { seed: 1, days: 7 }) },
  ];
  const known = new Set<string>();
  for (const { count: wanted, wished } of streams) {
    for (let placed = 0; placed < wanted;) {
      const wish = wished.next().value;
      const proposed = propose(world, wish);
      if (!proposed.ok) continue;
      takeEveryWeek(usage, proposed.value.claims);
      placed += 1;
      yield placedOrder(wish, proposed.value, ticketCode(known));
    }
  }
  world.planner.dispose();
}

function takeEveryWeek(usage: Usage, claims: readonly Claim[]): void {
  for (let weeks = -REACH_WEEKS; weeks <= REACH_WEEKS; weeks++) {
    usage.add(claims.map((claim) => ({ ...claim, start: claim.start + weeks * WEEK_MS })));
  }
}

/** Of as many orders at once two would have the same one now and then. */
function ticketCode(known: Set<string>): string {
  let code = newTicketCode();
  while (known.has(code)) code = newTicketCode();
  known.add(code);
  return code;
}

function placedOrder(
  { items, customer }: CustomersWish,
  proposal: Proposal,
  ticketCode: string,
): PlacedOrder {
  const status = 'BOOKED';
  const order: OrderData = {
    id: newId(),
    ticketCode,
    status,
    version: 1,
    items,
    dropOff: { id: newId(), kind: 'DROP_OFF', ...proposal.dropOff, status },
    pickUp: { id: newId(), kind: 'PICK_UP', ...proposal.pickUp, status },
    promise: proposal.promise,
  };
  return { order, claims: proposal.claims, email: customer.email };
}
