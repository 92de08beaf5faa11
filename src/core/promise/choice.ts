import type { EpochMs } from '../time/time.ts';
import type { Assignment } from './assignment.ts';
import type { WorkshopTable } from './workshop-table.ts';

/** What a workshop can do for goods that come with so many rides; with fewer they would come later. */
export interface Visit {
  readonly ridesIn: number;
  readonly there: EpochMs;
  readonly assignment: Assignment;
}

/** A way but for its rides, of which only the numbers are known. */
export interface Option extends Visit {
  readonly workshop: WorkshopTable;
  readonly ridesOut: number;
}

/** The options with fewest rides of those offered, one for each workshop: the first, which comes earliest. */
export class Choice {
  /** Of the best so far, in all. */
  rides = Infinity;
  private options: Option[] = [];

  offer(option: Option): void {
    const rides = option.ridesIn + option.ridesOut;
    if (rides > this.rides) return;
    if (rides < this.rides) this.options = [];
    this.rides = rides;
    if (this.options.some(({ workshop }) => workshop === option.workshop)) return;
    this.options.push(option);
  }

  /** null: none was offered. */
  best(): Option | null {
    const [first, ...others] = this.options;
    if (first === undefined) return null;
    return others.reduce((best, option) => (isBefore(option, best) ? option : best), first);
  }
}

/** The less loaded workshop, then code. */
function isBefore(a: Option, b: Option): boolean {
  const [load, other] = [loadOfShifts(a.assignment), loadOfShifts(b.assignment)];
  const difference = load.taken * other.units - other.taken * load.units;
  if (difference !== 0) return difference < 0;
  return a.workshop.workshop.code < b.workshop.workshop.code;
}

/** What is taken of the shifts that the work goes into, each counted once. */
function loadOfShifts({ picks }: Assignment): { readonly taken: number; readonly units: number } {
  let taken = 0;
  let units = 0;
  for (const [index, { table, shift }] of picks.entries()) {
    const start = table.starts[shift];
    const isCounted = picks
      .slice(0, index)
      .some((pick) => pick.table === table && pick.table.starts[pick.shift] === start);
    if (isCounted) continue;
    taken += table.taken[shift]!;
    units += table.units[shift]!;
  }
  return { taken, units };
}
