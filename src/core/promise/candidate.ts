import type { EpochMs } from '../time/time.ts';
import { assign, latestAlone, latestIntake, type Assignment } from './assignment.ts';
import type { Visit } from './choice.ts';
import type { Load } from './load.ts';
import { minuteFrom } from './minutes.ts';
import type { WorkshopTable } from './workshop-table.ts';

/** A workshop that may do the work of a load, with what is known so far of when it does. */
export class Candidate {
  readonly place: number;
  /** The work is not finished earlier. Infinity: not within the days laid out. */
  soonestFinish: EpochMs;
  /** The work is finished at `soonestFinish`, if goods come as early as they can. */
  isSettled = false;
  /** With so many rides it is; Infinity: not known. */
  ridesIn = Infinity;
  /** The minute at which goods must be there to be of use. */
  intake = 0;
  /** By number of rides, of the search under way; null: the work is not finished within the days laid out. */
  readonly visits: (Visit | null | undefined)[] = [];
  private knownThere = NaN;
  private known: Assignment | null = null;

  /** @param soonest goods do not come earlier */
  constructor(
    readonly workshop: WorkshopTable,
    private readonly load: Load,
    private soonest: EpochMs,
  ) {
    this.place = workshop.place;
    this.soonestFinish = latestAlone(workshop, load, soonest);
  }

  /** From now on goods are of use only if the work can be finished by `by`. */
  finishBy(by: EpochMs): void {
    this.intake = minuteFrom(latestIntake(this.workshop, this.load, by, this.soonest));
  }

  /** @param there the earliest instant at which goods can be there */
  settle(there: EpochMs, ridesIn = Infinity): void {
    this.soonestFinish = this.assignment(there)?.finish ?? Infinity;
    this.isSettled = true;
    this.ridesIn = ridesIn;
  }

  /** As `assign`, for goods that are there at `there`; the last answer is remembered. */
  assignment(there: EpochMs): Assignment | null {
    if (there !== this.knownThere) {
      this.known = assign(this.workshop, this.load, there);
      this.knownThere = there;
    }
    return this.known;
  }

  /** Goods were found not to come by `there`. */
  comesAfter(there: EpochMs): void {
    this.soonest = Math.max(this.soonest, there + 1);
    this.soonestFinish = latestAlone(this.workshop, this.load, this.soonest);
  }
}
