import { openingsByDay } from '../hours/openings.ts';
import type { HoursOfStore } from '../network/network.ts';
import { dateOfDay, localDayOf } from '../time/local-date.ts';
import type { EpochMs, LocalDate } from '../time/time.ts';

/** When the day sheet of a store and date is sent, and until when it is of use. */
export interface SheetTimes {
  readonly date: LocalDate;
  /** The first opening of the date. */
  readonly opens: EpochMs;
  /** The doors close for the last time of the date, which may be on the next one. */
  readonly closes: EpochMs;
}

/**
 * The date whose sheet a store's staff are to have at `now`: the last one that has opened and has not
 * closed for good; null: the store has not opened yet, or has closed for the day.
 */
export function sheetDue(hours: HoursOfStore, now: EpochMs): SheetTimes | null {
  const today = localDayOf(now, hours.timeZone);
  // The day after: a clock set back at midnight shows yesterday's date again.
  const days = openingsByDay(hours, today - 2, today + 1);
  for (let index = days.length - 1; index >= 0; index--) {
    const openings = days[index]!;
    const [first] = openings;
    if (first === undefined || now < first.start || openings.at(-1)!.end <= now) continue;
    const closes = openings.at(-1)!.end;
    return { date: dateOfDay(today - 2 + index), opens: first.start, closes };
  }
  return null;
}
