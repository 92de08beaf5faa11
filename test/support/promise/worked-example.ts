import type { PlanItem } from '../../../src/core/promise/plan.ts';
import { DAY_MS, MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';
import { aChain, aLine, aShift, aStore, aWorkshop, minute, type StoreParts } from './chain.ts';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
/** Midnight of Monday 2026-09-07 in Shanghai, which has no daylight saving. */
const MONDAY = Date.UTC(2026, 8, 6, 16);

/** `Tue 20:30` of the week of 2026-09-07 in Shanghai; `Mon+1 09:00` of the week after. */
export function at(text: string): EpochMs {
  const [, weekday = '', weeks = '0', time = ''] =
    /^(\w{3})(?:\+(\d))? (\d\d:\d\d)$/.exec(text) ?? [];
  const day = WEEKDAYS.indexOf(weekday) + 7 * Number(weeks);
  return MONDAY + day * DAY_MS + minute(time) * MINUTE_MS;
}

/** Two stores and a workshop, vans between them twice on each working day. */
export function workedExample(store: Partial<StoreParts> = {}, changes: ExampleChanges = {}) {
  const van = { cutOffMin: 30, pairs: changes.vanPairs ?? 1000 };
  return aChain({
    stores: [aStore({ code: 'A' }), aStore({ ...store, code: 'B' })],
    workshops: [
      aWorkshop({
        code: 'W',
        closedDates: new Set(changes.closedDates),
        shifts: [
          aShift({
            starts: '09:00',
            ends: '18:00',
            cutOff: '12:00',
            units: { clean: 120, sole: 120 },
          }),
        ],
      }),
    ],
    lines: [
      { code: 'A-W', departures: ['14:00', '20:30'], minutes: 60 },
      { code: 'W-B', departures: ['09:00', '18:30'], minutes: 90 },
      { code: 'W-A', departures: ['09:00', '18:30'], minutes: 60 },
    ].map(({ code, departures, minutes }) => {
      const [from, to] = code.split('-') as [string, string];
      return aLine({
        ...van,
        code,
        departures,
        stops: [
          [from, 0],
          [to, minutes],
        ],
      });
    }),
  });
}

export interface ExampleChanges {
  readonly vanPairs?: number;
  readonly closedDates?: readonly string[];
}

export const BASIC_CLEAN = [{ skill: 'clean', units: 1, dwellMin: 1200 }];
export const RESOLE = [{ skill: 'sole', units: 3, dwellMin: 2880 }];

export function anItem(pairs = 1, operations = BASIC_CLEAN): PlanItem {
  return { pairs, operations };
}
