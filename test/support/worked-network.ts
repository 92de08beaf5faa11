import type {
  CounterInput,
  LineInput,
  NetworkInput,
  StoreInput,
  WeekdayName,
  WorkshopInput,
} from '../../src/core/network/network-input.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { addDays } from '../../src/core/time/local-date.ts';
import type { EpochMs, LocalDate } from '../../src/core/time/time.ts';

export const ZONE = 'Asia/Shanghai';
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONDAY: LocalDate = '2030-09-02';
const WORKING: readonly WeekdayName[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
];
export const DAILY: readonly WeekdayName[] = [...WORKING, 'SUNDAY'];

/** The date of `Tue` in the week of 2030-09-02, of `Tue+1` in the week after. */
export function dateOf(day: string): LocalDate {
  const [weekday = '', weeks = '0'] = day.split('+');
  return addDays(MONDAY, WEEKDAYS.indexOf(weekday) + 7 * Number(weeks));
}

/** `Tue 20:30` of the week of 2030-09-02 in Shanghai; `Mon+1 09:00` of the week after. */
export function at(text: string): EpochMs {
  const [day = '', time = ''] = text.split(' ');
  const [hours, minutes] = time.split(':').map(Number);
  return instantAt(dateOf(day), hours! * 60 + minutes!, ZONE);
}

/** As {@link at}, in the form of the API. */
export const when = (text: string): string => new Date(at(text)).toISOString();

/** The numbers of the chain that tests turn. */
export interface ChainNumbers {
  readonly counter?: Partial<CounterInput>;
  /** Parts of store A or B that differ. */
  readonly a?: Partial<StoreInput>;
  readonly b?: Partial<StoreInput>;
  readonly workUnits?: number;
  readonly vanPairs?: number;
}

/** The chain of the worked promises: stores A and B, workshop W, vans between them. */
export function workedNetwork(numbers: ChainNumbers = {}): NetworkInput {
  return {
    stores: [aStore('A', numbers, numbers.a), aStore('B', numbers, numbers.b)],
    workshops: [aWorkshop(numbers.workUnits)],
    services: [
      aService('basic-clean', 'clean', 1, 1200),
      aService('resole', 'sole', 3, 2880),
      aService('gild', 'gold', 1, 0),
    ],
    lines: [
      aLine('A-W', ['14:00', '20:30'], 60, numbers.vanPairs),
      aLine('W-B', ['09:00', '18:30'], 90, numbers.vanPairs),
      aLine('W-A', ['09:00', '18:30'], 60, numbers.vanPairs),
    ],
  };
}

export function aStore(
  code: string,
  { counter = {} }: Pick<ChainNumbers, 'counter'> = {},
  more: Partial<StoreInput> = {},
): StoreInput {
  return {
    code,
    name: `Store ${code}`,
    timeZone: ZONE,
    openingHours: [{ days: DAILY, opens: '10:00', closes: '21:00' }],
    putAwayMinutes: 30,
    nightDrop: false,
    ...more,
    counter: { slotMinutes: 30, visits: 4, ...counter, ...more.counter },
  };
}

export function aWorkshop(units = 120): WorkshopInput {
  return {
    code: 'W',
    name: 'Hub W',
    timeZone: ZONE,
    shifts: [
      {
        days: WORKING,
        starts: '09:00',
        ends: '18:00',
        intakeCutOff: '12:00',
        skills: [
          { skill: 'clean', units },
          { skill: 'sole', units },
        ],
      },
    ],
  };
}

/** `X-Y` runs from X to Y. */
export function aLine(
  code: string,
  departures: readonly string[],
  minutes: number,
  pairs = 1000,
): LineInput {
  const [from, to] = code.split('-') as [string, string];
  return {
    code,
    timeZone: ZONE,
    stops: [
      { code: from, minutes: 0 },
      { code: to, minutes },
    ],
    departures: departures.map((time) => ({ days: WORKING, at: time })),
    cutOffMinutes: 30,
    pairs,
  };
}

function aService(code: string, skill: string, units: number, dwellMinutes: number) {
  return {
    code,
    name: code,
    priceMinor: 9_900,
    currency: 'CNY',
    operations: [{ skill, units, dwellMinutes }],
  };
}
