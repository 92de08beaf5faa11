/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number;

/** A calendar date at a place, `YYYY-MM-DD`. Meaningless without the place's zone. */
export type LocalDate = string;

/** Wall-clock time of day at a place: minutes after local midnight, 0..1440. 1440 = end of day. */
export type MinuteOfDay = number;

/** An IANA time zone name, for example `Asia/Shanghai`. */
export type TimeZone = string;

/** ISO 8601: 1 = Monday … 7 = Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;

export const MINUTE_MS = 60_000;
/** Twenty-four hours of elapsed time. Never a calendar day: those have 23, 24 or 25 hours. */
export const DAY_MS = 86_400_000;
