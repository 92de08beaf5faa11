import type { EpochMs } from '../time/time.ts';
import type { Pick } from './assignment.ts';
import type { PlanDelay } from './plan.ts';
import type { FoundWay } from './found-way.ts';
import type { WorkshopTable } from './workshop-table.ts';

/** A way with work on it. */
type Work = FoundWay & {
  readonly workshop: WorkshopTable;
  /** Shifts that were over by then are of no use to goods that were there sooner. */
  readonly notBefore: EpochMs;
};

/**
 * What kept the work from being finished sooner: only for items that are finished last, the others made
 * nobody wait, and only shifts in which the task would have been finished sooner.
 */
export function workDelays(found: FoundWay, notBefore: EpochMs): readonly PlanDelay[] {
  const { workshop, assignment } = found;
  if (workshop === null) return [];
  const way: Work = { ...found, workshop, notBefore };
  const { finish, picks } = assignment;
  const lastOf = new Map(picks.map((pick) => [pick.item, pick.finish]));
  return picks
    .filter((pick) => lastOf.get(pick.item) === finish)
    .flatMap((pick) => [
      ...fullShifts(way, pick),
      ...closedShifts(way, pick),
      ...drying(way, pick),
      ...missedIntake(way, pick),
    ]);
}

function fullShifts(way: Work, pick: Pick): readonly PlanDelay[] {
  const { table, task, there } = pick;
  const delays: PlanDelay[] = [];
  for (let shift = table.firstFrom(there, way.notBefore); shift < pick.shift; shift++) {
    if (table.cutOffs[shift]! < there) continue;
    if (Math.max(table.ends[shift]!, there + task.dwellMs) >= pick.finish) continue;
    const used = table.taken[shift]! + usedByOrder(way, pick, table.starts[shift]!);
    if (used + task.amount > table.units[shift]!) {
      delays.push(delay('WORKSHOP_FULL', way, table.starts[shift]!));
    }
  }
  return delays;
}

function usedByOrder(way: Work, { table }: Pick, start: number): number {
  return way.assignment.picks
    .filter((pick) => pick.table === table && table.starts[pick.shift] === start)
    .reduce((sum, pick) => sum + pick.task.amount, 0);
}

function closedShifts(way: Work, pick: Pick): readonly PlanDelay[] {
  const { task, there } = pick;
  return way.workshop
    .closedRuns(task.skill)
    .filter(
      ({ shift, end, cutOff }) =>
        cutOff >= there &&
        (end > way.notBefore || there >= way.notBefore) &&
        Math.max(end, there + task.dwellMs) < pick.finish &&
        shift.units.get(task.skill)! >= task.amount,
    )
    .map(({ start }) => delay('WORKSHOP_CLOSED', way, start));
}

function drying(way: Work, { table, shift, finish }: Pick): readonly PlanDelay[] {
  return finish > table.ends[shift]! ? [delay('DRYING', way, table.starts[shift]!)] : [];
}

/** Only for goods handed over in the workshop's own store: others meet the cut-off of a van first. */
function missedIntake(way: Work, pick: Pick): readonly PlanDelay[] {
  const { table, task, there } = pick;
  if (way.ridesIn.length > 0 || there !== way.there) return [];
  const delays: PlanDelay[] = [];
  for (let shift = 0; shift < pick.shift; shift++) {
    const isRunning =
      table.cutOffs[shift]! < there && Math.max(there, way.notBefore) < table.ends[shift]!;
    if (!isRunning || Math.max(table.ends[shift]!, there + task.dwellMs) >= pick.finish) continue;
    delays.push(delay('MISSED_CUT_OFF', way, table.starts[shift]!));
  }
  return delays;
}

function delay(kind: PlanDelay['kind'], way: Work, at: number): PlanDelay {
  return { kind, code: way.workshop.workshop.code, at };
}
