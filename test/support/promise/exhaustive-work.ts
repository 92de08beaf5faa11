import { workOf } from '../../../src/core/claims/resource.ts';
import type { Usage } from '../../../src/core/claims/usage.ts';
import type { Workshop } from '../../../src/core/network/network.ts';
import type { ShiftCuts } from '../../../src/core/network/disruptions.ts';
import type { PlanItem, PlanStep } from '../../../src/core/promise/plan.ts';
import { instantAt } from '../../../src/core/time/instant-at.ts';
import { addDays, daysFrom, localDateOf, weekdayOf } from '../../../src/core/time/local-date.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';

export interface WorkDone {
  readonly finish: EpochMs;
  readonly steps: readonly PlanStep[];
  readonly claims: readonly SkillClaim[];
  /** Of the shifts used, each once. */
  readonly taken: number;
  readonly units: number;
}

interface SkillClaim {
  readonly skill: string;
  readonly start: EpochMs;
  readonly amount: number;
  readonly limit: number;
}

interface Run {
  readonly start: EpochMs;
  readonly end: EpochMs;
  readonly cutOff: EpochMs;
  readonly units: number;
}

interface Choice {
  readonly skill: string;
  readonly amount: number;
  readonly run: Run;
  readonly there: EpochMs;
  readonly finish: EpochMs;
}

export interface WorkQuestion {
  readonly usage: Usage;
  readonly items: readonly PlanItem[];
  readonly now: EpochMs;
  readonly since: EpochMs;
  readonly cuts: ShiftCuts | undefined;
}

/** Tries every combination of shifts, in order; the first of those that are finished earliest. */
export function bestWork(
  workshop: Workshop,
  question: WorkQuestion,
  there: EpochMs,
): WorkDone | null {
  const { usage, now, since } = question;
  const tasks = tasksInOrder(question.items);
  let best: readonly Choice[] | null = null;
  let earliest = Infinity;
  const runsOf = new Map(
    [...new Set(tasks.map(({ skill }) => skill))].map((skill) => [
      skill,
      runsFor(workshop, skill, question),
    ]),
  );
  const taken = (skill: string, { start }: Run): number =>
    usage.taken(workOf(workshop.code, skill), start);

  const choose = (choices: readonly Choice[]): void => {
    const task = tasks[choices.length];
    if (task === undefined) {
      const finish = Math.max(there, ...choices.map((choice) => choice.finish));
      if (finish < earliest) best = choices;
      earliest = Math.min(earliest, finish);
      return;
    }
    const { skill, amount, dwellMin, isFirst } = task;
    const from = isFirst ? there : choices.at(-1)!.finish;
    for (const run of runsOf.get(skill)!) {
      const own = choices
        .filter((choice) => choice.skill === skill && choice.run.start === run.start)
        .reduce((sum, choice) => sum + choice.amount, 0);
      if (since < now && from < now && run.end <= now) continue;
      if (run.cutOff < from || taken(skill, run) + own + amount > run.units) continue;
      const finish = Math.max(run.end, from + dwellMin * MINUTE_MS);
      if (finish >= earliest) continue;
      choose([...choices, { skill, amount, run, there: from, finish }]);
    }
  };
  choose([]);
  const choices = best as readonly Choice[] | null;
  if (choices === null) return null;
  const buckets = new Map(choices.map((each) => [`${each.skill} ${each.run.start}`, each]));
  return {
    finish: earliest,
    steps: stepsOf(workshop.code, choices),
    claims: choices.map(({ skill, amount, run }) => ({
      skill,
      start: run.start,
      amount,
      limit: run.units,
    })),
    taken: sum([...buckets.values()].map(({ skill, run }) => taken(skill, run))),
    units: sum([...buckets.values()].map(({ run }) => run.units)),
  };
}

/** The bigger items first; of one size by the text of what is done to them. */
function tasksInOrder(items: readonly PlanItem[]) {
  return items
    .map(({ pairs, operations }) => {
      const tasks = operations.map(({ skill, units, dwellMin }) => ({
        skill,
        amount: pairs * units,
        dwellMs: dwellMin * MINUTE_MS,
      }));
      return { tasks, size: sum(tasks.map(({ amount }) => amount)), text: JSON.stringify(tasks) };
    })
    .sort((a, b) => b.size - a.size || (a.text < b.text ? -1 : 1))
    .flatMap(({ tasks }) =>
      tasks.map(({ skill, amount, dwellMs }, index) => ({
        skill,
        amount,
        dwellMin: dwellMs / MINUTE_MS,
        isFirst: index === 0,
      })),
    );
}

/** By end, then start. */
function runsFor(workshop: Workshop, skill: string, { now, cuts }: WorkQuestion): readonly Run[] {
  const today = localDateOf(now, workshop.timeZone);
  return daysFrom(addDays(today, -2), addDays(today, 8))
    .filter((date) => !workshop.closedDates.has(date))
    .flatMap((date) =>
      workshop.shifts
        .filter(({ days, units }) => days.includes(weekdayOf(date)) && (units.get(skill) ?? 0) > 0)
        .map(({ starts, ends, intakeCutOff, units }) => {
          const isPastMidnight = ends <= starts;
          const last = isPastMidnight ? addDays(date, 1) : date;
          const cutOffDate = isPastMidnight && intakeCutOff <= ends ? last : date;
          const start = instantAt(date, starts, workshop.timeZone);
          return {
            start,
            end: instantAt(last, ends, workshop.timeZone),
            cutOff: instantAt(cutOffDate, intakeCutOff, workshop.timeZone),
            units: Math.min(units.get(skill)!, cuts?.get(start)?.get(skill) ?? Infinity),
          };
        }),
    )
    .filter(({ start, end, units }) => start < end && units > 0)
    .sort((a, b) => a.end - b.end || a.start - b.start);
}

function stepsOf(code: string, choices: readonly Choice[]): readonly PlanStep[] {
  const steps = choices.map(({ skill, run, there, finish }): PlanStep => ({
    kind: 'WORK',
    fromCode: code,
    toCode: code,
    start: Math.max(run.start, there),
    end: finish,
    by: skill,
  }));
  const byKey = new Map(steps.map((step) => [JSON.stringify(step), step]));
  return [...byKey.values()].sort(
    (a, b) => a.start - b.start || a.end - b.end || (a.by! < b.by! ? -1 : 1),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
