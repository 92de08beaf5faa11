import type { Pick } from './assignment.ts';
import type { PlanDelay } from './plan.ts';
import type { FoundWay } from './found-way.ts';

/**
 * What kept the work from being finished sooner: only for items that are finished last, the others made
 * nobody wait, and only shifts in which the task would have been finished sooner.
 */
export function workDelays(way: FoundWay): readonly PlanDelay[] {
  const { finish, picks } = way.assignment;
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

function fullShifts(way: FoundWay, pick: Pick): readonly PlanDelay[] {
  const { table, task, there } = pick;
  const delays: PlanDelay[] = [];
  for (let shift = table.firstFrom(there); shift < pick.shift; shift++) {
    if (table.cutOffs[shift]! < there) continue;
    if (Math.max(table.ends[shift]!, there + task.dwellMs) >= pick.finish) continue;
    const used = table.taken[shift]! + usedByOrder(way, pick, table.starts[shift]!);
    if (used + task.amount > table.units[shift]!) {
      delays.push(delay('WORKSHOP_FULL', way, table.starts[shift]!));
    }
  }
  return delays;
}

function usedByOrder(way: FoundWay, { table }: Pick, start: number): number {
  return way.assignment.picks
    .filter((pick) => pick.table === table && table.starts[pick.shift] === start)
    .reduce((sum, pick) => sum + pick.task.amount, 0);
}

function closedShifts(way: FoundWay, pick: Pick): readonly PlanDelay[] {
  const { task, there } = pick;
  return way.workshop
    .closedRuns()
    .filter(
      ({ shift, end, cutOff }) =>
        cutOff >= there &&
        Math.max(end, there + task.dwellMs) < pick.finish &&
        (shift.units.get(task.skill) ?? 0) >= Math.max(1, task.amount),
    )
    .map(({ start }) => delay('WORKSHOP_CLOSED', way, start));
}

function drying(way: FoundWay, { table, shift, finish }: Pick): readonly PlanDelay[] {
  return finish > table.ends[shift]! ? [delay('DRYING', way, table.starts[shift]!)] : [];
}

/** Only for goods handed over in the workshop's own store: others meet the cut-off of a van first. */
function missedIntake(way: FoundWay, pick: Pick): readonly PlanDelay[] {
  const { table, task, there } = pick;
  if (way.ridesIn.length > 0 || there !== way.there) return [];
  const delays: PlanDelay[] = [];
  for (let shift = 0; shift < pick.shift; shift++) {
    const isRunning = table.cutOffs[shift]! < there && there < table.ends[shift]!;
    if (!isRunning || Math.max(table.ends[shift]!, there + task.dwellMs) >= pick.finish) continue;
    delays.push(delay('MISSED_CUT_OFF', way, table.starts[shift]!));
  }
  return delays;
}

function delay(kind: PlanDelay['kind'], way: FoundWay, at: number): PlanDelay {
  return { kind, code: way.workshop.workshop.code, at };
}
