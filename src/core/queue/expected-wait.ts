import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { compareInLine } from './due.ts';
import { mayCall, type Line, type WaitingVisit } from './line.ts';
import { Playing } from './playing.ts';

/** What a customer is told of their wait, from now on. */
export interface ExpectedWait {
  /** One in ten waits less than this. */
  readonly fromMin: number;
  /** One in ten waits longer than this. */
  readonly toMin: number;
  /** The mean: the one number, where only one is told. */
  readonly likelyMin: number;
  /** Who waits and is before them now. */
  readonly peopleAhead: number;
}

/** How often the line is played through; more change little of what is told. */
const TIMES = 64;

/** Nobody is told more than this. */
const LONGEST_MS = 12 * 60 * MINUTE_MS;

const FROM_SHARE = 0.1;
const TO_SHARE = 0.9;

/**
 * How long each who waits still has to wait: the line is played through many times as the desks will
 * serve it (list scheduling: a desk that is free takes who is next of those who are there and whom it
 * serves), each time with service times, and customers who come or do not, as they may turn out.
 *
 * No draw is left to chance: the same line gives the same answer, whatever the order of its parts.
 *
 * @returns by id; null: no open desk serves them
 */
export function expectedWaits(line: Line): ReadonlyMap<string, ExpectedWait | null> {
  const waiting = [...line.waiting].sort(compareInLine);
  const waitsMs = played(line, waiting);
  return new Map(
    waiting.map((visit, index) => [visit.id, told(waitsMs[index]!, aheadOf(visit, line))]),
  );
}

/** What somebody would be told who joined now. Null: no open desk serves them. */
export function waitOfNewcomer(line: Line, newcomer: WaitingVisit): ExpectedWait | null {
  const before = line.waiting.filter((visit) => compareInLine(visit, newcomer) < 0);
  const waiting = [...before.sort(compareInLine), newcomer];
  return told(played(line, waiting).at(-1)!, aheadOf(newcomer, line));
}

/** How many wait whom a desk of `visit` would call before it. */
export function aheadOf(visit: WaitingVisit, { waiting, desks }: Line): number {
  const own = desks.filter((desk) => mayCall(desk, visit));
  return waiting.filter(
    (other) =>
      compareInLine(other, visit) < 0 &&
      (own.length === 0 || own.some((desk) => mayCall(desk, other))),
  ).length;
}

/** @param waiting in the order of the line @returns for each of them, how long they wait each time */
function played(line: Line, waiting: readonly WaitingVisit[]): readonly (readonly EpochMs[])[] {
  const waitsMs = waiting.map((): number[] => []);
  const playing = new Playing(line, waiting);
  for (let time = 0; time < TIMES; time++) {
    for (const [index, calledAt] of playing.play().entries()) {
      if (calledAt !== Infinity) waitsMs[index]!.push(calledAt - line.now);
    }
  }
  return waitsMs;
}

function told(waitsMs: readonly number[], peopleAhead: number): ExpectedWait | null {
  if (waitsMs.length === 0) return null;
  const sorted = waitsMs.map((ms) => Math.min(ms, LONGEST_MS)).sort((a, b) => a - b);
  const minutesAt = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]! / MINUTE_MS;
  const meanMs = sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length;
  return {
    fromMin: Math.floor(minutesAt(FROM_SHARE)),
    toMin: Math.ceil(minutesAt(TO_SHARE)),
    likelyMin: Math.round(meanMs / MINUTE_MS),
    peopleAhead,
  };
}
