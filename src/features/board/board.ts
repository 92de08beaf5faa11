import type { VisitKind } from '../../core/counter/remaining.ts';
import type { Store } from '../../core/network/network.ts';
import type { OrderStatus } from '../../core/orders/states.ts';
import type { EpochMs, LocalDate } from '../../core/time/time.ts';

/** How far a visit that was booked has come. */
export const VISIT_MARKS = ['EXPECTED', 'LATE', 'ARRIVED', 'MISSED', 'DONE'] as const;

export type VisitMark = (typeof VISIT_MARKS)[number];

/** A customer's place in the line of today. */
export interface BoardEntry {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly desk: string | null;
  readonly arrivedAt: EpochMs;
}

export interface BoardVisit {
  readonly appointmentId: string;
  readonly orderId: string;
  readonly ticketCode: string;
  readonly kind: VisitKind;
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly mark: VisitMark;
  readonly customerName: string | null;
  readonly pairs: number;
  readonly orderStatus: OrderStatus;
  readonly readyBy: EpochMs;
  /** Positions on the shelf, in order. */
  readonly shelves: readonly string[];
  readonly entry: BoardEntry | null;
}

export interface BoardWalkIn extends BoardEntry {
  readonly visitKind: VisitKind;
  readonly pairs: number;
  readonly orderId: string | null;
  readonly ticketCode: string | null;
  readonly customerName: string | null;
}

/** Goods on one van that comes on the date. */
export interface BoardArrival {
  readonly lineCode: string;
  readonly departs: EpochMs;
  readonly placeCode: string;
  readonly scheduled: EpochMs;
  readonly arrives: EpochMs;
  readonly isCancelled: boolean;
  readonly orders: number;
  readonly pairs: number;
  readonly pairsOnBoard: number;
  readonly pairsUnloaded: number;
  readonly arrivedAt: EpochMs | null;
}

/** An order that is ready and was not collected. */
export interface BoardGoods {
  readonly orderId: string;
  readonly ticketCode: string;
  readonly customerName: string | null;
  readonly pairs: number;
  readonly shelves: readonly string[];
  readonly pickUpStart: EpochMs;
  readonly pickUpEnd: EpochMs;
  /** Dates since the booked one; 0: it is not over. */
  readonly overdueDays: number;
}

export interface BoardTask {
  readonly id: string;
  readonly kind: string;
  readonly storeCode: string;
  readonly orderId: string;
  readonly reason: string;
  readonly createdAt: EpochMs;
  readonly doneAt: null;
}

/** Counted over everything, also over what is cut off the lists. */
export interface BoardTotals {
  readonly dropOffs: number;
  readonly pickUps: number;
  readonly expected: number;
  readonly late: number;
  readonly arrived: number;
  readonly missed: number;
  readonly done: number;
  /** Pairs of the drop-offs. */
  readonly pairsToComeIn: number;
  /** Pick-ups that are not done and whose goods are not ready. */
  readonly notReady: number;
  /** Who came without an appointment on the date. */
  readonly walkIns: number;
  /** Of them, whose visit is not over. */
  readonly walkInsInLine: number;
  readonly ready: number;
  readonly overdue: number;
  readonly tasks: number;
  readonly arrivals: number;
  readonly pairsDue: number;
}

/** The day of one store. */
export interface DayBoard {
  readonly store: Store;
  readonly date: LocalDate;
  /** When it was looked at. */
  readonly at: EpochMs;
  readonly visits: readonly BoardVisit[];
  readonly walkIns: readonly BoardWalkIn[];
  readonly arrivals: readonly BoardArrival[];
  readonly ready: readonly BoardGoods[];
  readonly tasks: readonly BoardTask[];
  readonly totals: BoardTotals;
}
