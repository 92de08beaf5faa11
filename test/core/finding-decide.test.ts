import { describe, expect, it } from 'vitest';

import { decide, type DecidedAs, type Decision } from '../../src/core/findings/finding.ts';

const OPEN = { state: 'OPEN', decideBy: 100 } as const;
const DECISIONS: readonly Decision[] = ['APPROVE', 'DECLINE', 'ASK'];

describe('decide', () => {
  it.each([
    { decision: 'APPROVE', state: 'APPROVED' },
    { decision: 'DECLINE', state: 'DECLINED' },
    { decision: 'ASK', state: 'OPEN' },
  ] as const)('$decision makes it $state, to the very end of the time', ({ decision, state }) => {
    for (const as of ['CUSTOMER', 'STAFF'] as const) {
      for (const now of [0, 100]) {
        expect(decide(OPEN, decision, as, now)).toEqual({ ok: true, value: state });
      }
      expect(decide(OPEN, decision, as, 101)).toEqual({
        ok: false,
        error: { code: 'TOO_LATE', decideBy: 100 },
      });
    }
  });

  it('goes by default only when the time is over', () => {
    expect(decide(OPEN, 'DECLINE', 'DEFAULT', 101)).toEqual({ ok: true, value: 'DECLINED' });
    expect(decide(OPEN, 'DECLINE', 'DEFAULT', 100)).toMatchObject({ error: { code: 'TOO_LATE' } });
  });

  it.each(['APPROVED', 'DECLINED'] as const)('changes nothing once it is %s', (state) => {
    for (const decision of DECISIONS) {
      for (const as of ['CUSTOMER', 'STAFF', 'DEFAULT'] satisfies DecidedAs[]) {
        for (const now of [0, 101]) {
          expect(decide({ state, decideBy: 100 }, decision, as, now)).toEqual({
            ok: false,
            error: { code: 'ALREADY_DECIDED', state },
          });
        }
      }
    }
  });
});
