import type { Usage } from '../../../src/core/claims/usage.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { Plan, PlanRequest } from '../../../src/core/promise/plan.ts';
import { slowPlan, type SlowPlan } from './exhaustive.ts';
import type { RandomCase } from './random-chain.ts';

/** Something that claims to find the best plan; null: there is none. */
export type Contestant = (network: Network, usage: Usage, request: PlanRequest) => Plan | null;

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
  const found =
    plan === null
      ? null
      : {
          readyBy: plan.readyBy,
          pickUpStart: plan.earliestPickUp.start,
          steps: plan.steps,
          claims: plan.claims,
        };
  return { found, expected: slowPlan(network, usage, request) };
}
