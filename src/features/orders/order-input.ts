import type { SlotChoice } from '../../core/orders/order.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import { isPermitted, type Caller, type SignedInCaller } from '../../platform/signin/caller.ts';
import { bookedFor, type CustomerInput } from '../customers/index.ts';
import { orderItems, type OrderItemInput } from '../promises/index.ts';
import type { BookingRequest } from './booking-request.ts';
import type { CancelRequest } from './cancel-order.service.ts';
import type { MoveRequest } from './move-appointment.service.ts';

/** `BookOrderInput` as it arrives. */
export interface BookOrderInput {
  readonly requestKey: string;
  readonly customer?: CustomerInput | null;
  readonly dropOff: SlotChoice;
  readonly pickUp: SlotChoice;
  readonly items: readonly OrderItemInput[];
  readonly holdId?: string | null;
  readonly overLimit?: OverLimitInput | null;
}

/** `OverLimitInput` as it arrives. */
export interface OverLimitInput {
  readonly reason: string;
}

/** `MoveAppointmentInput` as it arrives. */
export interface MoveAppointmentInput extends Omit<MoveRequest, 'caller' | 'overLimit'> {
  readonly overLimit?: OverLimitInput | null;
}

/** `CancelOrderInput` as it arrives. */
export interface CancelOrderInput extends Omit<CancelRequest, 'caller' | 'reason'> {
  readonly reason?: string | null;
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const OVER_LIMIT_REASON = { what: 'A reason', least: 3, most: 500 };
const REASON = { what: 'A reason', least: 0, most: 500 };

/** @throws GraphQLError BAD_USER_INPUT, or FORBIDDEN: staff book what begins or ends at their store */
export function bookingRequest(input: BookOrderInput, caller: Caller): BookingRequest {
  const signedIn = caller as SignedInCaller;
  const { requestKey, customer, items, holdId, dropOff, pickUp } = input;
  checkText(requestKey, REQUEST_KEY, 'requestKey');
  const stores = [dropOff.storeCode, pickUp.storeCode];
  if (caller.role === 'staff' && !stores.some((code) => caller.stores.includes(code))) {
    throw forbidden('Neither store is yours.');
  }
  return {
    caller: signedIn,
    requestKey,
    customer: bookedFor(signedIn, customer),
    dropOff: { storeCode: dropOff.storeCode, start: dropOff.start },
    pickUp: { storeCode: pickUp.storeCode, start: pickUp.start },
    items: orderItems(items),
    holdId: holdId == null ? null : sameId(holdId),
    overLimit: overLimitOf(input.overLimit, caller),
  };
}

/** A hold is kept for somebody who has not decided: it keeps to the limits. */
export function holdRequest(input: BookOrderInput, caller: Caller): BookingRequest {
  if (input.overLimit != null) throw badInput('Nothing is held over a limit.', 'overLimit');
  return bookingRequest(input, caller);
}

/** @throws GraphQLError BAD_USER_INPUT, or FORBIDDEN: it takes the permission OVER_LIMIT */
export function overLimitOf(
  input: OverLimitInput | null | undefined,
  caller: Caller,
): { readonly reason: string } | null {
  if (input == null) return null;
  if (!isPermitted(caller, 'OVER_LIMIT')) throw forbidden('You may not go over a limit.');
  const reason = input.reason.trim();
  checkText(reason, OVER_LIMIT_REASON, 'overLimit.reason');
  return { reason };
}

export function moveRequest(input: MoveAppointmentInput, caller: Caller): MoveRequest {
  checkText(input.requestKey, REQUEST_KEY, 'requestKey');
  const appointmentId = sameId(input.appointmentId);
  const overLimit = overLimitOf(input.overLimit, caller);
  return { ...input, appointmentId, overLimit, caller: caller as SignedInCaller };
}

export function cancelRequest(input: CancelOrderInput, caller: Caller): CancelRequest {
  checkText(input.requestKey, REQUEST_KEY, 'requestKey');
  const reason = input.reason ?? null;
  if (reason !== null) checkText(reason, REASON, 'reason');
  return { ...input, orderId: sameId(input.orderId), reason, caller: caller as SignedInCaller };
}

/** As this service writes ids: the database takes capital letters for the same. */
function sameId(id: string): string {
  return id.toLowerCase();
}
