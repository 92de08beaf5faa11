import { compileNetwork } from '../../../src/core/network/compile-network.ts';
import { documentOf } from '../../../src/core/network/network-document.ts';
import type {
  NetworkInput,
  StoreInput,
  WorkshopInput,
} from '../../../src/core/network/network-input.ts';
import type { Network } from '../../../src/core/network/network.ts';
import { DAILY } from '../../support/generated-workshops.ts';
import { generateNetwork } from '../../support/network-generator.ts';

/** Stores beside the generated ones, each with so many orders in the month ahead. */
export const QUIET_STORE = 'X-QUIET';
export const STEADY_STORE = 'X-STEADY';
export const BUSY_STORE = 'X-BUSY';
/** No orders to begin with; takes any number of them at once. */
export const HOT_STORE = 'X-HOT';

const SPECIAL = [QUIET_STORE, STEADY_STORE, BUSY_STORE, HOT_STORE];

/** 500 generated stores, 20 hubs, 2,000 trips a day; and four stores that do all work themselves. */
export function benchChain(): NetworkInput {
  const { stores, workshops, services, lines } = generateNetwork({
    stores: 500,
    hubs: 20,
    tripsPerDay: 2000,
    seed: 7,
  });
  return {
    stores: [...stores!, ...SPECIAL.map(largeStore)],
    workshops: [...workshops!, ...SPECIAL.map(workshopIn)],
    services: services!,
    lines: lines!,
  };
}

export const compiled = (chain: NetworkInput, version: number): Network =>
  compileNetwork(documentOf(chain), version);

function largeStore(code: string): StoreInput {
  return {
    code,
    name: `Store ${code}`,
    timeZone: 'Asia/Shanghai',
    openingHours: [{ days: DAILY, opens: '10:00', closes: '22:00' }],
    counter: {
      slotMinutes: 30,
      visits: code === HOT_STORE ? 100_000 : 20,
      leadTimeMinutes: 30,
      horizonDays: 60,
    },
    putAwayMinutes: 30,
    nightDrop: true,
  };
}

function workshopIn(storeCode: string): WorkshopInput {
  const units = 1_000_000;
  return {
    code: storeCode.replace('X', 'W'),
    name: `Bench of ${storeCode}`,
    timeZone: 'Asia/Shanghai',
    storeCode,
    shifts: [
      {
        days: DAILY,
        starts: '10:00',
        ends: '19:00',
        intakeCutOff: '14:00',
        skills: ['clean', 'sole', 'colour', 'protect'].map((skill) => ({ skill, units })),
      },
    ],
    closedDates: [],
  };
}
