import type { EpochMs } from '../time/time.ts';

/** Everything that can happen to an order. Each appends one event, and each is a version of the order. */
export const ORDER_EVENT_KINDS = [
  'BOOKED',
  'MOVED',
  'CANCELLED',
  'CHECKED_IN',
  'NO_SHOW',
  'NO_SHOW_UNDONE',
  'LEFT_UNSERVED',
  'RECEIVED',
  'ITEMS_CHANGED',
  'TRAVELLED',
  'PROGRESSED',
  'FINDING_REPORTED',
  'FINDING_ASKED',
  'FINDING_REMINDED',
  'FINDING_DECIDED',
  'REPROMISED',
  'READY',
  'STAYED',
  'PARTLY_COLLECTED',
  'COLLECTED',
] as const;

export type OrderEventKind = (typeof ORDER_EVENT_KINDS)[number];

export interface OrderEventFacts {
  readonly kind: OrderEventKind;
  readonly at: EpochMs;
}
