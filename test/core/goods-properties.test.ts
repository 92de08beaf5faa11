import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { SCAN_KINDS, type ScanData, type ScanKind } from '../../src/core/goods/scan.ts';
import { TO_W, TO_B, scan, fold } from '../support/pair-history.ts';
import { at } from '../support/worked-network.ts';

const ANY_SCAN: fc.Arbitrary<ScanData> = fc
  .record({
    kind: fc.constantFrom(...(Object.keys(SCAN_KINDS) as ScanKind[])),
    place: fc.constantFrom('A', 'B', 'W', 'IN-A'),
    trip: fc.constantFrom(TO_W, TO_B),
    toCode: fc.constantFrom('W', 'B'),
    minute: fc.integer({ min: 0, max: 40 }),
    isListed: fc.boolean(),
    skill: fc.constantFrom(null, 'clean', 'sole', 'gold'),
    id: fc.uuid(),
  })
  .map(({ kind, place, trip, minute, id, ...more }) => ({
    ...scan(kind, place, 'Mon 12:00'),
    ...more,
    id,
    at: at('Mon 12:00') + minute,
    trip: kind === 'LOADED' || kind === 'UNLOADED' ? trip : null,
    operations: kind === 'REWORK' ? [{ skill: 'clean', units: 1, dwellMin: 0 }] : null,
  }));

describe('any scans', () => {
  it('make the same pair in any order', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(ANY_SCAN, { selector: ({ id }) => id, maxLength: 25 })
          .chain((scans) =>
            fc.tuple(
              fc.constant(scans),
              fc.shuffledSubarray(scans, { minLength: scans.length, maxLength: scans.length }),
            ),
          ),
        ([scans, shuffled]) => {
          expect(fold(shuffled)).toEqual(fold(scans));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('leave the pair in one place, with all the work that was agreed', () => {
    fc.assert(
      fc.property(fc.array(ANY_SCAN, { maxLength: 25 }), (scans) => {
        const pair = fold(scans);
        expect(['STORE', 'WORKSHOP', 'TRIP', 'CUSTOMER', 'MISSING']).toContain(pair.place.kind);
        const isHandedOut = scans.some(({ kind }) => kind === 'HANDED_OUT');
        expect(pair.place.kind === 'CUSTOMER').toBe(isHandedOut);
        const positions = pair.operations.map(({ position }) => position);
        expect(positions).toEqual(positions.map((_, index) => index + 1));
        for (const { startedAt, finishedAt } of pair.operations) {
          if (finishedAt !== null) expect(startedAt).toBeLessThanOrEqual(finishedAt);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('make the same pair out of work that was known before', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(ANY_SCAN, { selector: ({ id }) => id, maxLength: 20 }),
        fc.nat(20),
        (scans, cut) => {
          const early = fold(scans.slice(0, cut));
          expect(fold(scans, { operations: early.operations })).toEqual(fold(scans));
        },
      ),
      { numRuns: 300 },
    );
  });
});
