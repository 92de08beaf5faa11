import { ok, refuse, type Result } from '../result.ts';
import type { OrderEventKind } from './events.ts';
import type { AppointmentData, OrderData, PromiseData } from './order.ts';
import type { NotBookable } from './refusals.ts';
import { canBecome, type OrderStatus } from './states.ts';

/** What befalls goods that are in the chain's hands, or come into them and out of them. */
export type ProgressKind = Extract<
  OrderEventKind,
  | 'RECEIVED'
  | 'TRAVELLED'
  | 'PROGRESSED'
  | 'FINDING_REPORTED'
  | 'FINDING_ASKED'
  | 'FINDING_REMINDED'
  | 'FINDING_DECIDED'
  | 'REPROMISED'
  | 'READY'
  | 'PARTLY_COLLECTED'
  | 'COLLECTED'
>;

export interface Progress {
  readonly kind: ProgressKind;
  /** Of TRAVELLED and PROGRESSED: where the goods are now, if that is new. */
  readonly status?: 'IN_TRANSIT' | 'IN_CARE';
  /** Of REPROMISED: what is promised from now on. */
  readonly promise?: PromiseData;
}

const BECOMES: Readonly<Partial<Record<ProgressKind, OrderStatus>>> = {
  RECEIVED: 'RECEIVED',
  READY: 'READY',
  COLLECTED: 'COLLECTED',
};

/** The next version of an order, or WRONG_STATUS where that cannot befall it. */
export function progressed(order: OrderData, progress: Progress): Result<OrderData, NotBookable> {
  const status = BECOMES[progress.kind] ?? progress.status ?? order.status;
  if (status !== order.status && !canBecome(order.status, status)) return wrongStatus();
  if (status === order.status && !isWithUs(order, progress.kind)) return wrongStatus();
  return ok({
    ...order,
    status,
    version: order.version + 1,
    dropOff: status === 'RECEIVED' ? fulfilled(order.dropOff) : order.dropOff,
    pickUp: status === 'COLLECTED' ? fulfilled(order.pickUp) : order.pickUp,
    promise: progress.promise ?? order.promise,
  });
}

/** A promise may change before the goods come; everything else needs them here, and not yet ready. */
function isWithUs({ status }: OrderData, kind: ProgressKind): boolean {
  if (kind === 'REPROMISED' && status === 'BOOKED') return true;
  return (
    BECOMES[kind] === undefined && ['RECEIVED', 'IN_TRANSIT', 'IN_CARE', 'READY'].includes(status)
  );
}

const wrongStatus = () => refuse({ code: 'WRONG_STATUS' } as const);

const fulfilled = (visit: AppointmentData): AppointmentData => ({ ...visit, status: 'FULFILLED' });
