import type { Usage } from '../claims/usage.ts';
import type { Workshop } from '../network/network.ts';
import type { EpochMs } from '../time/time.ts';
import type { Coverage } from './coverage.ts';
import { shiftDates, type ShiftDate } from './shift-dates.ts';
import { SkillTable } from './skill-table.ts';

/** The shifts of one workshop, by skill. Laid out on first use. */
export class WorkshopTable {
  /** With units in some shift. */
  readonly skills: ReadonlySet<string>;
  private laidOutFor: Coverage | null = null;
  /** On closed dates, or with a cut. */
  private lostRuns: readonly ShiftDate[] = [];
  private readonly tables = new Map<string, SkillTable>();

  constructor(
    readonly workshop: Workshop,
    readonly place: number,
  ) {
    const offered = workshop.shifts.flatMap((shift) => [...shift.units]);
    this.skills = new Set(offered.filter(([, units]) => units > 0).map(([skill]) => skill));
  }

  layOut(coverage: Coverage, usage: Usage): void {
    if (this.laidOutFor === coverage) return;
    this.laidOutFor = coverage;
    const runs = shiftDates(this.workshop, coverage.firstDay - 1, coverage.lastDay + 1);
    this.lostRuns = runs.filter(({ isClosed, shift, units }) => isClosed || units !== shift.units);
    for (const skill of this.skills) {
      this.tables.set(skill, new SkillTable(this.workshop.code, skill, runs, usage));
    }
  }

  setTaken(skill: string, start: EpochMs, taken: number): void {
    this.tables.get(skill)?.setTaken(start, taken);
  }

  /** The workshop must have the skill and be laid out. */
  of(skill: string): SkillTable {
    return this.tables.get(skill)!;
  }

  /** Shifts in which the skill would have been worked, but for a closed date or a cut, by start. */
  closedRuns(skill: string): readonly ShiftDate[] {
    return this.lostRuns.filter(
      ({ isClosed, shift, units }) =>
        (shift.units.get(skill) ?? 0) > 0 && (isClosed || units.get(skill) === 0),
    );
  }
}
