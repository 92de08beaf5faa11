import { checkDays, checkOpeningHours, checkSpecialHours, checkTimeRange } from './check-hours.ts';
import {
  checkAddress,
  checkDegrees,
  checkList,
  checkName,
  checkWhole,
  checkZone,
} from './check-values.ts';
import { compileHours } from './compile-store.ts';
import { opensForAsLongAs } from './longest-opening.ts';
import type { CounterBandInput, CounterInput, StoreInput } from './network-input.ts';
import type { ProblemList } from './problem-list.ts';

const MAX_BANDS = 100;
const MAX_SLOT_MIN = 1440;
const MAX_PUT_AWAY_MIN = 7 * 1440;
const MAX_LEAD_TIME_MIN = 365 * 1440;
const MAX_HORIZON_DAYS = 366;

/** All of a store but its code. */
export function checkStore(problems: ProblemList, path: string, store: StoreInput): void {
  checkName(problems, `${path}.name`, store.name);
  checkZone(problems, `${path}.timeZone`, store.timeZone);
  checkAddress(problems, `${path}.address`, store.address);
  checkDegrees(problems, `${path}.latitude`, store.latitude, 90);
  checkDegrees(problems, `${path}.longitude`, store.longitude, 180);
  const before = problems.count;
  checkOpeningHours(problems, `${path}.openingHours`, store.openingHours);
  checkSpecialHours(problems, `${path}.specialHours`, store.specialHours);
  const hoursAreSound = problems.count === before && !problems.isFull;
  checkSlotLength(problems, `${path}.counter.slotMinutes`, store, hoursAreSound);
  checkCounter(problems, `${path}.counter`, store.counter);
  checkWhole(problems, `${path}.shelfPairs`, store.shelfPairs, 0);
  checkWhole(problems, `${path}.putAwayMinutes`, store.putAwayMinutes, 0, MAX_PUT_AWAY_MIN);
}

/** A slot that no opening of the store has room for would never be offered. */
function checkSlotLength(
  problems: ProblemList,
  path: string,
  store: StoreInput,
  hoursAreSound: boolean,
): void {
  const { slotMinutes } = store.counter;
  const before = problems.count;
  checkWhole(problems, path, slotMinutes, 1, MAX_SLOT_MIN);
  if (!hoursAreSound || problems.count > before) return;
  if (!opensForAsLongAs(compileHours(store), slotMinutes)) {
    problems.add(path, 'a slot is longer than any opening of the store');
  }
}

function checkCounter(problems: ProblemList, path: string, counter: CounterInput): void {
  checkNumbers(problems, path, counter);
  checkList(problems, `${path}.bands`, counter.bands, { most: MAX_BANDS }, (band, at) => {
    checkDays(problems, `${at}.days`, band.days);
    checkTimeRange(problems, at, band);
    checkNumbers(problems, at, band);
  });
  checkWhole(problems, `${path}.leadTimeMinutes`, counter.leadTimeMinutes, 0, MAX_LEAD_TIME_MIN);
  checkWhole(problems, `${path}.horizonDays`, counter.horizonDays, 1, MAX_HORIZON_DAYS);
}

/** A limit within the whole may be greater than the whole, which then rules. */
function checkNumbers(
  problems: ProblemList,
  path: string,
  numbers: CounterInput | CounterBandInput,
): void {
  checkWhole(problems, `${path}.visits`, numbers.visits, 0);
  checkWhole(problems, `${path}.dropOffVisits`, numbers.dropOffVisits, 0);
  checkWhole(problems, `${path}.pickUpVisits`, numbers.pickUpVisits, 0);
  checkWhole(problems, `${path}.dropOffPairs`, numbers.dropOffPairs, 0);
  checkWhole(problems, `${path}.walkInVisits`, numbers.walkInVisits, 0);
  if (numbers.visits >= 0 && (numbers.walkInVisits ?? 0) > numbers.visits) {
    problems.add(`${path}.walkInVisits`, 'must not be more than visits');
  }
}
