import type { OrderItem, SlotChoice } from '../../core/orders/order.ts';
import type { SignedInCaller } from '../../platform/signin/caller.ts';
import type { CustomerDetails } from '../customers/index.ts';

/** A booking that was asked for, its form checked. */
export interface BookingRequest {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly customer: CustomerDetails;
  readonly dropOff: SlotChoice;
  readonly pickUp: SlotChoice;
  readonly items: readonly OrderItem[];
  readonly holdId: string | null;
  /** Why slots may be taken over their limits; without it they may not. */
  readonly overLimit?: { readonly reason: string } | null;
}
