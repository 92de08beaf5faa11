import { instantOfDay } from '../time/instant-at.ts';
import type { Interval } from '../time/interval.ts';
import { localDayOf } from '../time/local-date.ts';
import { MINUTE_MS, type EpochMs, type TimeZone } from '../time/time.ts';
import type { QuietHours } from './policy.ts';

/** How long before quiet hours goes out what could not wait for their end. */
const EARLY_MS = 10 * MINUTE_MS;

/** The quiet hours that `instant` is in, by the wall clock of `zone`; null: it is in none. */
export function quietAt(
  instant: EpochMs,
  { from, to }: QuietHours,
  zone: TimeZone,
): Interval | null {
  if (from === to) return null;
  const today = localDayOf(instant, zone);
  for (const day of [today - 1, today]) {
    const start = instantOfDay(day, from, zone);
    const end = instantOfDay(to < from ? day + 1 : day, to, zone);
    if (start <= instant && instant < end) return { start, end };
  }
  return null;
}

/** What quiet hours make of a time to send. */
export interface SendTime {
  readonly at: EpochMs;
  readonly moved: 'QUIET_HOURS_DEFERRED' | 'SENT_EARLY_BEFORE_QUIET_HOURS' | null;
}

/** A message with the times between which it may be sent. */
export interface Timely {
  readonly dueAt: EpochMs;
  readonly usefulUntil: EpochMs;
  /** Up to some minutes, of either sign; keeps many from being sent at the same moment. */
  readonly spreadMs: number;
}

/**
 * When a message is sent to somebody who has quiet hours: at its time, else at their end, else, if that
 * is too late, before they begin.
 *
 * @returns null: at no time that is still of use
 */
export function sendTime(
  { dueAt, usefulUntil, spreadMs }: Timely,
  quiet: QuietHours | null,
  zone: TimeZone,
  now: EpochMs,
): SendTime | null {
  const within = quiet === null ? null : quietAt(dueAt, quiet, zone);
  if (within === null) return { at: dueAt, moved: null };
  if (within.end < usefulUntil) {
    return {
      at: spreadAfter(within.end, { usefulUntil, spreadMs }),
      moved: 'QUIET_HOURS_DEFERRED',
    };
  }
  if (now >= within.start) return null;
  const at = Math.max(now, within.start - EARLY_MS);
  return { at, moved: 'SENT_EARLY_BEFORE_QUIET_HOURS' };
}

/** Spread to later, and with time enough to send it while it is of use. */
export function spreadAfter(
  earliest: EpochMs,
  { usefulUntil, spreadMs }: Pick<Timely, 'usefulUntil' | 'spreadMs'>,
): EpochMs {
  const halfMs = Math.max(0, Math.floor((usefulUntil - earliest) / 2));
  return earliest + Math.min(Math.abs(spreadMs), halfMs);
}
