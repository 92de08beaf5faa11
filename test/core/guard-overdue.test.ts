import { describe, expect, it } from 'vitest';

import { rideOnBoard } from '../../src/core/guard/trips.ts';
import { NETWORK, TO_W } from '../support/pair-history.ts';
import { at } from '../support/worked-network.ts';

const arrives = (now: number): number =>
  rideOnBoard(NETWORK, [], { kind: 'TRIP', ...TO_W, toCode: 'W' }, now).end;

describe('a van that should have arrived', () => {
  const due = arrives(at('Mon 14:00'));

  it.each([
    { lateSec: -1, assumedMin: 0 },
    { lateSec: 0, assumedMin: 0 },
    { lateSec: 1, assumedMin: 15 },
    { lateSec: 14 * 60, assumedMin: 15 },
    { lateSec: 15 * 60, assumedMin: 15 },
    { lateSec: 15 * 60 + 1, assumedMin: 30 },
  ])('after $lateSec s is assumed to come $assumedMin min late', ({ lateSec, assumedMin }) => {
    expect(arrives(due + lateSec * 1000)).toBe(due + assumedMin * 60_000);
  });

  it('is assumed to arrive then also of a line that is no longer driven', () => {
    const place = { kind: 'TRIP', lineCode: 'GONE', departs: due, toCode: 'W' } as const;
    const ends = [1, 500_000].map((late) => rideOnBoard(NETWORK, [], place, due + late).end);
    expect(ends).toEqual([due + 900_000, due + 900_000]);
  });
});
