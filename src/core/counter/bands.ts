import type { CounterBand, CounterNumbers, Store } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import type { Interval } from '../time/interval.ts';
import { weekdayOfDay } from '../time/local-date.ts';
import type { EpochMs, TimeZone } from '../time/time.ts';

/**
 * The numbers of slots that start on the days from `first` to `last`: of the first band that covers the
 * start, else of the counter. A band of a date may go on after midnight, into the next date.
 *
 * @returns answers by a slot's start and the day number of its local date
 */
export function numbersFrom(
  { counter, timeZone }: Store,
  first: number,
  last: number,
): (start: EpochMs, day: number) => CounterNumbers {
  const counterNumbers = filled(counter, counter);
  const bands = counter.bands.map((band) => ({
    numbers: filled(band, counter),
    windows: windowsOf(band, first, last, timeZone),
  }));
  return (start, day) => {
    for (const { numbers, windows } of bands) {
      for (let at = day - first; at < day - first + WINDOWS_OF_DAY; at++) {
        const window = windows[at];
        if (window != null && window.start <= start && start < window.end) return numbers;
      }
    }
    return counterNumbers;
  };
}

/** An instant can be in hours of the two dates before, of its own, and, the clock set back, of the next. */
const DAYS_BEFORE = 2;
const DAYS_AFTER = 1;
const WINDOWS_OF_DAY = DAYS_BEFORE + 1 + DAYS_AFTER;

/** One for each day from two days before `first`, null where the band has none. */
function windowsOf(
  band: CounterBand,
  first: number,
  last: number,
  zone: TimeZone,
): readonly (Interval | null)[] {
  const windows: (Interval | null)[] = [];
  for (let day = first - DAYS_BEFORE; day <= last + DAYS_AFTER; day++) {
    windows.push(band.days.includes(weekdayOfDay(day)) ? windowOn(band, day, zone) : null);
  }
  return windows;
}

function windowOn({ opens, closes }: CounterBand, day: number, zone: TimeZone): Interval {
  return {
    start: instantOfDay(day, opens, zone),
    end: instantOfDay(closes <= opens ? day + 1 : day, closes, zone),
  };
}

function filled(numbers: CounterNumbers, counter: CounterNumbers): CounterNumbers {
  return {
    visits: numbers.visits,
    dropOffVisits: numbers.dropOffVisits ?? counter.dropOffVisits,
    pickUpVisits: numbers.pickUpVisits ?? counter.pickUpVisits,
    dropOffPairs: numbers.dropOffPairs ?? counter.dropOffPairs,
    walkInVisits: numbers.walkInVisits,
  };
}
