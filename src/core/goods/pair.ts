import type { EpochMs } from '../time/time.ts';

/** Where a pair is: always in exactly one place. */
export type PairPlace =
  /** On the shelf of a store, or behind its counter. */
  | { readonly kind: 'STORE'; readonly code: string }
  | { readonly kind: 'WORKSHOP'; readonly code: string }
  /** On the van that departed, or departs, from the first stop of its line at `departs`. */
  | {
      readonly kind: 'TRIP';
      readonly lineCode: string;
      readonly departs: EpochMs;
      /** Store or workshop where it is to get off. */
      readonly toCode: string;
    }
  /** Handed out at a store. */
  | { readonly kind: 'CUSTOMER'; readonly code: string }
  /** Not found where it should be; the code is where it was last. */
  | { readonly kind: 'MISSING'; readonly code: string };

/** Why a pair needs an operation: it was ordered, it was found and agreed, or it has to be done again. */
export type OperationOrigin = 'SERVICE' | 'FINDING' | 'REWORK';

/** One operation on one pair; they are done in order of position. */
export interface PairOperation {
  /** From 1 on. */
  readonly position: number;
  readonly skill: string;
  readonly units: number;
  readonly dwellMin: number;
  readonly origin: OperationOrigin;
  /** The finding that it comes from. While that is undecided there is no operation yet. */
  readonly findingId: string | null;
  readonly startedAt: EpochMs | null;
  readonly finishedAt: EpochMs | null;
  /** Where it was started. */
  readonly workshopCode: string | null;
  /** Start of the shift whose units it used up; null while it is not finished. */
  readonly shiftStart: EpochMs | null;
}

/** Two shoes with one tag, as they are now. */
export interface PairData {
  readonly id: string;
  readonly orderId: string;
  /** Position of its item in the order, from 1 on. */
  readonly item: number;
  /** Within the order, from 1 on. */
  readonly number: number;
  /** The code on it. */
  readonly tag: string;
  /** How it looked when it was handed in. */
  readonly condition: string | null;
  readonly place: PairPlace;
  /** Since when it is there. */
  readonly since: EpochMs;
  /** Position on the shelf; null: not put away. */
  readonly shelf: string | null;
  readonly operations: readonly PairOperation[];
}

/** What of its work is not finished, in order. */
export const openOperations = (pair: PairData): readonly PairOperation[] =>
  pair.operations.filter(({ finishedAt }) => finishedAt === null);
