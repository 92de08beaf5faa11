import type { PlanDelay } from '../../core/promise/plan.ts';
import type { ReplanCause } from '../orders/index.ts';

/** What customers are told as the reason: a code that languages have words for. */
const WORDS: Readonly<Partial<Record<ReplanCause, string>>> = {
  FINDING: 'EXTRA_WORK',
  REWORK: 'EXTRA_WORK',
  TRIP_CHANGED: 'VAN_LATE',
  DISCREPANCY: 'VAN_MISSED',
  SHIFT_CUT: 'SHIFT_LOST',
  STORE_CLOSED: 'STORE_CLOSED',
  CAPACITY_CUT: 'CAPACITY_CUT',
  HANDED_OVER_LATE: 'HANDED_IN_LATE',
  MISSED_DROP_OFF: 'HANDED_IN_LATE',
};

/** Null: what happened says nothing to a customer, and nothing was in the way of the new promise. */
export function reasonOf(cause: ReplanCause, delays: readonly PlanDelay[]): string | null {
  return WORDS[cause] ?? delays.at(-1)?.kind ?? null;
}
