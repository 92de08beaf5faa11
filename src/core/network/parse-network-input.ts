import { WEEKDAY_NAMES } from './compile-times.ts';
import { decimal, listOf, oneOf, record, text, truth, whole, type Fields } from './input-shape.ts';
import type {
  CounterBandInput,
  CounterInput,
  DepartureInput,
  LineInput,
  LineStopInput,
  NetworkInput,
  NetworkProblem,
  OpeningHoursInput,
  OperationInput,
  ServiceInput,
  ShiftInput,
  SkillCapacityInput,
  SpecialHoursInput,
  StoreInput,
  TimeRangeInput,
  WorkshopInput,
} from './network-input.ts';
import { ProblemList } from './problem-list.ts';

export type ParsedNetworkInput =
  { readonly input: NetworkInput } | { readonly problems: readonly NetworkProblem[] };

/**
 * A network read from a file, if it has the shape that the schema gives to `NetworkInput`: the same
 * fields, the same ones left out, the same nulls. Its content is left to `validateNetwork`.
 */
export function parseNetworkInput(json: unknown): ParsedNetworkInput {
  const problems = new ProblemList();
  network(json, '', problems);
  return problems.count > 0 ? { problems: problems.problems } : { input: json as NetworkInput };
}

const days = listOf(oneOf(WEEKDAY_NAMES));

const timeRange: Fields<TimeRangeInput> = { opens: ['needed', text], closes: ['needed', text] };

const openingHours: Fields<OpeningHoursInput> = { days: ['needed', days], ...timeRange };

const specialHours = record<SpecialHoursInput>({
  from: ['needed', text],
  to: ['needed', text],
  hours: ['needed', listOf(record(timeRange))],
});

const band = record<CounterBandInput>({
  ...openingHours,
  visits: ['needed', whole],
  dropOffVisits: ['optional', whole],
  pickUpVisits: ['optional', whole],
  dropOffPairs: ['optional', whole],
  walkInVisits: ['optional', whole],
});

const counter = record<CounterInput>({
  slotMinutes: ['needed', whole],
  visits: ['needed', whole],
  dropOffVisits: ['optional', whole],
  pickUpVisits: ['optional', whole],
  dropOffPairs: ['optional', whole],
  walkInVisits: ['defaulted', whole],
  bands: ['optional', listOf(band)],
  leadTimeMinutes: ['defaulted', whole],
  horizonDays: ['defaulted', whole],
});

const store = record<StoreInput>({
  code: ['needed', text],
  name: ['needed', text],
  timeZone: ['needed', text],
  address: ['optional', text],
  latitude: ['optional', decimal],
  longitude: ['optional', decimal],
  openingHours: ['needed', listOf(record(openingHours))],
  specialHours: ['optional', listOf(specialHours)],
  counter: ['needed', counter],
  shelfPairs: ['optional', whole],
  putAwayMinutes: ['defaulted', whole],
  nightDrop: ['defaulted', truth],
});

const shift = record<ShiftInput>({
  days: ['needed', days],
  starts: ['needed', text],
  ends: ['needed', text],
  intakeCutOff: ['needed', text],
  skills: [
    'needed',
    listOf(record<SkillCapacityInput>({ skill: ['needed', text], units: ['needed', whole] })),
  ],
});

const workshop = record<WorkshopInput>({
  code: ['needed', text],
  name: ['needed', text],
  timeZone: ['needed', text],
  storeCode: ['optional', text],
  shifts: ['needed', listOf(shift)],
  closedDates: ['optional', listOf(text)],
});

const operation = record<OperationInput>({
  skill: ['needed', text],
  units: ['needed', whole],
  dwellMinutes: ['defaulted', whole],
});

const service = record<ServiceInput>({
  code: ['needed', text],
  name: ['needed', text],
  priceMinor: ['needed', whole],
  currency: ['needed', text],
  operations: ['needed', listOf(operation)],
});

const line = record<LineInput>({
  code: ['needed', text],
  timeZone: ['needed', text],
  stops: [
    'needed',
    listOf(record<LineStopInput>({ code: ['needed', text], minutes: ['needed', whole] })),
  ],
  departures: [
    'needed',
    listOf(record<DepartureInput>({ days: ['needed', days], at: ['needed', text] })),
  ],
  cutOffMinutes: ['defaulted', whole],
  pairs: ['needed', whole],
  exceptDates: ['optional', listOf(text)],
});

const network = record<NetworkInput>({
  stores: ['optional', listOf(store)],
  workshops: ['optional', listOf(workshop)],
  services: ['optional', listOf(service)],
  lines: ['optional', listOf(line)],
});
