import type { EpochMs } from '../time/time.ts';
import type { Load, Task } from './load.ts';
import type { SkillTable } from './skill-table.ts';
import type { WorkshopTable } from './workshop-table.ts';

/** One task in the shift that does it. */
export interface Pick {
  readonly item: number;
  readonly task: Task;
  readonly table: SkillTable;
  readonly shift: number;
  /** The goods are there for it from this instant on. */
  readonly there: EpochMs;
  readonly finish: EpochMs;
}

export interface Assignment {
  /** Of the last item. */
  readonly finish: EpochMs;
  /** By item of the load and task. */
  readonly picks: readonly Pick[];
}

/**
 * Steps that the search for one assignment may take. Without it an order of many items that fill many
 * shifts to the last unit could take for ever: it is bin packing. Beyond it the best assignment found so
 * far counts, which is then not proven to be the earliest.
 */
const MAX_STEPS = 20_000;

/**
 * The work of a load in the shifts of a workshop, from the instant at which the goods are there: the one
 * whose last item is finished first, and of those the first one when the shifts of all tasks are compared
 * in order of items and tasks. An item's next task begins when the one before is finished.
 *
 * Each item in turn into its first shifts with room is that assignment if nobody could be faster than its
 * last item alone; only otherwise all are searched.
 *
 * @returns null: not within the days laid out
 */
export function assign(workshop: WorkshopTable, load: Load, there: EpochMs): Assignment | null {
  const alone = latestAlone(workshop, load, there);
  if (alone === Infinity) return null;
  const search = new AssignmentSearch(workshop, load, there);
  const greedy = search.greedy();
  if (greedy?.finish === alone) return greedy;
  const ideal = search.first(alone);
  if (ideal !== null) return ideal;
  let best = greedy ?? search.first(Infinity);
  while (best !== null) {
    const better = search.first(best.finish - 1);
    if (better === null) break;
    best = better;
  }
  return best;
}

/**
 * When the slowest item is finished if no task takes room from another: no assignment is earlier.
 *
 * @returns Infinity: not within the days laid out
 */
export function latestAlone(workshop: WorkshopTable, load: Load, there: EpochMs): EpochMs {
  let latest = there;
  const { items, notBefore } = load;
  for (const { tasks, isLikePrevious } of items) {
    if (isLikePrevious) continue;
    let finish = there;
    for (const { skill, amount, dwellMs } of tasks) {
      const table = workshop.of(skill);
      const shift = table.next(table.firstFrom(finish, notBefore), finish, amount);
      if (shift === table.count) return Infinity;
      finish = Math.max(table.ends[shift]!, finish + dwellMs);
    }
    if (finish > latest) latest = finish;
  }
  return latest;
}

/**
 * The latest instant at which goods may come so that each item by itself is finished by `by`, be it in a
 * shift that is over: for all of them together, in shifts to come, it is no later. Before `from`: there is none.
 */
export function latestIntake(
  workshop: WorkshopTable,
  load: Load,
  by: EpochMs,
  from: EpochMs,
): EpochMs {
  let latest = by;
  for (const { tasks, isLikePrevious } of load.items) {
    if (isLikePrevious) continue;
    let there = by;
    for (let index = tasks.length - 1; index >= 0 && there >= from; index--) {
      const task = tasks[index]!;
      there = workshop.of(task.skill).latestThere(there, task, from);
    }
    if (there < latest) latest = there;
    if (latest < from) return latest;
  }
  return latest;
}

class AssignmentSearch {
  private readonly picks: Pick[] = [];
  private steps = 0;

  constructor(
    private readonly workshop: WorkshopTable,
    private readonly load: Load,
    private readonly there: EpochMs,
  ) {}

  /** Each item in turn into its first shifts; null: one found none. */
  greedy(): Assignment | null {
    let item = 0;
    while (item < this.load.items.length && this.pickFirst(item)) item++;
    return this.end(item === this.load.items.length);
  }

  /** The first assignment in order of shifts that is finished by `limit`; null: none, or too many steps. */
  first(limit: EpochMs): Assignment | null {
    this.steps = 0;
    return this.end(this.pickAll(0, 0, limit, false));
  }

  private pickFirst(item: number): boolean {
    let there = this.there;
    for (const task of this.load.items[item]!.tasks) {
      const table = this.workshop.of(task.skill);
      const first = table.firstFrom(there, this.load.notBefore);
      const shift = table.next(first, there, task.amount);
      if (shift === table.count) return false;
      there = this.push(item, task, { table, shift, there });
    }
    return true;
  }

  /**
   * Depth first over the shifts of the tasks from (`item`, `index`) on. Of items that need the same work,
   * one never comes before the one ahead of it: they could be swapped.
   *
   * @param isTied so far the item has the very shifts of the item ahead of it, which it is like
   */
  private pickAll(item: number, index: number, limit: EpochMs, isTied: boolean): boolean {
    const { items } = this.load;
    if (item === items.length) return true;
    const { tasks } = items[item]!;
    if (index === tasks.length) {
      return this.pickAll(item + 1, 0, limit, items[item + 1]?.isLikePrevious ?? false);
    }
    const task = tasks[index]!;
    const table = this.workshop.of(task.skill);
    const there = index === 0 ? this.there : this.picks.at(-1)!.finish;
    const least = isTied ? this.picks[this.picks.length - tasks.length]!.shift : 0;
    const from = Math.max(least, table.firstFrom(there, this.load.notBefore));
    let shift = table.next(from, there, task.amount);
    for (; shift < table.count; shift = table.next(shift + 1, there, task.amount)) {
      const finish = Math.max(table.ends[shift]!, there + task.dwellMs);
      if (finish > limit || ++this.steps > MAX_STEPS) return false;
      this.push(item, task, { table, shift, there });
      if (this.pickAll(item, index + 1, limit, isTied && shift === least)) return true;
      this.pop();
    }
    return false;
  }

  /** @returns when the task is finished */
  private push(
    item: number,
    task: Task,
    { table, shift, there }: { table: SkillTable; shift: number; there: EpochMs },
  ): EpochMs {
    const finish = Math.max(table.ends[shift]!, there + task.dwellMs);
    table.take(shift, task.amount);
    this.picks.push({ item, task, table, shift, there, finish });
    return finish;
  }

  private pop(): void {
    const { table, shift, task } = this.picks.pop()!;
    table.take(shift, -task.amount);
  }

  private end(isFound: boolean): Assignment | null {
    const picks = this.picks.slice();
    while (this.picks.length > 0) this.pop();
    if (!isFound) return null;
    let finish = this.there;
    for (const pick of picks) if (pick.finish > finish) finish = pick.finish;
    return { finish, picks };
  }
}
