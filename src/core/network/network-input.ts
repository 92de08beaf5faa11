/**
 * The network as headquarters states it: the shape of `NetworkInput` in the schema, in the same words.
 * Nothing in it has been checked beyond the types; times, dates and zones are still text.
 */
export interface NetworkInput {
  readonly stores?: readonly StoreInput[] | null;
  readonly workshops?: readonly WorkshopInput[] | null;
  readonly services?: readonly ServiceInput[] | null;
  readonly lines?: readonly LineInput[] | null;
}

export type WeekdayName =
  'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';

export interface StoreInput {
  readonly code: string;
  readonly name: string;
  readonly timeZone: string;
  readonly address?: string | null;
  readonly latitude?: number | null;
  readonly longitude?: number | null;
  readonly openingHours: readonly OpeningHoursInput[];
  readonly specialHours?: readonly SpecialHoursInput[] | null;
  readonly counter: CounterInput;
  readonly shelfPairs?: number | null;
  readonly putAwayMinutes?: number;
  readonly nightDrop?: boolean;
}

export interface TimeRangeInput {
  readonly opens: string;
  readonly closes: string;
}

export interface OpeningHoursInput extends TimeRangeInput {
  readonly days: readonly WeekdayName[];
}

export interface SpecialHoursInput {
  readonly from: string;
  readonly to: string;
  readonly hours: readonly TimeRangeInput[];
}

export interface CounterInput {
  readonly slotMinutes: number;
  readonly visits: number;
  readonly dropOffVisits?: number | null;
  readonly pickUpVisits?: number | null;
  readonly dropOffPairs?: number | null;
  readonly walkInVisits?: number;
  readonly bands?: readonly CounterBandInput[] | null;
  readonly leadTimeMinutes?: number;
  readonly horizonDays?: number;
}

export interface CounterBandInput extends OpeningHoursInput {
  readonly visits: number;
  readonly dropOffVisits?: number | null;
  readonly pickUpVisits?: number | null;
  readonly dropOffPairs?: number | null;
  readonly walkInVisits?: number | null;
}

export interface WorkshopInput {
  readonly code: string;
  readonly name: string;
  readonly timeZone: string;
  readonly storeCode?: string | null;
  readonly shifts: readonly ShiftInput[];
  readonly closedDates?: readonly string[] | null;
}

export interface ShiftInput {
  readonly days: readonly WeekdayName[];
  readonly starts: string;
  readonly ends: string;
  readonly intakeCutOff: string;
  readonly skills: readonly SkillCapacityInput[];
}

export interface SkillCapacityInput {
  readonly skill: string;
  readonly units: number;
}

export interface ServiceInput {
  readonly code: string;
  readonly name: string;
  readonly priceMinor: number;
  readonly currency: string;
  readonly operations: readonly OperationInput[];
}

export interface OperationInput {
  readonly skill: string;
  readonly units: number;
  readonly dwellMinutes?: number;
}

export interface LineInput {
  readonly code: string;
  readonly timeZone: string;
  readonly stops: readonly LineStopInput[];
  readonly departures: readonly DepartureInput[];
  readonly cutOffMinutes?: number;
  readonly pairs: number;
  readonly exceptDates?: readonly string[] | null;
}

export interface LineStopInput {
  readonly code: string;
  readonly minutes: number;
}

export interface DepartureInput {
  readonly days: readonly WeekdayName[];
  readonly at: string;
}

/** A fault of the input: where, and what is wrong with it, in words for people. */
export interface NetworkProblem {
  /** Path in the input, for example `stores[3].openingHours[0].opens`. */
  readonly path: string;
  readonly message: string;
}
