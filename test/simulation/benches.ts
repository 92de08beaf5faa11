import type { Workshop } from '../../src/core/network/network.ts';
import { shiftDates, type ShiftDate } from '../../src/core/promise/shift-dates.ts';
import { localDayOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { Answer } from './api.ts';
import { HOUR, iso, MINUTE, type Ground } from './ground.ts';
import { OPERATIONS, WORK_LIST } from './operations.ts';
import type { SimPair } from './order-book.ts';
import type { Scanners, SimScan } from './scanners.ts';
import type { Shelves } from './shelves.ts';

interface WorkRow {
  readonly pair: { readonly tag: string };
  readonly position: number;
  readonly skill: string;
  readonly isHere: boolean;
  readonly isNext: boolean;
}

interface Work extends WorkRow {
  readonly sim: SimPair;
}

const MOST_ROWS = 200;

/** Who works in the workshops: in each shift what its list says, a part of it at a time. */
export class Benches {
  constructor(
    private readonly ground: Ground,
    private readonly scanners: Scanners,
    private readonly shelves: Shelves,
  ) {}

  /** All shifts that start on the day that begins now. */
  plan(dayStart: EpochMs): void {
    const { agenda, network } = this.ground;
    for (const workshop of network.workshops.values()) {
      const day = localDayOf(dayStart + 12 * HOUR, workshop.timeZone);
      for (const run of shiftDates(workshop, day, day)) {
        if (run.isClosed) continue;
        const from = Math.max(run.start, run.cutOff) + 2 * MINUTE;
        agenda.at(from, () => this.work(workshop, run));
      }
    }
  }

  /** Begins when nothing more can come for the shift, and ends well before it is over. */
  private async work(workshop: Workshop, run: ShiftDate): Promise<void> {
    const { agenda, tally, terms } = this.ground;
    const todo = await this.list(workshop, run.start);
    if (todo.length === 0) return;
    const random = this.ground.chance(`bench ${workshop.code}`);
    for (const { sim } of todo) sim.isBusy = true;
    await this.scanners.take(
      workshop.code,
      todo.map((one) => this.scan(workshop, one, 'WORK_STARTED')),
    );
    const gated = await this.findThings(workshop, todo);
    const going = todo.filter((one) => !gated.has(one));
    const isSlow = new Set(going.filter(() => random.chance(terms.habits.slowWork)));
    const leftMs = run.end - 10 * MINUTE - agenda.now;
    const halves = [0, 1].map((half) => going.filter((_, at) => at % 2 === half));
    for (const [at, half] of halves.entries()) {
      const timely = half.filter((one) => !isSlow.has(one));
      agenda.in((leftMs * (at + 1)) / 2, () => this.finish(workshop, timely));
    }
    if (isSlow.size === 0) return;
    tally.add('mishap/work not finished in its shift', isSlow.size);
    for (const { sim } of isSlow) sim.isAstray = true;
    agenda.at(run.end + random.int(1, 6) * HOUR, () => this.finish(workshop, [...isSlow]));
  }

  /** What is planned for the shift, is there, and can be begun; each pair once. One list a skill. */
  private async list(workshop: Workshop, shiftStart: EpochMs): Promise<readonly Work[]> {
    const { api, book } = this.ground;
    const { code } = workshop;
    const places = [code, ...(workshop.storeCode === null ? [] : [workshop.storeCode])];
    if (places.every((place) => book.at(place).length === 0)) return [];
    const rows: WorkRow[] = [];
    for (const skill of new Set(workshop.shifts.flatMap(({ units }) => [...units.keys()]))) {
      const { workList } = await api.read<{ workList: readonly WorkRow[] }>(
        WORK_LIST,
        { workshopCode: code, shiftStart: iso(shiftStart), skill, first: MOST_ROWS },
        api.staff(code),
      );
      rows.push(...workList);
    }
    const seen = new Set<string>();
    return rows.flatMap((row) => {
      const sim = book.pairs.get(row.pair.tag);
      const isThere = sim !== undefined && places.includes(sim.at) && !sim.isBusy;
      if (!row.isNext || !isThere || seen.has(sim.tag)) return [];
      // What the list has elsewhere is taken only from the store around the bench.
      if (!row.isHere && sim.at !== workshop.storeCode) return [];
      seen.add(sim.tag);
      return [{ ...row, sim }];
    });
  }

  /** @returns what waits for its customer's decision: nothing more is done on it until then */
  private async findThings(workshop: Workshop, todo: readonly Work[]): Promise<ReadonlySet<Work>> {
    const { api, tally, terms } = this.ground;
    const random = this.ground.chance('findings');
    const found = todo.filter(() => random.chance(terms.habits.findings));
    const gated = new Set<Work>();
    for (const one of found) {
      const { sim, skill } = one;
      const { __typename } = await api.change<Answer>(
        OPERATIONS.reportFinding,
        {
          ...{ tag: sim.tag, workshopCode: workshop.code, explanation: 'The lining is torn.' },
          ...{ priceMinor: 5_900, currency: 'CNY' },
          operations: [{ skill, units: 1, dwellMinutes: 60 }],
        },
        api.staff(workshop.code),
      );
      if (__typename !== 'Finding') continue;
      tally.add('findings');
      gated.add(one);
      sim.isAstray = true;
      sim.isBusy = false;
    }
    return gated;
  }

  private async finish(workshop: Workshop, done: readonly Work[]): Promise<void> {
    const { tally, terms, agenda } = this.ground;
    const random = this.ground.chance('finishing');
    const there = done.filter(({ sim }) => sim.at === workshop.code);
    for (const { sim } of done) sim.isBusy = false;
    await this.scanners.take(
      workshop.code,
      there.map((one) => this.scan(workshop, one, 'WORK_FINISHED')),
    );
    tally.add(`work/${workshop.code}`, there.length);
    const again = there.filter(() => random.chance(terms.habits.reworks));
    for (const one of again) agenda.in(random.int(5, 90) * MINUTE, () => this.again(workshop, one));
    const { storeCode } = workshop;
    if (storeCode === null) return;
    // What is done in the back room is brought to the shelf at once.
    agenda.in(5 * MINUTE, () =>
      this.toShelf(
        there.map(({ sim }) => sim),
        workshop,
        storeCode,
      ),
    );
  }

  private async toShelf(
    pairs: readonly SimPair[],
    workshop: Workshop,
    storeCode: string,
  ): Promise<void> {
    const { book } = this.ground;
    const there = pairs.filter(({ at, isBusy }) => at === workshop.code && !isBusy);
    for (const pair of there) book.put(pair, storeCode);
    await this.shelves.putAway(there, storeCode);
  }

  private async again(workshop: Workshop, { sim, position }: Work): Promise<void> {
    const { api, tally } = this.ground;
    const isHere = sim.at === workshop.code || sim.at === workshop.storeCode;
    // Nobody takes away what its customer stands in the line for.
    if (!isHere || sim.isBusy || sim.order.isComing) return;
    tally.add('reworks');
    await api.change(
      OPERATIONS.rework,
      { tag: sim.tag, placeCode: workshop.code, positions: [position] },
      api.staff(workshop.code),
      // The scan that finished it is still in a scanner that is offline.
      sim.unsent > 0 ? ['NOT_FINISHED'] : [],
    );
  }

  private scan(workshop: Workshop, { sim, skill }: Work, kind: string): SimScan {
    const { code } = workshop;
    if (sim.at !== code) this.ground.book.put(sim, code);
    return { pair: sim, kind, placeCode: code, isAt: code, skill };
  }
}
