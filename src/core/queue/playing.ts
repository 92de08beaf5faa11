import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { drawnTime, Draws } from './draws.ts';
import { compareInLine, dueTime } from './due.ts';
import {
  mayCall,
  meanMs,
  type Line,
  type OpenDesk,
  type ToCome,
  type WaitingVisit,
} from './line.ts';

const SEED = 20_260_923;

/** Customers with an appointment come from so long before its start, */
const EARLIEST_MS = -12 * MINUTE_MS;
/** until so long after it: those who come at all, evenly. */
const LATEST_MS = 6 * MINUTE_MS;

/** Somebody who is in the line or may come into it. */
interface Player {
  readonly visit: WaitingVisit;
  /** Where they stand among those who wait now; null: they have not come yet. */
  readonly place: number | null;
  readonly meanMs: number;
  /** Probability that they come at all, and from when to when. */
  readonly comes: number;
  readonly from: EpochMs;
  readonly until: EpochMs;
}

/** A line that can be played through again and again. */
export class Playing {
  private readonly draws = new Draws(SEED);
  private readonly players: readonly Player[];
  private readonly desks: readonly OpenDesk[];
  /** By desk, then by player. */
  private readonly mayCall: readonly (readonly boolean[])[];
  private readonly comesAt: Float64Array;
  private readonly takesMs: Float64Array;
  private readonly freeAt: Float64Array;

  /** @param waiting those of the line who are asked about, in its order: whoever is after them is left out */
  constructor(
    private readonly line: Line,
    private readonly waiting: readonly WaitingVisit[],
  ) {
    const there = waiting.map((visit, place): Player => {
      const { now: at } = line;
      return { visit, place, meanMs: meanMs(visit, line.settings), comes: 1, from: at, until: at };
    });
    const last = waiting.at(-1);
    const toCome = line.toCome
      .map((one) => playerToCome(one, line))
      .filter(({ visit }) => last !== undefined && compareInLine(visit, last) < 0);
    this.players = [...there, ...toCome].sort((a, b) => compareInLine(a.visit, b.visit));
    this.desks = [...line.desks].sort((a, b) => (a.name < b.name ? -1 : 1));
    this.mayCall = this.desks.map((desk) => this.players.map(({ visit }) => mayCall(desk, visit)));
    this.comesAt = new Float64Array(this.players.length);
    this.takesMs = new Float64Array(this.players.length);
    this.freeAt = new Float64Array(this.desks.length);
  }

  /** One way that it may go. @returns when each who waits is called; Infinity: nobody serves them */
  play(): Float64Array {
    this.draw();
    const { comesAt, takesMs, freeAt, players } = this;
    const calledAt = new Float64Array(this.waiting.length).fill(Infinity);
    let unserved = this.waiting.length;
    while (unserved > 0) {
      const desk = earliest(freeAt);
      if (desk < 0 || freeAt[desk] === Infinity) return calledAt;
      const next = this.nextFor(desk);
      if (next < 0) continue;
      const { place } = players[next]!;
      if (place !== null) {
        calledAt[place] = freeAt[desk]!;
        unserved -= 1;
      }
      comesAt[next] = Infinity;
      freeAt[desk]! += takesMs[next]!;
    }
    return calledAt;
  }

  /** Who is next for a desk when it is free; -1: nobody is there, and it is free until somebody comes. */
  private nextFor(desk: number): number {
    const { comesAt, freeAt } = this;
    const mayCallOf = this.mayCall[desk]!;
    const at = freeAt[desk]!;
    let soonest = Infinity;
    for (let index = 0; index < comesAt.length; index++) {
      if (!mayCallOf[index]) continue;
      const comes = comesAt[index]!;
      if (comes <= at) return index;
      if (comes < soonest) soonest = comes;
    }
    freeAt[desk] = soonest;
    return -1;
  }

  private draw(): void {
    const { draws, line } = this;
    for (const [index, { comes, from, until, meanMs: mean }] of this.players.entries()) {
      const [isThere, when, takes] = [draws.next(), draws.next(), draws.next()];
      this.comesAt[index] = isThere < comes ? from + (until - from) * when : Infinity;
      this.takesMs[index] = drawnTime(mean, 0, takes);
    }
    for (const [index, { busy }] of this.desks.entries()) {
      const takes = draws.next();
      this.freeAt[index] =
        busy === null
          ? line.now
          : busy.since +
            drawnTime(meanMs(busy, line.settings), Math.max(0, line.now - busy.since), takes);
    }
  }
}

/** Among who else is due at the same moment, they stand as if they came when they are expected. */
function playerToCome(one: ToCome, { now, settings }: Line): Player {
  const { id, slotStart, visitKind, pairs } = one;
  const dueAt = dueTime('APPOINTMENT', slotStart, slotStart, settings);
  const visit = { id, goesFirst: false, dueAt, arrivedAt: slotStart, visitKind, pairs, desk: null };
  const from = Math.max(now, slotStart + EARLIEST_MS);
  const until = Math.max(from, slotStart + LATEST_MS);
  const comes = stillComes(one, now, settings.showPercent / 100);
  return { visit, place: null, meanMs: meanMs(one, settings), comes, from, until };
}

/** Probability that somebody comes who has not come by now: the longer they stay away, the less. */
function stillComes({ slotStart }: ToCome, now: EpochMs, shows: number): number {
  const past = (now - slotStart - EARLIEST_MS) / (LATEST_MS - EARLIEST_MS);
  const notYet = shows * (1 - Math.min(1, Math.max(0, past)));
  return notYet === 0 ? 0 : notYet / (notYet + 1 - shows);
}

/** Of desks that are free at the same moment, the first. */
function earliest(freeAt: Float64Array): number {
  let first = -1;
  for (let desk = 0; desk < freeAt.length; desk++) {
    if (first < 0 || freeAt[desk]! < freeAt[first]!) first = desk;
  }
  return first;
}
