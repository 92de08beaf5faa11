import { isLocalDate, isTimeZone, parseLocalTime } from '../time/local-date.ts';
import type { MinuteOfDay } from '../time/time.ts';
import type { ProblemList } from './problem-list.ts';

/** Most of a whole number: what GraphQL's Int and the database's integer hold. */
export const MAX_INT = 2_147_483_647;
const MAX_NAME_CHARACTERS = 200;
const MAX_ADDRESS_CHARACTERS = 500;
const END_OF_DAY_MIN = 1440;

/** Control characters and halves of characters, which databases and terminals do not bear. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;
const CODE = /^[A-Za-z0-9_-]{1,32}$/;
/** None of `: / > #`, which separate the parts of a resource's name. */
const SKILL = /^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._+&-]{0,63}$/u;

export type Optional<T> = T | null | undefined;

/** A whole number from `least` to `most`; absent counts as sound. */
export function checkWhole(
  problems: ProblemList,
  path: string,
  value: Optional<number>,
  least: number,
  most: number = MAX_INT,
): void {
  if (value === null || value === undefined) return;
  if (Number.isInteger(value) && value >= least && value <= most) return;
  problems.add(path, `must be a whole number from ${least} to ${most}`);
}

/** A number from `-most` to `most`; absent counts as sound. */
export function checkDegrees(
  problems: ProblemList,
  path: string,
  value: Optional<number>,
  most: number,
): void {
  if (value === null || value === undefined) return;
  if (!(Math.abs(value) <= most)) problems.add(path, `must be from -${most} to ${most} degrees`);
}

export function checkCode(problems: ProblemList, path: string, code: string): void {
  if (!CODE.test(code)) problems.add(path, 'must be 1 to 32 of A-Z a-z 0-9 - _');
}

export function checkSkill(problems: ProblemList, path: string, skill: string): void {
  if (SKILL.test(skill)) return;
  problems.add(
    path,
    'must be 1 to 64 letters, digits, spaces or . _ + & -, a letter or digit first',
  );
}

export function checkName(problems: ProblemList, path: string, name: string): void {
  if (name.trim() === '') problems.add(path, 'must not be empty');
  else checkText(problems, path, name, MAX_NAME_CHARACTERS);
}

export function checkAddress(problems: ProblemList, path: string, address: Optional<string>): void {
  checkText(problems, path, address ?? '', MAX_ADDRESS_CHARACTERS);
}

function checkText(problems: ProblemList, path: string, text: string, most: number): void {
  if (text.length > most) problems.add(path, `must be at most ${most} characters`);
  else if (UNPRINTABLE.test(text)) problems.add(path, 'must not hold control characters');
}

export function checkCurrency(problems: ProblemList, path: string, currency: string): void {
  if (!/^[A-Z]{3}$/.test(currency)) problems.add(path, 'must be an ISO 4217 code such as CNY');
}

/** Names found to be zones: asking luxon takes longer than all other checks of a store together. */
const soundZones = new Set<string>();
const MAX_SOUND_ZONES = 1_000;

export function checkZone(problems: ProblemList, path: string, zone: string): void {
  if (soundZones.has(zone)) return;
  if (!isTimeZone(zone)) problems.add(path, 'must be an IANA time zone such as Asia/Shanghai');
  else if (soundZones.size < MAX_SOUND_ZONES) soundZones.add(zone);
}

export function checkDate(problems: ProblemList, path: string, date: string): void {
  if (!isLocalDate(date)) problems.add(path, 'must be a date of the calendar, YYYY-MM-DD');
}

/** A time at which something starts: 24:00 belongs to the next date. null: not a sound one. */
export function checkStartTime(
  problems: ProblemList,
  path: string,
  time: string,
): MinuteOfDay | null {
  const minute = parseLocalTime(time);
  if (minute !== null && minute < END_OF_DAY_MIN) return minute;
  problems.add(path, 'must be a time from 00:00 to 23:59, HH:MM');
  return null;
}

/** A time at which something ends. null: not a sound one. */
export function checkEndTime(
  problems: ProblemList,
  path: string,
  time: string,
): MinuteOfDay | null {
  const minute = parseLocalTime(time);
  if (minute === null) problems.add(path, 'must be a time from 00:00 to 24:00, HH:MM');
  return minute;
}

/** Looks at each element in order, unless there are more than `most` or fewer than `least` of them. */
export function checkList<T>(
  problems: ProblemList,
  path: string,
  list: Optional<readonly T[]>,
  { least = 0, most }: { readonly least?: number; readonly most: number },
  checkElement: (element: T, path: string, index: number) => void,
): void {
  const elements = list ?? [];
  if (elements.length > most) {
    problems.add(path, `must have at most ${most} entries`);
    return;
  }
  if (elements.length < least) {
    problems.add(path, least === 1 ? 'must not be empty' : `must have at least ${least} entries`);
  }
  for (const [index, element] of elements.entries()) {
    if (problems.isFull) return;
    checkElement(element, `${path}[${index}]`, index);
  }
}
