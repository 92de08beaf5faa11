import type { LimitedClaim } from '../claims/claim.ts';
import type { CounterSlot } from '../counter/slots.ts';
import type { Operation } from '../network/network.ts';
import type { RefusalData } from '../result.ts';
import type { EpochMs } from '../time/time.ts';

/** Pairs that go through the same care together, with their work in order. */
export interface PlanItem {
  readonly pairs: number;
  readonly operations: readonly Operation[];
}

/** What a promise is asked for. */
export interface PlanRequest {
  readonly dropOffStoreCode: string;
  /** Latest instant at which the goods are handed over. Before `now` counts as `now`. */
  readonly handedOverAt: EpochMs;
  readonly pickUpStoreCode: string;
  readonly items: readonly PlanItem[];
  readonly now: EpochMs;
  /**
   * Start of the pick-up slot that is wanted. The goods then stay on the shelf until its date. Without
   * it, until the first bookable slot from ready-by on.
   */
  readonly pickUpStart?: EpochMs;
}

/** Pairs of an order that are in one place and came there together. */
export interface OnwardGroup {
  /** Code of the store or workshop. */
  readonly fromCode: string;
  /**
   * The goods are there, free for what comes next, from this instant on: when they came, or when the last
   * piece of work that they had there was finished and dry, if that is later. Of goods on a van: when they
   * are taken off at `fromCode`.
   *
   * Before `now`, they are in time for every cut-off that was not before it, but a van must leave at or
   * after `now`, and a shift end after it.
   */
  readonly since: EpochMs;
  /** With the work that is left, in order; without any, the goods only go to the pick-up store. */
  readonly items: readonly PlanItem[];
}

/** What a promise is asked for of goods that are under way. */
export interface OnwardRequest {
  /** At least one. */
  readonly groups: readonly OnwardGroup[];
  readonly pickUpStoreCode: string;
  readonly now: EpochMs;
  /** As in a {@link PlanRequest}. */
  readonly pickUpStart?: EpochMs;
}

export type PlanStepKind = 'RIDE' | 'WORK' | 'PUT_AWAY';

export interface PlanStep {
  readonly kind: PlanStepKind;
  readonly fromCode: string;
  readonly toCode: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Line of a ride, skill of a piece of work, null of a put-away. */
  readonly by: string | null;
}

export type PlanDelayKind =
  | 'MISSED_CUT_OFF'
  | 'TRIP_FULL'
  | 'WORKSHOP_CLOSED'
  | 'WORKSHOP_FULL'
  | 'DRYING'
  | 'STORE_CLOSED'
  | 'SHELF_FULL'
  | 'COUNTER_FULL';

export interface PlanDelay {
  readonly kind: PlanDelayKind;
  /** Code of the line, workshop or store. */
  readonly code: string;
  /** Start of the trip, shift or opening that could not be used. */
  readonly at: EpochMs;
}

/** The computed way of an order. */
export interface Plan {
  readonly readyBy: EpochMs;
  /** First bookable pick-up slot that starts at or after `readyBy`. */
  readonly earliestPickUp: CounterSlot;
  readonly steps: readonly PlanStep[];
  readonly delays: readonly PlanDelay[];
  /**
   * What the way takes, each with its limit, in normal form: rides, work, and the shelf from the date of
   * ready-by to the date of the pick-up slot (the one asked for, else the earliest). No counter in it.
   */
  readonly claims: readonly LimitedClaim[];
}

/** No way within the horizon. */
export interface NoPlan extends RefusalData {
  readonly code: 'NO_CONNECTION' | 'NO_SKILL' | 'TOO_LARGE' | 'BEYOND_HORIZON';
}
