import { openings } from '../../src/core/hours/openings.ts';
import { localDateOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import { Random } from '../support/random.ts';
import { DAY, HOUR, iso, MINUTE, numberOf, type Ground } from './ground.ts';
import { OPERATIONS, PROMISE } from './operations.ts';
import { pairsIn, type SimItem, type SimOrder } from './order-book.ts';
import { openTime, seen, slotsFrom, visitFrom, type OrderSeen } from './people.ts';

const SHOES = ['AJ1', 'Chelsea boots', 'White sneakers', 'Suede loafers', 'Oxfords'];

interface PromiseSeen {
  readonly __typename: string;
  readonly code?: string;
  readonly readyBy: string;
  readonly earliestPickUp: { readonly start: string };
}

/** How an order comes about, and what its customer changes of it before the goods are brought. */
export class Customers {
  constructor(
    private readonly ground: Ground,
    /** Told of each order that is new or was changed by its customer. */
    private readonly planned: (order: SimOrder) => void,
  ) {}

  /** Wishes of the day that begins now, most of them while people are awake. */
  plan(dayStart: EpochMs): void {
    const { agenda, network, terms } = this.ground;
    for (const store of network.stores.values()) {
      const random = this.ground.chance(`wishes ${store.code}`);
      const count = random.int(Math.ceil(terms.bookings / 2), Math.floor(terms.bookings * 1.5));
      for (let wish = 0; wish < count; wish++) {
        const at = dayStart + random.int(7 * 60, 22 * 60) * MINUTE;
        const seed = random.int(0, 2 ** 31);
        agenda.at(at, () => this.book(store.code, new Random(seed)));
      }
    }
  }

  aWish(random: Random, from: string): { items: readonly SimItem[]; to: string } {
    const { network } = this.ground;
    const services = [...network.services.keys()];
    const stores = [...network.stores.keys()];
    const items = Array.from({ length: random.pick([1, 1, 1, 2]) }, () => ({
      description: random.pick(SHOES),
      serviceCodes: [random.pick(services)],
      pairs: random.pick([1, 1, 1, 1, 2, 3]),
    }));
    return { items, to: random.chance(0.4) ? random.pick(stores) : from };
  }

  private async book(from: string, random: Random): Promise<void> {
    const { tally, agenda, network } = this.ground;
    const { items, to } = this.aWish(random, from);
    const pairs = pairsIn(items);
    const slots = await slotsFrom(this.ground, {
      ...{ storeCode: from, kind: 'DROP_OFF', from: agenda.now, days: 3, pairs },
    });
    if (slots.length === 0) {
      tally.add('wishes without a slot');
      return;
    }
    const dropOff = random.pick(slots);
    const end = dropOff + network.stores.get(from)!.counter.slotMin * MINUTE;
    const promise = await this.promise(from, end, to, items);
    if (promise === null) {
      tally.add('wishes without a promise');
      return;
    }
    const pickUp = await this.aPickUp(promise, to, pairs, random);
    const order = await this.send(random, items, { from, dropOff, to, pickUp });
    if (order !== null) this.thinkAgain(order);
  }

  private async promise(
    from: string,
    handedOver: EpochMs,
    to: string,
    items: readonly SimItem[],
  ): Promise<PromiseSeen | null> {
    const input = {
      ...{ dropOffStoreCode: from, handedOverAt: iso(handedOver), pickUpStoreCode: to, items },
    };
    const { promise } = await this.ground.api.read<{ promise: PromiseSeen }>(PROMISE, { input });
    return promise.code === undefined ? promise : null;
  }

  /** Many want their shoes as soon as can be; the others when it suits them. */
  private async aPickUp(
    { earliestPickUp, readyBy }: PromiseSeen,
    storeCode: string,
    pairs: number,
    random: Random,
  ): Promise<EpochMs> {
    const first = Date.parse(earliestPickUp.start);
    if (random.chance(0.4)) return first;
    const from = Date.parse(readyBy);
    const slots = await slotsFrom(this.ground, {
      storeCode,
      kind: 'PICK_UP',
      from,
      days: 4,
      pairs,
    });
    return slots.length === 0 ? first : random.pick(slots);
  }

  private async send(
    random: Random,
    items: readonly SimItem[],
    wish: { from: string; dropOff: EpochMs; to: string; pickUp: EpochMs },
  ): Promise<SimOrder | null> {
    const { api, book, tally, agenda } = this.ground;
    const no = book.all.length + 1;
    const contact = `customer-${no}@example.com`;
    const answer = await api.change<OrderSeen>(
      OPERATIONS.book,
      {
        dropOff: { storeCode: wish.from, start: iso(wish.dropOff) },
        pickUp: { storeCode: wish.to, start: iso(wish.pickUp) },
        items,
      },
      api.customer(contact),
      // A shelf that is full until the day of the pick-up is not in the list of slots.
      ['SLOT_FULL', 'READY_TOO_LATE'],
    );
    if (answer.code !== undefined) return null;
    tally.add('booked');
    const order = newOrder(answer, { no, contact, random, now: agenda.now, isWalkIn: false });
    book.add(order);
    this.planned(order);
    return order;
  }

  /** Some change their mind between the booking and the drop-off. */
  private thinkAgain(order: SimOrder): void {
    const { agenda, terms } = this.ground;
    const { random, dropOff } = order;
    const leftMs = dropOff.start - 2 * HOUR - agenda.now;
    if (leftMs < HOUR) return;
    const later = random.next() * leftMs;
    if (random.chance(terms.habits.cancels)) agenda.in(later, () => this.cancel(order));
    else if (random.chance(terms.habits.moves)) agenda.in(later, () => this.move(order));
  }

  private async cancel(order: SimOrder): Promise<void> {
    const { api, tally } = this.ground;
    if (order.state !== 'BOOKED' || order.isComing) return;
    const { version } = await seen(this.ground, order);
    const answer = await api.change<OrderSeen>(
      OPERATIONS.cancel,
      { orderId: order.id, expectedVersion: version, reason: 'I keep them as they are' },
      api.customer(order.contact),
    );
    if (answer.code !== undefined) return;
    tally.add('cancelled');
    order.state = 'CANCELLED';
    order.plan += 1;
  }

  private async move(order: SimOrder): Promise<void> {
    const { agenda, api, tally } = this.ground;
    if (order.state !== 'BOOKED' || order.isComing) return;
    const { random, pickUp, dropOff, items } = order;
    const visit = random.chance(0.3) ? dropOff : pickUp;
    const from = visit === pickUp ? visit.start : agenda.now + HOUR;
    const { kind, storeCode } = visit;
    const asked = { storeCode, kind, from, days: 3, pairs: pairsIn(items) };
    const slots = await slotsFrom(this.ground, asked);
    const fitting = slots.filter((start) => kind === 'PICK_UP' || start < pickUp.start - DAY);
    if (fitting.length === 0) return;
    const { version } = await seen(this.ground, order);
    const answer = await api.change<OrderSeen>(
      OPERATIONS.move,
      {
        ...{ appointmentId: visit.id, expectedVersion: version },
        to: { storeCode, start: iso(random.pick(fitting)) },
      },
      api.customer(order.contact),
      ['SLOT_FULL', 'READY_TOO_LATE', 'NO_CONNECTION', 'BEYOND_HORIZON'],
    );
    if (answer.code !== undefined) return;
    tally.add('moved');
    this.follow(order, answer);
  }

  /** What was answered is what the customer goes by. */
  follow(order: SimOrder, answer: OrderSeen): void {
    order.dropOff = visitFrom(answer.dropOff);
    takePickUp(order, answer, this.ground.agenda.now);
    order.items = answer.items;
    this.planned(order);
  }

  /** People without an appointment, on the day that begins now. */
  planWalkIns(dayStart: EpochMs, comes: (storeCode: string, random: Random) => unknown): void {
    const { agenda, network, terms } = this.ground;
    for (const store of network.stores.values()) {
      const random = this.ground.chance(`walk-ins ${store.code}`);
      const wanted = terms.bookings * terms.habits.walkIns;
      const count = Math.floor(wanted) + (random.chance(wanted % 1) ? 1 : 0);
      const date = localDateOf(dayStart + 12 * HOUR, store.timeZone);
      const open = openings(store, date, date);
      if (open.length === 0) continue;
      for (let one = 0; one < count; one++) {
        const { start, end } = random.pick(open);
        const at = start + random.next() * (end - start - HOUR);
        const own = new Random(numberOf(`${store.code} ${dayStart} ${one}`) + terms.seed);
        agenda.at(openTime(this.ground, store.code, at), () => comes(store.code, own));
      }
    }
  }
}

/** The pick-up as it was answered. */
export function takePickUp(order: SimOrder, answer: OrderSeen, now: EpochMs): void {
  const pickUp = visitFrom(answer.pickUp);
  if (pickUp.start !== order.pickUp.start) order.pickUpSince = now;
  order.pickUp = pickUp;
}

/** What its customer knows of an order that was just made. */
export function newOrder(
  answer: OrderSeen,
  known: { no: number; contact: string; random: Random; now: EpochMs; isWalkIn: boolean },
): SimOrder {
  const { no, contact, random, now, isWalkIn } = known;
  return {
    ...{ no, contact, random, isWalkIn, id: answer.id, ticketCode: answer.ticketCode },
    ...{ bookedAt: now, pickUpSince: now },
    items: answer.items,
    dropOff: visitFrom(answer.dropOff),
    pickUp: visitFrom(answer.pickUp),
    state: 'BOOKED',
    ...{ pairs: [], told: [], mustChoose: false, isComing: false, hasGivenUp: false, plan: 0 },
  };
}
