import type { Interval } from '../time/interval.ts';
import type { LocalDate, MinuteOfDay, TimeZone, Weekday } from '../time/time.ts';
import type { Disruptions, ShiftCuts, TripDisruptions } from './disruptions.ts';

/** The chain as one immutable value. Built from checked input only; see `compile-network.ts`. */
export interface Network {
  /** Grows by one with every import. A booking planned on one version is not taken on another. */
  readonly version: number;
  readonly stores: ReadonlyMap<string, Store>;
  readonly workshops: ReadonlyMap<string, Workshop>;
  readonly services: ReadonlyMap<string, Service>;
  readonly lines: ReadonlyMap<string, Line>;
  /** As they were given. The parts that they touch hold them too: see `withDisruptions`. */
  readonly disruptions: Disruptions;
}

export interface Store extends HoursOfStore {
  readonly code: string;
  readonly name: string;
  readonly address: string | null;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly counter: Counter;
  /** Pairs that the shelf holds on one local date; null: no limit. */
  readonly shelfPairs: number | null;
  readonly putAwayMin: number;
  /** Goods may arrive while the store is closed. */
  readonly nightDrop: boolean;
}

export interface HoursOfStore {
  readonly timeZone: TimeZone;
  readonly openingHours: readonly WeeklyHours[];
  /** Date ranges do not overlap. */
  readonly specialHours: readonly SpecialHours[];
  /** Cut out of whatever hours there are; in normal form (see `union`). Left out: none. */
  readonly closures?: readonly Interval[] | undefined;
}

/** `closes` at or before `opens` is after midnight, on the next date. */
export interface TimeRange {
  readonly opens: MinuteOfDay;
  readonly closes: MinuteOfDay;
}

export interface WeeklyHours extends TimeRange {
  readonly days: readonly Weekday[];
}

/** Replaces the weekly hours of every date from `from` to `to`, both included. Empty: closed. */
export interface SpecialHours {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly hours: readonly TimeRange[];
}

/** Numbers of one slot as headquarters states them. null: no limit of its own. */
export interface CounterNumbers {
  readonly visits: number;
  readonly dropOffVisits: number | null;
  readonly pickUpVisits: number | null;
  readonly dropOffPairs: number | null;
  readonly walkInVisits: number;
}

export interface Counter extends CounterNumbers {
  readonly slotMin: number;
  /** The first band that covers a slot's start counts. What a band left out is filled in from the counter. */
  readonly bands: readonly CounterBand[];
  readonly leadTimeMin: number;
  /** Today included, on the store's calendar. */
  readonly horizonDays: number;
}

export interface CounterBand extends CounterNumbers, WeeklyHours {}

export interface Workshop {
  readonly code: string;
  readonly name: string;
  readonly timeZone: TimeZone;
  /** The store that it is in: goods need no ride between the two. null: a hub of its own. */
  readonly storeCode: string | null;
  readonly shifts: readonly Shift[];
  readonly closedDates: ReadonlySet<LocalDate>;
  /** Left out: none. */
  readonly cuts?: ShiftCuts | undefined;
}

/**
 * `ends` at or before `starts` is on the next date. The intake cut-off is on the date of the start,
 * except that of a shift past midnight it is on the next date when it is at or before `ends`.
 */
export interface Shift {
  readonly days: readonly Weekday[];
  readonly starts: MinuteOfDay;
  readonly ends: MinuteOfDay;
  readonly intakeCutOff: MinuteOfDay;
  /** Units of work that fit, by skill. */
  readonly units: ReadonlyMap<string, number>;
}

export interface Service {
  readonly code: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly operations: readonly Operation[];
}

/** One pair needs `units` of `skill`, and at least `dwellMin` in the workshop for it. */
export interface Operation {
  readonly skill: string;
  readonly units: number;
  readonly dwellMin: number;
}

export interface Line {
  readonly code: string;
  readonly timeZone: TimeZone;
  /** In order of call; the same place may be called at more than once, not twice in a row. */
  readonly stops: readonly LineStop[];
  readonly departures: readonly Departure[];
  readonly cutOffMin: number;
  /** Pairs that the van holds between two stops. */
  readonly pairs: number;
  readonly exceptDates: ReadonlySet<LocalDate>;
  /** Left out: none. */
  readonly disrupted?: TripDisruptions | undefined;
}

export interface LineStop {
  /** Code of a store or workshop. */
  readonly code: string;
  /** Minutes of elapsed time after the departure from the first stop; the first is 0, then growing. */
  readonly minutes: number;
}

export interface Departure {
  readonly days: readonly Weekday[];
  readonly at: MinuteOfDay;
}
