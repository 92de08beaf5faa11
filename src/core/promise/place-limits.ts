import { UNREACHABLE } from './travel-bounds.ts';

/** Less than any limit. */
const NO_LIMIT = -0x8000_0000;

/**
 * For each place the greatest of several limits: a minute less what bounds say of the place. Worked out for
 * a place when first asked for, because a search sees few of all places.
 */
export class PlaceLimits {
  private readonly minutes: number[] = [];
  private readonly bounds: Uint16Array[] = [];
  private readonly known: Int32Array;
  /** Places of whose limit the turn is this one are known. */
  private readonly turns: Int32Array;
  private turn = 0;

  constructor(placeCount: number) {
    this.known = new Int32Array(placeCount);
    this.turns = new Int32Array(placeCount);
  }

  clear(): void {
    this.minutes.length = 0;
    this.bounds.length = 0;
    this.turn++;
  }

  /** All are added before the first is asked for. */
  add(minute: number, bounds: Uint16Array): void {
    if (!Number.isFinite(minute)) return;
    this.minutes.push(minute);
    this.bounds.push(bounds);
  }

  /** The place gets a limit that nothing keeps. */
  exclude(place: number): void {
    this.known[place] = NO_LIMIT;
    this.turns[place] = this.turn;
  }

  at(place: number): number {
    if (this.turns[place] !== this.turn) {
      this.turns[place] = this.turn;
      this.known[place] = this.workOut(place);
    }
    return this.known[place]!;
  }

  private workOut(place: number): number {
    let most = NO_LIMIT;
    for (let index = 0; index < this.minutes.length; index++) {
      const bound = this.bounds[index]![place]!;
      if (bound === UNREACHABLE) continue;
      const limit = this.minutes[index]! - bound;
      if (limit > most) most = limit;
    }
    return most;
  }
}
