import type { EpochMs } from '../time/time.ts';
import type { PairOperation, PairPlace } from './pair.ts';
import type { Discrepancy } from './scan.ts';

/** A pair as its scans have it. */
export interface PairState {
  readonly place: PairPlace;
  readonly since: EpochMs;
  readonly shelf: string | null;
  /** By position. */
  readonly operations: readonly PairOperation[];
  /** It was scanned at some place after it was taken in. */
  readonly isSeen: boolean;
  /** It has been on a van, at a workshop, or at another store than the one that took it in. */
  readonly hasLeft: boolean;
  /** The customer has not decided on a finding on it: nothing is done with it until then. */
  readonly isGated: boolean;
  /** Of the scan that is folded in last. */
  readonly discrepancies: readonly Discrepancy[];
}
