import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { foldPair, type FoldedPair, type PairHistory } from '../../src/core/goods/fold.ts';
import type { PairOperation } from '../../src/core/goods/pair.ts';
import { SCAN_KINDS, type ScanData, type ScanKind } from '../../src/core/goods/scan.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import { at, aWorkshop, workedNetwork } from '../support/worked-network.ts';

const worked = workedNetwork();
const NETWORK = compileNetwork(
  documentOf({
    ...worked,
    workshops: [...worked.workshops!, { ...aWorkshop(), code: 'IN-A', storeCode: 'A' }],
  }),
  1,
);
const TO_W = { lineCode: 'A-W', departs: at('Mon 14:00') };
const TO_B = { lineCode: 'W-B', departs: at('Tue 18:30') };

function scan(
  kind: ScanKind,
  placeCode: string,
  when: string,
  more: Partial<ScanData> = {},
): ScanData {
  return {
    id: `${when} ${kind}`,
    pairId: 'p',
    kind,
    placeCode,
    trip: null,
    toCode: null,
    isListed: true,
    shelf: null,
    skill: null,
    operations: null,
    at: at(when),
    actor: 'staff',
    ...more,
  };
}

const onto = (when: string, more: Partial<ScanData> = {}) =>
  scan('LOADED', 'A', when, { trip: TO_W, toCode: 'W', ...more });
const off = (when: string, placeCode = 'W', more: Partial<ScanData> = {}) =>
  scan('UNLOADED', placeCode, when, { trip: TO_W, ...more });
const start = (when: string, more: Partial<ScanData> = {}) => scan('WORK_STARTED', 'W', when, more);
const finish = (when: string, more: Partial<ScanData> = {}) =>
  scan('WORK_FINISHED', 'W', when, more);

function operation(
  position: number,
  skill: string,
  more: Partial<PairOperation> = {},
): PairOperation {
  return {
    position,
    skill,
    units: 1,
    dwellMin: 0,
    origin: 'SERVICE',
    findingId: null,
    startedAt: null,
    finishedAt: null,
    workshopCode: null,
    shiftStart: null,
    ...more,
  };
}

function history(scans: readonly ScanData[], more: Partial<PairHistory> = {}): PairHistory {
  return {
    received: { storeCode: 'A', at: at('Mon 10:30') },
    operations: [operation(1, 'clean'), operation(2, 'sole')],
    findings: [],
    scans,
    ...more,
  };
}

const fold = (scans: readonly ScanData[], more: Partial<PairHistory> = {}): FoldedPair =>
  foldPair(history(scans, more), NETWORK);

const wrongs = (pair: FoldedPair): readonly string[] => [...pair.wrong.values()].flat();

describe('where a pair is', () => {
  it.each([
    { name: 'at the store that took it in', scans: [], place: { kind: 'STORE', code: 'A' } },
    {
      name: 'on the van that it was loaded onto',
      scans: [onto('Mon 13:50')],
      place: { kind: 'TRIP', ...TO_W, toCode: 'W' },
    },
    {
      name: 'at the workshop where it was taken off',
      scans: [onto('Mon 13:50'), off('Mon 15:00')],
      place: { kind: 'WORKSHOP', code: 'W' },
    },
    {
      name: 'where it was put away, on its position',
      scans: [
        onto('Mon 13:50'),
        off('Mon 15:00'),
        scan('LOADED', 'W', 'Tue 18:20', { trip: TO_B, toCode: 'B' }),
        scan('PUT_AWAY', 'B', 'Tue 20:30', { shelf: 'R1' }),
      ],
      place: { kind: 'STORE', code: 'B' },
      shelf: 'R1',
    },
    {
      name: 'missing, last seen where it was looked for',
      scans: [scan('REPORTED_MISSING', 'A', 'Mon 12:00')],
      place: { kind: 'MISSING', code: 'A' },
    },
    {
      name: 'found, wherever that is',
      scans: [scan('REPORTED_MISSING', 'A', 'Mon 12:00'), scan('FOUND', 'B', 'Mon 13:00')],
      place: { kind: 'STORE', code: 'B' },
    },
    {
      name: 'with the customer, for good',
      scans: [
        scan('HANDED_OUT', 'A', 'Mon 12:00'),
        scan('REPORTED_MISSING', 'A', 'Mon 13:00'),
        onto('Mon 13:50'),
      ],
      place: { kind: 'CUSTOMER', code: 'A' },
      faults: ['SCANNED_AFTER_HAND_OUT', 'SCANNED_AFTER_HAND_OUT'],
    },
    {
      name: 'in the workshop of the store that it is in, without a van',
      scans: [scan('WORK_STARTED', 'IN-A', 'Mon 12:00')],
      place: { kind: 'WORKSHOP', code: 'IN-A' },
    },
    {
      name: 'where it was taken in, though the scanner’s clock was behind',
      scans: [onto('Mon 09:00')],
      place: { kind: 'TRIP', ...TO_W, toCode: 'W' },
    },
  ])('$name', ({ scans, place, shelf = null, faults = [] }) => {
    const pair = fold(scans);
    expect(pair.place).toEqual(place);
    expect(pair.shelf).toBe(shelf);
    expect(wrongs(pair)).toEqual(faults);
  });

  it('is known since it came, however often it is seen there', () => {
    const pair = fold([onto('Mon 13:50'), off('Mon 15:00'), scan('ARRIVED', 'W', 'Mon 16:00')]);
    expect(pair.since).toBe(at('Mon 15:00'));
  });

  it('loses its position on the shelf with its place', () => {
    const shelved = [scan('PUT_AWAY', 'A', 'Mon 12:00', { shelf: 'R1' })];
    expect(fold([...shelved, scan('ARRIVED', 'A', 'Mon 12:30')]).shelf).toBe('R1');
    expect(fold([...shelved, onto('Mon 13:50')]).shelf).toBeNull();
  });
});

describe('what does not fit together', () => {
  it.each([
    {
      fault: 'WRONG_PLACE',
      scans: [scan('LOADED', 'W', 'Mon 13:50', { trip: TO_B, toCode: 'B' })],
    },
    { fault: 'NOT_LISTED', scans: [onto('Mon 13:50', { isListed: false })] },
    { fault: 'NOT_SCANNED', scans: [off('Mon 15:00')] },
    { fault: 'NOT_SCANNED', scans: [scan('ARRIVED', 'W', 'Mon 15:00')] },
    {
      fault: 'NOT_SCANNED',
      scans: [
        onto('Mon 13:50'),
        off('Mon 15:00', 'W', { trip: { ...TO_W, departs: at('Mon 20:30') } }),
      ],
    },
    { fault: 'ARRIVED_ELSEWHERE', scans: [onto('Mon 13:50'), off('Mon 15:00', 'B')] },
    { fault: 'WORK_BEFORE_ARRIVAL', scans: [start('Mon 15:00')] },
    {
      fault: 'WORK_NOT_STARTED',
      scans: [onto('Mon 13:50'), off('Mon 15:00'), finish('Tue 10:00')],
    },
    {
      fault: 'WORK_OUT_OF_ORDER',
      scans: [onto('Mon 13:50'), off('Mon 15:00'), start('Tue 10:00', { skill: 'sole' })],
    },
    {
      fault: 'NO_OPEN_WORK',
      scans: [onto('Mon 13:50'), off('Mon 15:00'), start('Tue 10:00', { skill: 'gold' })],
    },
    { fault: 'WRONG_PLACE', scans: [scan('HANDED_OUT', 'B', 'Mon 15:00')] },
  ])('$fault', ({ fault, scans }) => {
    const pair = fold(scans);
    expect(wrongs(pair)).toEqual([fault]);
    expect([...pair.wrong.keys()]).toEqual([scans.at(-1)!.id]);
  });

  it.each([
    { decidedAt: null, faults: ['WORK_BEFORE_DECISION'] },
    { decidedAt: 'Tue 11:00', faults: ['WORK_BEFORE_DECISION'] },
    { decidedAt: 'Tue 09:30', faults: [] },
  ])('work begun at 10:00 while a finding is decided at $decidedAt', ({ decidedAt, faults }) => {
    const finding = {
      id: 'f',
      reportedAt: at('Tue 09:00'),
      decidedAt: decidedAt === null ? null : at(decidedAt),
    };
    const scans = [onto('Mon 13:50'), off('Mon 15:00'), start('Tue 10:00')];
    expect(wrongs(fold(scans, { findings: [finding] }))).toEqual(faults);
  });
});

describe('what is done on a pair', () => {
  const there = [onto('Mon 13:50'), off('Mon 15:00')];
  const progress = (pair: FoldedPair) =>
    pair.operations.map(({ skill, origin, startedAt, finishedAt }) =>
      [skill, origin, startedAt !== null, finishedAt !== null].join(' '),
    );

  it('goes on from one operation to the next', () => {
    const scans = [...there, start('Tue 09:10'), finish('Tue 10:00'), start('Tue 10:10')];
    expect(progress(fold(scans))).toEqual(['clean SERVICE true true', 'sole SERVICE true false']);
  });

  it('is not finished twice by a scan that was made twice', () => {
    const scans = [...there, start('Tue 09:10'), finish('Tue 10:00'), finish('Tue 10:01')];
    const pair = fold(scans);
    expect(progress(pair)).toEqual(['clean SERVICE true true', 'sole SERVICE false false']);
    expect(wrongs(pair)).toEqual(['WORK_NOT_STARTED']);
  });

  it('is believed to be finished when the skill is named', () => {
    const pair = fold([...there, finish('Tue 10:00', { skill: 'sole' })]);
    expect(progress(pair)).toEqual(['clean SERVICE false false', 'sole SERVICE true true']);
  });

  it('begins when it was begun first', () => {
    const pair = fold([...there, start('Tue 09:10'), start('Tue 09:20')]);
    expect(pair.operations[0]!.startedAt).toBe(at('Tue 09:10'));
  });

  it('is done again in a new pass, at positions that are free', () => {
    const again = (when: string) =>
      scan('REWORK', 'W', when, { operations: [{ skill: 'clean', units: 1, dwellMin: 5 }] });
    const agreed = operation(4, 'gold', { origin: 'FINDING', findingId: 'f' });
    const pair = fold([...there, again('Tue 12:00'), again('Tue 11:00')], {
      operations: [operation(1, 'clean'), operation(2, 'sole'), agreed],
      findings: [{ id: 'f', reportedAt: at('Mon 16:00'), decidedAt: at('Mon 17:00') }],
    });
    expect(pair.operations.map(({ position, origin }) => `${position} ${origin}`)).toEqual([
      '1 SERVICE',
      '2 SERVICE',
      '3 REWORK',
      '4 FINDING',
      '5 REWORK',
    ]);
  });

  it('does not count for work that was agreed later', () => {
    const agreed = operation(2, 'gold', { origin: 'FINDING', findingId: 'f' });
    const scans = [
      ...there,
      start('Tue 09:10'),
      finish('Tue 10:00'),
      start('Tue 10:10'),
      finish('Tue 10:20', { skill: 'gold' }),
    ];
    const pair = fold(scans, {
      operations: [operation(1, 'clean'), agreed],
      findings: [{ id: 'f', reportedAt: at('Tue 11:00'), decidedAt: at('Tue 12:00') }],
    });
    expect(progress(pair)).toEqual(['clean SERVICE true true', 'gold FINDING false false']);
    expect(wrongs(pair)).toEqual(['NO_OPEN_WORK', 'NO_OPEN_WORK']);
  });
});

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
