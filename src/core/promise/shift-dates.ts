import type { Shift, Workshop } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { dateOfDay, weekdayOfDay } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';

/** One run of a shift on one date. */
export interface ShiftDate {
  readonly shift: Shift;
  /** What is left of the shift's units, by skill. */
  readonly units: ReadonlyMap<string, number>;
  readonly start: EpochMs;
  readonly end: EpochMs;
  /** Goods that are there at this instant can still be worked on. */
  readonly cutOff: EpochMs;
  /** It would have run, but the workshop is closed on the date. */
  readonly isClosed: boolean;
}

/**
 * Every run of the workshop's shifts that starts on the days from `firstDay` to `lastDay` of its calendar,
 * also those lost to closed dates. A run that a change of the clock leaves nothing of is dropped.
 */
export function shiftDates(
  { shifts, closedDates, timeZone, cuts }: Workshop,
  firstDay: number,
  lastDay: number,
): readonly ShiftDate[] {
  const runs: ShiftDate[] = [];
  for (let day = firstDay; day <= lastDay; day++) {
    const weekday = weekdayOfDay(day);
    const isClosed = closedDates.size > 0 && closedDates.has(dateOfDay(day));
    for (const shift of shifts) {
      if (!shift.days.includes(weekday)) continue;
      const { starts, ends, intakeCutOff } = shift;
      const isPastMidnight = ends <= starts;
      const start = instantOfDay(day, starts, timeZone);
      const end = instantOfDay(isPastMidnight ? day + 1 : day, ends, timeZone);
      if (end <= start) continue;
      const cutOffDay = isPastMidnight && intakeCutOff <= ends ? day + 1 : day;
      const cutOff = instantOfDay(cutOffDay, intakeCutOff, timeZone);
      runs.push({ shift, units: unitsLeft(shift, cuts?.get(start)), start, end, cutOff, isClosed });
    }
  }
  return runs;
}

function unitsLeft(
  { units }: Shift,
  cut: ReadonlyMap<string, number> | undefined,
): ReadonlyMap<string, number> {
  if (cut === undefined) return units;
  return new Map(
    [...units].map(([skill, stated]) => [skill, Math.min(stated, cut.get(skill) ?? stated)]),
  );
}
