import type { Usage } from '../claims/usage.ts';
import type { Network } from '../network/network.ts';
import type { Planner } from '../promise/planner.ts';
import type { EpochMs } from '../time/time.ts';

/** All that a decision looks at: the chain, what is taken of it, and the time. */
export interface World {
  readonly network: Network;
  readonly usage: Usage;
  readonly planner: Planner;
  readonly now: EpochMs;
}
