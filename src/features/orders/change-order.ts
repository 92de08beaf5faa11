import type { NotBookable, VersionConflict } from '../../core/orders/refusals.ts';
import { canBecome } from '../../core/orders/states.ts';
import { refuse } from '../../core/result.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import type { OrderWithClaims } from './order-reader.ts';

/** Who changes an order, and what of it they have seen. */
export interface ChangeRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly expectedVersion: number;
}

/**
 * Why `found` cannot be changed by a caller who saw `expectedVersion`; null: it can. An order that the
 * caller may not see is answered like one that is not there.
 */
export function changeRefusal(
  found: OrderWithClaims | null,
  expectedVersion: number,
): { readonly ok: false; readonly error: NotBookable | VersionConflict } | null {
  if (found === null) return refuse({ code: 'WRONG_STATUS' });
  const currentVersion = found.order.version;
  if (currentVersion !== expectedVersion)
    return refuse({ code: 'VERSION_CONFLICT', currentVersion });
  // As long as it could be cancelled, the goods are with the customer and no way has been travelled.
  return canBecome(found.order.status, 'CANCELLED') ? null : refuse({ code: 'WRONG_STATUS' });
}
