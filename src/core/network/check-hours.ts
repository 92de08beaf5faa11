import { isLocalDate } from '../time/local-date.ts';
import {
  checkDate,
  checkEndTime,
  checkList,
  checkStartTime,
  type Optional,
} from './check-values.ts';
import type {
  OpeningHoursInput,
  SpecialHoursInput,
  TimeRangeInput,
  WeekdayName,
} from './network-input.ts';
import type { ProblemList } from './problem-list.ts';

const MAX_RANGES = 50;
const MAX_SPECIAL_HOURS = 1000;
const MAX_DATES = 1000;

/** Overlapping hours are sound: they join. None at all is a store that is closed for now. */
export function checkOpeningHours(
  problems: ProblemList,
  path: string,
  hours: readonly OpeningHoursInput[],
): void {
  checkList(problems, path, hours, { most: MAX_RANGES }, (range, at) => {
    checkDays(problems, `${at}.days`, range.days);
    checkTimeRange(problems, at, range);
  });
}

export function checkSpecialHours(
  problems: ProblemList,
  path: string,
  special: Optional<readonly SpecialHoursInput[]>,
): void {
  checkList(problems, path, special, { most: MAX_SPECIAL_HOURS }, (range, at, index) => {
    checkDate(problems, `${at}.from`, range.from);
    const earlier = special!.slice(0, index);
    if (isSound(range)) {
      const overlapped = earlier.findIndex((other) => isSound(other) && overlap(other, range));
      if (overlapped >= 0) problems.add(`${at}.from`, `overlaps ${path}[${overlapped}]`);
    }
    checkDate(problems, `${at}.to`, range.to);
    if (isLocalDate(range.from) && isLocalDate(range.to) && range.to < range.from) {
      problems.add(`${at}.to`, 'must not be before from');
    }
    checkList(problems, `${at}.hours`, range.hours, { most: MAX_RANGES }, (hours, hoursAt) => {
      checkTimeRange(problems, hoursAt, hours);
    });
  });
}

/** Days of the week: some, and none of them twice. */
export function checkDays(problems: ProblemList, path: string, days: readonly WeekdayName[]): void {
  checkList(problems, path, days, { least: 1, most: 7 }, (day, at, index) => {
    if (days.indexOf(day) < index) problems.add(at, `${day} is there twice`);
  });
}

export function checkTimeRange(problems: ProblemList, path: string, range: TimeRangeInput): void {
  checkStartTime(problems, `${path}.opens`, range.opens);
  checkEndTime(problems, `${path}.closes`, range.closes);
}

export function checkDates(
  problems: ProblemList,
  path: string,
  dates: Optional<readonly string[]>,
): void {
  checkList(problems, path, dates, { most: MAX_DATES }, (date, at) => {
    checkDate(problems, at, date);
  });
}

const isSound = ({ from, to }: SpecialHoursInput): boolean =>
  isLocalDate(from) && isLocalDate(to) && from <= to;

const overlap = (a: SpecialHoursInput, b: SpecialHoursInput): boolean =>
  a.from <= b.to && b.from <= a.to;
