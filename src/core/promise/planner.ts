import type { Usage } from '../claims/usage.ts';
import type { Network } from '../network/network.ts';
import { refuse, type Result } from '../result.ts';
import type { NoPlan, Plan, PlanRequest } from './plan.ts';

/**
 * Finds the earliest promise on one version of the network, over what is taken now.
 *
 * Built once per network version; follows `usage` from then on. Call {@link dispose} when another
 * version takes its place.
 */
export class Planner {
  constructor(
    private readonly network: Network,
    private readonly usage: Usage,
  ) {}

  plan(request: PlanRequest): Result<Plan, NoPlan> {
    void [this.network, this.usage, request];
    return refuse({ code: 'NO_CONNECTION' });
  }

  /** Stops listening to the usage. The planner must not be used after it. */
  dispose(): void {
    // Nothing to let go of yet.
  }
}
