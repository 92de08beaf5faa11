import { DAY_MS, MINUTE_MS } from '../time/time.ts';
import type { LineTable } from './line-table.ts';

export const MINUTES_OF_DAY = DAY_MS / MINUTE_MS;

/** All that vans drive from one stop to the next, of the trips of a day, by departure. Arrays by leg. */
export interface DayLegs {
  readonly count: number;
  /** Minute of the UTC day at which the van leaves, and until when goods must be there. */
  readonly departs: Int32Array;
  readonly boardBy: Int32Array;
  readonly arrives: Int32Array;
  /** Place numbers. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Number of the line, of the trip counted from the line's first one of the day, and of the leg. */
  readonly lines: Int32Array;
  readonly trips: Int32Array;
  readonly legs: Int32Array;
}

/** One UTC day of the timetable. */
export interface TimetableDay {
  readonly legs: DayLegs;
  /** By line: number of its first trip that drives some leg on the day. */
  readonly firstTrips: Int32Array;
}

interface Pattern {
  readonly signature: Int32Array;
  readonly legs: DayLegs;
}

/** The legs of all lines by day. Days on which the same vans leave at the same minutes share them. */
export class TimetableDays {
  private readonly patterns: Pattern[] = [];
  private readonly days = new Map<number, TimetableDay>();

  /** @param lines laid out for all days that are asked for */
  constructor(private readonly lines: readonly LineTable[]) {}

  /** @param day number of the UTC day */
  of(day: number): TimetableDay {
    let known = this.days.get(day);
    if (known === undefined) this.days.set(day, (known = this.layOut(day)));
    return known;
  }

  private layOut(day: number): TimetableDay {
    const start = day * MINUTES_OF_DAY;
    const firstTrips = Int32Array.from(this.lines, (line) =>
      line.firstTripFrom(start - line.offsets[line.stopCount - 2]!),
    );
    const signature = signatureOf(this.lines, firstTrips, start);
    let pattern = this.patterns.find((known) => isEqual(known.signature, signature));
    if (pattern === undefined) {
      pattern = { signature, legs: legsOf(this.lines, signature) };
      this.patterns.push(pattern);
    }
    return { legs: pattern.legs, firstTrips };
  }
}

/** By line: how many trips drive some leg on the day, and the minutes of the day at which each sets out. */
function signatureOf(
  lines: readonly LineTable[],
  firstTrips: Int32Array,
  start: number,
): Int32Array {
  const signature: number[] = [];
  for (const [number, line] of lines.entries()) {
    const countAt = signature.push(0) - 1;
    for (let trip = firstTrips[number]!; trip < line.tripCount; trip++) {
      const minute = line.departs[trip]! - start;
      if (minute >= MINUTES_OF_DAY) break;
      signature.push(minute);
      signature[countAt]!++;
    }
  }
  return Int32Array.from(signature);
}

function isEqual(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index]);
}

interface Leg {
  readonly depart: number;
  readonly line: number;
  readonly trip: number;
  readonly leg: number;
}

function legsOf(lines: readonly LineTable[], signature: Int32Array): DayLegs {
  const all: Leg[] = [];
  let at = 0;
  for (const [line, { offsets, stopCount }] of lines.entries()) {
    const trips = signature[at++]!;
    for (let trip = 0; trip < trips; trip++, at++) {
      for (let leg = 0; leg < stopCount - 1; leg++) {
        const depart = signature[at]! + offsets[leg]!;
        if (depart >= 0 && depart < MINUTES_OF_DAY) all.push({ depart, line, trip, leg });
      }
    }
  }
  all.sort((a, b) => a.depart - b.depart);
  const each = (value: (leg: Leg, line: LineTable) => number): Int32Array =>
    Int32Array.from(all, (leg) => value(leg, lines[leg.line]!));
  return {
    count: all.length,
    departs: each(({ depart }) => depart),
    boardBy: each(({ depart }, { cutOffMin }) => depart - cutOffMin),
    arrives: each(({ depart, leg }, { offsets }) => depart + offsets[leg + 1]! - offsets[leg]!),
    from: each(({ leg }, { places }) => places[leg]!),
    to: each(({ leg }, { places }) => places[leg + 1]!),
    lines: each(({ line }) => line),
    trips: each(({ trip }) => trip),
    legs: each(({ leg }) => leg),
  };
}
