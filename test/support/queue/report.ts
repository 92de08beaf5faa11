import type { Served } from './simulator.ts';

/** How far what was told was off. */
export interface Accuracy {
  readonly count: number;
  readonly meanErrorMin: number;
  readonly within5Share: number;
  /** Told at least ten minutes too little. */
  readonly tooLittleShare: number;
}

/** @param toldMin what a rule says to somebody who joins */
export function accuracyOf(served: readonly Served[], toldMin: (one: Served) => number): Accuracy {
  const errors = served.map((one) => one.waitedMin - toldMin(one));
  const share = (is: (error: number) => boolean) => errors.filter(is).length / errors.length;
  return {
    count: errors.length,
    meanErrorMin: errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length,
    within5Share: share((error) => Math.abs(error) <= 5),
    tooLittleShare: share((error) => error >= 10),
  };
}

/** The value that a share of all does not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}

export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
