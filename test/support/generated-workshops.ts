import type {
  StoreInput,
  WeekdayName,
  WorkshopInput,
} from '../../src/core/network/network-input.ts';
import { WEEKEND, WORKDAYS } from './generated-stores.ts';
import type { Region } from './network-generator.ts';

const WORKING_WEEK: readonly WeekdayName[] = [...WORKDAYS, 'SATURDAY'];
export const DAILY: readonly WeekdayName[] = [...WORKDAYS, ...WEEKEND];

/** Two shifts on working days, one on Sundays; room for some twenty units a day and store. */
export function generateHub(region: Region, timeZone: string): WorkshopInput {
  const share = Math.max(40, region.stores.length * 4);
  const skills = [
    { skill: 'clean', units: share * 2 },
    { skill: 'sole', units: share * 2 },
    { skill: 'colour', units: share * 2 },
    { skill: 'protect', units: share },
  ];
  return {
    code: region.hub.code,
    name: `Hub ${region.hub.code.slice(1)}`,
    timeZone,
    shifts: [
      { days: WORKING_WEEK, starts: '07:00', ends: '15:00', intakeCutOff: '10:00', skills },
      { days: WORKING_WEEK, starts: '15:00', ends: '23:00', intakeCutOff: '18:00', skills },
      { days: ['SUNDAY'], starts: '09:00', ends: '17:00', intakeCutOff: '11:00', skills },
    ],
    closedDates: ['2027-02-06', '2027-02-07'],
  };
}

/** A bench in the back room of `store`: quick work only. */
export function generateInStoreWorkshop(store: StoreInput): WorkshopInput {
  return {
    code: `W${store.code.slice(1)}`,
    name: `Bench of ${store.name}`,
    timeZone: store.timeZone,
    storeCode: store.code,
    shifts: [
      {
        days: DAILY,
        starts: '10:00',
        ends: '19:00',
        intakeCutOff: '14:00',
        skills: [
          { skill: 'clean', units: 20 },
          { skill: 'protect', units: 12 },
        ],
      },
    ],
    closedDates: [],
  };
}
