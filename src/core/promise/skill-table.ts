import { workOf } from '../claims/resource.ts';
import type { Usage } from '../claims/usage.ts';
import type { EpochMs } from '../time/time.ts';
import type { Task } from './load.ts';
import type { ShiftDate } from './shift-dates.ts';

/**
 * The shifts of one workshop that offer one skill, by end, then start, and what is taken of them. On top
 * of that it keeps what the order that is being planned would take: see {@link take}.
 */
export class SkillTable {
  readonly resource: string;
  readonly count: number;
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly cutOffs: Float64Array;
  readonly units: Float64Array;
  readonly taken: Float64Array;
  /** What the order that is being planned takes. */
  readonly own: Float64Array;
  /** The latest cut-off of this shift and all before it. */
  private readonly latestCutOffs: Float64Array;
  /** Next shift of the same bucket, in a ring: shifts that start at one instant share what is taken. */
  private readonly twins: Int32Array | null;

  constructor(workshopCode: string, skill: string, runs: readonly ShiftDate[], usage: Usage) {
    this.resource = workOf(workshopCode, skill);
    const offered = runs
      .filter(({ units, isClosed }) => !isClosed && (units.get(skill) ?? 0) > 0)
      .sort((a, b) => a.end - b.end || a.start - b.start || a.cutOff - b.cutOff);
    this.count = offered.length;
    this.starts = Float64Array.from(offered, (run) => run.start);
    this.ends = Float64Array.from(offered, (run) => run.end);
    this.cutOffs = Float64Array.from(offered, (run) => run.cutOff);
    this.twins = twinsOf(this.starts);
    this.units = this.lowestOfTwins(Float64Array.from(offered, (run) => run.units.get(skill)!));
    this.latestCutOffs = runningMax(this.cutOffs);
    this.own = new Float64Array(this.count);
    const windows = usage.windows(this.resource);
    this.taken = this.starts.map((start) => windows.get(start) ?? 0);
  }

  setTaken(start: EpochMs, taken: number): void {
    for (let at = 0; at < this.count; at++) if (this.starts[at] === start) this.taken[at] = taken;
  }

  /**
   * The first shift that may take in goods that are there at `there`, of those that go on after
   * `notBefore` if that is later; `count`: none.
   */
  firstFrom(there: EpochMs, notBefore: EpochMs): number {
    const first = firstAtLeast(this.latestCutOffs, there);
    return notBefore <= there ? first : Math.max(first, firstAtLeast(this.ends, notBefore + 1));
  }

  /** The first shift, from number `at` on, for goods that are there at `there`; `count`: none. */
  next(at: number, there: EpochMs, amount: number): number {
    const { count, cutOffs, taken, own, units } = this;
    let shift = at;
    while (shift < count) {
      const isIn = cutOffs[shift]! >= there;
      if (isIn && taken[shift]! + own[shift]! + amount <= units[shift]!) return shift;
      shift++;
    }
    return count;
  }

  /**
   * The latest instant at which goods may be there so that the task is finished by `by`.
   *
   * @param from what is earlier is of no interest
   * @returns before `from`: there is none
   */
  latestThere(by: EpochMs, { amount, dwellMs }: Task, from: EpochMs): EpochMs {
    const { ends, cutOffs, latestCutOffs, taken, units } = this;
    const most = by - dwellMs;
    let best = -Infinity;
    for (let shift = firstAtLeast(ends, by + 1) - 1; shift >= 0; shift--) {
      if (best >= most || latestCutOffs[shift]! < Math.max(best, from)) break;
      if (taken[shift]! + amount > units[shift]!) continue;
      best = Math.max(best, Math.min(cutOffs[shift]!, most));
    }
    return best;
  }

  /** Adds to what the planned order takes; negative: gives back. */
  take(shift: number, amount: number): void {
    this.own[shift]! += amount;
    if (this.twins === null) return;
    for (let twin = this.twins[shift]!; twin !== shift; twin = this.twins[twin]!) {
      this.own[twin]! += amount;
    }
  }

  private lowestOfTwins(units: Float64Array<ArrayBuffer>): Float64Array {
    const { twins } = this;
    if (twins === null) return units;
    return units.map((own, shift) => {
      let least = own;
      for (let twin = twins[shift]!; twin !== shift; twin = twins[twin]!) {
        least = Math.min(least, units[twin]!);
      }
      return least;
    });
  }
}

/** Index of the first of growing values that is at least `least`; their number: none. */
function firstAtLeast(values: Float64Array, least: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** null: all starts differ, as they do unless a change of the clock lets two fall together. */
function twinsOf(starts: Float64Array): Int32Array | null {
  const ringOf = new Map<number, number[]>();
  for (const [shift, start] of starts.entries()) {
    const ring = ringOf.get(start);
    if (ring === undefined) ringOf.set(start, [shift]);
    else ring.push(shift);
  }
  if (ringOf.size === starts.length) return null;
  const twins = new Int32Array(starts.length);
  for (const ring of ringOf.values()) {
    for (const [index, shift] of ring.entries()) twins[shift] = ring[(index + 1) % ring.length]!;
  }
  return twins;
}

function runningMax(values: Float64Array): Float64Array {
  let most = -Infinity;
  return values.map((value) => (most = Math.max(most, value)));
}
