/** One result: ours beside what it is held against, both measured in the same run of the bench. */
export interface Measure {
  readonly bench: string;
  readonly unit: string;
  /** Median of the runs. */
  readonly ours: number;
  /** Median of the runs; null: there is nothing to hold it against. */
  readonly reference: number | null;
  /** `ours` divided by `reference`. */
  readonly ratio: number | null;
  readonly runs: number;
  /** Of ours: greatest less least run, as a share of the median. */
  readonly spread: number;
}

/** One result out of equally many runs of both sides. */
export function measure(
  bench: string,
  unit: string,
  ours: readonly number[],
  reference: readonly number[] = [],
): Measure {
  const middle = median(ours);
  const against = reference.length === 0 ? null : median(reference);
  return {
    bench,
    unit,
    ours: rounded(middle),
    reference: against === null ? null : rounded(against),
    ratio: against === null ? null : rounded(middle / against),
    runs: ours.length,
    spread: rounded(middle === 0 ? 0 : (Math.max(...ours) - Math.min(...ours)) / middle),
  };
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The least value that at least the share `at` of all do not exceed. */
export function quantile(values: readonly number[], at: number): number {
  if (values.length === 0) throw new RangeError('nothing was measured');
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.max(0, Math.ceil(sorted.length * at) - 1)]!;
}

/** To three digits that mean something. */
function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
