import {
  legsOf,
  counterPickUps,
  counterVisits,
  shelfOf,
  workOf,
} from '../../../src/core/claims/resource.ts';
import { Usage } from '../../../src/core/claims/usage.ts';
import { slotsOf } from '../../../src/core/counter/slots.ts';
import type {
  Line,
  Network,
  Operation,
  Shift,
  Store,
  Workshop,
} from '../../../src/core/network/network.ts';
import type { PlanItem, PlanRequest } from '../../../src/core/promise/plan.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import { addDays, daysFrom, localDateOf, weekdayOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS } from '../../../src/core/time/time.ts';
import type { Random } from '../random.ts';
import { aChain, aStore, aWorkshop, DAILY } from './chain.ts';

export interface RandomCase {
  readonly network: Network;
  readonly usage: Usage;
  readonly request: PlanRequest;
}

/** Noon of these dates is now: an ordinary week, and the eves of clocks going forward and back. */
const SEASONS = [
  { zone: 'Asia/Shanghai', date: '2026-09-09' },
  { zone: 'America/New_York', date: '2026-03-06' },
  { zone: 'America/New_York', date: '2026-10-30' },
  { zone: 'Europe/London', date: '2026-10-23' },
  { zone: 'Australia/Lord_Howe', date: '2026-10-02' },
];
const SKILLS = ['glue', 'wash'];
const HORIZON_DAYS = 4;

/** A chain of a few places with a few trips a day, partly taken, and an order to plan. Ties are common. */
export function randomCase(random: Random): RandomCase {
  const season = random.pick(SEASONS);
  const zone = (): string => (random.chance(0.9) ? season.zone : random.pick(SEASONS).zone);
  const stores = ['A', 'B', 'C']
    .slice(0, random.int(1, 3))
    .map((code) => randomStore(random, code, zone(), season.date));
  const workshops = ['V', 'W', 'X']
    .slice(0, random.int(1, 3))
    .map((code) => randomWorkshop(random, code, { zone: zone(), date: season.date, stores }));
  const codes = [...stores, ...workshops].map(({ code }) => code);
  const lines = randomLines(random, codes, { zone: season.zone, date: season.date });
  const network = aChain({ stores, workshops, lines });
  const now = instantAt(season.date, random.pick([0, 540, 720, 1100]), season.zone);
  const usage = randomUsage(random, network, season.date);
  return { network, usage, request: randomRequest(random, network, now) };
}

function randomRequest(random: Random, network: Network, now: number): PlanRequest {
  const stores = [...network.stores.values()];
  const pickUp = random.pick(stores);
  const from = localDateOf(now, pickUp.timeZone);
  const slots = slotsOf(pickUp, from, addDays(from, HORIZON_DAYS - 1));
  const wanted = slots.length > 0 && random.chance(0.3) ? random.pick(slots).start : undefined;
  return {
    dropOffStoreCode: random.pick(stores).code,
    handedOverAt: now + random.pick([-60, 0, 1, 30, 90, 300, 1000]) * MINUTE_MS + random.int(0, 2),
    pickUpStoreCode: pickUp.code,
    items: randomItems(random),
    now,
    ...(wanted === undefined ? {} : { pickUpStart: wanted }),
  };
}

/** At most four tasks in all. */
function randomItems(random: Random): readonly PlanItem[] {
  const kinds = Array.from({ length: 2 }, () => randomOperations(random));
  const items: PlanItem[] = [];
  let tasks = 0;
  for (let count = random.int(1, 3); count > 0; count--) {
    const operations = random.pick(kinds);
    tasks += operations.length;
    if (items.length > 0 && tasks > 4) break;
    items.push({ pairs: random.pick([1, 1, 2]), operations });
  }
  return items;
}

function randomOperations(random: Random): readonly Operation[] {
  return Array.from({ length: random.pick([1, 1, 2]) }, () => ({
    skill: random.pick(SKILLS),
    units: random.int(1, 2),
    dwellMin: random.pick([0, 0, 60, 600, 1500]),
  }));
}

function randomStore(random: Random, code: string, timeZone: string, date: string): Store {
  const [opens, closes] = random.pick([
    ['10:00', '21:00'],
    ['09:00', '13:00'],
    ['00:00', '24:00'],
    ['18:00', '03:00'],
  ] as const);
  const specialDate = addDays(date, random.int(0, 4));
  return aStore({
    code,
    timeZone,
    opens,
    closes,
    specialHours: random.chance(0.3) ? [{ from: specialDate, to: specialDate, hours: [] }] : [],
    counter: {
      slotMin: random.pick([60, 180]),
      visits: random.pick([1, 2]),
      pickUpVisits: random.pick([null, 1]),
      leadTimeMin: random.pick([0, 60]),
      horizonDays: HORIZON_DAYS,
    },
    shelfPairs: random.pick([null, null, 4, 8]),
    putAwayMin: random.pick([0, 30, 60]),
    nightDrop: random.chance(0.3),
  });
}

interface Around {
  readonly zone: string;
  readonly date: string;
}

function randomWorkshop(
  random: Random,
  code: string,
  { zone, date, stores }: Around & { readonly stores: readonly Store[] },
): Workshop {
  return aWorkshop({
    code,
    timeZone: zone,
    storeCode: random.chance(0.4) ? random.pick(stores).code : null,
    shifts: Array.from({ length: random.pick([1, 1, 2]) }, (_, index) =>
      randomShift(random, index),
    ),
    closedDates: new Set(random.chance(0.3) ? [addDays(date, random.int(0, 4))] : []),
  });
}

function randomShift(random: Random, index: number): Shift {
  const [starts, ends, intakeCutOff] = random.pick([
    [540, 1080, 720],
    [540, 1080, 1080],
    [540, 780, 600],
    [1320, 360, 1380],
    [1320, 360, 60],
    [120, 180, 150],
  ] as const);
  return {
    days: random.chance(0.7) ? DAILY : random.sample(DAILY, 4),
    starts: starts + index,
    ends,
    intakeCutOff: Math.max(intakeCutOff, 0),
    units: new Map(SKILLS.map((skill) => [skill, random.pick([0, 3, 4, 6, 8])])),
  };
}

function randomLines(random: Random, codes: readonly string[], around: Around): readonly Line[] {
  const lines: Line[] = [];
  for (let number = 0, count = random.int(3, 8); number < count; number++) {
    const code = `L${(number * 7) % 10}`;
    const twin = lines.length > 0 && random.chance(0.25) ? random.pick(lines) : null;
    lines.push(twin === null ? randomLine(random, code, codes, around) : { ...twin, code });
  }
  return lines;
}

function randomLine(
  random: Random,
  code: string,
  codes: readonly string[],
  { zone, date }: Around,
): Line {
  const stops = [{ code: random.pick(codes), minutes: 0 }];
  const length = random.int(2, 4);
  while (stops.length < length && codes.length > 1) {
    const { code: last, minutes } = stops.at(-1)!;
    const next = random.pick(codes.filter((each) => each !== last));
    stops.push({ code: next, minutes: minutes + random.pick([30, 30, 60, 90]) });
  }
  return {
    code,
    timeZone: zone,
    stops,
    departures: Array.from({ length: random.int(1, 2) }, (_, index) => ({
      days: random.chance(0.8) ? DAILY : random.sample(DAILY, 3),
      at: random.int(0, 23) * 60 + (index === 0 ? 0 : 30),
    })),
    cutOffMin: random.pick([0, 0, 30, 45]),
    pairs: random.pick([2, 4, 8, 8]),
    exceptDates: new Set(random.chance(0.2) ? [addDays(date, random.int(0, 4))] : []),
  };
}

/** About a third of everything is partly or wholly taken, some beyond its limit. */
function randomUsage(random: Random, network: Network, date: string): Usage {
  const usage = new Usage();
  const fullness = random.pick([0, 0.1, 0.2, 0.4]);
  const take = (resource: string, start: number, limit: number): void => {
    if (random.chance(fullness)) usage.add([{ resource, start, amount: random.int(1, limit + 1) }]);
  };
  const dates = daysFrom(addDays(date, -1), addDays(date, HORIZON_DAYS + 2));
  for (const line of network.lines.values()) {
    for (const { days, at } of line.departures) {
      for (const day of dates.filter((each) => days.includes(weekdayOf(each)))) {
        for (const leg of legsOf(line)) take(leg, instantAt(day, at, line.timeZone), line.pairs);
      }
    }
  }
  for (const { code, shifts, timeZone } of network.workshops.values()) {
    for (const { starts, units } of shifts) {
      for (const day of dates) {
        for (const [skill, limit] of units) {
          take(workOf(code, skill), instantAt(day, starts, timeZone), limit);
        }
      }
    }
  }
  for (const store of network.stores.values()) {
    for (const day of dates) {
      take(shelfOf(store.code), instantAt(day, 0, store.timeZone), store.shelfPairs ?? 1);
    }
    for (const { start } of slotsOf(store, dates[0]!, dates.at(-1)!)) {
      take(counterVisits(store.code), start, 1);
      take(counterPickUps(store.code), start, 1);
    }
  }
  return usage;
}
