import type { CounterBand, CounterNumbers, Store } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import type { Interval } from '../time/interval.ts';
import { weekdayOfDay } from '../time/local-date.ts';
import type { EpochMs, TimeZone } from '../time/time.ts';

/**
 * The numbers of slots that start on the days from `first` to `last`: of the first band that covers the
 * start, else of the counter. A band of a date may go on after midnight, into the next date.
 *
 * @returns answers, for an opening, the numbers at a slot's start in it
 */
export function numbersFrom(
  { counter, timeZone }: Store,
  first: number,
  last: number,
): (opening: Interval) => (start: EpochMs) => CounterNumbers {
  const counterNumbers = filled(counter, counter);
  const windows = counter.bands.flatMap((band) =>
    windowsOf(band, filled(band, counter), first, last, timeZone),
  );
  return (opening) => {
    const covering = windows.filter(
      (window) => window.start < opening.end && opening.start < window.end,
    );
    if (covering.length === 0) return () => counterNumbers;
    return (start) => {
      for (const window of covering) {
        if (window.start <= start && start < window.end) return window.numbers;
      }
      return counterNumbers;
    };
  };
}

/** When a band holds, and what it says. */
interface BandWindow extends Interval {
  readonly numbers: CounterNumbers;
}

/** An instant can be in hours of the two dates before, of its own, and, the clock set back, of the next. */
const DAYS_BEFORE = 2;
const DAYS_AFTER = 1;

function windowsOf(
  { days, opens, closes }: CounterBand,
  numbers: CounterNumbers,
  first: number,
  last: number,
  zone: TimeZone,
): readonly BandWindow[] {
  const windows: BandWindow[] = [];
  for (let day = first - DAYS_BEFORE; day <= last + DAYS_AFTER; day++) {
    if (!days.includes(weekdayOfDay(day))) continue;
    const start = instantOfDay(day, opens, zone);
    const end = instantOfDay(closes <= opens ? day + 1 : day, closes, zone);
    windows.push({ start, end, numbers });
  }
  return windows;
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
