import { DAY_MS, type EpochMs } from '../time/time.ts';

/** What a kind of scan needs, and who makes it. */
interface ScanRule {
  /** Where it can be made. */
  readonly place: 'ANY' | 'STORE' | 'WORKSHOP';
  /** Whether it names a trip. */
  readonly isOfTrip: boolean;
  /** Scanners send it; the others are written by an operation of their own. */
  readonly isFromScanner: boolean;
}

const scanner = { isOfTrip: false, isFromScanner: true } as const;
const operation = { isOfTrip: false, isFromScanner: false } as const;

/** Everything that a scan can say of a pair. */
export const SCAN_KINDS = {
  /** Taken in at the counter: the beginning of every history. */
  RECEIVED: { ...operation, place: 'STORE' },
  LOADED: { ...scanner, place: 'ANY', isOfTrip: true },
  UNLOADED: { ...scanner, place: 'ANY', isOfTrip: true },
  /** It is here, however it came. */
  ARRIVED: { ...scanner, place: 'ANY' },
  /** It is here, on this position of the shelf. */
  PUT_AWAY: { ...scanner, place: 'STORE' },
  WORK_STARTED: { ...scanner, place: 'WORKSHOP' },
  WORK_FINISHED: { ...scanner, place: 'WORKSHOP' },
  /** A new pass: operations that are to be done again. */
  REWORK: { ...operation, place: 'ANY' },
  HANDED_OUT: { ...operation, place: 'STORE' },
  REPORTED_MISSING: { ...scanner, place: 'ANY' },
  FOUND: { ...scanner, place: 'ANY' },
} as const satisfies Record<string, ScanRule>;

export type ScanKind = keyof typeof SCAN_KINDS;

export const ruleOfScan = (kind: ScanKind): ScanRule => SCAN_KINDS[kind];

/** One run of a line, by its scheduled departure from the first stop. */
export interface TripName {
  readonly lineCode: string;
  readonly departs: EpochMs;
}

/** What is to be done again. */
export interface ReworkOperation {
  readonly skill: string;
  readonly units: number;
  readonly dwellMin: number;
}

/** One scan of one pair, with what was known of it when it came. */
export interface ScanData {
  /** The scanner's own; with the pair it makes the scan unique. */
  readonly id: string;
  readonly pairId: string;
  readonly kind: ScanKind;
  /** Code of the store or workshop where it was made. */
  readonly placeCode: string;
  readonly trip: TripName | null;
  /** Of LOADED: where the pair is to get off. */
  readonly toCode: string | null;
  /** Of LOADED: whether the pair was to ride there by the plan. */
  readonly isListed: boolean;
  /** Of PUT_AWAY. */
  readonly shelf: string | null;
  /** Of work: which; null: what was started, or is next. */
  readonly skill: string | null;
  /** Of REWORK. */
  readonly operations: readonly ReworkOperation[] | null;
  /** By the scanner's clock, but never after it came. */
  readonly at: EpochMs;
  readonly actor: string;
}

/** What does not fit together. The scan is kept and believed; somebody has to look. */
export const DISCREPANCIES = [
  /** It was last seen somewhere else. */
  'WRONG_PLACE',
  /** Loaded onto a van that it was not to ride. */
  'NOT_LISTED',
  /** It came without having been scanned onto a van. */
  'NOT_SCANNED',
  /** It was taken off at another stop than it was to get off at. */
  'ARRIVED_ELSEWHERE',
  /** Work on a pair that was not scanned in at the workshop. */
  'WORK_BEFORE_ARRIVAL',
  /** Finished without having been started. */
  'WORK_NOT_STARTED',
  /** Not the operation that was next. */
  'WORK_OUT_OF_ORDER',
  /** There was nothing to be done. */
  'NO_OPEN_WORK',
  /** Work while the customer had not decided on a finding. */
  'WORK_BEFORE_DECISION',
  /** The pair was with the customer already; it stays there. */
  'SCANNED_AFTER_HAND_OUT',
] as const;

export type Discrepancy = (typeof DISCREPANCIES)[number];

/** What of a scan tells when it counts. */
export type ScanOrder = Pick<ScanData, 'at' | 'kind' | 'id'>;

/**
 * What comes first of scans of one instant, as one clock tick or a scanner's whole minutes make them: a pair
 * comes, is worked on, is put away and goes. That it was seen counts more than that it was not.
 */
const RANKS: Readonly<Record<ScanKind, number>> = {
  RECEIVED: 0,
  REPORTED_MISSING: 1,
  FOUND: 2,
  UNLOADED: 3,
  ARRIVED: 4,
  WORK_STARTED: 5,
  WORK_FINISHED: 6,
  REWORK: 7,
  PUT_AWAY: 8,
  LOADED: 9,
  HANDED_OUT: 10,
};

/** The order in which scans count: by time, then as {@link RANKS} has it, then by id (code units). */
export function compareScans(a: ScanOrder, b: ScanOrder): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.kind !== b.kind) return RANKS[a.kind] - RANKS[b.kind];
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

/** Scanners keep what they could not send for no longer; clocks that were reset tell times long ago. */
const OLDEST_DAYS = 30;

/** Whether what is said at `now` to have been at `at` is too long ago to be true. */
export const isTooOld = (at: EpochMs, now: EpochMs): boolean => now - at > OLDEST_DAYS * DAY_MS;
