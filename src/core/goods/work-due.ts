import type { Line, Network, Workshop } from '../network/network.ts';
import type { PromiseData } from '../orders/order.ts';
import type { PlanStep } from '../promise/plan.ts';
import { shiftDates } from '../promise/shift-dates.ts';
import { localDayOf } from '../time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import type { PairOperation } from './pair.ts';

/** How urgent a piece of work is. */
export interface WorkDue {
  /** When it must be finished for the rest of the way to go as promised. */
  readonly dueAt: EpochMs;
  /** From ready-by to the booked pick-up, in minutes; below 0: the promise is broken. */
  readonly slackMin: number;
}

/**
 * When the next of a pair's operations has to be finished: the goods leave the workshop by the cut-off of
 * their van, or are brought to the shelf; what is to be done after it takes its least time before that,
 * and in a later shift has to be there by that one's intake cut-off.
 *
 * @param open what is not finished of the pair's work, in order; at least one
 */
export function workDue(
  open: readonly PairOperation[],
  workshop: Workshop,
  promise: Pick<PromiseData, 'readyBy' | 'steps'>,
  pickUpStart: EpochMs,
  lines: Network['lines'],
): WorkDue {
  const later = open.slice(1).reduce((sum, { dwellMin }) => sum + dwellMin, 0);
  const leavesAt = leaving(promise, workshop.code, lines) - later * MINUTE_MS;
  return {
    dueAt: Math.min(leavesAt, nextIntake(open, workshop, promise.steps) ?? Infinity),
    slackMin: Math.floor((pickUpStart - promise.readyBy) / MINUTE_MS),
  };
}

/** Cut-off of the shift of the operation after the first one, if that is a later one; else null. */
function nextIntake(
  [first, second]: readonly PairOperation[],
  workshop: Workshop,
  steps: readonly PlanStep[],
): EpochMs | null {
  const stepOf = (operation: PairOperation | undefined) =>
    steps.find(
      ({ kind, fromCode, by }) =>
        kind === 'WORK' && fromCode === workshop.code && by === operation?.skill,
    );
  const [own, next] = [stepOf(first), stepOf(second)];
  if (own === undefined || next === undefined) return null;
  const day = localDayOf(next.start, workshop.timeZone);
  const run = shiftDates(workshop, day - 1, day).find(
    ({ start, end, shift }) =>
      start <= next.start && next.start < end && shift.units.has(second!.skill),
  );
  return run === undefined || own.start >= run.start ? null : run.cutOff;
}

function leaving(
  { readyBy, steps }: Pick<PromiseData, 'readyBy' | 'steps'>,
  workshopCode: string,
  lines: Network['lines'],
): EpochMs {
  const last = steps.findLastIndex(
    ({ kind, fromCode }) => kind === 'WORK' && fromCode === workshopCode,
  );
  const next: PlanStep | undefined = steps
    .slice(last + 1)
    .find(({ kind, fromCode }) => kind === 'PUT_AWAY' || fromCode === workshopCode);
  if (next === undefined) return readyBy;
  const line: Line | undefined = next.kind === 'RIDE' ? lines.get(next.by!) : undefined;
  return next.start - (line?.cutOffMin ?? 0) * MINUTE_MS;
}

/** The most urgent first: by due time, then by slack, then by the text that tells them apart. */
export function compareWork(
  a: WorkDue & { readonly tag: string },
  b: WorkDue & { readonly tag: string },
): number {
  if (a.dueAt !== b.dueAt) return a.dueAt - b.dueAt;
  if (a.slackMin !== b.slackMin) return a.slackMin - b.slackMin;
  if (a.tag === b.tag) return 0;
  return a.tag < b.tag ? -1 : 1;
}
