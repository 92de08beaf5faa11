import { delayOf } from '../network/disruptions.ts';
import type { Line } from '../network/network.ts';
import type { PlanStep } from '../promise/plan.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { dateOfDay, dayNumber, localDayOf, weekdayOfDay } from '../time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';

/** A part of a trip: numbers of the stops, from 0 on. */
export interface StopSpan {
  readonly from: number;
  readonly to: number;
}

/** Beyond them the calendar of the service has no dates, and vans no departures. */
const FIRST_DAY = dayNumber('0000-01-01');
const LAST_DAY = dayNumber('9999-12-31');

/** Scheduled departures from the first stop on the days of the line's calendar, both included; sorted. */
export function departuresOn(line: Line, firstDay: number, lastDay: number): readonly EpochMs[] {
  const instants = new Set<EpochMs>();
  const last = Math.min(lastDay, LAST_DAY);
  for (let day = Math.max(firstDay, FIRST_DAY); day <= last; day++) {
    if (line.exceptDates.has(dateOfDay(day))) continue;
    const weekday = weekdayOfDay(day);
    for (const { days, at } of line.departures) {
      if (days.includes(weekday)) instants.add(instantOfDay(day, at, line.timeZone));
    }
  }
  return [...instants].sort((a, b) => a - b);
}

/** Whether the timetable has a trip with this name. */
export function hasTrip(line: Line, departs: EpochMs): boolean {
  const day = localDayOf(departs, line.timeZone);
  // A time that the clock skips or repeats may be said to be of the day before or after.
  return departuresOn(line, day - 1, day + 1).includes(departs);
}

/** When the van is to be at a stop, by what is known of the trip; null: it is cancelled. */
export function callAt(line: Line, departs: EpochMs, stop: number): EpochMs | null {
  const delayMin = delayOf(line.disrupted?.get(departs));
  if (delayMin === null) return null;
  return departs + (line.stops[stop]!.minutes + delayMin) * MINUTE_MS;
}

/** The last scheduled departure at `begins` or before, whatever is known of its delay. */
export function lastDeparture(line: Line, begins: EpochMs): EpochMs | null {
  const day = localDayOf(begins, line.timeZone);
  return departuresOn(line, day - 1, day).findLast((departs) => departs <= begins) ?? null;
}

/**
 * Which part of a trip a step of a plan rides; null: it rides no part of it. A plan may have been made
 * before the trip was said to be late, or when it was said to be later: a ride that begins when no trip does
 * is of the last one before it.
 */
export function spanOf(line: Line, departs: EpochMs, step: PlanStep): StopSpan | null {
  const delayMs = (delayOf(line.disrupted?.get(departs)) ?? 0) * MINUTE_MS;
  const spans = spansOf(line, step);
  const now = spans.find(({ begins }) => begins >= departs && begins <= departs + delayMs);
  if (now !== undefined) return spanFrom(now);
  const lasts = spans.map((span) => ({ ...span, last: lastDeparture(line, span.begins) }));
  if (lasts.some(({ begins, last }) => begins === last)) return null;
  const then = lasts.find(({ last }) => last === departs);
  return then === undefined ? null : spanFrom(then);
}

const spanFrom = ({ from, to }: StopSpan): StopSpan => ({ from, to });

/** The parts of a line that take as long as a ride, with when a trip begins that goes there at its time. */
function spansOf(
  { code: lineCode, stops }: Line,
  { kind, by, fromCode, toCode, start, end }: PlanStep,
): readonly (StopSpan & { readonly begins: EpochMs })[] {
  if (kind !== 'RIDE' || by !== lineCode) return [];
  return stops.flatMap(({ code, minutes }, from) => {
    if (code !== fromCode) return [];
    const lengthOf = (stop: { readonly minutes: number }) => (stop.minutes - minutes) * MINUTE_MS;
    const to = stops.findIndex(
      (stop, at) => at > from && stop.code === toCode && lengthOf(stop) === end - start,
    );
    return to < 0 ? [] : [{ from, to, begins: start - minutes * MINUTE_MS }];
  });
}
