import { pino } from 'pino';

import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf } from '../../src/core/network/network-document.ts';
import { addDays } from '../../src/core/time/local-date.ts';
import { instantAt } from '../../src/core/time/instant-at.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { anAccount } from '../support/messaging.ts';
import { generateNetwork } from '../support/network-generator.ts';
import { Random } from '../support/random.ts';
import { startService, type TestService } from '../support/service.ts';
import { Agenda } from './agenda.ts';
import { Api } from './api.ts';
import { Benches } from './benches.ts';
import { Checks } from './checks.ts';
import { Clockwork, stopTimers } from './clockwork.ts';
import { Counters } from './counters.ts';
import { Customers } from './customers.ts';
import { numberOf, type Ground } from './ground.ts';
import { Mishaps } from './mishaps.ts';
import { OrderBook } from './order-book.ts';
import { Phones } from './phones.ts';
import { PromiseWatch, type Records } from './promise-watch.ts';
import { Scanners } from './scanners.ts';
import { Shelves } from './shelves.ts';
import { steady } from './steady-world.ts';
import { Tally } from './tally.ts';
import type { Terms } from './terms.ts';
import { Utilisation } from './utilisation.ts';
import { Vans } from './vans.ts';
import { Visits } from './visits.ts';

/** Hours of each day at which everything is compared. */
const CHECKPOINTS = [15, 24];

/** What is told of a run while it goes on: the day that is over, and what was found so far. */
export type Progress = (day: string, tally: Tally) => void;

/** The whole service, and a chain's people who use it, in a time of their own. */
export class Simulation {
  readonly tally = new Tally();
  readonly ground: Ground;
  private readonly parts: Parts;

  private constructor(
    readonly service: TestService,
    private readonly terms: Terms,
    private readonly channel: FakeChannel,
    private readonly undo: () => void,
  ) {
    const { clock } = service;
    const network = compileNetwork(documentOf(networkOf(terms)), 1);
    this.ground = {
      ...{ terms, network, agenda: new Agenda(clock.now()), tally: this.tally },
      api: new Api(service, new Random(terms.seed), this.tally, terms.habits.repeats),
      book: new OrderBook(),
      chance: chances(terms.seed),
    };
    this.parts = play(this.ground, service);
    channel.always = this.parts.phones.take;
  }

  static async start(terms: Terms): Promise<Simulation> {
    const channel = new FakeChannel('mail');
    const faults: string[] = [];
    const begins = instantAt(terms.begins, 0, terms.timeZone);
    const service = await startService({
      ...{ channels: [channel], now: begins, env: { ROLE: 'all' } },
      log: logOf(faults),
    });
    await stopTimers(service);
    await service.import(networkOf(terms));
    await anAccount(service, 'mail');
    const undo = steady(terms.seed, () => service.clock.now());
    try {
      const simulation = new Simulation(service, terms, channel, undo);
      simulation.faults = faults;
      return simulation;
    } catch (fault) {
      undo();
      await service.stop();
      throw fault;
    }
  }

  private faults: string[] = [];

  /**
   * From the first day to the last.
   *
   * @param enough asked at each checkpoint: the rest is of no interest
   * @returns what must not be
   */
  async run(
    progress: Progress = () => undefined,
    enough: (tally: Tally) => boolean = () => false,
  ): Promise<Tally['flaws']> {
    const { terms, ground, parts } = this;
    parts.clockwork.start();
    const days = terms.days + terms.lastDays;
    for (let day = 0; day < days; day++) {
      const date = addDays(terms.begins, day);
      this.planDay(instantAt(date, 0, terms.timeZone), day < terms.days);
      for (const hour of CHECKPOINTS) {
        await this.goOn(instantAt(date, hour * 60, terms.timeZone) - 1);
        await parts.checks.all(parts.phones.sent);
        this.noteFaults();
        if (enough(this.tally)) return this.tally.flaws;
      }
      await parts.utilisation.note(instantAt(date, 0, terms.timeZone));
      progress(date, this.tally);
    }
    this.findStuck();
    ground.tally.add('days', days);
    return this.tally.flaws;
  }

  async stop(): Promise<void> {
    this.undo();
    await this.service.stop();
    this.channel.forget();
  }

  private planDay(dayStart: number, isNew: boolean): void {
    const { parts } = this;
    parts.counters.plan(dayStart);
    parts.vans.plan(dayStart);
    parts.benches.plan(dayStart);
    if (!isNew) return;
    parts.mishaps.plan(dayStart);
    parts.customers.plan(dayStart);
    parts.customers.planWalkIns(dayStart, (code, random) => parts.visits.comeWithout(code, random));
  }

  private async goOn(until: number): Promise<void> {
    const { agenda } = this.ground;
    const { clock } = this.service;
    await agenda.goOn(
      until,
      (instant) => {
        clock.set(instant);
      },
      (fault) => {
        this.tally.flaw('REQUEST_FAILED', agenda.now, `${String(fault)} ${stackOf(fault)}`);
      },
    );
  }

  private noteFaults(): void {
    for (const fault of this.faults.splice(0)) {
      this.tally.flaw('FAULT_LOGGED', this.ground.agenda.now, fault);
    }
  }

  /** In the end nothing is left on its way: what was brought is ready, or was collected. */
  private findStuck(): void {
    const { agenda, book, tally } = this.ground;
    for (const order of book.all) {
      if (order.state !== 'WITH_US') continue;
      const { storeCode } = order.pickUp;
      const elsewhere = order.pairs.filter(({ at }) => at !== storeCode);
      if (elsewhere.length === 0) tally.add('left on the shelf');
      else if (order.bookedAt > agenda.now - 8 * 86_400_000) tally.add('still under way');
      else
        tally.flaw(
          'STUCK',
          agenda.now,
          `order ${order.id}: ${elsewhere.map(({ at }) => at).join()}`,
        );
    }
  }
}

const stackOf = (fault: unknown): string =>
  (fault as Error).stack?.split('\n').slice(1, 6).join(' ') ?? '';

type Parts = ReturnType<typeof play>;

/** Everybody, in the order in which they need each other. */
function play(ground: Ground, service: TestService) {
  const scanners = new Scanners(ground);
  const shelves = new Shelves(ground, scanners);
  const vans = new Vans(ground, scanners, (pairs, code) => {
    shelves.arrived(pairs, code);
  });
  const benches = new Benches(ground, scanners, shelves);
  const counters = new Counters(ground);
  const mishaps = new Mishaps(ground);
  const records = recordsOf(service);
  const visits: Visits = new Visits(
    ground,
    counters,
    () => customers,
    mishaps.isClosed,
    new PromiseWatch(ground, records),
    records.history,
  );
  const customers = new Customers(ground, (order) => {
    visits.planned(order);
  });
  const phones = new Phones(ground, visits, customers);
  const clockwork = new Clockwork(ground, service, () => {
    phones.read();
  });
  const checks = new Checks(ground, service, ground.network);
  const utilisation = new Utilisation(ground, service);
  return {
    ...{ vans, benches, counters, mishaps, visits, customers, phones, clockwork, checks },
    utilisation,
  };
}

const recordsOf = (service: TestService): Records => ({
  tasks: async (orderId, kind) => {
    const found = await service.rows<{ created_at: Date }>(
      `SELECT created_at FROM staff_task WHERE order_id = $1 AND kind = $2`,
      [orderId, kind],
    );
    return found.map(({ created_at: at }) => at.getTime());
  },
  history: async (orderId) => {
    const [row] = await service.rows<{ said: string }>(
      `SELECT string_agg(concat_ws(' ', kind, at, details), '; ' ORDER BY version) AS said
         FROM event WHERE order_id = $1`,
      [orderId],
    );
    return row!.said;
  },
});

function networkOf(terms: Terms) {
  const { stores, seed, timeZone } = terms;
  return generateNetwork({ stores, seed, timeZone });
}

function chances(seed: number): Ground['chance'] {
  const known = new Map<string, Random>();
  return (name) => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const made = new Random((numberOf(name) ^ Math.imul(seed, 0x9e3779b1)) >>> 0);
    known.set(name, made);
    return made;
  };
}

/** Faults only, as they would be found in production. */
function logOf(faults: string[]) {
  return pino({ level: 'error' }, { write: (line: string) => faults.push(line) });
}
