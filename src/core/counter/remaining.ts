import type { LimitedClaim } from '../claims/claim.ts';
import {
  counterDropOffs,
  counterPairs,
  counterPickUps,
  counterVisits,
} from '../claims/resource.ts';
import type { Usage } from '../claims/usage.ts';
import type { CounterNumbers, Store } from '../network/network.ts';
import { addDays, localDateOf } from '../time/local-date.ts';
import type { EpochMs, LocalDate } from '../time/time.ts';
import { firstBookable, lastBookableDate, slotsOf, type CounterSlot } from './slots.ts';

export type VisitKind = 'DROP_OFF' | 'PICK_UP';

export interface AvailabilityQuery {
  readonly kind: VisitKind;
  /** Dates of the store's calendar, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** At least 1. Only a drop-off counts them. */
  readonly pairs: number;
  readonly now: EpochMs;
  /** List every slot of the grid, with 0 remaining where it cannot be booked now. */
  readonly includeFull?: boolean;
}

export interface AvailableSlot {
  readonly slot: CounterSlot;
  readonly capacity: number;
  readonly remaining: number;
}

/** Visits of one kind that the slot takes when empty, those of walk-ins left out. */
export function capacityOf({ numbers }: CounterSlot, kind: VisitKind): number {
  return Math.min(bookable(numbers), kindLimit(numbers, kind) ?? Infinity);
}

/**
 * Visits of one kind, each with `pairs` pairs, that the slot can still take beside what is taken. Knows
 * nothing of lead time and horizon.
 *
 * @param pairs at least 1; only a drop-off counts them
 */
export function remainingOf(
  store: Store,
  slot: CounterSlot,
  kind: VisitKind,
  pairs: number,
  usage: Usage,
): number {
  return remainingBy(store, kind, pairs, usage)(slot);
}

/**
 * What one visit with `pairs` pairs takes of the slot, in normal form. All that a visit counts for is
 * claimed, also where nothing limits it now, so a limit set later finds the right sum.
 */
export function counterClaims(
  { code }: Store,
  { start, numbers }: CounterSlot,
  kind: VisitKind,
  pairs: number,
): readonly LimitedClaim[] {
  const visit: LimitedClaim = {
    resource: counterVisits(code),
    start,
    amount: 1,
    limit: bookable(numbers),
  };
  if (kind === 'PICK_UP') {
    const pickUp = {
      resource: counterPickUps(code),
      start,
      amount: 1,
      limit: numbers.pickUpVisits,
    };
    return [pickUp, visit];
  }
  return [
    { resource: counterDropOffs(code), start, amount: 1, limit: numbers.dropOffVisits },
    { resource: counterPairs(code), start, amount: pairs, limit: numbers.dropOffPairs },
    visit,
  ];
}

/**
 * The slots that can be booked at `now`, by start: neither too soon nor beyond the horizon, with room for
 * a visit of this kind with so many pairs.
 *
 * @throws RangeError on an unknown zone or a malformed date
 */
export function availableSlots(
  store: Store,
  query: AvailabilityQuery,
  usage: Usage,
): readonly AvailableSlot[] {
  const { kind, pairs, now, includeFull = false } = query;
  const first = firstBookable(store, now);
  const lastDate = lastBookableDate(store, now);
  // A clock set back at midnight shows yesterday's date again, so the day before is looked at too.
  const firstDate = addDays(localDateOf(first, store.timeZone), -1);

  const from = includeFull ? query.from : later(query.from, firstDate);
  const remainingIn = remainingBy(store, kind, pairs, usage);
  const out: AvailableSlot[] = [];
  for (const slot of slotsOf(store, from, earlier(query.to, lastDate))) {
    const remaining = slot.start >= first ? remainingIn(slot) : 0;
    if (!includeFull && remaining === 0) continue;
    out.push({ slot, capacity: capacityOf(slot, kind), remaining });
  }
  if (!includeFull || query.to <= lastDate) return out;
  for (const slot of slotsOf(store, later(query.from, addDays(lastDate, 1)), query.to)) {
    out.push({ slot, capacity: capacityOf(slot, kind), remaining: 0 });
  }
  return out;
}

const earlier = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? a : b);
const later = (a: LocalDate, b: LocalDate): LocalDate => (a > b ? a : b);

function remainingBy(
  { code }: Store,
  kind: VisitKind,
  pairs: number,
  usage: Usage,
): (slot: CounterSlot) => number {
  const visits = usage.windows(counterVisits(code));
  const ofKind = usage.windows(kind === 'DROP_OFF' ? counterDropOffs(code) : counterPickUps(code));
  const ofPairs = usage.windows(counterPairs(code));
  return ({ start, numbers }) => {
    let least = bookable(numbers) - (visits.get(start) ?? 0);
    const limit = kindLimit(numbers, kind);
    if (limit !== null) least = Math.min(least, limit - (ofKind.get(start) ?? 0));
    if (kind === 'DROP_OFF' && numbers.dropOffPairs !== null) {
      const pairsLeft = numbers.dropOffPairs - (ofPairs.get(start) ?? 0);
      least = Math.min(least, Math.floor(pairsLeft / pairs));
    }
    return Math.max(0, least);
  };
}

/** Visits of both kinds together that can be booked. */
function bookable({ visits, walkInVisits }: CounterNumbers): number {
  return Math.max(0, visits - walkInVisits);
}

function kindLimit(numbers: CounterNumbers, kind: VisitKind): number | null {
  return kind === 'DROP_OFF' ? numbers.dropOffVisits : numbers.pickUpVisits;
}
