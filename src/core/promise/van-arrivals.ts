import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { LineTable } from './line-table.ts';
import { minuteFrom } from './minutes.ts';
import type { Timetable } from './timetable.ts';

/** The instants at which vans that can hold so many pairs come to a place and can be unloaded. */
export class VanArrivals {
  private readonly lines: LineTable[] = [];
  private readonly stops: number[] = [];

  constructor(
    { alightings, lines }: Timetable,
    { place, pairs }: { place: number; pairs: number },
    layOut: (line: LineTable) => void,
  ) {
    for (let entry = alightings.first[place]!; entry < alightings.first[place + 1]!; entry++) {
      const line = lines[alightings.lines[entry]!]!;
      if (line.line.pairs < pairs) continue;
      layOut(line);
      this.lines.push(line);
      this.stops.push(alightings.stops[entry]!);
    }
  }

  /** The first one at or after `from`. Infinity: none. */
  next(from: EpochMs): EpochMs {
    const minute = minuteFrom(from);
    let first = Infinity;
    for (const [index, line] of this.lines.entries()) {
      first = Math.min(first, arrivalFrom(line, this.stops[index]!, minute, first));
    }
    return first * MINUTE_MS;
  }
}

/** Infinity: none before `limit`. */
function arrivalFrom(line: LineTable, stop: number, minute: number, limit: number): number {
  const offset = line.offsets[stop]!;
  for (let trip = line.firstTripFrom(minute - offset); trip < line.tripCount; trip++) {
    const arrival = line.departs[trip]! + offset;
    if (arrival >= limit) break;
    if (line.canAlight(trip, stop)) return arrival;
  }
  return Infinity;
}
