import { MINUTE_MS, type EpochMs } from '../time/time.ts';

/** The first whole epoch minute at or after an instant. */
export function minuteFrom(instant: EpochMs): number {
  return Math.ceil(instant / MINUTE_MS);
}

/** The last whole epoch minute up to an instant. */
export function minuteOf(instant: EpochMs): number {
  return Math.floor(instant / MINUTE_MS);
}
