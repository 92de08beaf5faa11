import { workOf } from '../claims/resource.ts';
import type { Usage } from '../claims/usage.ts';
import type { Network } from '../network/network.ts';
import type { EpochMs } from '../time/time.ts';
import type { Coverage } from './coverage.ts';
import { placesOf, type Places } from './places.ts';
import { timetableOf, type Timetable } from './timetable.ts';
import { WorkshopTable } from './workshop-table.ts';

type Sink = (start: EpochMs, taken: number) => void;

/** Timetable and shifts of a chain, kept in step with what is taken. */
export class ChainTables {
  readonly places: Places;
  readonly timetable: Timetable;
  /** In order of code. */
  private readonly workshops: readonly WorkshopTable[];
  private readonly sinks = new Map<string, Sink>();
  private readonly stopListening: () => void;

  constructor(
    network: Network,
    private readonly usage: Usage,
  ) {
    this.places = placesOf(network);
    this.timetable = timetableOf(network, this.places);
    this.workshops = [...network.workshops.values()]
      .sort((a, b) => (a.code < b.code ? -1 : 1))
      .map((workshop) => new WorkshopTable(workshop, this.places.numberOf.get(workshop.code)!));
    this.connect();
    this.stopListening = usage.onChange((resource, start, taken) => {
      this.sinks.get(resource)?.(start, taken);
    });
  }

  /** Workshops that have every one of the skills, in order of code. */
  workshopsWith(skills: readonly string[]): readonly WorkshopTable[] {
    return this.workshops.filter((workshop) => skills.every((skill) => workshop.skills.has(skill)));
  }

  layOut(coverage: Coverage): void {
    for (const line of this.timetable.lines) line.layOut(coverage, this.usage);
    for (const workshop of this.workshops) workshop.layOut(coverage, this.usage);
  }

  dispose(): void {
    this.stopListening();
  }

  private connect(): void {
    for (const line of this.timetable.lines) {
      for (const [leg, name] of line.legNames.entries()) {
        this.sinks.set(name, (start, taken) => {
          line.setTaken(leg, start, taken);
        });
      }
    }
    for (const table of this.workshops) {
      for (const skill of table.skills) {
        this.sinks.set(workOf(table.workshop.code, skill), (start, taken) => {
          table.setTaken(skill, start, taken);
        });
      }
    }
  }
}
