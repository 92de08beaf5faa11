import { MINUTE_MS } from '../time/time.ts';
import type { PlanItem } from './plan.ts';

/** One operation on one item. */
export interface Task {
  readonly skill: string;
  /** Units of work for all pairs of the item. */
  readonly amount: number;
  readonly dwellMs: number;
}

export interface LoadItem {
  readonly tasks: readonly Task[];
  /** The item before it in the load needs the very same work. */
  readonly isLikePrevious: boolean;
}

/** What an order brings, in an order that does not depend on how it was stated. */
export interface Load {
  readonly pairs: number;
  readonly items: readonly LoadItem[];
  readonly skills: readonly string[];
}

/** Items by size, the most units of work first; those of one size by the text of their work. */
export function loadOf(items: readonly PlanItem[]): Load {
  const sorted = items
    .map((item) => {
      const tasks = tasksOf(item);
      return { tasks, key: JSON.stringify(tasks), units: sum(tasks.map(({ amount }) => amount)) };
    })
    .sort((a, b) => b.units - a.units || compareText(a.key, b.key));
  return {
    pairs: sum(items.map((item) => item.pairs)),
    items: sorted.map(({ tasks, key }, index) => ({
      tasks,
      isLikePrevious: key === sorted[index - 1]?.key,
    })),
    skills: [...new Set(sorted.flatMap(({ tasks }) => tasks.map((task) => task.skill)))].sort(),
  };
}

function tasksOf({ pairs, operations }: PlanItem): readonly Task[] {
  return operations.map(({ skill, units, dwellMin }) => ({
    skill,
    amount: pairs * units,
    dwellMs: dwellMin * MINUTE_MS,
  }));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
