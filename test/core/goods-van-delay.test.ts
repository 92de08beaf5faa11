import { describe, expect, it } from 'vitest';

import type { TripCall } from '../../src/core/goods/manifest.ts';
import { spanOf } from '../../src/core/goods/trips.ts';
import { seenDelay } from '../../src/core/goods/van-delay.ts';
import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import type { Line } from '../../src/core/network/network.ts';
import { aLine, at, workedNetwork } from '../support/worked-network.ts';

const stops = [
  { code: 'A', minutes: 0 },
  { code: 'W', minutes: 60 },
  { code: 'B', minutes: 120 },
];
const line = lineOf({ ...aLine('A-B', ['14:00', '16:00'], 120), stops });
const DEPARTS = at('Mon 14:00');

function lineOf(input: ReturnType<typeof aLine>): Line {
  const worked = workedNetwork();
  const document = documentOf({ ...worked, lines: [...worked.lines!, input] });
  return compileNetwork(document, 1).lines.get(input.code)!;
}

/** `1 came 15:20` or `0 left 14:07:30`. */
function callsOf(texts: readonly string[]): readonly TripCall[] {
  return texts.map((text) => {
    const [stop, what, time] = text.split(' ') as [string, string, string];
    const [hours, minutes, seconds = '0'] = time.split(':') as [string, string, string?];
    const then =
      at('Mon 00:00') + (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
    const arrivedAt = what === 'came' ? then : null;
    return { stop: Number(stop), arrivedAt, departedAt: arrivedAt === null ? then : null };
  });
}

describe('the delay that a van is seen to have', () => {
  it.each([
    { name: 'nothing is known', calls: [], delayMin: undefined },
    { name: 'in time', calls: ['0 left 14:00'], delayMin: 0 },
    { name: 'five minutes are let pass', calls: ['0 left 14:05'], delayMin: 0 },
    { name: 'a second more is not', calls: ['0 left 14:05:01'], delayMin: 5 },
    { name: 'late at the first stop', calls: ['0 left 14:20'], delayMin: 20 },
    { name: 'whole minutes', calls: ['0 left 14:20:59'], delayMin: 20 },
    { name: 'late for its load', calls: ['0 came 14:30'], delayMin: 30 },
    { name: 'in time again', calls: ['0 left 14:20', '1 came 15:04'], delayMin: 0 },
    { name: 'later still', calls: ['0 left 14:20', '1 left 15:45'], delayMin: 45 },
    { name: 'early', calls: ['0 left 13:40'], delayMin: 0 },
    { name: 'a day late: forgotten', calls: ['0 left 14:20', '1 came 39:01'], delayMin: 20 },
  ])('$name: $calls', ({ calls, delayMin }) => {
    const known = callsOf(calls);
    expect(seenDelay(line, DEPARTS, known)?.delayMin).toBe(delayMin);
    expect(seenDelay(line, DEPARTS, [...known].reverse())?.delayMin).toBe(delayMin);
  });

  it('counts from when it left a stop, not from when it came there', () => {
    const call = { stop: 1, arrivedAt: at('Mon 15:00'), departedAt: at('Mon 15:12') };
    expect(seenDelay(line, DEPARTS, [call])?.delayMin).toBe(12);
  });

  it('is known as of the last call, be it of an earlier stop', () => {
    const seen = seenDelay(line, DEPARTS, callsOf(['0 left 15:30', '1 came 15:20']));
    expect(seen).toEqual({ delayMin: 20, at: at('Mon 15:30') });
  });
});

describe('the trip of a ride that was planned', () => {
  const ride = (start: string) => ({
    kind: 'RIDE' as const,
    fromCode: 'A',
    toCode: 'B',
    start: at(`Mon ${start}`),
    end: at(`Mon ${start}`) + 120 * 60_000,
    by: 'A-B',
  });

  it.each([
    { start: '14:00', first: true, second: false },
    { start: '14:40', first: true, second: false },
    { start: '13:59', first: false, second: false },
    { start: '16:00', first: false, second: true },
    { start: '16:30', first: false, second: true },
  ])('at $start, when neither is said to be late any more', ({ start, first, second }) => {
    const trips = [DEPARTS, at('Mon 16:00')].map((departs) => spanOf(line, departs, ride(start)));
    expect(trips.map((span) => span !== null)).toEqual([first, second]);
  });
});
