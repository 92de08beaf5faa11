import { NO_DISRUPTIONS } from '../../../src/core/network/disruptions.ts';
import type {
  Counter,
  Line,
  Network,
  Shift,
  Store,
  Workshop,
} from '../../../src/core/network/network.ts';
import { parseLocalTime } from '../../../src/core/time/local-date.ts';
import type { MinuteOfDay, Weekday } from '../../../src/core/time/time.ts';

export const DAILY: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];
export const MON_TO_SAT: readonly Weekday[] = [1, 2, 3, 4, 5, 6];
export const SHANGHAI = 'Asia/Shanghai';

export interface ChainParts {
  readonly stores?: readonly Store[];
  readonly workshops?: readonly Workshop[];
  readonly lines?: readonly Line[];
}

/** Services are not looked at by the planner: requests name the operations. */
export function aChain({ stores = [], workshops = [], lines = [] }: ChainParts): Network {
  return {
    version: 1,
    stores: byCode(stores),
    workshops: byCode(workshops),
    services: new Map(),
    lines: byCode(lines),
    disruptions: NO_DISRUPTIONS,
  };
}

export function minute(time: string): MinuteOfDay {
  const parsed = parseLocalTime(time);
  if (parsed === null) throw new Error(`not a time of day: ${time}`);
  return parsed;
}

export interface StoreParts extends Partial<Omit<Store, 'counter'>> {
  readonly code: string;
  readonly opens?: string;
  readonly closes?: string;
  readonly counter?: Partial<Counter>;
}

/** Open daily from 10:00 to 21:00, slots of 30 minutes with room for ten visits, put-away 30 minutes. */
export function aStore({
  opens = '10:00',
  closes = '21:00',
  counter,
  ...parts
}: StoreParts): Store {
  return {
    name: parts.code,
    address: null,
    latitude: null,
    longitude: null,
    timeZone: SHANGHAI,
    openingHours: [{ days: DAILY, opens: minute(opens), closes: minute(closes) }],
    specialHours: [],
    counter: {
      slotMin: 30,
      visits: 10,
      dropOffVisits: null,
      pickUpVisits: null,
      dropOffPairs: null,
      walkInVisits: 0,
      bands: [],
      leadTimeMin: 60,
      horizonDays: 30,
      ...counter,
    },
    shelfPairs: null,
    putAwayMin: 30,
    nightDrop: false,
    ...parts,
  };
}

export interface ShiftParts {
  readonly days?: readonly Weekday[];
  readonly starts: string;
  readonly ends: string;
  readonly cutOff: string;
  readonly units: Readonly<Record<string, number>>;
}

export function aShift({ days = MON_TO_SAT, starts, ends, cutOff, units }: ShiftParts): Shift {
  return {
    days,
    starts: minute(starts),
    ends: minute(ends),
    intakeCutOff: minute(cutOff),
    units: new Map(Object.entries(units)),
  };
}

export interface WorkshopParts extends Partial<Workshop> {
  readonly code: string;
  readonly shifts: readonly Shift[];
}

export function aWorkshop(parts: WorkshopParts): Workshop {
  return {
    name: parts.code,
    timeZone: SHANGHAI,
    storeCode: null,
    closedDates: new Set(),
    ...parts,
  };
}

export interface LineParts extends Partial<Omit<Line, 'departures' | 'stops'>> {
  readonly code: string;
  readonly days?: readonly Weekday[];
  readonly departures: readonly string[];
  /** In order: code and minutes from the first stop. */
  readonly stops: readonly (readonly [code: string, minutes: number])[];
}

export function aLine({ days = MON_TO_SAT, departures, stops, ...parts }: LineParts): Line {
  return {
    timeZone: SHANGHAI,
    cutOffMin: 30,
    pairs: 1000,
    exceptDates: new Set(),
    ...parts,
    departures: departures.map((at) => ({ days, at: minute(at) })),
    stops: stops.map(([code, minutes]) => ({ code, minutes })),
  };
}

function byCode<T extends { readonly code: string }>(parts: readonly T[]): ReadonlyMap<string, T> {
  return new Map(parts.map((part) => [part.code, part]));
}
