import type { VisitKind } from '../../core/counter/remaining.ts';
import type { OrderData, OrderItem } from '../../core/orders/order.ts';
import type { AppointmentStatus } from '../../core/orders/states.ts';
import type { EpochMs } from '../../core/time/time.ts';

/** An appointment with what a calendar says of its order. Holds nothing of the person. */
export interface Visit {
  /** Of the appointment. */
  readonly id: string;
  readonly kind: VisitKind;
  readonly storeCode: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly status: AppointmentStatus;
  /** Of the order, 1 when it was booked. */
  readonly version: number;
  /** When the order was last changed. */
  readonly changedAt: EpochMs;
  readonly ticketCode: string;
  readonly items: readonly OrderItem[];
}

/** Both visits of an order as it was at `changedAt`. */
export function visitsOf(order: OrderData, changedAt: EpochMs): readonly Visit[] {
  const { version, ticketCode, items } = order;
  return [order.dropOff, order.pickUp].map((appointment) => ({
    ...appointment,
    ...{ version, changedAt, ticketCode, items },
  }));
}
