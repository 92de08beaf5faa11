import type {
  CounterInput,
  OpeningHoursInput,
  StoreInput,
  WeekdayName,
} from '../../src/core/network/network-input.ts';
import type { Site } from './network-generator.ts';
import type { Random } from './random.ts';

export const WORKDAYS: readonly WeekdayName[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
];
export const WEEKEND: readonly WeekdayName[] = ['SATURDAY', 'SUNDAY'];
const ALL_DAYS: readonly WeekdayName[] = [...WORKDAYS, ...WEEKEND];

const open = (days: readonly WeekdayName[], opens: string, closes: string): OpeningHoursInput => ({
  days,
  opens,
  closes,
});

/** Kinds of store by their hours; the more often one is listed, the more stores have it. */
const HOURS: readonly (readonly OpeningHoursInput[])[] = [
  [open(ALL_DAYS, '10:00', '22:00')],
  [open(ALL_DAYS, '10:00', '22:00')],
  [open(ALL_DAYS, '09:00', '21:00')],
  [open(ALL_DAYS, '09:00', '21:00')],
  [open(WORKDAYS, '08:30', '20:00'), open(WEEKEND, '10:00', '18:00')],
  [
    open(WORKDAYS, '07:30', '13:00'),
    open(WORKDAYS, '14:00', '21:00'),
    open(WEEKEND, '10:00', '20:00'),
  ],
  [open(ALL_DAYS, '12:00', '02:00')],
];

export interface StoreTerms {
  readonly timeZone: string;
  readonly horizonDays: number;
}

/** A store of one of the usual kinds at `site`. */
export function generateStore(site: Site, terms: StoreTerms, random: Random): StoreInput {
  return {
    code: site.code,
    name: `Store ${site.code.slice(1)}`,
    timeZone: terms.timeZone,
    address: `${random.int(1, 999)} Generated Road`,
    latitude: Number((31.23 + site.northKm / 111).toFixed(5)),
    longitude: Number((121.47 + site.eastKm / 95).toFixed(5)),
    openingHours: random.pick(HOURS),
    specialHours: random.chance(0.2)
      ? [
          { from: '2026-12-25', to: '2026-12-25', hours: [] },
          { from: '2027-02-05', to: '2027-02-08', hours: [{ opens: '11:00', closes: '17:00' }] },
        ]
      : [],
    counter: generateCounter(terms.horizonDays, random),
    shelfPairs: random.chance(0.5) ? random.int(150, 400) : null,
    putAwayMinutes: random.pick([15, 30, 45]),
    nightDrop: random.chance(0.25),
  };
}

function generateCounter(horizonDays: number, random: Random): CounterInput {
  const visits = random.int(4, 10);
  return {
    slotMinutes: random.pick([15, 20, 30, 30]),
    visits,
    dropOffVisits: random.chance(0.3) ? visits - 1 : null,
    pickUpVisits: random.chance(0.3) ? visits - 1 : null,
    dropOffPairs: random.chance(0.3) ? visits * 4 : null,
    walkInVisits: random.int(0, 2),
    bands: random.chance(0.3)
      ? [{ days: WORKDAYS, opens: '12:00', closes: '13:30', visits: visits - 2 }]
      : [],
    leadTimeMinutes: random.pick([30, 60, 120]),
    horizonDays,
  };
}
