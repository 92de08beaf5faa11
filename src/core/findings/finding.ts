import type { Operation } from '../network/network.ts';
import type { EpochMs } from '../time/time.ts';

export type FindingState = 'OPEN' | 'APPROVED' | 'DECLINED';

export type Decision = 'APPROVE' | 'DECLINE' | 'ASK';

/** Who a decision comes from: the customer, staff who asked them, or nobody in time. */
export type DecidedAs = 'CUSTOMER' | 'STAFF' | 'DEFAULT';

/** What tells one finding on a pair from another: what is to be done, and for how much. */
export interface FoundWork {
  readonly operations: readonly Operation[];
  readonly priceMinor: number;
  readonly currency: string;
}

/** Two workshops, or one twice, ask for the same work on a pair, in whatever words. */
export function isSameWork(a: FoundWork, b: FoundWork): boolean {
  const [one, other] = [a, b].map(({ operations, priceMinor, currency }) =>
    JSON.stringify([
      priceMinor,
      currency,
      operations.map(({ skill, units, dwellMin }) => [skill, units, dwellMin]),
    ]),
  );
  return one === other;
}

/** What each decision makes of a finding. Nothing is changed once it is decided. */
export const FINDING_TRANSITIONS = {
  OPEN: { APPROVE: 'APPROVED', DECLINE: 'DECLINED', ASK: 'OPEN' },
  APPROVED: {},
  DECLINED: {},
} as const satisfies Record<FindingState, Partial<Record<Decision, FindingState>>>;

/** It was decided before, and how. */
export interface AlreadyDecided {
  readonly code: 'ALREADY_DECIDED';
  readonly state: 'APPROVED' | 'DECLINED';
}

/** The time to decide is over; the chain's default applies. */
export interface DecidedTooLate {
  readonly code: 'TOO_LATE';
  readonly decideBy: EpochMs;
}

/**
 * What a decision at `now` leads to, or why it counts no more. Exactly at the end is in time. The default
 * applies from then on, and not before.
 */
export function decide(
  finding: { readonly state: FindingState; readonly decideBy: EpochMs },
  decision: Decision,
  as: DecidedAs,
  now: EpochMs,
):
  | { readonly ok: true; readonly value: FindingState }
  | { readonly ok: false; readonly error: AlreadyDecided | DecidedTooLate } {
  const { state, decideBy } = finding;
  const moves: Partial<Record<Decision, FindingState>> = FINDING_TRANSITIONS[state];
  const next = moves[decision];
  if (next === undefined || state !== 'OPEN') {
    const decided = state === 'APPROVED' ? 'APPROVED' : 'DECLINED';
    return { ok: false, error: { code: 'ALREADY_DECIDED', state: decided } };
  }
  const isOver = now > decideBy;
  if (isOver !== (as === 'DEFAULT')) return { ok: false, error: { code: 'TOO_LATE', decideBy } };
  return { ok: true, value: next };
}
