import type { LineTable } from './line-table.ts';
import type { StopIndex, Timetable } from './timetable.ts';

/** No line goes there, by whatever changes. */
export const UNREACHABLE = 0xffff;
const MOST = UNREACHABLE - 1;

/**
 * Minutes that goods need at least from one place to another, if each van left when they come: rides with
 * their cut-offs, no waiting. What is too late by these bounds need not be looked at. Computed for a place
 * when first asked for; depends on nothing but the lines.
 */
export class TravelBounds {
  private readonly knownTo: (Uint16Array | undefined)[];
  private readonly knownFrom: (Uint16Array | undefined)[];

  constructor(private readonly timetable: Timetable) {
    this.knownTo = new Array<undefined>(timetable.placeCount);
    this.knownFrom = new Array<undefined>(timetable.placeCount);
  }

  /** To `place`, by place; {@link UNREACHABLE}: there is no way. */
  to(place: number): Uint16Array {
    return (this.knownTo[place] ??= this.spread(place, this.timetable.alightings, rideBack));
  }

  /** From `place`, by place; {@link UNREACHABLE}: there is no way. */
  from(place: number): Uint16Array {
    return (this.knownFrom[place] ??= this.spread(place, this.timetable.boardings, rideOn));
  }

  private spread(place: number, index: StopIndex, ride: typeof rideOn): Uint16Array {
    const { lines, placeCount } = this.timetable;
    const bounds = new Uint16Array(placeCount).fill(UNREACHABLE);
    bounds[place] = 0;
    let improved: readonly number[] = [place];
    while (improved.length > 0) {
      const touched = new Set<number>();
      for (const at of improved) {
        for (let entry = index.first[at]!; entry < index.first[at + 1]!; entry++) {
          touched.add(index.lines[entry]!);
        }
      }
      const next: number[] = [];
      for (const number of touched) ride(lines[number]!, bounds, next);
      improved = next;
    }
    return bounds;
  }
}

function rideBack(line: LineTable, bounds: Uint16Array, improved: number[]): void {
  let end = Infinity;
  for (let stop = line.stopCount - 1; stop >= 0; stop--) {
    const offset = line.offsets[stop]!;
    improve(bounds, line.places[stop]!, end - offset + line.cutOffMin, improved);
    const bound = bounds[line.places[stop]!]!;
    if (bound !== UNREACHABLE) end = Math.min(end, bound + offset);
  }
}

function rideOn(line: LineTable, bounds: Uint16Array, improved: number[]): void {
  let begin = Infinity;
  for (let stop = 0; stop < line.stopCount; stop++) {
    const offset = line.offsets[stop]!;
    improve(bounds, line.places[stop]!, begin + offset, improved);
    const bound = bounds[line.places[stop]!]!;
    if (bound !== UNREACHABLE) begin = Math.min(begin, bound + line.cutOffMin - offset);
  }
}

function improve(bounds: Uint16Array, place: number, minutes: number, improved: number[]): void {
  if (minutes === Infinity || Math.min(minutes, MOST) >= bounds[place]!) return;
  bounds[place] = Math.min(minutes, MOST);
  improved.push(place);
}
