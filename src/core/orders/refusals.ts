import type { NoPlan, PlanDelayKind } from '../promise/plan.ts';
import type { EpochMs } from '../time/time.ts';
import type { PromiseData, SlotOffer } from './order.ts';

/** Something that the booking needs is taken. */
export interface SlotFull {
  readonly code: 'SLOT_FULL';
  readonly kind: PlanDelayKind;
  /** Start of what was full. */
  readonly at: EpochMs;
  /** Up to five, nearest first. */
  readonly alternatives: readonly SlotOffer[];
}

export interface NotBookable {
  readonly code:
    | 'CLOSED'
    | 'NOT_ON_GRID'
    | 'TOO_SOON'
    | 'BEYOND_HORIZON'
    | 'UNKNOWN_STORE'
    | 'UNKNOWN_SERVICE'
    | 'WRONG_STATUS';
}

/** The goods cannot be ready at the pick-up asked for. */
export interface ReadyTooLate {
  readonly code: 'READY_TOO_LATE';
  readonly promise: PromiseData;
}

/** The request key came before with another content. */
export interface RequestKeyReused {
  readonly code: 'REQUEST_KEY_REUSED';
}

export interface HoldExpired {
  readonly code: 'HOLD_EXPIRED';
}

/** Somebody changed the order since the caller read it. */
export interface VersionConflict {
  readonly code: 'VERSION_CONFLICT';
  readonly currentVersion: number;
}

/** There is no way for the goods at all, whenever they are collected. */
export interface NoWay {
  readonly code: 'NO_WAY';
  readonly why: NoPlan;
}

/** Why a way with both appointments cannot be had. */
export type ProposalRefusal = SlotFull | NotBookable | ReadyTooLate | NoWay;
