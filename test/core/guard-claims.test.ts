import { describe, expect, it } from 'vitest';

import type { Claim, LimitedClaim } from '../../src/core/claims/claim.ts';
import type { PairData } from '../../src/core/goods/pair.ts';
import { claimsAfter, isSameClaims, workDone } from '../../src/core/guard/claims-after.ts';

const NOW = 1_000;
const PAST = 900;
const TO_COME = 1_100;

/** `ride:X 1 900` */
function claim(text: string): Claim {
  const [resource = '', amount, start] = text.split(' ');
  return { resource, start: Number(start), amount: Number(amount) };
}
const limited = (text: string): LimitedClaim => ({ ...claim(text), limit: 9 });
const words = ({ resource, amount, start }: Claim): string => `${resource} ${amount} ${start}`;

describe('what an order takes on another way', () => {
  it.each<{ name: string; before: string[]; done?: string[]; planned?: string[]; after: string[] }>(
    [
      {
        name: 'visits stay, past and to come',
        before: [`counter:A/drop-off 1 ${PAST}`, `counter:B/pick-up 1 ${TO_COME}`],
        after: [`counter:A/drop-off 1 ${PAST}`, `counter:B/pick-up 1 ${TO_COME}`],
      },
      {
        name: 'a van that has left is kept',
        before: [`ride:L/A>W 2 ${PAST}`],
        after: [`ride:L/A>W 2 ${PAST}`],
      },
      {
        name: 'a van that leaves right now has left',
        before: [`ride:L/A>W 2 ${NOW}`],
        after: [`ride:L/A>W 2 ${NOW}`],
      },
      {
        name: 'a van to come is given back',
        before: [`ride:L/A>W 2 ${TO_COME}`],
        after: [],
      },
      {
        name: 'of a shelf that has begun the greater amount is taken',
        before: [`shelf:B 2 ${PAST}`],
        planned: [`shelf:B 1 ${PAST}`, `shelf:B 1 ${TO_COME}`],
        after: [`shelf:B 2 ${PAST}`, `shelf:B 1 ${TO_COME}`],
      },
      {
        name: 'more than before is taken of a shelf that has begun',
        before: [`shelf:B 1 ${PAST}`],
        planned: [`shelf:B 3 ${PAST}`],
        after: [`shelf:B 3 ${PAST}`],
      },
      {
        name: 'a shift that has begun and was not worked is given back',
        before: [`work:W/clean 2 ${PAST}`],
        planned: [`work:W/clean 2 ${TO_COME}`],
        after: [`work:W/clean 2 ${TO_COME}`],
      },
      {
        name: 'work that was done keeps its units, beside what is planned in the same shift',
        before: [`work:W/clean 3 ${PAST}`],
        done: [`work:W/clean 1 ${PAST}`],
        planned: [`work:W/clean 2 ${PAST}`],
        after: [`work:W/clean 3 ${PAST}`],
      },
      {
        name: 'work that was done in another shift than planned is taken of that one',
        before: [`work:W/clean 1 ${TO_COME}`],
        done: [`work:V/clean 1 ${PAST}`],
        after: [`work:V/clean 1 ${PAST}`],
      },
    ],
  )('$name', ({ before, done = [], planned = [], after }) => {
    const found = claimsAfter(before.map(claim), done.map(claim), planned.map(limited), NOW);
    expect(found.map(words)).toEqual(after);
  });

  it('looks for room where it takes anew alone', () => {
    const found = claimsAfter(
      [claim(`shelf:A 1 ${PAST}`)],
      [],
      [limited(`shelf:B 1 ${TO_COME}`)],
      NOW,
    );
    expect(found.map(({ limit }) => limit)).toEqual([null, 9]);
  });
});

describe('work that was done', () => {
  it('is summed by shift; what is open or of unknown shift is left out', () => {
    const operation = (more: object): PairData['operations'][number] => ({
      position: 1,
      skill: 'clean',
      units: 2,
      dwellMin: 0,
      origin: 'SERVICE',
      findingId: null,
      startedAt: null,
      finishedAt: PAST,
      workshopCode: 'W',
      shiftStart: PAST,
      ...more,
    });
    const pair = (operations: PairData['operations']) => ({ operations }) as unknown as PairData;
    const done = workDone([
      pair([operation({}), operation({ skill: 'sole', finishedAt: null })]),
      pair([operation({}), operation({ skill: 'sole', shiftStart: null })]),
    ]);
    expect(done.map(words)).toEqual([`work:W/clean 4 ${PAST}`]);
  });
});

it.each([
  { a: ['shelf:B 1 5'], b: ['shelf:B 1 5'], same: true },
  { a: ['shelf:B 1 5'], b: ['shelf:B 2 5'], same: false },
  { a: ['shelf:B 1 5'], b: ['shelf:B 1 6'], same: false },
  { a: ['shelf:B 1 5'], b: [], same: false },
])('$a and $b are the same: $same', ({ a, b, same }) => {
  expect(isSameClaims(a.map(claim), b.map(claim))).toBe(same);
});
