import type { OrderData } from '../../core/orders/order.ts';
import type {
  HoldExpired,
  NotBookable,
  ProposalRefusal,
  RequestKeyReused,
  SlotFull,
  VersionConflict,
} from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import { noPromiseView, promiseView } from '../promises/index.ts';
import type { HeldOrder } from './hold-order.service.ts';

export type OrderRefusal = ProposalRefusal | RequestKeyReused | HoldExpired | VersionConflict;

/** The GraphQL form of an order, as it was answered or as it stands. */
export const orderView = (order: OrderData) => ({
  __typename: 'Order' as const,
  ...order,
  promise: promiseView(order.promise),
  proposals: order.promise.choice?.slots ?? [],
  proposalsFor: order.promise.choice?.visit ?? null,
});

/** The GraphQL answer of an operation that changes an order. */
export const orderAnswer = (result: Result<OrderData, OrderRefusal>) =>
  result.ok ? orderView(result.value) : orderRefusalView(result.error);

/** The GraphQL answer to `holdOrder`. */
export const holdAnswer = (result: Result<HeldOrder, OrderRefusal>) =>
  result.ok ? holdView(result.value) : orderRefusalView(result.error);

const holdView = ({ id, expiresAt, promise }: HeldOrder) => ({
  __typename: 'Hold' as const,
  id,
  expiresAt,
  promise: promiseView(promise),
});

/** Each refusal is a type of its own, so that clients branch on the type. */
export function orderRefusalView(refusal: OrderRefusal) {
  switch (refusal.code) {
    case 'NO_WAY':
      return noPromiseView(refusal.why);
    case 'SLOT_FULL':
      return { __typename: 'SlotFull' as const, ...refusal, message: FULL[refusal.kind] };
    case 'READY_TOO_LATE': {
      const message = 'The goods cannot be ready by then.';
      return { __typename: 'ReadyTooLate' as const, ...refusal, message };
    }
    case 'REQUEST_KEY_REUSED': {
      const message = 'This request key came before with another content.';
      return { __typename: 'RequestKeyReused' as const, ...refusal, message };
    }
    case 'HOLD_EXPIRED': {
      const message = 'This hold is over; what it kept may be taken by others.';
      return { __typename: 'HoldExpired' as const, ...refusal, message };
    }
    case 'VERSION_CONFLICT': {
      const message = 'Somebody changed the order since you read it.';
      return { __typename: 'VersionConflict' as const, ...refusal, message };
    }
    default:
      return { __typename: 'NotBookable' as const, ...refusal, message: REASONS[refusal.code] };
  }
}

const FULL: Readonly<Record<SlotFull['kind'], string>> = {
  COUNTER_FULL: 'This slot has no room for this visit.',
  SHELF_FULL: 'The shelf of the pick-up store has no room until then.',
  TRIP_FULL: 'The van is full.',
  WORKSHOP_FULL: 'The workshop is full.',
  WORKSHOP_CLOSED: 'The workshop is closed.',
  STORE_CLOSED: 'The store is closed.',
  MISSED_CUT_OFF: 'The van has been missed.',
  DRYING: 'The goods are still drying.',
};

const REASONS: Readonly<Record<NotBookable['code'], string>> = {
  CLOSED: 'The store is closed then.',
  NOT_ON_GRID: 'No slot starts then.',
  TOO_SOON: 'This slot starts too soon to be booked.',
  BEYOND_HORIZON: 'This slot is further ahead than can be booked.',
  UNKNOWN_STORE: 'There is no such store.',
  UNKNOWN_SERVICE: 'There is no such service.',
  WRONG_STATUS: 'There is no order of yours that this can be done to as it stands now.',
};
