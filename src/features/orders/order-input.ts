import type { SlotChoice } from '../../core/orders/order.ts';
import { forbidden } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
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
}

export type MoveAppointmentInput = Omit<MoveRequest, 'caller'>;

/** `CancelOrderInput` as it arrives. */
export interface CancelOrderInput extends Omit<CancelRequest, 'caller' | 'reason'> {
  readonly reason?: string | null;
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
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
  };
}

export function moveRequest(input: MoveAppointmentInput, caller: Caller): MoveRequest {
  checkText(input.requestKey, REQUEST_KEY, 'requestKey');
  const appointmentId = sameId(input.appointmentId);
  return { ...input, appointmentId, caller: caller as SignedInCaller };
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
