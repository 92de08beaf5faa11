import { legsOf } from '../claims/resource.ts';
import { callAt, departuresOn } from '../goods/trips.ts';
import type { Line, Network } from '../network/network.ts';
import type { Interval } from '../time/interval.ts';
import { localDayOf } from '../time/local-date.ts';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../time/time.ts';

/** A van that comes to a store. */
export interface VanArrival {
  readonly lineCode: string;
  /** Scheduled departure from the first stop: with the line it is the trip's name. */
  readonly departs: EpochMs;
  /** Number of the stop on its line, from 0 on. */
  readonly stop: number;
  /** Of the store, or of the workshop in it that the van calls at. */
  readonly placeCode: string;
  /** What goods on board when it comes have taken; see `legsOf`. */
  readonly leg: string;
  readonly scheduled: EpochMs;
  /** By what is known of the trip; of one that is cancelled: as scheduled. */
  readonly arrives: EpochMs;
  readonly isCancelled: boolean;
}

/** A trip that is later than this is none that anybody waits for. */
const MOST_DELAY_MS = DAY_MS;

/** Codes at which vans come to a store: its own, and those of the workshops inside it. */
export function doorsOf({ workshops }: Network, storeCode: string): readonly string[] {
  const inside = [...workshops.values()].filter((workshop) => workshop.storeCode === storeCode);
  return [storeCode, ...inside.map(({ code }) => code)];
}

/** The vans that come to a store within `span` as far as is known now, by instant, then by line. */
export function vanArrivals(
  network: Network,
  storeCode: string,
  span: Interval,
): readonly VanArrival[] {
  const doors = doorsOf(network, storeCode);
  return [...network.lines.values()]
    .flatMap((line) => arrivalsOf(line, doors, span))
    .sort(
      (a, b) => a.arrives - b.arrives || compareText(a.lineCode, b.lineCode) || a.stop - b.stop,
    );
}

function arrivalsOf(line: Line, doors: readonly string[], span: Interval): VanArrival[] {
  const stops = line.stops.flatMap(({ code }, stop) =>
    stop > 0 && doors.includes(code) ? [stop] : [],
  );
  if (stops.length === 0) return [];
  const longestMs = line.stops.at(-1)!.minutes * MINUTE_MS + MOST_DELAY_MS;
  const first = localDayOf(span.start - longestMs, line.timeZone);
  const departures = departuresOn(line, first, localDayOf(span.end, line.timeZone));
  const legs = legsOf(line);
  return stops.flatMap((stop) =>
    departures
      .map((departs) => arrivalAt(line, departs, stop, legs[stop - 1]!))
      .filter(({ arrives }) => span.start <= arrives && arrives < span.end),
  );
}

function arrivalAt(line: Line, departs: EpochMs, stop: number, leg: string): VanArrival {
  const { code: placeCode, minutes } = line.stops[stop]!;
  const scheduled = departs + minutes * MINUTE_MS;
  const known = callAt(line, departs, stop);
  const arrives = known ?? scheduled;
  const isCancelled = known === null;
  return { lineCode: line.code, departs, stop, placeCode, leg, scheduled, arrives, isCancelled };
}

const compareText = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
