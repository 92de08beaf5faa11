import type { Usage } from '../../../src/core/claims/usage.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { OnwardRequest, Plan, PlanRequest } from '../../../src/core/promise/plan.ts';
import { slowOnward, slowPlan, type SlowPlan } from './exhaustive-onward.ts';
import type { RandomCase } from './random-chain.ts';
import type { OnwardCase } from './random-onward.ts';

/** Something that claims to find the best plan; null: there is none. */
export type Contestant<Request = PlanRequest> = (
  network: Network,
  usage: Usage,
  request: Request,
) => Plan | null;

export interface Comparison {
  readonly found: SlowPlan | null;
  readonly expected: SlowPlan | null;
}

/** What a contestant finds beside what the exhaustive search finds. */
export function compared(
  contestant: Contestant,
  { network, usage, request }: RandomCase,
): Comparison {
  const plan = contestant(network, usage, request);
  return { found: saidOf(plan), expected: slowPlan(network, usage, request) };
}

/** As {@link compared}, for goods under way. */
export function comparedOnward(
  contestant: Contestant<OnwardRequest>,
  { network, usage, request }: OnwardCase,
): Comparison {
  const plan = contestant(network, usage, request);
  return { found: saidOf(plan), expected: slowOnward(network, usage, request) };
}

function saidOf(plan: Plan | null): SlowPlan | null {
  if (plan === null) return null;
  const { readyBy, earliestPickUp, steps, claims } = plan;
  return { readyBy, pickUpStart: earliestPickUp.start, steps, claims };
}
