import type { Discrepancy, ReworkOperation, ScanKind, TripName } from '../../core/goods/scan.ts';
import { ruleOfScan } from '../../core/goods/scan.ts';
import { hasTrip } from '../../core/goods/trips.ts';
import type { Network } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { HqCaller, StaffCaller } from '../../platform/signin/caller.ts';

/** Who works with goods. */
export type GoodsCaller = HqCaller | StaffCaller;

/** A picture that comes with a scan. */
export interface SentPhoto {
  readonly mediaId: string;
  readonly stage: 'BEFORE' | 'AFTER' | 'DETAIL';
  readonly caption: string | null;
}

/** A scan as it is sent. */
export interface SentScan {
  /** The scanner's own. */
  readonly id: string;
  readonly tag: string;
  readonly kind: ScanKind;
  readonly placeCode: string;
  readonly trip: TripName | null;
  readonly toCode: string | null;
  readonly shelf: string | null;
  readonly skill: string | null;
  /** By the scanner's clock. */
  readonly at: EpochMs;
  readonly operations: readonly ReworkOperation[] | null;
  readonly photos: readonly SentPhoto[];
}

/** Why a scan cannot be kept: it says nothing of a pair that there is, at a place that there is. */
export type NotKept =
  | 'UNKNOWN_TAG'
  | 'UNKNOWN_PLACE'
  | 'NOT_YOUR_PLACE'
  | 'WRONG_KIND_OF_PLACE'
  | 'UNKNOWN_TRIP'
  /** It is said to have been so long ago that the clock of the scanner must be wrong. */
  | 'TOO_OLD'
  | 'ID_REUSED'
  /** Work that is asked for on a pair that its customer has. */
  | 'HANDED_OUT';

/** What became of one scan. */
export interface ScanOutcome {
  readonly id: string;
  readonly tag: string;
  readonly outcome: 'APPLIED' | 'REPEATED' | NotKept;
  /** What does not fit together, by all that is known now. */
  readonly discrepancies: readonly Discrepancy[];
  /** Pictures that are not there, or are somebody else's; the scan counts without them. */
  readonly refusedMediaIds: readonly string[];
}

export const mayActAt = (caller: GoodsCaller, placeCode: string): boolean =>
  caller.role === 'hq' || caller.stores.includes(placeCode);

/** Whether the scan could be true at all; null: it could. */
export function faultOf(
  { kind, placeCode, trip, toCode }: SentScan,
  caller: GoodsCaller,
  network: Network,
): NotKept | null {
  const { stores, workshops, lines } = network;
  const isStore = stores.has(placeCode);
  if (!isStore && !workshops.has(placeCode)) return 'UNKNOWN_PLACE';
  if (!mayActAt(caller, placeCode)) return 'NOT_YOUR_PLACE';
  const rule = ruleOfScan(kind);
  if (rule.place !== 'ANY' && (rule.place === 'STORE') !== isStore) return 'WRONG_KIND_OF_PLACE';
  if (!rule.isOfTrip) return null;
  const line = trip === null ? undefined : lines.get(trip.lineCode);
  if (line === undefined || !hasTrip(line, trip!.departs)) return 'UNKNOWN_TRIP';
  if (kind !== 'LOADED') return null;
  const from = line.stops.findIndex(({ code }) => code === placeCode);
  const after = line.stops.slice(from + 1);
  const goesThere = toCode === null ? after.length > 0 : after.some(({ code }) => code === toCode);
  return from >= 0 && goesThere ? null : 'UNKNOWN_TRIP';
}

/** What tells two scans with one id apart; times and destinations may have been filled in. */
export type ScanContent = Pick<
  SentScan,
  'kind' | 'placeCode' | 'trip' | 'shelf' | 'skill' | 'operations'
>;

export function isSameScan(a: ScanContent, b: ScanContent): boolean {
  const [one, other] = [a, b].map(({ kind, placeCode, trip, shelf, skill, operations }) => {
    const work = operations?.map(({ skill: what, units, dwellMin }) => [what, units, dwellMin]);
    return JSON.stringify([kind, placeCode, trip?.lineCode, trip?.departs, shelf, skill, work]);
  });
  return one === other;
}
