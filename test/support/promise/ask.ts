import type { Claim } from '../../../src/core/claims/claim.ts';
import { Usage } from '../../../src/core/claims/usage.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { NoPlan, Plan, PlanRequest } from '../../../src/core/promise/plan.ts';
import { Planner } from '../../../src/core/promise/planner.ts';
import type { Result } from '../../../src/core/result.ts';
import { anItem, at } from './worked-example.ts';

/** One operation that is finished with its shift. */
export const QUICK = [{ skill: 'clean', units: 1, dwellMin: 0 }];

/** Asks for one cleaned pair from A to B, handed over on Monday at 11:00, or what `request` says instead. */
export function ask(
  network: Network,
  request: Partial<PlanRequest> = {},
  taken: readonly Claim[] = [],
): Result<Plan, NoPlan> {
  const usage = new Usage();
  usage.add(taken);
  return new Planner(network, usage).plan(questionOf(request));
}

/** What {@link ask} asks. */
export function questionOf(request: Partial<PlanRequest> = {}): PlanRequest {
  return {
    dropOffStoreCode: 'A',
    handedOverAt: at('Mon 11:00'),
    pickUpStoreCode: 'B',
    items: [anItem()],
    now: at('Mon 08:00'),
    ...request,
  };
}

/** As {@link ask}. @throws Error on a refusal */
export function planOf(...question: Parameters<typeof ask>): Plan {
  const planned = ask(...question);
  if (!planned.ok) throw new Error(planned.error.code);
  return planned.value;
}

/** So much taken of a bucket. */
export const claim = (resource: string, start: string, amount: number): Claim => ({
  resource,
  start: at(start),
  amount,
});
/** Of the rides of a plan, in order. */
export const linesOf = (plan: Plan): readonly (string | null)[] =>
  plan.steps.filter(({ kind }) => kind === 'RIDE').map(({ by }) => by);
