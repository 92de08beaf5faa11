import type pg from 'pg';

import { compileNetwork } from '../../src/core/network/compile-network.ts';
import { documentOf, mergeNetwork } from '../../src/core/network/network-document.ts';
import type { NetworkInput } from '../../src/core/network/network-input.ts';
import type { Network } from '../../src/core/network/network.ts';
import {
  bookOrder,
  cancelOrder,
  holdOrder,
  moveAppointment,
  type BookingInput,
  type OrderAnswer,
} from './bookings.ts';
import type { Acknowledged } from './invariants.ts';
import type { Processes } from './processes.ts';
import { onDay, raceChain, type Room } from './race-network.ts';
import { Random } from './random.ts';

const DAYS = [2, 3, 4, 5];
const MINUTES = [600, 630, 660];
const CUSTOMERS = 8;

/** What each operation may be answered; anything else is a fault. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  book: ['Order', 'SlotFull', 'ReadyTooLate', 'NoPromise'],
  hold: ['Hold', 'SlotFull', 'ReadyTooLate', 'NoPromise'],
  bookHold: ['Order', 'HoldExpired', 'SlotFull', 'ReadyTooLate', 'NoPromise'],
  move: ['Order', 'SlotFull', 'ReadyTooLate', 'NoPromise', 'NotBookable', 'VersionConflict'],
  cancel: ['Order', 'NotBookable', 'VersionConflict'],
};

interface Held {
  readonly id: string;
  readonly booking: BookingInput;
}

/**
 * All that can happen to orders, in random order, from several processes at once. What each worker tries
 * follows from the seed; how they interleave is up to the machines.
 */
export class RandomMix {
  readonly acknowledged: Acknowledged[] = [];
  /** Answers that should not have been given. */
  readonly surprises: string[] = [];
  /** How often which operation was answered what. */
  readonly counts: Record<string, number> = {};
  /** Every version of the chain that can have been in force. */
  readonly networks: Network[];
  private readonly orders: OrderAnswer[] = [];
  private readonly holds: Held[] = [];
  private readonly base: NetworkInput;

  constructor(
    private readonly processes: Processes,
    private readonly db: pg.Pool,
    private readonly chain: string,
    private readonly seed: number,
  ) {
    this.base = raceChain(chain, roomOf(new Random(seed)));
    this.networks = [compileNetwork(documentOf(this.base), 1)];
  }

  async run(workers: number, operations: number): Promise<void> {
    await this.processes.client(0).import(this.base);
    await Promise.all(
      Array.from({ length: workers }, async (_, worker) => {
        const random = new Random(this.seed * 1000 + worker);
        for (let turn = 0; turn < operations; turn++) {
          await this.step(random, `${this.chain}-key-${worker}-${turn}`);
        }
      }),
    );
  }

  private async step(random: Random, key: string): Promise<void> {
    const dice = random.int(0, 99);
    if (dice < 35) return this.bookNew(random, key);
    if (dice < 50) return this.hold(random, this.booking(random, key));
    if (dice < 62) return this.bookHold(random, key);
    if (dice < 78) return this.move(random, key);
    if (dice < 92) return this.cancel(random, key);
    if (dice < 97) return this.expire(random);
    return this.turnLimits(random);
  }

  private client(random: Random) {
    return this.processes.client(random.int(0, 1));
  }

  private booking(random: Random, requestKey: string): BookingInput {
    const day = random.pick(DAYS);
    const customer = random.int(1, CUSTOMERS);
    const phone = `+86138000000${random.int(1, CUSTOMERS) + 10}`;
    return {
      requestKey,
      // Now by one contact, now by the other, now by both: they are looked up and added in all ways.
      customer: {
        name: 'Mei',
        ...(random.chance(0.7)
          ? { email: `${this.chain.toLowerCase()}-${customer}@example.com` }
          : { phone }),
        ...(random.chance(0.3) ? { phone } : {}),
      },
      dropOff: { storeCode: `${this.chain}-A`, start: onDay(day, random.pick(MINUTES)) },
      pickUp: {
        storeCode: `${this.chain}-B`,
        start: onDay(day + random.int(1, 2), random.pick(MINUTES)),
      },
      items: Array.from({ length: random.int(1, 2) }, () => ({
        description: 'AJ1',
        serviceCodes: ['clean'],
        pairs: random.int(1, 2),
      })),
    };
  }

  private async bookNew(random: Random, key: string): Promise<void> {
    this.note('book', await bookOrder(this.client(random), this.booking(random, key)));
  }

  private async hold(random: Random, booking: BookingInput): Promise<void> {
    const answer = await holdOrder(this.client(random), booking);
    this.note('hold', answer);
    if (answer.__typename === 'Hold') this.holds.push({ id: answer.id, booking });
  }

  /** As it was held or, sometimes, otherwise. Two may want to book the same hold. */
  private async bookHold(random: Random, requestKey: string): Promise<void> {
    if (this.holds.length === 0) return;
    const { id: holdId, booking } = random.pick(this.holds);
    const wish = random.chance(0.7) ? booking : this.booking(random, requestKey);
    const input = { ...wish, requestKey, holdId };
    this.note('bookHold', await bookOrder(this.client(random), input));
  }

  private async move(random: Random, requestKey: string): Promise<void> {
    if (this.orders.length === 0) return;
    const { dropOff, pickUp, version: expectedVersion } = random.pick(this.orders);
    const { id: appointmentId, store } = random.pick([dropOff, pickUp]);
    const start = onDay(random.pick(DAYS) + random.int(0, 1), random.pick(MINUTES));
    const to = { storeCode: store.code, start };
    const input = { requestKey, appointmentId, expectedVersion, to };
    this.note('move', await moveAppointment(this.client(random), input));
  }

  private async cancel(random: Random, requestKey: string): Promise<void> {
    if (this.orders.length === 0) return;
    const { id: orderId, version: expectedVersion } = random.pick(this.orders);
    const input = { requestKey, orderId, expectedVersion };
    this.note('cancel', await cancelOrder(this.client(random), input));
  }

  private async expire(random: Random): Promise<void> {
    if (this.holds.length === 0) return;
    await this.db.query(
      `UPDATE hold SET expires_at = clock_timestamp() WHERE id = $1 AND ended_at IS NULL`,
      [random.pick(this.holds).id],
    );
  }

  /** All limits anew, some below what is taken. */
  private async turnLimits(random: Random): Promise<void> {
    const turned = raceChain(this.chain, roomOf(random));
    this.networks.push(compileNetwork(mergeNetwork(documentOf(this.base), turned), 1));
    await this.client(random).import(turned);
  }

  private note(operation: string, answer: OrderAnswer): void {
    const name = `${operation} ${answer.__typename}`;
    this.counts[name] = (this.counts[name] ?? 0) + 1;
    if (ANSWERS[operation]?.includes(answer.__typename) !== true) {
      this.surprises.push(`${operation}: ${JSON.stringify(answer)}`);
    }
    if (answer.__typename === 'Hold') this.acknowledged.push({ is: 'hold', id: answer.id });
    if (answer.__typename !== 'Order') return;
    this.acknowledged.push({ is: 'order', ...answer });
    // The older versions stay too: acting on those must lead to a conflict.
    this.orders.push(answer);
  }
}

function roomOf(random: Random): Room {
  return {
    dropOffVisits: random.int(2, 6),
    dropOffPairs: random.int(4, 12),
    pickUpVisits: random.int(2, 6),
    units: random.int(8, 24),
    vanIn: random.int(8, 24),
    vanOut: random.int(8, 24),
    shelfPairs: random.int(10, 40),
  };
}
