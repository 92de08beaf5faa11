import { UNREACHABLE } from './travel-bounds.ts';

/** Less than any limit. */
const NO_LIMIT = -0x8000_0000;

/**
 * For each place the greatest of several limits: a minute less what bounds say of the place. They are gone
 * through only as far as a question needs, because a search sees few of all places, and the first limits
 * often answer already.
 */
export class PlaceLimits {
  private readonly minutes: number[] = [];
  private readonly bounds: Uint16Array[] = [];
  /** By place: the greatest limit of those gone through, how many these are, and in which turn. */
  private readonly greatest: Int32Array;
  private readonly seen: Int32Array;
  private readonly turns: Int32Array;
  private turn = 0;

  constructor(placeCount: number) {
    this.greatest = new Int32Array(placeCount);
    this.seen = new Int32Array(placeCount);
    this.turns = new Int32Array(placeCount);
  }

  clear(): void {
    this.minutes.length = 0;
    this.bounds.length = 0;
    this.turn = (this.turn + 1) | 0;
  }

  /** All are added before the first question. */
  add(minute: number, bounds: Uint16Array): void {
    if (!Number.isFinite(minute)) return;
    this.minutes.push(minute);
    this.bounds.push(bounds);
  }

  /** The place gets a limit that nothing keeps. */
  exclude(place: number): void {
    this.turns[place] = this.turn;
    this.greatest[place] = NO_LIMIT;
    this.seen[place] = NO_LIMIT;
  }

  /** Whether `minute` is at or before the greatest limit of the place. */
  allows(place: number, minute: number): boolean {
    if (this.turns[place] !== this.turn) {
      this.turns[place] = this.turn;
      this.greatest[place] = NO_LIMIT;
      this.seen[place] = 0;
    }
    return minute <= this.greatest[place]! || this.goThrough(place, minute);
  }

  private goThrough(place: number, minute: number): boolean {
    let index = this.seen[place]!;
    if (index < 0) return false;
    const { minutes, bounds } = this;
    let most = this.greatest[place]!;
    while (index < minutes.length && most < minute) {
      const bound = bounds[index]![place]!;
      if (bound !== UNREACHABLE) most = Math.max(most, minutes[index]! - bound);
      index++;
    }
    this.seen[place] = index;
    this.greatest[place] = most;
    return minute <= most;
  }
}
