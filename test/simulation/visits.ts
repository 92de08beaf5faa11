import type { Random } from '../support/random.ts';
import type { Answer } from './api.ts';
import type { Counters, Guest } from './counters.ts';
import { newOrder, takePickUp, type Customers } from './customers.ts';
import { DAY, HOUR, MINUTE, type Ground } from './ground.ts';
import { EXPECTED_WAIT, HAND_OUT_SHEET, OPERATIONS } from './operations.ts';
import { pairsIn, type SimOrder, type SimPair, type SimVisit } from './order-book.ts';
import type { PromiseWatch, Records } from './promise-watch.ts';
import { openTime, type OrderSeen } from './people.ts';

interface ReceiptSeen extends Answer {
  readonly order: OrderSeen;
  readonly pairs: readonly { readonly tag: string }[];
}

interface SheetSeen {
  readonly pairs: readonly { readonly tag: string; readonly problem: string | null }[];
}

/** Longest time that a walk-in would wait, in minutes. */
const PATIENCE_MIN = 40;

/** People on their way to a store, and what they do there. */
export class Visits {
  constructor(
    private readonly ground: Ground,
    private readonly counters: Counters,
    private readonly customers: () => Customers,
    private readonly isClosed: (storeCode: string) => boolean,
    private readonly watch: PromiseWatch,
    private readonly history: Records['history'],
  ) {}

  /** What was planned before is forgotten. */
  planned(order: SimOrder): void {
    order.plan += 1;
    if (order.state === 'BOOKED') this.planDropOff(order);
    this.planPickUp(order);
    this.watch.watch(order);
  }

  private planDropOff(order: SimOrder): void {
    const { agenda, terms } = this.ground;
    const { random, dropOff, plan } = order;
    const isMissed = random.chance(terms.habits.missesDropOff);
    if (isMissed && random.chance(0.5)) return;
    const at = isMissed
      ? dropOff.start + random.int(2, 30) * HOUR
      : dropOff.start + this.offMinutes(random) * MINUTE;
    agenda.at(openTime(this.ground, dropOff.storeCode, at), async () => {
      if (order.plan !== plan || order.state !== 'BOOKED' || order.isComing) return;
      await this.comeWith(order);
    });
  }

  private planPickUp(order: SimOrder): void {
    const { agenda, terms } = this.ground;
    const { random, pickUp, plan } = order;
    if (random.chance(terms.habits.missesPickUp)) return;
    const at = pickUp.start + Math.max(0, this.offMinutes(random)) * MINUTE;
    agenda.at(openTime(this.ground, pickUp.storeCode, at), async () => {
      if (order.plan !== plan || order.mustChoose) return;
      await this.comeFor(order);
    });
  }

  /** Minutes after the start of a slot. */
  private offMinutes(random: Random): number {
    const { habits } = this.ground.terms;
    const roll = random.next();
    if (roll < habits.early) return -random.int(20, 60);
    if (roll < habits.early + habits.late) return random.int(14, 50);
    return random.int(-10, 10);
  }

  private async comeWith(order: SimOrder): Promise<void> {
    const { dropOff, random, items } = order;
    if (this.standsBeforeClosedDoor(order, dropOff)) return;
    order.isComing = true;
    const { storeCode } = dropOff;
    const refusal = await this.counters.checkIn(
      {
        ...{ kind: 'DROP_OFF', storeCode, random, order, pairs: pairsIn(items) },
        serve: () => this.receive(order, storeCode),
        leave: () => {
          order.isComing = false;
          this.comeBack(order, 'BOOKED');
        },
      },
      [],
    );
    if (refusal !== null) order.isComing = false;
  }

  /** For the goods; with nothing said against it. */
  async comeFor(order: SimOrder): Promise<void> {
    const { tally, agenda } = this.ground;
    const { pickUp, random, items } = order;
    if (order.state !== 'WITH_US' || order.isComing) return;
    if (this.standsBeforeClosedDoor(order, pickUp)) return;
    order.isComing = true;
    tally.add('trips to collect');
    const { storeCode } = pickUp;
    const guest: Guest = {
      ...{ kind: 'PICK_UP', storeCode, random, order, pairs: pairsIn(items) },
      serve: () => this.handOut(order, storeCode),
      leave: () => {
        order.isComing = false;
        this.comeBack(order, 'WITH_US');
      },
    };
    const refusal = await this.counters.checkIn(guest, ['GOODS_NOT_READY']);
    if (refusal === null) return;
    order.isComing = false;
    const isTold = order.told.some(({ kind, at }) => kind === 'NEW_PROMISE' && at < agenda.now);
    tally.add(isTold ? 'wasted trips/although told' : 'wasted trips/not told');
    // They wait for news.
    order.mustChoose = true;
  }

  /** Who went away without being served comes again. */
  private comeBack(order: SimOrder, state: 'BOOKED' | 'WITH_US'): void {
    const { agenda } = this.ground;
    const { plan, dropOff, pickUp, random } = order;
    if (order.state !== state) return;
    const isDropOff = state === 'BOOKED';
    const { storeCode } = isDropOff ? dropOff : pickUp;
    const at = openTime(this.ground, storeCode, agenda.now + random.int(60, 900) * MINUTE);
    agenda.at(at, async () => {
      if (order.plan !== plan || order.state !== state || order.isComing) return;
      await (isDropOff ? this.comeWith(order) : this.comeFor(order));
    });
  }

  private standsBeforeClosedDoor(order: SimOrder, visit: SimVisit): boolean {
    const { tally, agenda } = this.ground;
    if (!this.isClosed(visit.storeCode)) return false;
    const isTold = order.told.some(({ kind }) => kind === 'NEW_PROMISE');
    tally.add(isTold ? 'closed doors/although told' : 'closed doors/not told');
    agenda.in(DAY, () => {
      if (order.state === 'BOOKED' && !order.isComing) return this.comeWith(order);
      return this.comeFor(order);
    });
    return true;
  }

  async comeWithout(storeCode: string, random: Random): Promise<void> {
    const { api, tally, book } = this.ground;
    if (this.isClosed(storeCode)) return;
    const { items, to } = this.customers().aWish(random, storeCode);
    const pairs = pairsIn(items);
    const asked = { storeCode, visitKind: 'DROP_OFF', pairs };
    const { expectedWait } = await api.read<{ expectedWait: { likelyMinutes: number } | null }>(
      EXPECTED_WAIT,
      asked,
    );
    if (expectedWait === null || expectedWait.likelyMinutes > PATIENCE_MIN) {
      tally.add('walk-ins who went again');
      return;
    }
    const contact = `walk-in-${book.all.length + 1}-${random.int(0, 1e6)}@example.com`;
    await this.counters.joinQueue({
      ...{ kind: 'DROP_OFF', storeCode, random, order: null, pairs },
      serve: () => this.receiveWalkIn(storeCode, { items, to, contact, random }),
      leave: () => undefined,
    });
  }

  private async receive(order: SimOrder, storeCode: string): Promise<void> {
    const { api, terms } = this.ground;
    const { random, items, id: orderId } = order;
    const counted = items.map(({ pairs }, at) => ({ item: at + 1, pairs }));
    const staff = api.staff(storeCode);
    const send = (list: readonly object[], expected: readonly string[]) =>
      api.change<ReceiptSeen>(
        OPERATIONS.receive,
        { orderId, storeCode, items: list },
        staff,
        expected,
      );
    if (random.chance(terms.habits.countedOtherwise)) {
      const [first, ...rest] = counted;
      const otherwise = [{ ...first!, pairs: first!.pairs + 1 }, ...rest];
      const answer = await send(otherwise, [
        'SLOT_FULL',
        'NO_PROMISE',
        'READY_TOO_LATE',
        'TOO_LARGE',
      ]);
      if (answer.code === undefined) {
        this.taken(order, answer, storeCode);
        return;
      }
    }
    const answer = await send(counted, []);
    if (answer.code === undefined) this.taken(order, answer, storeCode);
  }

  private async receiveWalkIn(
    storeCode: string,
    wish: {
      items: SimOrder['items'];
      to: string;
      contact: string;
      random: Random;
    },
  ): Promise<void> {
    const { api, book, agenda, tally } = this.ground;
    const { items, to, contact, random } = wish;
    const answer = await api.change<ReceiptSeen>(
      OPERATIONS.receiveWalkIn,
      {
        ...{ storeCode, items, pickUp: { storeCode: to } },
        customer: { name: 'Wei', email: contact },
      },
      api.staff(storeCode),
      // The counter may be full of those with an appointment, the store about to close.
      ['SLOT_FULL', 'CLOSED'],
    );
    if (answer.code !== undefined) return;
    tally.add('walk-ins');
    const no = book.all.length + 1;
    const order = newOrder(answer.order, { no, contact, random, now: agenda.now, isWalkIn: true });
    book.add(order);
    this.taken(order, answer, storeCode);
  }

  private taken(order: SimOrder, { order: seen, pairs }: ReceiptSeen, storeCode: string): void {
    const { book, agenda, tally } = this.ground;
    order.state = 'WITH_US';
    order.items = seen.items;
    takePickUp(order, seen, agenda.now);
    tally.add('taken in');
    tally.add('pairs', pairs.length);
    for (const { tag } of pairs) {
      const told = { at: agenda.now, id: '', place: storeCode };
      book.addPair({ tag, order, at: storeCode, told, isAstray: false, unsent: 0, isBusy: false });
    }
    this.planned(order);
  }

  private async handOut(order: SimOrder, storeCode: string): Promise<void> {
    const { api, agenda, tally } = this.ground;
    const staff = api.staff(storeCode);
    const { ticketCode, pickUp } = order;
    const { handOutSheet } = await api.read<{ handOutSheet: SheetSeen }>(
      HAND_OUT_SHEET,
      { ticketCode, storeCode },
      staff,
    );
    const problems = handOutSheet.pairs.filter(({ problem }) => problem !== null);
    if (problems.length > 0) {
      const detail = `${order.id} was let in to collect: ${JSON.stringify(problems)}`;
      tally.flaw('WASTED_TRIP', agenda.now, `${detail}\n  ${await this.history(order.id)}`);
      return;
    }
    const tags = order.pairs.map(({ tag }) => tag);
    if (order.random.chance(0.02)) await this.handOutWrong(order, storeCode, tags);
    const input = { ticketCode, storeCode, tags };
    const answer = await api.change<Answer>(OPERATIONS.handOut, input, staff);
    if (answer.code !== undefined) return;
    for (const pair of order.pairs) this.gone(pair);
    order.state = 'COLLECTED';
    order.plan += 1;
    tally.add('collected');
    tally.add(agenda.now <= pickUp.end + 15 * MINUTE ? 'collected as booked' : 'collected later');
  }

  /** A pair of somebody else is stopped at the counter. */
  private async handOutWrong(
    { ticketCode, id }: SimOrder,
    storeCode: string,
    tags: readonly string[],
  ): Promise<void> {
    const { api, book, agenda, tally } = this.ground;
    const other = book.at(storeCode).find(({ order }) => order.id !== id);
    if (other === undefined) return;
    const input = { ticketCode, storeCode, tags: [...tags, other.tag] };
    const staff = api.staff(storeCode);
    const { code } = await api.change<Answer>(OPERATIONS.handOut, input, staff, [
      'HAND_OUT_STOPPED',
    ]);
    tally.add('wrong pairs stopped');
    if (code === undefined)
      tally.flaw('PAIR_ELSEWHERE', agenda.now, `${other.tag} went out with ${id}`);
  }

  private gone(pair: SimPair): void {
    const { book, agenda } = this.ground;
    book.put(pair, 'CUSTOMER');
    pair.told = { at: agenda.now, id: '', place: 'CUSTOMER' };
  }
}
