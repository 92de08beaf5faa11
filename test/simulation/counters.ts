import { openings } from '../../src/core/hours/openings.ts';
import { localDateOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { Random } from '../support/random.ts';
import type { Answer } from './api.ts';
import { HOUR, MINUTE, type Ground } from './ground.ts';
import { OPERATIONS } from './operations.ts';
import type { SimOrder, SimVisit } from './order-book.ts';

/** Somebody who is at a store. */
export interface Guest {
  readonly kind: SimVisit['kind'];
  readonly storeCode: string;
  readonly random: Random;
  readonly pairs: number;
  /** Null: a walk-in who has none yet. */
  readonly order: SimOrder | null;
  /** What is done at the desk once it is their turn. */
  readonly serve: () => Promise<void>;
  /** They go, served or not. */
  readonly leave: () => void;
}

interface EntrySeen extends Answer {
  readonly id: string;
  readonly dueAt: string;
  readonly goesFirst: boolean;
  readonly place: {
    readonly wait: {
      readonly fromMinutes: number;
      readonly likelyMinutes: number;
      readonly toMinutes: number;
    } | null;
  } | null;
}

interface Waiting {
  readonly guest: Guest;
  readonly entry: EntrySeen;
  /** Null: they were called before. */
  readonly since: EpochMs | null;
  /** The one that may call them; null: any. */
  readonly onlyDesk: string | null;
}

/** The counter of one store: its desks, and the line before them. */
class Counter {
  readonly line = new Map<string, Waiting>();
  private isOpen = false;
  private free: string[] = [];
  private putAside = 0;

  constructor(
    private readonly ground: Ground,
    private readonly storeCode: string,
    private readonly desks: readonly string[],
  ) {}

  async open(): Promise<void> {
    this.isOpen = true;
    for (const desk of this.desks) await this.say('openDesk', desk);
    this.free = [...this.desks];
    await this.callAll();
  }

  /** Whoever is in the line is still served. */
  async close(): Promise<void> {
    const isBusy = this.free.length < this.desks.length || this.putAside > 0;
    if (this.line.size > 0 || isBusy) {
      this.ground.agenda.in(5 * MINUTE, () => this.close());
      return;
    }
    if (!this.isOpen) return;
    this.isOpen = false;
    this.free = [];
    for (const desk of this.desks) await this.say('closeDesk', desk);
  }

  async joined(guest: Guest, entry: EntrySeen): Promise<void> {
    const { agenda, terms } = this.ground;
    this.line.set(entry.id, { guest, entry, since: agenda.now, onlyDesk: null });
    if (guest.random.chance(terms.habits.leaves)) {
      agenda.in(guest.random.int(2, 10) * MINUTE, () => this.walkOff(entry.id));
    }
    await this.callAll();
  }

  private async callAll(): Promise<void> {
    while (this.isOpen) {
      const line = [...this.line.values()];
      const desk = this.free.find((one) => line.some((waiting) => mayCall(one, waiting)));
      if (desk === undefined) return;
      await this.callNext(desk);
    }
  }

  private async callNext(desk: string): Promise<void> {
    const { api, agenda, tally } = this.ground;
    this.free.splice(this.free.indexOf(desk), 1);
    const input = { storeCode: this.storeCode, desk };
    const staff = api.staff(this.storeCode);
    const entry = await api.change<EntrySeen>(OPERATIONS.callNext, input, staff);
    const called = this.line.get(entry.id);
    if (called === undefined) {
      tally.flaw('OUT_OF_TURN', agenda.now, `${desk} of ${this.storeCode} got ${entry.id}`);
      this.free.push(desk);
      // Nothing else would be called: they are given up, and the flaw is known.
      this.line.clear();
      return;
    }
    this.checkTurn(called, desk);
    this.line.delete(entry.id);
    this.noteWait(called);
    agenda.in(called.guest.random.int(10, 50) * 1000, () => this.comesUp(called, desk));
  }

  private noteWait({ entry, since }: Waiting): void {
    const { agenda, tally } = this.ground;
    const { wait } = entry.place ?? {};
    if (wait == null || since === null) return;
    const real = (agenda.now - since) / MINUTE;
    const { fromMinutes: from, likelyMinutes: likely, toMinutes: to } = wait;
    tally.waits.push({ from, likely, to, real });
  }

  /** Most are served; some have forgotten something, or are for somebody else. */
  private async comesUp(called: Waiting, desk: string): Promise<void> {
    const { holds, transfers } = this.ground.terms.habits;
    const { random } = called.guest;
    const others = this.desks.filter((other) => other !== desk);
    if (random.chance(holds)) await this.hold(called, desk);
    else if (random.chance(transfers) && others.length > 0) {
      await this.transfer(called, desk, random.pick(others));
    } else await this.serve(called, desk);
  }

  private async hold(called: Waiting, desk: string): Promise<void> {
    const { api, agenda, tally } = this.ground;
    const entryId = called.entry.id;
    tally.add('put aside');
    await api.change(OPERATIONS.holdEntry, { entryId }, api.staff(this.storeCode));
    this.putAside += 1;
    this.free.push(desk);
    agenda.in(called.guest.random.int(2, 9) * MINUTE, async () => {
      const staff = api.staff(this.storeCode);
      const back = await api.change<EntrySeen>(OPERATIONS.resumeEntry, { entryId }, staff);
      this.putAside -= 1;
      this.back(called, back);
      await this.callAll();
    });
    await this.callAll();
  }

  private async transfer(called: Waiting, desk: string, other: string): Promise<void> {
    const { api, tally } = this.ground;
    const input = { entryId: called.entry.id, desk: other };
    tally.add('handed to another desk');
    const staff = api.staff(this.storeCode);
    const back = await api.change<EntrySeen>(OPERATIONS.transferVisit, input, staff);
    this.free.push(desk);
    this.back({ ...called, onlyDesk: other }, back);
    await this.callAll();
  }

  /** In the line again, where they were in it. */
  private back(called: Waiting, { id, dueAt }: EntrySeen): void {
    const { tally, agenda } = this.ground;
    this.line.set(called.entry.id, { ...called, since: null });
    if (dueAt === called.entry.dueAt) return;
    const detail = `${id} of ${this.storeCode} was due ${called.entry.dueAt}, and now is ${dueAt}`;
    tally.flaw('OUT_OF_TURN', agenda.now, detail);
  }

  /** By the one key: whoever is due first, those who go first before all others. */
  private checkTurn({ entry }: Waiting, desk: string): void {
    const key = ({ goesFirst, dueAt }: EntrySeen) => `${goesFirst ? 0 : 1} ${dueAt}`;
    for (const waiting of this.line.values()) {
      const { entry: other } = waiting;
      if (!mayCall(desk, waiting) || key(other) >= key(entry)) continue;
      const detail = `${entry.id} before ${other.id} at ${this.storeCode}`;
      this.ground.tally.flaw('OUT_OF_TURN', this.ground.agenda.now, detail);
    }
  }

  private async serve({ guest, entry }: Waiting, desk: string): Promise<void> {
    const { api, agenda, tally } = this.ground;
    await api.change(OPERATIONS.serve, { entryId: entry.id }, api.staff(this.storeCode));
    const mean = guest.kind === 'DROP_OFF' ? 5 + 2 * guest.pairs : 3 + 0.5 * guest.pairs;
    const minutes = mean * (0.5 + guest.random.next());
    tally.add(`desk minutes/${this.storeCode}`, minutes);
    agenda.in(minutes * MINUTE, () => this.finish(guest, entry.id, desk));
  }

  private async finish(guest: Guest, entryId: string, desk: string): Promise<void> {
    const { api } = this.ground;
    await guest.serve();
    guest.leave();
    // Taking in and handing out ends the visit by itself.
    const staff = api.staff(this.storeCode);
    await api.change(OPERATIONS.finishVisit, { entryId }, staff, ['WRONG_STATUS']);
    this.free.push(desk);
    await this.callAll();
  }

  private async walkOff(entryId: string): Promise<void> {
    const { api, tally } = this.ground;
    const waiting = this.line.get(entryId);
    if (waiting === undefined) return;
    this.line.delete(entryId);
    tally.add('walked off');
    await api.change(OPERATIONS.leaveQueue, { entryId }, api.staff(this.storeCode));
    waiting.guest.leave();
  }

  private async say(which: 'openDesk' | 'closeDesk', desk: string): Promise<void> {
    const { api } = this.ground;
    const input = { storeCode: this.storeCode, desk };
    await api.change(OPERATIONS[which], input, api.staff(this.storeCode));
  }
}

const mayCall = (desk: string, { onlyDesk }: Waiting): boolean =>
  onlyDesk === null || onlyDesk === desk;

/** The counters of all stores. */
export class Counters {
  private readonly counters = new Map<string, Counter>();

  constructor(private readonly ground: Ground) {
    for (const code of ground.network.stores.keys()) {
      const desks = ground.chance('desks').chance(0.5) ? ['1'] : ['1', '2'];
      this.counters.set(code, new Counter(ground, code, desks));
    }
  }

  /** Opens and closes with the store, on the day that begins now. */
  plan(dayStart: EpochMs): void {
    const { agenda, network } = this.ground;
    for (const [code, counter] of this.counters) {
      const store = network.stores.get(code)!;
      const date = localDateOf(dayStart + 12 * HOUR, store.timeZone);
      for (const { start, end } of openings(store, date, date)) {
        agenda.at(start, () => counter.open());
        agenda.at(end, () => counter.close());
      }
    }
  }

  /** @returns why they cannot join; null: they have */
  async checkIn(guest: Guest, expected: readonly string[]): Promise<string | null> {
    const { api, terms } = this.ground;
    const { storeCode, order, random } = guest;
    const input = {
      storeCode,
      ticketCode: random.chance(0.2) ? order!.ticketCode.toLowerCase() : order!.ticketCode,
      reducedMobility: random.chance(terms.habits.reducedMobility),
    };
    const staff = api.staff(storeCode);
    const entry = await api.change<EntrySeen>(OPERATIONS.checkIn, input, staff, expected);
    return this.join(guest, entry);
  }

  async joinQueue(guest: Guest): Promise<string | null> {
    const { api } = this.ground;
    const { storeCode, kind: visitKind, pairs } = guest;
    const input = { storeCode, visitKind, pairs };
    const staff = api.staff(storeCode);
    return this.join(guest, await api.change<EntrySeen>(OPERATIONS.joinQueue, input, staff));
  }

  private async join(guest: Guest, entry: EntrySeen): Promise<string | null> {
    if (entry.code !== undefined) return entry.code;
    await this.counters.get(guest.storeCode)!.joined(guest, entry);
    return null;
  }
}
