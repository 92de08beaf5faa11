import type { EpochMs } from './time.ts';

/** Half-open: `start` is in it, `end` is not. */
export interface Interval {
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** Sorted, disjoint, non-touching form of `parts`. Touching intervals join, empty ones are left out. */
export function union(parts: readonly Interval[]): readonly Interval[] {
  const sorted = parts.filter((part) => part.start < part.end).sort((a, b) => a.start - b.start);
  const out: Interval[] = [];
  for (const part of sorted) {
    const last = out.at(-1);
    if (last !== undefined && part.start <= last.end) {
      if (part.end > last.end) out[out.length - 1] = { start: last.start, end: part.end };
    } else {
      out.push(part);
    }
  }
  return out;
}

/** The time in `from` that is not in `cut`, in normal form (see {@link union}). */
export function subtract(from: readonly Interval[], cut: readonly Interval[]): readonly Interval[] {
  const holes = union(cut);
  return union(from).flatMap((whole) => {
    const rest: Interval[] = [];
    let start = whole.start;
    for (const hole of holes) {
      if (hole.end <= start) continue;
      if (hole.start >= whole.end) break;
      if (hole.start > start) rest.push({ start, end: hole.start });
      start = hole.end;
    }
    if (start < whole.end) rest.push({ start, end: whole.end });
    return rest;
  });
}

/** The time that is in both, in normal form (see {@link union}). */
export function intersect(a: readonly Interval[], b: readonly Interval[]): readonly Interval[] {
  const left = union(a);
  const right = union(b);
  const out: Interval[] = [];
  for (let i = 0, j = 0; i < left.length && j < right.length;) {
    const start = Math.max(left[i]!.start, right[j]!.start);
    const end = Math.min(left[i]!.end, right[j]!.end);
    if (start < end) out.push({ start, end });
    if (left[i]!.end < right[j]!.end) i++;
    else j++;
  }
  return out;
}
