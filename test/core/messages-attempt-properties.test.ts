import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import {
  afterAttempt,
  afterLookUp,
  MOST_ATTEMPTS,
  whenDue,
  type AttemptOutcome,
  type AttemptRules,
  type DeliverySoFar,
  type Next,
  type RepeatRule,
} from '../../src/core/messages/attempt.ts';

const NOW = Date.UTC(2030, 8, 2, 10);
const MINUTE = 60_000;

const REPEATS: readonly RepeatRule[] = [
  { is: 'none' },
  { is: 'key', windowSec: 600 },
  { is: 'replace' },
  { is: 'lookUp', afterSec: [30, 120], isAuthoritative: true },
  { is: 'lookUp', afterSec: [30, 120], isAuthoritative: false },
];
const BUSY = { outcome: 'temporary', because: 'provider', retryAfterMs: null } as const;
const SILENT = { outcome: 'ambiguous' } as const;
const limited = (retryAfterMs: number) =>
  ({ outcome: 'temporary', because: 'rateLimit', retryAfterMs }) as const;

const anyRepeats = fc.constantFrom(...REPEATS);
const anyOutcome = fc.oneof(
  fc.constant(BUSY),
  fc.constant(SILENT),
  fc.integer({ min: 0, max: 40 * MINUTE }).map(limited),
);

const NEW: DeliverySoFar = {
  ...{ status: 'CREATED', tries: 0, firstAttemptAt: null, lastAttemptAt: null },
  ...{ lookUps: 0, mayBeRepeated: false },
};

interface Life {
  readonly sentAt: readonly number[];
  /** Attempts of which it was not known that they failed, and that a provider would not have told apart. */
  readonly maybeTwice: number;
  readonly end: Next;
}

/** Lives a delivery through, with a provider that says what it is told to. */
function live(
  given: AttemptRules,
  outcomes: readonly AttemptOutcome[],
  found: readonly (boolean | 'unknown')[],
  random: number,
): Life {
  let soFar: DeliverySoFar = NEW;
  let now = NOW;
  const sentAt: number[] = [];
  let [maybeTwice, isSilent] = [0, false];
  for (let step = 0; step < 200; step += 1) {
    const doing = whenDue(soFar, given, now, random);
    let next: Next;
    if (doing.is === 'decided') next = doing.next;
    else if (doing.is === 'lookUp') {
      const said = found[step % found.length]!;
      if (said === false && given.repeats.is === 'lookUp' && given.repeats.isAuthoritative) {
        isSilent = isSilent && soFar.lookUps + 1 < given.repeats.afterSec.length;
      }
      next = afterLookUp(soFar, said, given, now);
    } else {
      const isKept = given.repeats.is === 'key' && now < NOW + 600_000;
      if (isSilent && !isKept && given.repeats.is !== 'replace') maybeTwice += 1;
      const outcome = outcomes[sentAt.length % outcomes.length]!;
      isSilent = isSilent || outcome.outcome === 'ambiguous';
      sentAt.push(now);
      const { tries, firstAttemptAt } = soFar;
      soFar = {
        ...{ ...soFar, tries: tries + 1 },
        ...{ firstAttemptAt: firstAttemptAt ?? now, lastAttemptAt: now },
      };
      next = afterAttempt(soFar, outcome, given, now, random);
    }
    if (next.is !== 'later') return { sentAt, maybeTwice, end: next };
    now = Math.max(now, next.at);
    const { status, lookUps, mayBeRepeated } = next;
    soFar = { ...soFar, status, lookUps, mayBeRepeated };
  }
  throw new Error('it never ends');
}

describe('every life of a delivery', () => {
  const anyRules = fc.record({
    repeats: anyRepeats,
    hasReceipts: fc.boolean(),
    guarantee: fc.constantFrom('atLeastOnce' as const, 'atMostOnce' as const),
    usefulUntil: fc.integer({ min: 1, max: 180 * MINUTE }).map((ms) => NOW + ms),
    usesOneGrant: fc.boolean(),
  });
  const anyLife = fc.tuple(
    anyRules,
    fc.array(anyOutcome, { minLength: 1, maxLength: 12 }),
    fc.array(fc.constantFrom(false as const, 'unknown' as const), { minLength: 1, maxLength: 5 }),
    fc.double({ min: 0, max: 0.999, noNaN: true }),
  );

  it('ends, after no more attempts than are allowed, none of them past its use', () => {
    fc.assert(
      fc.property(anyLife, ([given, outcomes, found, random]) => {
        const { sentAt } = live(given, outcomes, found, random);
        expect(sentAt.length).toBeLessThanOrEqual(MOST_ATTEMPTS);
        expect(sentAt.every((at) => at < given.usefulUntil)).toBe(true);
      }),
    );
  });

  it('never sends twice what may be sent at most once, unless the provider drops the repeat', () => {
    fc.assert(
      fc.property(anyLife, ([given, outcomes, found, random]) => {
        const life = live({ ...given, guarantee: 'atMostOnce' }, outcomes, found, random);
        expect(life.maybeTwice).toBe(0);
      }),
    );
  });

  it('repeats on the off chance once at most, apart from attempts that certainly failed', () => {
    fc.assert(
      fc.property(anyLife, ([given, , found, random]) => {
        const life = live(given, [SILENT], found, random);
        expect(life.maybeTwice).toBeLessThanOrEqual(1);
      }),
    );
  });
});
