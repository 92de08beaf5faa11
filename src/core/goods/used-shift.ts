import type { Claim } from '../claims/claim.ts';
import { workOf } from '../claims/resource.ts';
import type { Workshop } from '../network/network.ts';
import { shiftDates } from '../promise/shift-dates.ts';
import { localDayOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';

/**
 * Start of the shift whose units work used that was finished at `at`: of the shifts that its order has
 * claimed the one that ran then, else the last one that had begun, else the first. Without a claim, of the
 * shifts worked there the one that ran then, else the last one before; null: there is none.
 *
 * @param claims of the order
 */
export function usedShift(
  claims: readonly Claim[],
  workshop: Workshop,
  skill: string,
  at: EpochMs,
): EpochMs | null {
  const day = localDayOf(at, workshop.timeZone);
  const runs = shiftDates(workshop, day - 1, day).filter(
    ({ shift, isClosed }) => !isClosed && shift.units.has(skill),
  );
  const isRunning = (start: EpochMs): boolean =>
    runs.some((run) => run.start === start && run.start <= at && at < run.end);
  const resource = workOf(workshop.code, skill);
  const claimed = claims.filter((claim) => claim.resource === resource).map(({ start }) => start);
  return (
    choose(claimed, at, isRunning) ??
    choose(
      runs.map(({ start }) => start),
      at,
      isRunning,
    )
  );
}

function choose(
  starts: readonly EpochMs[],
  at: EpochMs,
  isRunning: (start: EpochMs) => boolean,
): EpochMs | null {
  const sorted = [...starts].sort((a, b) => a - b);
  const begun = sorted.filter((start) => start <= at);
  return begun.findLast(isRunning) ?? begun.at(-1) ?? sorted[0] ?? null;
}
