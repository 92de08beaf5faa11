import { describe, expect, it } from 'vitest';

import {
  afterAttempt,
  afterLookUp,
  MOST_ATTEMPTS,
  RECEIPT_WAIT_MS,
  RETRY_WINDOW_MS,
  whenDue,
  type AttemptOutcome,
  type AttemptRules,
  type DeliverySoFar,
  type Next,
  type RepeatRule,
} from '../../src/core/messages/attempt.ts';

const NOW = Date.UTC(2030, 8, 2, 10);
const MINUTE = 60_000;

const NONE: RepeatRule = { is: 'none' };
const KEY: RepeatRule = { is: 'key', windowSec: 600 };
const REPLACE: RepeatRule = { is: 'replace' };
const ECHO: RepeatRule = { is: 'lookUp', afterSec: [30, 120], isAuthoritative: true };
const GUESS: RepeatRule = { is: 'lookUp', afterSec: [30, 120], isAuthoritative: false };

const rules = (parts: Partial<AttemptRules> = {}): AttemptRules => ({
  repeats: NONE,
  hasReceipts: false,
  guarantee: 'atLeastOnce',
  usefulUntil: NOW + 120 * MINUTE,
  usesOneGrant: false,
  ...parts,
});

const tried = (parts: Partial<DeliverySoFar> = {}): DeliverySoFar => ({
  status: 'CREATED',
  tries: 1,
  firstAttemptAt: NOW,
  lastAttemptAt: NOW,
  lookUps: 0,
  mayBeRepeated: false,
  ...parts,
});

const BUSY = { outcome: 'temporary', because: 'provider', retryAfterMs: null } as const;
const SILENT = { outcome: 'ambiguous' } as const;
const limited = (retryAfterMs: number) =>
  ({ outcome: 'temporary', because: 'rateLimit', retryAfterMs }) as const;
const no = (because: 'recipient' | 'content' | 'configuration' | 'consent' | 'window') =>
  ({ outcome: 'permanent', because }) as const;
const AMBIGUOUS = { status: 'AMBIGUOUS' } as const;

describe('after an attempt', () => {
  it.each<[string, Partial<DeliverySoFar>, AttemptOutcome, Partial<AttemptRules>, Partial<Next>]>([
    ['accepted', {}, { outcome: 'accepted' }, {}, { is: 'accepted', status: 'ACCEPTED' }],
    [
      'accepted, and nothing more will be known',
      {},
      { outcome: 'accepted', isDelivered: true },
      {},
      { is: 'accepted', status: 'DELIVERED' },
    ],
    ['a failure is tried again', {}, BUSY, {}, { status: 'RETRYING', at: NOW + 5000 }],
    ['with longer pauses', { tries: 4 }, BUSY, {}, { status: 'RETRYING', at: NOW + 40_000 }],
    [
      'as often as is allowed',
      { tries: MOST_ATTEMPTS },
      BUSY,
      {},
      { is: 'over', status: 'FAILED', because: 'exhausted', reason: 'EXHAUSTED' },
    ],
    [
      'not past the window',
      { tries: 3, firstAttemptAt: NOW - RETRY_WINDOW_MS },
      BUSY,
      {},
      { is: 'over', because: 'exhausted' },
    ],
    [
      'not past its use',
      {},
      BUSY,
      { usefulUntil: NOW + 5000 },
      { is: 'over', because: 'exhausted' },
    ],
    [
      'a limit waits as long as the provider says, past the window too',
      {},
      limited(45 * MINUTE),
      {},
      { status: 'RETRYING', at: NOW + 45 * MINUTE },
    ],
    ['a limit beyond its use', {}, limited(120 * MINUTE), {}, { is: 'over', because: 'exhausted' }],
    ['no such address', {}, no('recipient'), {}, { status: 'FAILED', reason: 'ADDRESS_INVALID' }],
    ['not wanted', {}, no('consent'), {}, { because: 'rejected', reason: 'NO_CONSENT' }],
    [
      'a grant that the silent attempt used up',
      AMBIGUOUS,
      no('consent'),
      { usesOneGrant: true },
      { is: 'accepted', status: 'ACCEPTED' },
    ],
    [
      'refused after a silence, and never to be sent twice',
      AMBIGUOUS,
      no('content'),
      { guarantee: 'atMostOnce' },
      { is: 'over', status: 'AMBIGUOUS', because: 'ambiguous' },
    ],
    ['silence, with a key', {}, SILENT, { repeats: KEY }, { status: 'AMBIGUOUS', at: NOW + 5000 }],
    [
      'silence, with a key that is soon forgotten',
      { firstAttemptAt: NOW - 9.5 * MINUTE },
      SILENT,
      { repeats: KEY },
      { status: 'AMBIGUOUS', mayBeRepeated: true },
    ],
    [
      'the same, and never twice',
      { firstAttemptAt: NOW - 9.5 * MINUTE },
      SILENT,
      { repeats: KEY, guarantee: 'atMostOnce' },
      { is: 'over', status: 'AMBIGUOUS', reason: 'NOBODY_KNOWS' },
    ],
    [
      'silence, replaced',
      {},
      SILENT,
      { repeats: REPLACE },
      { status: 'AMBIGUOUS', at: NOW + 5000 },
    ],
    ['silence, to be looked up', {}, SILENT, { repeats: ECHO }, { at: NOW + 30_000, lookUps: 0 }],
    [
      'silence, and a receipt may come',
      {},
      SILENT,
      { hasReceipts: true },
      { status: 'AMBIGUOUS', at: NOW + RECEIPT_WAIT_MS, mayBeRepeated: false },
    ],
    ['silence for good', {}, SILENT, {}, { status: 'AMBIGUOUS', mayBeRepeated: true }],
    ['silence for the second time', { mayBeRepeated: true }, SILENT, {}, { is: 'over' }],
    ['silence, and never twice', {}, SILENT, { guarantee: 'atMostOnce' }, { is: 'over' }],
  ])('%s', (_, soFar, outcome, given, expected) => {
    const next = afterAttempt(tried(soFar), outcome, rules(given), NOW, 0.5);
    expect(next).toMatchObject(expected);
  });

  it('spreads pauses from none to their ceiling', () => {
    const at = (random: number) => afterAttempt(tried(), BUSY, rules(), NOW, random);
    expect([at(0), at(0.999)]).toMatchObject([{ at: NOW }, { at: NOW + 9990 }]);
  });
});

describe('when it is due', () => {
  it.each<[string, Partial<DeliverySoFar>, Partial<AttemptRules>, object]>([
    ['one that was never sent', { status: 'CREATED', tries: 0 }, {}, { is: 'send' }],
    ['one to be tried again', { status: 'RETRYING' }, {}, { is: 'send' }],
    [
      'one of no use any more',
      { status: 'RETRYING' },
      { usefulUntil: NOW },
      { next: { is: 'over', status: 'EXPIRED' } },
    ],
    [
      'one whose worker died, where nobody can tell',
      { status: 'SENDING' },
      {},
      { is: 'decided', next: { status: 'AMBIGUOUS', mayBeRepeated: true } },
    ],
    [
      'one whose worker died over the repeat',
      { status: 'SENDING', mayBeRepeated: true },
      {},
      { is: 'decided', next: { is: 'over', status: 'AMBIGUOUS' } },
    ],
    ['a silent one with a key', AMBIGUOUS, { repeats: KEY }, { is: 'send' }],
    ['a silent one to be looked up', AMBIGUOUS, { repeats: ECHO }, { is: 'lookUp' }],
    [
      'a silent one to be looked up although it is of no use any more',
      AMBIGUOUS,
      { repeats: ECHO, usefulUntil: NOW },
      { is: 'lookUp' },
    ],
    [
      'a silent one without a receipt in time: first decided, then sent',
      AMBIGUOUS,
      { hasReceipts: true },
      { is: 'decided', next: { status: 'AMBIGUOUS', mayBeRepeated: true, at: NOW } },
    ],
    ['the decided repeat', { ...AMBIGUOUS, mayBeRepeated: true }, {}, { is: 'send' }],
  ])('%s', (_, soFar, given, expected) => {
    expect(whenDue(tried(soFar), rules(given), NOW, 0.5)).toMatchObject(expected);
  });
});

describe('after a look-up', () => {
  it.each<[string, Partial<DeliverySoFar>, boolean | 'unknown', Partial<AttemptRules>, object]>([
    ['it is there', {}, true, { repeats: ECHO }, { is: 'accepted' }],
    ['not yet', {}, false, { repeats: ECHO }, { lookUps: 1, at: NOW + 120_000 }],
    ['not at the last look', { lookUps: 1 }, false, { repeats: ECHO }, { status: 'RETRYING' }],
    [
      'not at the last look, and never twice',
      { lookUps: 1 },
      false,
      { repeats: ECHO, guarantee: 'atMostOnce' },
      { is: 'over', status: 'AMBIGUOUS' },
    ],
    [
      'not there, as far as this provider can say',
      { lookUps: 1 },
      false,
      { repeats: GUESS },
      { status: 'AMBIGUOUS', mayBeRepeated: true, lookUps: 2 },
    ],
    ['it could not be asked', {}, 'unknown', { repeats: ECHO }, { lookUps: 0, at: NOW + 30_000 }],
    [
      'it could not be asked for too long',
      { lastAttemptAt: NOW - RETRY_WINDOW_MS },
      'unknown',
      { repeats: ECHO },
      { mayBeRepeated: true },
    ],
  ])('%s', (_, soFar, found, given, expected) => {
    expect(afterLookUp(tried({ ...AMBIGUOUS, ...soFar }), found, rules(given), NOW)).toMatchObject(
      expected,
    );
  });
});
