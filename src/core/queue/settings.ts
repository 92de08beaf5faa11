import type { VisitKind } from '../counter/remaining.ts';

/** How a store runs its line. */
export interface QueueSettings {
  /** A customer who comes up to so long before the start of their slot is on time. */
  readonly earlyWindowMin: number;
  /** The same after its start. */
  readonly lateWindowMin: number;
  /** Due so long after the booked start: customers with an appointment who come on time. */
  readonly appointmentTargetMin: number;
  /** Due so long after they come: customers without an appointment. */
  readonly walkInTargetMin: number;
  /** Due so long after they come: customers who come too late for their appointment. */
  readonly lateTargetMin: number;
  /** People with reduced mobility go before everybody else. */
  readonly reducedMobilityFirst: boolean;
  /** Minutes at the desk of one visit, by its kind. */
  readonly visitMin: Readonly<Record<VisitKind, number>>;
  /** Minutes more for each pair. */
  readonly pairMin: Readonly<Record<VisitKind, number>>;
  /** Of a hundred customers with an appointment so many come. */
  readonly showPercent: number;
}

/** What holds until headquarters say otherwise. */
export const DEFAULT_QUEUE_SETTINGS: QueueSettings = {
  earlyWindowMin: 30,
  lateWindowMin: 15,
  appointmentTargetMin: 5,
  walkInTargetMin: 50,
  lateTargetMin: 35,
  reducedMobilityFirst: true,
  visitMin: { DROP_OFF: 5, PICK_UP: 3 },
  pairMin: { DROP_OFF: 2, PICK_UP: 0.5 },
  showPercent: 90,
};
