import type { LineTable } from './line-table.ts';
import type { Timetable } from './timetable.ts';

/** No line goes there, by whatever changes. */
export const UNREACHABLE = 0xffff;
const MOST = UNREACHABLE - 1;

/**
 * Minutes that goods need at least from every place to one, if each van left when they come: rides with
 * their cut-offs, no waiting. What is too late by this bound need not be looked at. Computed for a place
 * when first asked for; depends on nothing but the lines.
 */
export class TravelBounds {
  private readonly known: (Uint16Array | undefined)[];

  constructor(private readonly timetable: Timetable) {
    this.known = new Array<undefined>(timetable.placeCount);
  }

  /** By place; {@link UNREACHABLE}: there is no way. */
  to(place: number): Uint16Array {
    return (this.known[place] ??= this.compute(place));
  }

  private compute(place: number): Uint16Array {
    const { alightings, lines, placeCount } = this.timetable;
    const bounds = new Uint16Array(placeCount).fill(UNREACHABLE);
    bounds[place] = 0;
    let improved: number[] = [place];
    while (improved.length > 0) {
      const touched = new Set<number>();
      for (const at of improved) {
        for (let entry = alightings.first[at]!; entry < alightings.first[at + 1]!; entry++) {
          touched.add(alightings.lines[entry]!);
        }
      }
      improved = [...touched].flatMap((number) => rideBack(lines[number]!, bounds));
    }
    return bounds;
  }
}

/** @returns places with a lower bound than before */
function rideBack(line: LineTable, bounds: Uint16Array): readonly number[] {
  const improved: number[] = [];
  let end = Infinity;
  for (let stop = line.stopCount - 1; stop >= 0; stop--) {
    const place = line.places[stop]!;
    const offset = line.offsets[stop]!;
    const least = Math.min(MOST, end - offset + line.cutOffMin);
    if (end !== Infinity && least < bounds[place]!) {
      bounds[place] = least;
      improved.push(place);
    }
    if (bounds[place] !== UNREACHABLE) end = Math.min(end, bounds[place]! + offset);
  }
  return improved;
}
