import { checkDates, checkDays } from './check-hours.ts';
import {
  checkEndTime,
  checkList,
  checkName,
  checkSkill,
  checkStartTime,
  checkWhole,
  checkZone,
} from './check-values.ts';
import type { NetworkDocument } from './network-document.ts';
import type { ShiftInput, WorkshopInput } from './network-input.ts';
import type { ProblemList } from './problem-list.ts';

const MAX_SHIFTS = 100;
const MAX_SKILLS = 100;

/** All of a workshop but its code. One without shifts does no work for now. */
export function checkWorkshop(
  problems: ProblemList,
  path: string,
  workshop: WorkshopInput,
  merged: NetworkDocument,
): void {
  checkName(problems, `${path}.name`, workshop.name);
  checkZone(problems, `${path}.timeZone`, workshop.timeZone);
  const storeCode = workshop.storeCode ?? null;
  if (storeCode !== null && !merged.stores.has(storeCode)) {
    problems.add(`${path}.storeCode`, 'no store has this code');
  }
  const { shifts } = workshop;
  checkList(problems, `${path}.shifts`, shifts, { most: MAX_SHIFTS }, (shift, at, index) => {
    checkShift(problems, at, shift);
    const rival = shifts.slice(0, index).findIndex((other) => shareBucket(other, shift));
    if (rival >= 0) {
      problems.add(`${at}.starts`, `starts with ${path}.shifts[${rival}], and has a skill of it`);
    }
  });
  checkDates(problems, `${path}.closedDates`, workshop.closedDates);
}

function checkShift(problems: ProblemList, path: string, shift: ShiftInput): void {
  checkDays(problems, `${path}.days`, shift.days);
  const startsMin = checkStartTime(problems, `${path}.starts`, shift.starts);
  const endsMin = checkEndTime(problems, `${path}.ends`, shift.ends);
  const cutOffMin = checkEndTime(problems, `${path}.intakeCutOff`, shift.intakeCutOff);
  // Past midnight every cut-off lies before the end: see `Shift`.
  const isWithinDay = startsMin !== null && endsMin !== null && startsMin < endsMin;
  if (isWithinDay && cutOffMin !== null && cutOffMin > endsMin) {
    problems.add(`${path}.intakeCutOff`, 'must not be after the end of the shift');
  }
  const { skills } = shift;
  checkList(
    problems,
    `${path}.skills`,
    skills,
    { least: 1, most: MAX_SKILLS },
    ({ skill, units }, at, index) => {
      checkSkill(problems, `${at}.skill`, skill);
      if (skills.findIndex((other) => other.skill === skill) < index) {
        problems.add(`${at}.skill`, 'this skill is there twice');
      }
      checkWhole(problems, `${at}.units`, units, 0);
    },
  );
}

/** Work is booked by workshop, skill and start of the shift: two shifts may not be alike in all three. */
function shareBucket(a: ShiftInput, b: ShiftInput): boolean {
  return (
    a.starts === b.starts &&
    a.days.some((day) => b.days.includes(day)) &&
    a.skills.some(({ skill }) => b.skills.some((other) => other.skill === skill))
  );
}
