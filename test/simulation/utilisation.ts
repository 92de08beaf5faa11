import { legsOf } from '../../src/core/claims/resource.ts';
import { slotsOf } from '../../src/core/counter/slots.ts';
import { departuresOn } from '../../src/core/goods/trips.ts';
import { shiftDates } from '../../src/core/promise/shift-dates.ts';
import { addDays, dateOfDay, localDayOf } from '../../src/core/time/local-date.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { TestService } from '../support/service.ts';
import type { Ground } from './ground.ts';

/** What can be reserved, and in the ledger the first part of the names of its resources. */
const RESOURCES = {
  'counter visits': /^counter:([^/]+)\/visits$/,
  'workshop units': /^work:([^/]+)\//,
  'places in vans, by leg': /^ride:([^/]+)\//,
  'places on shelves': /^shelf:(.+)$/,
} as const;

type Kind = keyof typeof RESOURCES;

export const UTILISED = Object.keys(RESOURCES) as readonly Kind[];

/** How much of what the chain has by its plan was reserved, day by day. */
export class Utilisation {
  constructor(
    private readonly ground: Ground,
    private readonly service: TestService,
  ) {}

  /** Of the day that is over; later what it held may be forgotten. */
  async note(dayStart: EpochMs): Promise<void> {
    const { tally, terms } = this.ground;
    const day = localDayOf(dayStart, terms.timeZone);
    const dayEnd = instantAt(addDays(dateOfDay(day), 1), 0, terms.timeZone);
    const rows = await this.service.rows<{ resource: string; taken: number }>(
      `SELECT resource, sum(taken)::int AS taken FROM ledger
        WHERE start >= $1 AND start < $2 AND taken > 0 GROUP BY resource`,
      [new Date(dayStart), new Date(dayEnd)],
    );
    for (const kind of UTILISED) {
      for (const { resource, taken } of rows) {
        const place = RESOURCES[kind].exec(resource)?.[1];
        if (place !== undefined) tally.add(`used/${kind}/${place}`, taken);
      }
    }
    this.noteStores(day);
    this.noteWorkshops(day);
    this.noteLines(day);
  }

  private noteStores(day: number): void {
    const { network } = this.ground;
    const date = dateOfDay(day);
    for (const store of network.stores.values()) {
      const slots = slotsOf(store, date, date);
      const visits = slots.map(({ numbers }) => numbers.visits - numbers.walkInVisits);
      this.had('counter visits', store.code, visits);
      if (store.shelfPairs !== null) this.had('places on shelves', store.code, [store.shelfPairs]);
    }
  }

  private noteWorkshops(day: number): void {
    for (const workshop of this.ground.network.workshops.values()) {
      const open = shiftDates(workshop, day, day).filter(({ isClosed }) => !isClosed);
      this.had(
        'workshop units',
        workshop.code,
        open.flatMap(({ units }) => [...units.values()]),
      );
    }
  }

  private noteLines(day: number): void {
    for (const line of this.ground.network.lines.values()) {
      const trips = departuresOn(line, day, day).length;
      this.had('places in vans, by leg', line.code, [trips * legsOf(line).length * line.pairs]);
    }
  }

  private had(kind: Kind, place: string, amounts: readonly number[]): void {
    this.ground.tally.add(
      `had/${kind}/${place}`,
      amounts.reduce((sum, amount) => sum + amount, 0),
    );
  }
}
