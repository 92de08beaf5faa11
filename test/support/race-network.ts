import type {
  LineInput,
  NetworkInput,
  StoreInput,
  WeekdayName,
  WorkshopInput,
} from '../../src/core/network/network-input.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { addDays, localDateOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { BookingInput } from './bookings.ts';

const ZONE = 'Asia/Shanghai';
const DAILY: readonly WeekdayName[] = [
  'MONDAY',
  'TUESDAY',
  'WEDNESDAY',
  'THURSDAY',
  'FRIDAY',
  'SATURDAY',
  'SUNDAY',
];
const PLENTY = 100_000;

/** What of a chain is scarce; all that is left out is not. */
export interface Room {
  /** Visits of one slot of the drop-off store. */
  readonly dropOffVisits?: number;
  readonly dropOffPairs?: number;
  /** Visits of one slot of the pick-up store. */
  readonly pickUpVisits?: number;
  /** Units of a shift; a pair needs one. */
  readonly units?: number;
  /** Pairs of the van to the workshop, and of the one from it. */
  readonly vanIn?: number;
  readonly vanOut?: number;
  readonly shelfPairs?: number;
}

/**
 * A chain with one way a day and no other: handed in at `NAME-A` in the morning, one van to `NAME-W`, one
 * shift there, one van to `NAME-B`, on the shelf at 21:30. Who misses any of it is a day late.
 */
export function raceChain(name: string, room: Room = {}): NetworkInput {
  const [a, b, w] = [`${name}-A`, `${name}-B`, `${name}-W`];
  const { dropOffVisits, dropOffPairs, pickUpVisits, units, vanIn, vanOut, shelfPairs } = room;
  return {
    stores: [
      aStore(a, { counter: { dropOffVisits, dropOffPairs } }),
      aStore(b, { counter: { pickUpVisits }, shelfPairs }),
    ],
    workshops: [aWorkshop(w, units)],
    services: [
      {
        code: 'clean',
        name: 'Clean',
        priceMinor: 9_900,
        currency: 'CNY',
        operations: [{ skill: 'clean', units: 1 }],
      },
    ],
    lines: [
      aLine(`${name}-in`, [a, w], '12:00', vanIn),
      aLine(`${name}-out`, [w, b], '20:00', vanOut),
    ],
  };
}

/** One chain of all the parts; the services of the first one count for all. */
export function together(chains: readonly NetworkInput[]): NetworkInput {
  return {
    stores: chains.flatMap(({ stores }) => stores ?? []),
    workshops: chains.flatMap(({ workshops }) => workshops ?? []),
    services: chains[0]?.services ?? [],
    lines: chains.flatMap(({ lines }) => lines ?? []),
  };
}

/** The wall time on the day that many days from today, in the zone of the chains. */
export function onDay(days: number, minute: number, now: EpochMs = Date.now()): string {
  const date = addDays(localDateOf(now, ZONE), days);
  return new Date(instantAt(date, minute, ZONE)).toISOString();
}

/** From A on the day after tomorrow at 10:00 to B the day after that at 10:00. */
export function aRaceBooking(
  chain: string,
  parts: { readonly pairs?: number; readonly key: string; readonly day?: number },
): BookingInput {
  const { pairs = 1, key, day = 2 } = parts;
  return {
    requestKey: key,
    dropOff: { storeCode: `${chain}-A`, start: onDay(day, 600) },
    pickUp: { storeCode: `${chain}-B`, start: onDay(day + 1, 600) },
    items: [{ description: 'AJ1', serviceCodes: ['clean'], pairs }],
  };
}

interface StoreRoom {
  readonly counter: {
    readonly dropOffVisits?: number | undefined;
    readonly dropOffPairs?: number | undefined;
    readonly pickUpVisits?: number | undefined;
  };
  readonly shelfPairs?: number | undefined;
}

function aStore(code: string, { counter, shelfPairs }: StoreRoom): StoreInput {
  return {
    code,
    name: `Store ${code}`,
    timeZone: ZONE,
    openingHours: [{ days: DAILY, opens: '09:00', closes: '18:00' }],
    counter: {
      slotMinutes: 30,
      visits: PLENTY,
      dropOffVisits: counter.dropOffVisits ?? null,
      dropOffPairs: counter.dropOffPairs ?? null,
      pickUpVisits: counter.pickUpVisits ?? null,
    },
    shelfPairs: shelfPairs ?? null,
    putAwayMinutes: 30,
    nightDrop: true,
  };
}

function aWorkshop(code: string, units = PLENTY): WorkshopInput {
  return {
    code,
    name: `Workshop ${code}`,
    timeZone: ZONE,
    shifts: [
      {
        days: DAILY,
        starts: '14:00',
        ends: '18:00',
        intakeCutOff: '13:30',
        skills: [{ skill: 'clean', units }],
      },
    ],
  };
}

function aLine(code: string, stops: [string, string], departs: string, pairs = PLENTY): LineInput {
  return {
    code,
    timeZone: ZONE,
    stops: [
      { code: stops[0], minutes: 0 },
      { code: stops[1], minutes: 60 },
    ],
    departures: [{ days: DAILY, at: departs }],
    cutOffMinutes: 30,
    pairs,
  };
}
