import type { SlotChoice } from '../../core/orders/order.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { forbidden } from '../../platform/graphql/errors.ts';
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

const LONGEST_REASON = 500;

/** @throws GraphQLError BAD_USER_INPUT, or FORBIDDEN: staff book what begins or ends at their store */
export function bookingRequest(input: BookOrderInput, caller: Caller): BookingRequest {
  const signedIn = caller as SignedInCaller;
  const { requestKey, customer, items, holdId, dropOff, pickUp } = input;
  checkKey(requestKey);
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
  checkKey(input.requestKey);
  const appointmentId = sameId(input.appointmentId);
  return { ...input, appointmentId, caller: caller as SignedInCaller };
}

export function cancelRequest(input: CancelOrderInput, caller: Caller): CancelRequest {
  checkKey(input.requestKey);
  const reason = input.reason ?? null;
  if (reason !== null && reason.length > LONGEST_REASON) {
    throw badInput(`A reason has at most ${LONGEST_REASON} characters.`, 'reason');
  }
  return { ...input, orderId: sameId(input.orderId), reason, caller: caller as SignedInCaller };
}

/** As this service writes ids: the database takes capital letters for the same. */
function sameId(id: string): string {
  return id.toLowerCase();
}

function checkKey(requestKey: string): void {
  if (requestKey.length < 8 || requestKey.length > 64) {
    throw badInput('A request key has 8 to 64 characters.', 'requestKey');
  }
}
