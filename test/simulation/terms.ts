import type { LocalDate, TimeZone } from '../../src/core/time/time.ts';

/** How large a simulated time is, and how it goes there. */
export interface Terms {
  readonly stores: number;
  /** Days on which customers book; then the chain works on until what is under way has come to its end. */
  readonly days: number;
  /** Days after that, with nothing new. */
  readonly lastDays: number;
  /** Bookings of each store on one day, on average. */
  readonly bookings: number;
  readonly seed: number;
  readonly begins: LocalDate;
  readonly timeZone: TimeZone;
  readonly habits: Habits;
}

/** How often out of 1 something happens. */
export interface Habits {
  /** Bookings that are changed, and given up, before the goods are brought. */
  readonly moves: number;
  readonly cancels: number;
  /** Drop-offs and pick-ups to which nobody comes in time, or ever. */
  readonly missesDropOff: number;
  readonly missesPickUp: number;
  /** Visits a good deal too early, and too late. */
  readonly early: number;
  readonly late: number;
  /** Walk-ins for one booking. */
  readonly walkIns: number;
  /** People who walk off while they wait. */
  readonly leaves: number;
  /** Of those who are called: put aside for a while, and handed to another desk. */
  readonly holds: number;
  readonly transfers: number;
  readonly reducedMobility: number;
  /** Customers who answer when they are asked to choose, or to decide. */
  readonly answers: number;
  /** What is counted at the counter is not what was booked. */
  readonly countedOtherwise: number;
  /** Of the trips. */
  readonly lateVans: number;
  readonly cancelledVans: number;
  /** Of those, the ones that nobody reports. */
  readonly unreported: number;
  /** Of the pairs on their way: left at a stop, left in the van, loaded without a scan, scanned twice, lost. */
  readonly forgotten: number;
  readonly leftInVan: number;
  readonly notScanned: number;
  readonly scannedTwice: number;
  readonly lost: number;
  /** Of the batches of scans: sent hours later, in another order and twice. */
  readonly offline: number;
  /** Of the operations. */
  readonly findings: number;
  readonly reworks: number;
  readonly slowWork: number;
  /** Of the shifts, and of the days of a store. */
  readonly shiftCuts: number;
  readonly closures: number;
  /** Requests that are sent again as they were. */
  readonly repeats: number;
}

export const HABITS: Habits = {
  moves: 0.08,
  cancels: 0.04,
  missesDropOff: 0.05,
  missesPickUp: 0.05,
  early: 0.06,
  late: 0.1,
  walkIns: 0.15,
  leaves: 0.01,
  holds: 0.02,
  transfers: 0.02,
  reducedMobility: 0.03,
  answers: 0.75,
  countedOtherwise: 0.06,
  lateVans: 0.06,
  cancelledVans: 0.015,
  unreported: 0.25,
  forgotten: 0.006,
  leftInVan: 0.003,
  notScanned: 0.006,
  scannedTwice: 0.02,
  lost: 0.001,
  offline: 0.03,
  findings: 0.03,
  reworks: 0.01,
  slowWork: 0.01,
  shiftCuts: 0.03,
  closures: 0.006,
  repeats: 0.01,
};

/** Nothing goes wrong, and everybody does as they booked. */
export const SUNNY: Habits = Object.fromEntries(
  Object.keys(HABITS).map((name) => [name, 0]),
) as unknown as Habits;

/** More of everything, so that a few days have some of it. */
const ROUGH: Habits = {
  ...HABITS,
  ...{ moves: 0.15, cancels: 0.08, walkIns: 0.3, countedOtherwise: 0.12, offline: 0.05 },
  ...{ lateVans: 0.12, cancelledVans: 0.04, forgotten: 0.02, leftInVan: 0.01, notScanned: 0.02 },
  ...{ holds: 0.08, transfers: 0.08 },
  ...{ lost: 0.01, findings: 0.08, reworks: 0.04, slowWork: 0.04, shiftCuts: 0.2, closures: 0.12 },
};

/** A chain of six stores in the days in which New York puts its clocks back. */
export const SMALL: Terms = {
  stores: 6,
  days: 2,
  lastDays: 1,
  bookings: 7,
  seed: 1,
  begins: '2030-11-02',
  timeZone: 'America/New_York',
  habits: ROUGH,
};

export const LARGE: Terms = {
  stores: 50,
  days: 21,
  lastDays: 7,
  bookings: 8,
  seed: 7,
  begins: '2030-09-02',
  timeZone: 'Asia/Shanghai',
  habits: HABITS,
};
