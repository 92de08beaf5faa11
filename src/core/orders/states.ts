/** Life of an order. `CANCELLED` is possible only while the goods are with the customer. */
export const ORDER_TRANSITIONS = {
  BOOKED: ['RECEIVED', 'CANCELLED'],
  RECEIVED: ['IN_TRANSIT', 'IN_CARE', 'READY'],
  IN_TRANSIT: ['IN_CARE', 'READY'],
  IN_CARE: ['IN_TRANSIT', 'READY'],
  READY: ['COLLECTED', 'IN_TRANSIT', 'IN_CARE'],
  COLLECTED: [],
  CANCELLED: [],
} as const satisfies Record<string, readonly string[]>;

export type OrderStatus = keyof typeof ORDER_TRANSITIONS;

/**
 * Life of an appointment. Names follow FHIR R5 `AppointmentStatus` where it has the state. Whoever is
 * served at the counter was there, checked in or not, and also after being taken for a no-show; who left unserved may come another time.
 */
export const APPOINTMENT_TRANSITIONS = {
  BOOKED: ['CHECKED_IN', 'FULFILLED', 'CANCELLED', 'NO_SHOW'],
  CHECKED_IN: ['FULFILLED', 'CANCELLED', 'BOOKED'],
  FULFILLED: [],
  CANCELLED: [],
  NO_SHOW: ['CHECKED_IN', 'FULFILLED', 'BOOKED'],
} as const satisfies Record<string, readonly string[]>;

export type AppointmentStatus = keyof typeof APPOINTMENT_TRANSITIONS;

export function canBecome(from: OrderStatus, to: OrderStatus): boolean {
  return (ORDER_TRANSITIONS[from] as readonly OrderStatus[]).includes(to);
}
