import { arrivalAt, compareInLine, dueTime, type QueueKind } from '../../../src/core/queue/due.ts';
import { waitOfNewcomer, type ExpectedWait } from '../../../src/core/queue/expected-wait.ts';
import {
  mayCall,
  meanMs,
  type DeskWork,
  type Line,
  type OpenDesk,
  type ToCome,
  type WaitingVisit,
} from '../../../src/core/queue/line.ts';
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from '../../../src/core/queue/settings.ts';
import { MINUTE_MS, type EpochMs } from '../../../src/core/time/time.ts';
import { Random } from '../random.ts';

/** One store's day as it is made up. */
export interface DayTerms {
  readonly seed: number;
  readonly desks: number;
  /** Work that comes, over what the desks can do. */
  readonly load: number;
  /** Of the work that comes. */
  readonly appointmentShare: number;
  readonly openMin: number;
  readonly settings: QueueSettings;
  /** Which of those who wait is taken; default: the order of the line. */
  readonly order?: (a: WaitingVisit, b: WaitingVisit) => number;
}

export const USUAL_DAY: Omit<DayTerms, 'seed'> = {
  desks: 4,
  load: 0.9,
  appointmentShare: 0.55,
  openMin: 600,
  settings: DEFAULT_QUEUE_SETTINGS,
};

/** How it went for one customer. */
export interface Served {
  readonly id: string;
  readonly kind: QueueKind;
  readonly goesFirst: boolean;
  readonly arrivedAt: EpochMs;
  readonly dueAt: EpochMs;
  readonly calledAt: EpochMs;
  readonly waitedMin: number;
  /** After they had come and their slot had begun. */
  readonly lateMin: number;
  /** Said before they joined. */
  readonly told: ExpectedWait;
  /** What other rules would have said. */
  readonly others: { readonly positionTimesAverage: number; readonly positionOverDesks: number };
}

interface Customer extends DeskWork {
  readonly id: string;
  readonly comesAt: EpochMs;
  /** null: without an appointment. */
  readonly slotStart: EpochMs | null;
  readonly goesFirst: boolean;
  readonly takesMs: number;
}

interface BusyDesk {
  readonly name: string;
  busy: OpenDesk['busy'];
  freeAt: EpochMs;
}

interface Joined {
  readonly visit: WaitingVisit;
  readonly customer: Customer;
  readonly kind: QueueKind;
  readonly told: Omit<Served, 'calledAt' | 'waitedMin' | 'lateMin'>;
}

const SLOT_MIN = 15;
const KINDS = ['DROP_OFF', 'PICK_UP'] as const;
const NO_SHOW = 0.1;
const GOES_FIRST = 0.02;
/** Standard deviation of a time at the desk, over its mean. */
const VARIATION = 0.5;

/** Plays one day of a store: people come early, late or never, and take as long as they take. */
export class QueueDay {
  private readonly random: Random;
  private readonly desks: BusyDesk[];
  private readonly waiting = new Map<string, Joined>();
  private readonly served: Served[] = [];
  private readonly toCome = new Map<string, ToCome>();

  constructor(private readonly terms: DayTerms) {
    this.random = new Random(terms.seed);
    this.desks = Array.from({ length: terms.desks }, (_, i) => ({
      name: `desk ${i + 1}`,
      busy: null,
      freeAt: 0,
    }));
  }

  run(): readonly Served[] {
    const customers = this.customers();
    for (const customer of customers) {
      this.serveUntil(customer.comesAt);
      this.join(customer);
      this.call(customer.comesAt);
    }
    this.serveUntil(Infinity);
    return this.served;
  }

  private join(customer: Customer): void {
    const { terms, waiting } = this;
    const { id, comesAt: now, slotStart, goesFirst, visitKind, pairs } = customer;
    this.toCome.delete(id);
    const kind = slotStart === null ? 'WALK_IN' : arrivalAt(slotStart, now, terms.settings).kind;
    const dueAt = dueTime(kind, now, slotStart, terms.settings);
    const visit = { id, goesFirst, dueAt, arrivedAt: now, visitKind, pairs, desk: null };
    const line = this.line(now);
    const told = waitOfNewcomer(line, visit)!;
    const others = this.otherRules(visit, line);
    const joined = { id, kind, goesFirst, arrivedAt: now, dueAt, told, others };
    waiting.set(id, { visit, customer, kind, told: joined });
  }

  private line(now: EpochMs): Line {
    const { terms, waiting } = this;
    return {
      now,
      waiting: [...waiting.values()].map(({ visit }) => visit),
      desks: this.desks.map(({ name, busy }) => ({ name, busy, visitKinds: KINDS })),
      toCome: [...this.toCome.values()].filter(
        ({ slotStart }) => slotStart > now - 30 * MINUTE_MS && slotStart < now + 120 * MINUTE_MS,
      ),
      settings: terms.settings,
    };
  }

  private otherRules(visit: WaitingVisit, { waiting, desks, settings }: Line) {
    const ahead = waiting.filter((other) => compareInLine(other, visit) < 0).length;
    const busy = desks.filter((desk) => desk.busy !== null).length;
    const average = meanMs({ visitKind: 'DROP_OFF', pairs: 2 }, settings) / 2 / MINUTE_MS + 2;
    const position = ahead + (busy === desks.length ? 1 : 0);
    return {
      positionTimesAverage: position * average,
      positionOverDesks: (position * average) / desks.length,
    };
  }

  /** Ends what ends until then, each time calling who is next. */
  private serveUntil(until: EpochMs): void {
    for (;;) {
      const busy = this.desks.filter((desk) => desk.busy !== null && desk.freeAt <= until);
      const [first] = busy.sort((a, b) => a.freeAt - b.freeAt);
      if (first === undefined) return;
      first.busy = null;
      this.call(first.freeAt);
    }
  }

  private call(now: EpochMs): void {
    const order = this.terms.order ?? compareInLine;
    for (const desk of this.desks) {
      if (desk.busy !== null) continue;
      const open = { name: desk.name, visitKinds: KINDS };
      const [next] = [...this.waiting.values()]
        .filter(({ visit }) => mayCall(open, visit))
        .sort((a, b) => order(a.visit, b.visit));
      if (next === undefined) return;
      const { visit, customer, told } = next;
      this.waiting.delete(visit.id);
      desk.busy = { visitKind: visit.visitKind, pairs: visit.pairs, since: now };
      desk.freeAt = now + customer.takesMs;
      const expectedFrom = Math.max(told.arrivedAt, customer.slotStart ?? 0);
      this.served.push({
        ...told,
        calledAt: now,
        waitedMin: (now - told.arrivedAt) / MINUTE_MS,
        lateMin: Math.max(0, now - expectedFrom) / MINUTE_MS,
      });
    }
  }

  /** All who come, by the time at which they do; who has an appointment and never comes is known of too. */
  private customers(): readonly Customer[] {
    const { terms } = this;
    const dayMs = terms.openMin * MINUTE_MS;
    const workMs = terms.load * terms.desks * dayMs;
    const booked: Customer[] = [];
    for (let work = 0; work < workMs * terms.appointmentShare;) {
      const slots = terms.openMin / SLOT_MIN;
      const slotStart = this.random.int(0, slots - 1) * SLOT_MIN * MINUTE_MS;
      const customer = this.customer(`a${booked.length}`, this.arrival(slotStart), slotStart);
      work += this.meanOf(customer) * (1 - NO_SHOW);
      booked.push(customer);
    }
    const walkIns: Customer[] = [];
    for (let work = 0; work < workMs * (1 - terms.appointmentShare);) {
      const customer = this.customer(`w${walkIns.length}`, this.random.next() * dayMs, null);
      work += this.meanOf(customer);
      walkIns.push(customer);
    }
    for (const { id, visitKind, pairs, slotStart } of booked) {
      this.toCome.set(id, { id, visitKind, pairs, slotStart: slotStart! });
    }
    const come = booked.filter(() => !this.random.chance(NO_SHOW));
    return [...come, ...walkIns].sort((a, b) => a.comesAt - b.comesAt);
  }

  private customer(id: string, comesAt: EpochMs, slotStart: EpochMs | null): Customer {
    const { random } = this;
    const visitKind = random.pick(KINDS);
    const pairs = random.pick([1, 1, 1, 2, 2, 3]);
    const goesFirst = random.chance(GOES_FIRST);
    const mean = meanMs({ visitKind, pairs }, this.terms.settings);
    return { id, comesAt, slotStart, visitKind, pairs, goesFirst, takesMs: this.lognormal(mean) };
  }

  private meanOf(customer: Customer): number {
    return meanMs(customer, this.terms.settings);
  }

  /** Mostly some minutes before; a few far too early, a few too late. */
  private arrival(slotStart: EpochMs): EpochMs {
    const { random } = this;
    const fate = random.next();
    if (fate < 0.03) return Math.max(0, slotStart - random.int(31, 60) * MINUTE_MS);
    if (fate < 0.07) return slotStart + random.int(16, 45) * MINUTE_MS;
    return Math.max(0, slotStart + (-4 + 5 * this.normal()) * MINUTE_MS);
  }

  private lognormal(mean: number): number {
    const variance = Math.log(1 + VARIATION ** 2);
    return mean * Math.exp(Math.sqrt(variance) * this.normal() - variance / 2);
  }

  /** Source: Box and Muller, 1958. */
  private normal(): number {
    const { random } = this;
    const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
    return radius * Math.cos(2 * Math.PI * random.next());
  }
}
