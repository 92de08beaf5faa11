import { limitOf } from '../../core/claims/limits.ts';
import { legsOf } from '../../core/claims/resource.ts';
import type { Network } from '../../core/network/network.ts';
import { shiftDates } from '../../core/promise/shift-dates.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { instantAt } from '../../core/time/instant-at.ts';
import { addDays, isLocalDate, localDayOf } from '../../core/time/local-date.ts';
import { MINUTE_MS, type EpochMs, type LocalDate } from '../../core/time/time.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, HqCaller, StaffCaller } from '../../platform/signin/caller.ts';
import type { DisruptionFacts } from '../network/index.ts';

/** `DisruptionInput` as it arrives. */
export interface DisruptionInput {
  readonly kind: DisruptionFacts['kind'];
  readonly partCode: string;
  readonly from?: EpochMs | null;
  readonly to?: EpochMs | null;
  readonly fromDate?: LocalDate | null;
  readonly toDate?: LocalDate | null;
  readonly skill?: string | null;
  readonly units?: number | null;
  readonly delayMinutes?: number | null;
  readonly reason?: string | null;
}

export interface ApplyDisruptionInput {
  readonly requestKey: string;
  readonly disruption: DisruptionInput;
}

export type DisruptionCaller = HqCaller | StaffCaller;

/** Why something cannot be a disruption of the chain. */
export interface InvalidDisruption {
  /**
   * INCOMPLETE: a field that the kind needs is missing. UNKNOWN_WINDOW: no shift or trip starts then, or
   * the shift does not have the skill. PAST: it is over.
   */
  readonly code: 'INCOMPLETE' | 'UNKNOWN_PART' | 'UNKNOWN_WINDOW' | 'PAST';
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const REASON = { what: 'A reason', least: 0, most: 500 };
const MOST_DELAY_MIN = 2_880;
/** Nobody knows of anything so far ahead, and the calendar ends soon after. */
const LAST_YEAR = 8999;

/** @throws GraphQLError BAD_USER_INPUT on what no chain could make right */
export function checkForm(input: DisruptionInput): void {
  const { fromDate, toDate, units, delayMinutes, reason } = input;
  for (const [path, date] of Object.entries({ fromDate, toDate })) {
    if (date != null && !isLocalDate(date)) {
      throw badInput('A date is written as in 2026-03-01.', path);
    }
  }
  checkYears(input);
  if (units != null && units < 0) throw badInput('Units are 0 or more.', 'units');
  if (delayMinutes != null && (delayMinutes < 1 || delayMinutes > MOST_DELAY_MIN)) {
    throw badInput(`A delay has 1 to ${MOST_DELAY_MIN} minutes.`, 'delayMinutes');
  }
  if (reason != null) checkText(reason, REASON, 'reason');
}

function checkYears({ from, to, fromDate, toDate }: DisruptionInput): void {
  const years = {
    ...{ fromDate: fromDate?.slice(0, 4), toDate: toDate?.slice(0, 4) },
    ...{ from: yearOf(from), to: yearOf(to) },
  };
  for (const [path, year] of Object.entries(years)) {
    if (Number(year ?? 0) > LAST_YEAR) throw badInput(`At most the year ${LAST_YEAR}.`, path);
  }
}

const yearOf = (instant: EpochMs | null | undefined): number | undefined =>
  instant == null ? undefined : new Date(instant).getUTCFullYear();

export const checkRequestKey = (key: string): void => {
  checkText(key, REQUEST_KEY, 'requestKey');
};

/** @throws GraphQLError FORBIDDEN: staff report what befalls vans that call at a place of theirs */
export function checkScope(
  input: Pick<DisruptionInput, 'kind' | 'partCode'>,
  network: Network,
  caller: Caller,
): void {
  if (caller.role === 'hq') return;
  const stops = network.lines.get(input.partCode)?.stops ?? [];
  const isTrip = input.kind === 'CANCEL_TRIP' || input.kind === 'DELAY_TRIP';
  const stores = caller.role === 'staff' ? caller.stores : [];
  if (isTrip && stops.some(({ code }) => stores.includes(code))) return;
  throw forbidden('This is for headquarters to say.');
}

/** What is reported, if the chain has it and it is not over. */
export function factsFrom(
  input: DisruptionInput,
  network: Network,
  now: EpochMs,
): Result<DisruptionFacts, InvalidDisruption> {
  switch (input.kind) {
    case 'CLOSE_STORE':
      return closure(input, network, now);
    case 'CUT_SHIFT':
      return cut(input, network, now);
    case 'CANCEL_TRIP':
    case 'DELAY_TRIP':
      return trip(input, network, now);
  }
}

type Facts = Result<DisruptionFacts, InvalidDisruption>;

function closure(input: DisruptionInput, { stores }: Network, now: EpochMs): Facts {
  const { partCode: code, from, to, fromDate, toDate } = input;
  const store = stores.get(code);
  if (store === undefined) return refuse({ code: 'UNKNOWN_PART' });
  const midnight = (date: LocalDate) => instantAt(date, 0, store.timeZone);
  const start = fromDate == null ? from : midnight(fromDate);
  const end = fromDate == null ? to : midnight(addDays(toDate ?? fromDate, 1));
  if (start == null || end == null || end <= start) return refuse({ code: 'INCOMPLETE' });
  if (end <= now) return refuse({ code: 'PAST' });
  return ok({ kind: 'CLOSE_STORE', code, start, end });
}

function cut(input: DisruptionInput, { workshops }: Network, now: EpochMs): Facts {
  const { partCode: code, from: start, skill = null, units } = input;
  const workshop = workshops.get(code);
  if (workshop === undefined) return refuse({ code: 'UNKNOWN_PART' });
  if (start == null) return refuse({ code: 'INCOMPLETE' });
  const day = localDayOf(start, workshop.timeZone);
  const run = shiftDates(workshop, day - 1, day).find((each) => each.start === start);
  const isKnown = run !== undefined && (skill === null || run.shift.units.has(skill));
  if (!isKnown) return refuse({ code: 'UNKNOWN_WINDOW' });
  if (run.end <= now) return refuse({ code: 'PAST' });
  return ok({ kind: 'CUT_SHIFT', code, start, skill, units: units ?? 0 });
}

function trip(input: DisruptionInput, network: Network, now: EpochMs): Facts {
  const { kind, partCode: code, from: start, delayMinutes } = input;
  const line = network.lines.get(code);
  if (line === undefined) return refuse({ code: 'UNKNOWN_PART' });
  if (start == null) return refuse({ code: 'INCOMPLETE' });
  const resource = legsOf(line)[0]!;
  const isRun = limitOf(network, { resource, start }) !== undefined;
  if (!isRun && !(line.disrupted?.has(start) ?? false)) return refuse({ code: 'UNKNOWN_WINDOW' });
  const delayMin = kind === 'DELAY_TRIP' ? delayMinutes : 0;
  if (delayMin == null) return refuse({ code: 'INCOMPLETE' });
  if (start + (line.stops.at(-1)!.minutes + delayMin) * MINUTE_MS <= now) {
    return refuse({ code: 'PAST' });
  }
  return ok(
    kind === 'DELAY_TRIP'
      ? { kind: 'DELAY_TRIP', code, start, delayMin }
      : { kind: 'CANCEL_TRIP', code, start },
  );
}
