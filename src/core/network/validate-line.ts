import { checkDates, checkDays } from './check-hours.ts';
import { checkList, checkStartTime, checkWhole, checkZone } from './check-values.ts';
import type { NetworkDocument } from './network-document.ts';
import type { DepartureInput, LineInput } from './network-input.ts';
import type { ProblemList } from './problem-list.ts';

const MAX_STOPS = 100;
const MAX_DEPARTURES = 500;
const MAX_TRIP_MIN = 2 * 1440;
const MAX_CUT_OFF_MIN = 1440;

/** All of a line but its code. One without departures does not run for now. */
export function checkLine(
  problems: ProblemList,
  path: string,
  line: LineInput,
  merged: NetworkDocument,
): void {
  checkZone(problems, `${path}.timeZone`, line.timeZone);
  checkStops(problems, `${path}.stops`, line, merged);
  checkDepartures(problems, `${path}.departures`, line.departures);
  checkWhole(problems, `${path}.cutOffMinutes`, line.cutOffMinutes, 0, MAX_CUT_OFF_MIN);
  checkWhole(problems, `${path}.pairs`, line.pairs, 0);
  checkDates(problems, `${path}.exceptDates`, line.exceptDates);
}

function checkStops(
  problems: ProblemList,
  path: string,
  { stops }: LineInput,
  merged: NetworkDocument,
): void {
  checkList(problems, path, stops, { least: 2, most: MAX_STOPS }, (stop, at, index) => {
    const before = stops[index - 1];
    if (!merged.stores.has(stop.code) && !merged.workshops.has(stop.code)) {
      problems.add(`${at}.code`, 'no store or workshop has this code');
    } else if (stop.code === before?.code) {
      problems.add(`${at}.code`, 'must not be the same as the stop before');
    }
    if (before === undefined) {
      if (stop.minutes !== 0) problems.add(`${at}.minutes`, 'must be 0 at the first stop');
      return;
    }
    const known = problems.count;
    checkWhole(problems, `${at}.minutes`, stop.minutes, 0, MAX_TRIP_MIN);
    if (problems.count === known && stop.minutes <= before.minutes) {
      problems.add(`${at}.minutes`, 'must be more than at the stop before');
    }
  });
}

/** Trips are told apart by line and departure, so a line leaves only once at a time. */
function checkDepartures(
  problems: ProblemList,
  path: string,
  departures: readonly DepartureInput[],
): void {
  checkList(
    problems,
    path,
    departures,
    { most: MAX_DEPARTURES },
    ({ days, at: time }, at, index) => {
      checkDays(problems, `${at}.days`, days);
      checkStartTime(problems, `${at}.at`, time);
      const twin = departures
        .slice(0, index)
        .findIndex((other) => other.at === time && other.days.some((day) => days.includes(day)));
      if (twin >= 0) problems.add(`${at}.at`, `the line leaves then already: ${path}[${twin}]`);
    },
  );
}
