import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { minuteFrom } from './minutes.ts';
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
  /** Vans that leave before, and shifts over by then, are of no use to goods that are there sooner. */
  readonly notBefore: EpochMs;
}

/**
 * Items by size, the most units of work first; those of one size by the text of their work.
 *
 * @param notBefore 0 for goods that are there at no time before now
 */
export function loadOf(items: readonly PlanItem[], notBefore: EpochMs): Load {
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
    notBefore,
  };
}

/** What vans need to know of a load: its size, and the first minute at which they can be boarded. */
export interface Freight {
  readonly pairs: number;
  readonly notBefore: number;
}

export function freightOf({ pairs, notBefore }: Load): Freight {
  return { pairs, notBefore: minuteFrom(notBefore) };
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
