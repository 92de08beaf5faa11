import type { Claim } from '../../core/claims/claim.ts';
import { diffClaims } from '../../core/claims/claim.ts';
import type { OrderNow } from '../../core/guard/planned-way.ts';
import { replan, type Outcome } from '../../core/guard/replan.ts';
import type { World } from '../../core/orders/world.ts';

/** What came of planning an order; a fault of ours is one order's alone. */
export type Planned =
  | { readonly now: OrderNow; readonly outcome: Outcome }
  | { readonly now: OrderNow; readonly fault: unknown };

/**
 * Plans orders one after the other, each on what those before it gave back and took. Nothing may await
 * inside; the usage is afterwards as it was.
 */
export function planBatch(world: World, orders: readonly OrderNow[]): readonly Planned[] {
  const changes: Claim[] = [];
  try {
    return orders.map((now) => {
      const planned = planOne(world, now);
      if ('outcome' in planned && 'claims' in planned.outcome) {
        const change = diffClaims(now.claims, planned.outcome.claims);
        world.usage.add(change);
        changes.push(...change);
      }
      return planned;
    });
  } finally {
    world.usage.remove(changes);
  }
}

function planOne(world: World, now: OrderNow): Planned {
  try {
    return { now, outcome: replan(world, now) };
  } catch (fault) {
    return { now, fault };
  }
}
