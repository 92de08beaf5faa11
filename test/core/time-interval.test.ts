import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import { intersect, subtract, union, type Interval } from '../../src/core/time/interval.ts';

const pair = ([start, end]: readonly number[]): Interval => ({ start: start!, end: end! });
const END = 40;

const anyIntervals = fc.array(
  fc
    .tuple(fc.integer({ min: 0, max: END }), fc.integer({ min: 0, max: END }))
    .map(([a, b]) => pair([Math.min(a, b), Math.max(a, b)])),
  { maxLength: 8 },
);

/** Which of the unit steps from 0 to END are covered. */
function points(parts: readonly Interval[]): readonly boolean[] {
  return Array.from({ length: END }, (_, at) => parts.some((p) => p.start <= at && at < p.end));
}

function expectNormal(parts: readonly Interval[]): void {
  parts.forEach((part, index) => {
    expect(part.start).toBeLessThan(part.end);
    if (index > 0) expect(part.start).toBeGreaterThan(parts[index - 1]!.end);
  });
}

describe('union', () => {
  it.each([
    {
      name: 'touching intervals join',
      parts: [
        [10, 20],
        [0, 10],
      ],
      joined: [[0, 20]],
    },
    {
      name: 'an interval within another leaves no trace',
      parts: [
        [0, 10],
        [2, 3],
      ],
      joined: [[0, 10]],
    },
    { name: 'an empty interval is no time', parts: [[5, 5]], joined: [] },
    {
      name: 'a minute apart stays apart',
      parts: [
        [0, 1],
        [2, 3],
      ],
      joined: [
        [0, 1],
        [2, 3],
      ],
    },
  ])('$name', ({ parts, joined }) => {
    expect(union(parts.map(pair))).toEqual(joined.map(pair));
  });

  it('covers what its parts cover, in normal form, and leaves them as they were', () => {
    fc.assert(
      fc.property(anyIntervals, (parts) => {
        const before = structuredClone(parts);
        const joined = union(parts);
        expect(points(joined)).toEqual(points(parts));
        expectNormal(joined);
        expect(parts).toEqual(before);
      }),
    );
  });
});

describe('subtract', () => {
  it.each([
    {
      name: 'a hole in the middle splits',
      from: [[0, 10]],
      cut: [[4, 6]],
      left: [
        [0, 4],
        [6, 10],
      ],
    },
    { name: 'touching is not overlapping', from: [[0, 10]], cut: [[10, 20]], left: [[0, 10]] },
    { name: 'a full cover leaves nothing', from: [[0, 10]], cut: [[0, 10]], left: [] },
  ])('$name', ({ from, cut, left }) => {
    expect(subtract(from.map(pair), cut.map(pair))).toEqual(left.map(pair));
  });

  it('agrees with set difference for any input', () => {
    fc.assert(
      fc.property(anyIntervals, anyIntervals, (from, cut) => {
        const rest = subtract(from, cut);
        const inCut = points(cut);
        expect(points(rest)).toEqual(points(from).map((isIn, at) => isIn && !inCut[at]));
        expectNormal(rest);
      }),
    );
  });
});

describe('intersect', () => {
  it('agrees with set intersection for any input', () => {
    fc.assert(
      fc.property(anyIntervals, anyIntervals, (a, b) => {
        const both = intersect(a, b);
        const inB = points(b);
        expect(points(both)).toEqual(points(a).map((isIn, at) => isIn && inB[at]!));
        expectNormal(both);
      }),
    );
  });
});
