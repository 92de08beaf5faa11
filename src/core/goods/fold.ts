import type { Network } from '../network/network.ts';
import type { EpochMs } from '../time/time.ts';
import type { PairOperation, PairPlace } from './pair.ts';
import { foldWork, freshOperations, type FindingTimes } from './fold-work.ts';
import type { PairState } from './pair-state.ts';
import { compareScans, type Discrepancy, type ScanData, type ScanKind } from './scan.ts';

/** What of the chain a history is read by. */
export type Places = Pick<Network, 'stores' | 'workshops'>;

/** All that makes a pair what it is now. */
export interface PairHistory {
  readonly received: { readonly storeCode: string; readonly at: EpochMs };
  /** As they were ordered and agreed; what was done of them is read from the scans. */
  readonly operations: readonly PairOperation[];
  readonly findings: readonly FindingTimes[];
  /** In any order, each once. */
  readonly scans: readonly ScanData[];
}

/** A pair and what was wrong with its scans, by id of the scan; those with nothing are left out. */
export interface FoldedPair extends PairState {
  readonly wrong: ReadonlyMap<string, readonly Discrepancy[]>;
}

type Effect = (state: PairState, scan: ScanData, places: Places) => PairState;

/**
 * Where a pair is and what is done on it: its scans in order of time, each believed. Whatever is sent in
 * whatever order or more than once, the same scans give the same pair. Being taken in comes first
 * whatever a scanner's clock says, and a pair that was handed out stays handed out.
 */
export function foldPair(history: PairHistory, places: Places): FoldedPair {
  const { received, scans } = history;
  const wrong = new Map<string, readonly Discrepancy[]>();
  let state: PairState = {
    place: { kind: 'STORE', code: received.storeCode },
    since: received.at,
    shelf: null,
    operations: freshOperations(history.operations),
    isSeen: false,
    hasLeft: false,
    isGated: history.findings.some(({ decidedAt }) => decidedAt === null),
    discrepancies: [],
  };
  for (const scan of [...scans].sort(compareScans)) {
    state = foldOne(state, scan, places, history);
    if (state.discrepancies.length > 0) wrong.set(scan.id, state.discrepancies);
  }
  return { ...state, wrong };
}

function foldOne(
  before: PairState,
  scan: ScanData,
  places: Places,
  { received, findings }: PairHistory,
): PairState {
  const state = { ...before, discrepancies: [] };
  if (scan.kind === 'RECEIVED') return state;
  if (state.place.kind === 'CUSTOMER') {
    return scan.kind === 'HANDED_OUT' ? state : noting(state, 'SCANNED_AFTER_HAND_OUT');
  }
  const moved = EFFECTS[scan.kind](state, scan, places);
  const worked = foldWork(moved, scan, findings);
  const hasLeft = state.hasLeft || isAway(worked.place, received.storeCode);
  return { ...worked, hasLeft, isSeen: state.isSeen || scan.kind !== 'REWORK' };
}

/** A pair that nobody can find, or that the customer has, is nowhere else. */
function isAway(place: PairPlace, storeCode: string): boolean {
  if (place.kind === 'STORE') return place.code !== storeCode;
  return place.kind === 'TRIP' || place.kind === 'WORKSHOP';
}

const EFFECTS: Readonly<Record<Exclude<ScanKind, 'RECEIVED'>, Effect>> = {
  LOADED: loaded,
  UNLOADED: (state, scan, places) => arrived(state, scan, places),
  ARRIVED: (state, scan, places) => arrived(state, scan, places),
  FOUND: (state, scan, places) => arrived(state, scan, places),
  PUT_AWAY: (state, scan, places) => ({ ...arrived(state, scan, places), shelf: scan.shelf }),
  WORK_STARTED: atWork,
  WORK_FINISHED: atWork,
  REWORK: (state) => state,
  HANDED_OUT: (state, scan, places) => {
    const here = placeOf(scan.placeCode, places);
    const left = isNear(state.place, here, places) ? state : noting(state, 'WRONG_PLACE');
    return put(left, { kind: 'CUSTOMER', code: scan.placeCode }, scan.at);
  },
  REPORTED_MISSING: (state, { placeCode, at }) =>
    state.place.kind === 'MISSING' ? state : put(state, { kind: 'MISSING', code: placeCode }, at),
};

function loaded(state: PairState, scan: ScanData, places: Places): PairState {
  const { lineCode, departs } = scan.trip!;
  const van: PairPlace = { kind: 'TRIP', lineCode, departs, toCode: scan.toCode! };
  const listed = scan.isListed ? state : noting(state, 'NOT_LISTED');
  if (isSamePlace(state.place, van)) return { ...listed, place: van };
  const here = placeOf(scan.placeCode, places);
  const left = isNear(state.place, here, places) ? listed : noting(listed, 'WRONG_PLACE');
  return put(left, van, scan.at);
}

function arrived(state: PairState, scan: ScanData, places: Places): PairState {
  const here = placeOf(scan.placeCode, places);
  const fault = faultOfArrival(state.place, scan, here, places);
  return put(fault === null ? state : noting(state, fault), here, scan.at);
}

function faultOfArrival(
  from: PairPlace,
  { kind, trip }: ScanData,
  here: PairPlace,
  places: Places,
): Discrepancy | null {
  if (from.kind !== 'TRIP') return isNear(from, here, places) ? null : 'NOT_SCANNED';
  if (kind === 'UNLOADED' && !isTrip(from, trip!)) return 'NOT_SCANNED';
  const there = placeOf(from.toCode, places);
  return isSamePlace(there, here) ? null : 'ARRIVED_ELSEWHERE';
}

function atWork(state: PairState, scan: ScanData, places: Places): PairState {
  const here = placeOf(scan.placeCode, places);
  const came = isNear(state.place, here, places) ? state : noting(state, 'WORK_BEFORE_ARRIVAL');
  return put(came, here, scan.at);
}

/** What stays where it is was there before, and keeps its position on the shelf. */
function put(state: PairState, place: PairPlace, at: EpochMs): PairState {
  if (isSamePlace(state.place, place)) return state;
  return { ...state, place, since: at, shelf: null };
}

const noting = (state: PairState, fault: Discrepancy): PairState => ({
  ...state,
  discrepancies: [...state.discrepancies, fault],
});

/** A code that the chain has no longer counts as a store. */
export function placeOf(code: string, { workshops }: Places): PairPlace {
  return workshops.has(code) ? { kind: 'WORKSHOP', code } : { kind: 'STORE', code };
}

const isTrip = (
  place: PairPlace & { kind: 'TRIP' },
  trip: { lineCode: string; departs: EpochMs },
) => place.lineCode === trip.lineCode && place.departs === trip.departs;

/** Whether two places are one, wherever a pair on a van is to get off. */
export function isSamePlace(a: PairPlace, b: PairPlace): boolean {
  if (a.kind === 'TRIP') return b.kind === 'TRIP' && isTrip(a, b);
  return b.kind !== 'TRIP' && a.kind === b.kind && a.code === b.code;
}

/** Whether a pair gets from one place to the other without a van. One that was missing came somehow. */
function isNear(from: PairPlace, to: PairPlace, places: Places): boolean {
  if (from.kind === 'TRIP' || to.kind === 'TRIP') return false;
  if (from.kind === 'MISSING') return true;
  return houseOf(from.code, places) === houseOf(to.code, places);
}

/** A workshop inside a store is in the store's house. */
export const houseOf = (code: string, { workshops }: Places): string =>
  workshops.get(code)?.storeCode ?? code;
