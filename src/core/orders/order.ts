import type { VisitKind } from '../counter/remaining.ts';
import type { PlanDelay, PlanStep } from '../promise/plan.ts';
import type { EpochMs } from '../time/time.ts';
import type { AppointmentStatus, OrderStatus } from './states.ts';

/** Pairs that go through the same care together, as the customer ordered them. */
export interface OrderItem {
  readonly description: string;
  readonly serviceCodes: readonly string[];
  readonly pairs: number;
  /** Of one pair, as agreed at the counter; absent: the list price of its services. */
  readonly price?: Price | null;
}

/** In the smallest unit of the currency (ISO 4217). */
export interface Price {
  readonly minor: number;
  readonly currency: string;
}

/** A slot of one store, by its start. */
export interface SlotChoice {
  readonly storeCode: string;
  readonly start: EpochMs;
}

/** A slot with what it takes and what was free of it when it was looked at. */
export interface SlotOffer {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly capacity: number;
  readonly remaining: number;
}

/** A visit that cannot be as it is booked, with what there is instead. */
export interface VisitChoice {
  readonly visit: VisitKind;
  /** At the same store, up to three, by start. */
  readonly slots: readonly SlotOffer[];
  /** There is no way for the goods now: what was promised is void, and staff talk to the customer. */
  readonly isWithoutWay?: true;
}

export interface PromiseData {
  readonly readyBy: EpochMs;
  readonly earliestPickUp: SlotOffer;
  readonly steps: readonly PlanStep[];
  readonly delays: readonly PlanDelay[];
  /** What the customer has to choose anew; absent: both visits can be as they are booked. */
  readonly choice?: VisitChoice;
}

export interface AppointmentData {
  readonly id: string;
  readonly kind: VisitKind;
  readonly storeCode: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly status: AppointmentStatus;
}

/** A whole order at one version: what is answered, and what its event keeps. */
export interface OrderData {
  readonly id: string;
  readonly ticketCode: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly items: readonly OrderItem[];
  readonly dropOff: AppointmentData;
  readonly pickUp: AppointmentData;
  readonly promise: PromiseData;
}

export const pairsOf = (items: readonly OrderItem[]): number =>
  items.reduce((sum, item) => sum + item.pairs, 0);

/** Whether the booked visit of this kind cannot be, so that the customer has to choose another. */
export const hasToChoose = ({ promise }: OrderData, visit: VisitKind): boolean =>
  promise.choice?.visit === visit;
