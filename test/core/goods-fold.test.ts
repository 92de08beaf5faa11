import { describe, expect, it } from 'vitest';

import type { FoldedPair } from '../../src/core/goods/fold.ts';
import {
  TO_W,
  TO_B,
  scan,
  onto,
  off,
  start,
  finish,
  operation,
  fold,
  wrongs,
} from '../support/pair-history.ts';
import { at } from '../support/worked-network.ts';

describe('scans of one instant', () => {
  const idsThatSortLastFirst = {
    off: { id: 'c' },
    put: { id: 'b', shelf: 'R1' },
    work: { id: 'a' },
  };

  it('count in the order in which it happens, whatever their ids are', () => {
    const { off: unloaded, work } = idsThatSortLastFirst;
    const pair = fold([
      onto('Mon 13:50'),
      start('Mon 15:00', work),
      finish('Mon 15:00', { id: 'A' }),
      off('Mon 15:00', 'W', unloaded),
    ]);
    expect(wrongs(pair)).toEqual([]);
    expect(pair.operations[0]!.finishedAt).toBe(at('Mon 15:00'));
  });

  it('leave a pair on the shelf that was taken off the van, and one that was handed out with the customer', () => {
    const { off: unloaded, put } = idsThatSortLastFirst;
    const came = [
      scan('LOADED', 'W', 'Tue 18:20', { trip: TO_B, toCode: 'B' }),
      off('Tue 20:00', 'B', { ...unloaded, trip: TO_B }),
      scan('PUT_AWAY', 'B', 'Tue 20:00', put),
    ];
    expect(fold(came)).toMatchObject({ place: { kind: 'STORE', code: 'B' }, shelf: 'R1' });
    const pair = fold([...came, scan('HANDED_OUT', 'B', 'Tue 20:00', { id: '0' })]);
    expect(pair.place).toEqual({ kind: 'CUSTOMER', code: 'B' });
    expect(wrongs(pair)).not.toContain('SCANNED_AFTER_HAND_OUT');
  });

  it('believe whoever saw it', () => {
    const lost = scan('REPORTED_MISSING', 'A', 'Mon 12:00', { id: 'z' });
    const found = scan('FOUND', 'A', 'Mon 12:00', { id: 'a' });
    expect(fold([lost, found]).place).toEqual({ kind: 'STORE', code: 'A' });
  });
});

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
