import type { EpochMs } from '../time/time.ts';

/** What a provider does about a message that is sent twice. */
export type RepeatRule =
  | { readonly is: 'key'; readonly windowSec: number }
  | {
      readonly is: 'lookUp';
      readonly afterSec: readonly number[];
      readonly isAuthoritative: boolean;
    }
  | { readonly is: 'replace' }
  | { readonly is: 'none' };

/** What is fixed about the attempts of one delivery. */
export interface AttemptRules {
  readonly repeats: RepeatRule;
  /** The provider tells later what became of a message. */
  readonly hasReceipts: boolean;
  readonly guarantee: 'atLeastOnce' | 'atMostOnce';
  readonly usefulUntil: EpochMs;
  /** The provider allows one message by a grant that only a message that was sent can have used up. */
  readonly usesOneGrant: boolean;
}

/** A delivery that is not over, as far as it has come. */
export interface DeliverySoFar {
  /**
   * SENDING: whoever sends it is still at it, or died doing so. AMBIGUOUS: of an earlier attempt nobody
   * knows whether it was sent.
   */
  readonly status: 'CREATED' | 'SENDING' | 'RETRYING' | 'AMBIGUOUS';
  /** Attempts that were recorded. */
  readonly tries: number;
  readonly firstAttemptAt: EpochMs | null;
  readonly lastAttemptAt: EpochMs | null;
  /** Since the last attempt. */
  readonly lookUps: number;
  /** The one attempt that may be a repeat has been decided on. */
  readonly mayBeRepeated: boolean;
}

/** The part of a channel's answer that decides what comes next. */
export type AttemptOutcome =
  | { readonly outcome: 'accepted'; readonly isDelivered?: boolean }
  | {
      readonly outcome: 'temporary';
      readonly because: 'provider' | 'rateLimit' | 'token';
      readonly retryAfterMs: number | null;
    }
  | { readonly outcome: 'permanent'; readonly because: Refusal }
  | { readonly outcome: 'ambiguous' };

export type Refusal = 'recipient' | 'content' | 'configuration' | 'consent' | 'window';

/** Why a delivery ended without the provider having it. */
export type EndReason =
  | 'ADDRESS_INVALID'
  | 'CONTENT_REFUSED'
  | 'CONFIGURATION'
  | 'NO_CONSENT'
  | 'WINDOW_CLOSED'
  | 'EXHAUSTED'
  | 'NOBODY_KNOWS'
  | 'EXPIRED_BEFORE_SEND';

/** What becomes of a delivery after something is known of it. */
export type Next =
  | { readonly is: 'accepted'; readonly status: 'ACCEPTED' | 'DELIVERED' }
  /** To be looked at again: sent, looked up, or given up (see {@link whenDue}). */
  | {
      readonly is: 'later';
      readonly status: 'RETRYING' | 'AMBIGUOUS';
      readonly at: EpochMs;
      readonly lookUps: number;
      readonly mayBeRepeated: boolean;
    }
  | Over;

export interface Over {
  readonly is: 'over';
  readonly status: 'FAILED' | 'AMBIGUOUS' | 'EXPIRED';
  /** What a step of a route has to list for the next one to be taken. */
  readonly because: 'rejected' | 'exhausted' | 'ambiguous';
  readonly reason: EndReason;
}

export const MOST_ATTEMPTS = 8;
/** From the first attempt, unless the provider itself names a later time. */
export const RETRY_WINDOW_MS = 30 * 60_000;
/** Ceiling of the first pause; each later one is twice as long. Seven of them end within the window. */
const FIRST_PAUSE_MS = 10_000;
/** How long a receipt may take to tell whether a message was sent of which nobody knows. */
export const RECEIPT_WAIT_MS = 10 * 60_000;
/** A repeat under a key is over well before the provider forgets the key. */
const KEY_MARGIN_MS = 30_000;
/** Pause before a provider that could not be asked is asked again. */
const ASK_AGAIN_MS = 30_000;

export const REASON_OF: Readonly<Record<Refusal, EndReason>> = {
  recipient: 'ADDRESS_INVALID',
  content: 'CONTENT_REFUSED',
  configuration: 'CONFIGURATION',
  consent: 'NO_CONSENT',
  window: 'WINDOW_CLOSED',
};

/**
 * What follows from the outcome of an attempt.
 *
 * @param soFar with this attempt counted and timed
 * @param random in [0, 1); full jitter: many that failed together do not come back together
 */
export function afterAttempt(
  soFar: DeliverySoFar,
  outcome: AttemptOutcome,
  rules: AttemptRules,
  now: EpochMs,
  random: number,
): Next {
  switch (outcome.outcome) {
    case 'accepted':
      return { is: 'accepted', status: outcome.isDelivered === true ? 'DELIVERED' : 'ACCEPTED' };
    case 'permanent':
      return afterRefusal(soFar, outcome.because, rules);
    case 'temporary':
      return afterFailure(soFar, outcome, rules, now, random);
    case 'ambiguous':
      return afterSilence(soFar, rules, now, random);
  }
}

/** The refusal is about this attempt; an earlier one of which nobody knows may have been sent. */
function afterRefusal(soFar: DeliverySoFar, because: Refusal, rules: AttemptRules): Next {
  const isOpen = soFar.status === 'AMBIGUOUS';
  // The grant was good for one message, and only the earlier attempt can have used it.
  if (isOpen && because === 'consent' && rules.usesOneGrant) {
    return { is: 'accepted', status: 'ACCEPTED' };
  }
  if (isOpen && rules.guarantee === 'atMostOnce') return nobodyKnows();
  return { is: 'over', status: 'FAILED', because: 'rejected', reason: REASON_OF[because] };
}

function afterFailure(
  soFar: DeliverySoFar,
  { because, retryAfterMs }: Extract<AttemptOutcome, { outcome: 'temporary' }>,
  rules: AttemptRules,
  now: EpochMs,
  random: number,
): Next {
  const { lookUps, mayBeRepeated } = soFar;
  const status = soFar.status === 'AMBIGUOUS' ? 'AMBIGUOUS' : 'RETRYING';
  const pauseMs = Math.max(jittered(soFar.tries, random), retryAfterMs ?? 0);
  const at = now + pauseMs;
  if (!mayTryAt(soFar, at, rules, because === 'rateLimit')) return exhausted(status);
  return { is: 'later', status, at, lookUps, mayBeRepeated };
}

function afterSilence(
  soFar: DeliverySoFar,
  rules: AttemptRules,
  now: EpochMs,
  random: number,
): Next {
  const { repeats } = rules;
  const { mayBeRepeated } = soFar;
  const at = now + jittered(soFar.tries, random);
  switch (repeats.is) {
    case 'key':
    case 'replace':
      if (!isRepeatSafe(soFar, repeats, at)) return byGuarantee(soFar, rules, at);
      if (!mayTryAt(soFar, at, rules, false)) return nobodyKnows();
      return { is: 'later', status: 'AMBIGUOUS', at, lookUps: 0, mayBeRepeated };
    case 'lookUp': {
      const [firstSec] = repeats.afterSec;
      if (firstSec === undefined) return byGuarantee(soFar, rules, at);
      const askAt = now + firstSec * 1000;
      return { is: 'later', status: 'AMBIGUOUS', at: askAt, lookUps: 0, mayBeRepeated };
    }
    case 'none':
      if (!rules.hasReceipts || mayBeRepeated) return byGuarantee(soFar, rules, at);
      return {
        is: 'later',
        status: 'AMBIGUOUS',
        at: receiptBy(now, rules),
        lookUps: 0,
        mayBeRepeated,
      };
  }
}

const receiptBy = (now: EpochMs, { usefulUntil }: AttemptRules): EpochMs =>
  Math.max(now, Math.min(now + RECEIPT_WAIT_MS, usefulUntil - 60_000));

/** Nothing will tell any more whether it was sent: one more attempt, or none. */
function byGuarantee(soFar: DeliverySoFar, rules: AttemptRules, at: EpochMs): Next {
  const isLast = soFar.mayBeRepeated || rules.guarantee === 'atMostOnce';
  if (isLast || !mayTryAt(soFar, at, rules, true)) return nobodyKnows();
  const { lookUps } = soFar;
  return { is: 'later', status: 'AMBIGUOUS', at, lookUps, mayBeRepeated: true };
}

/** What is to be done with a delivery that is due. */
export type Doing =
  | { readonly is: 'send' }
  | { readonly is: 'lookUp' }
  /** Nothing but to write this down. */
  | { readonly is: 'decided'; readonly next: Next };

/**
 * What a worker that has taken a delivery over does with it. A repeat that a person may get twice is
 * decided first and written, then sent when it is due again: so it is never made a second time.
 *
 * @param soFar of one that is SENDING, with the attempt counted that its worker died over
 */
export function whenDue(
  soFar: DeliverySoFar,
  rules: AttemptRules,
  now: EpochMs,
  random: number,
): Doing {
  const { repeats } = rules;
  if (soFar.status === 'SENDING') {
    return { is: 'decided', next: afterSilence(soFar, rules, now, random) };
  }
  if (soFar.status !== 'AMBIGUOUS') {
    if (now < rules.usefulUntil) return { is: 'send' };
    return { is: 'decided', next: expired() };
  }
  if (repeats.is === 'lookUp' && soFar.lookUps < repeats.afterSec.length) return { is: 'lookUp' };
  if (now >= rules.usefulUntil) return { is: 'decided', next: nobodyKnows() };
  if (soFar.mayBeRepeated || isRepeatSafe(soFar, repeats, now)) return { is: 'send' };
  return { is: 'decided', next: byGuarantee(soFar, rules, now) };
}

/** What the provider said when it was asked for a message. */
export type Found = boolean | 'unknown';

/** @param soFar without this look-up counted */
export function afterLookUp(
  soFar: DeliverySoFar,
  found: Found,
  rules: AttemptRules,
  now: EpochMs,
): Next {
  if (found === true) return { is: 'accepted', status: 'ACCEPTED' };
  const { repeats } = rules;
  if (repeats.is !== 'lookUp') return byGuarantee(soFar, rules, now);
  const since = soFar.lastAttemptAt ?? now;
  const { mayBeRepeated } = soFar;
  if (found === 'unknown' && now + ASK_AGAIN_MS < since + RETRY_WINDOW_MS) {
    const at = now + ASK_AGAIN_MS;
    return { is: 'later', status: 'AMBIGUOUS', at, lookUps: soFar.lookUps, mayBeRepeated };
  }
  const lookUps = found === 'unknown' ? repeats.afterSec.length : soFar.lookUps + 1;
  const nextSec = repeats.afterSec[lookUps];
  if (nextSec !== undefined) {
    const at = Math.max(now, since + nextSec * 1000);
    return { is: 'later', status: 'AMBIGUOUS', at, lookUps, mayBeRepeated };
  }
  const asked = { ...soFar, lookUps };
  if (found === false && repeats.isAuthoritative && rules.guarantee === 'atLeastOnce') {
    if (!mayTryAt(soFar, now, rules, true)) return exhausted('RETRYING');
    return { is: 'later', status: 'RETRYING', at: now, lookUps: 0, mayBeRepeated };
  }
  return byGuarantee(asked, rules, now);
}

/** Whether the provider would not pass on a repeat at `at`. */
function isRepeatSafe(soFar: DeliverySoFar, repeats: RepeatRule, at: EpochMs): boolean {
  if (repeats.is === 'replace') return true;
  if (repeats.is !== 'key') return false;
  const since = soFar.firstAttemptAt ?? at;
  return at < since + repeats.windowSec * 1000 - KEY_MARGIN_MS;
}

/** @param isLate the time was named by somebody else, and may be past the window of our own retries */
function mayTryAt(
  soFar: DeliverySoFar,
  at: EpochMs,
  { usefulUntil }: AttemptRules,
  isLate: boolean,
): boolean {
  if (soFar.tries >= MOST_ATTEMPTS || at >= usefulUntil) return false;
  return isLate || at <= (soFar.firstAttemptAt ?? at) + RETRY_WINDOW_MS;
}

/** Milliseconds; anywhere between none and a ceiling that doubles with each try. */
function jittered(tries: number, random: number): number {
  return Math.round(random * FIRST_PAUSE_MS * 2 ** (Math.max(tries, 1) - 1));
}

const exhausted = (status: 'RETRYING' | 'AMBIGUOUS'): Over =>
  status === 'AMBIGUOUS'
    ? nobodyKnows()
    : { is: 'over', status: 'FAILED', because: 'exhausted', reason: 'EXHAUSTED' };

const nobodyKnows = (): Over => ({
  is: 'over',
  status: 'AMBIGUOUS',
  because: 'ambiguous',
  reason: 'NOBODY_KNOWS',
});

const expired = (): Over => ({
  is: 'over',
  status: 'EXPIRED',
  because: 'exhausted',
  reason: 'EXPIRED_BEFORE_SEND',
});
