import type { Network, Store } from '../network/network.ts';
import { LineTable } from './line-table.ts';
import type { Places } from './places.ts';

/** Stops by place: entries `first[place]` up to `first[place + 1]` of `lines` and `stops`. */
export interface StopIndex {
  readonly first: Int32Array;
  /** Numbers of lines. */
  readonly lines: Int32Array;
  /** Numbers of stops on them. */
  readonly stops: Int32Array;
}

/** All lines, in order of code, and where they stop. */
export interface Timetable {
  readonly lines: readonly LineTable[];
  /** Without last stops: nothing is boarded there. */
  readonly boardings: StopIndex;
  /** Without first stops: nothing is taken off there. */
  readonly alightings: StopIndex;
  readonly placeCount: number;
}

export function timetableOf(network: Network, places: Places): Timetable {
  const lines = [...network.lines.values()]
    .filter((line) => line.departures.length > 0)
    .sort((a, b) => (a.code < b.code ? -1 : 1))
    .map(
      (line) =>
        new LineTable(line, {
          places: Int32Array.from(line.stops, (stop) => places.numberOf.get(stop.code)!),
          doors: line.stops.map((stop) => doorOf(network, stop.code)),
        }),
    );
  return {
    lines,
    boardings: indexOf(lines, places.count, (line, stop) => stop < line.stopCount - 1),
    alightings: indexOf(lines, places.count, (_, stop) => stop > 0),
    placeCount: places.count,
  };
}

function doorOf(network: Network, code: string): Store | null {
  const store = network.stores.get(code);
  return store === undefined || store.nightDrop ? null : store;
}

function indexOf(
  lines: readonly LineTable[],
  placeCount: number,
  isIn: (line: LineTable, stop: number) => boolean,
): StopIndex {
  const entries = lines.flatMap((line, number) =>
    Array.from(line.places, (place, stop) => ({ place, line: number, stop })).filter(({ stop }) =>
      isIn(line, stop),
    ),
  );
  entries.sort((a, b) => a.place - b.place || a.line - b.line || a.stop - b.stop);
  const first = new Int32Array(placeCount + 1);
  for (const { place } of entries) first[place + 1]! += 1;
  for (let place = 0; place < placeCount; place++) first[place + 1]! += first[place]!;
  return {
    first,
    lines: Int32Array.from(entries, (entry) => entry.line),
    stops: Int32Array.from(entries, (entry) => entry.stop),
  };
}
