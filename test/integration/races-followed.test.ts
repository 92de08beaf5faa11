import { setImmediate as turnOfLoop } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';
import { v7 as newId } from 'uuid';

import { normalClaims, type Claim } from '../../src/core/claims/claim.ts';
import type { OrderData } from '../../src/core/orders/order.ts';
import { Capacity, claimsFrom, Ledger, type ClaimRow } from '../../src/features/capacity/index.ts';
import { CancelOrder } from '../../src/features/orders/cancel-order.service.ts';
import { HoldOrder } from '../../src/features/orders/hold-order.service.ts';
import { BookOrder, Holds } from '../../src/features/orders/index.ts';
import { MoveAppointment } from '../../src/features/orders/move-appointment.service.ts';
import type { SignedInCaller } from '../../src/platform/signin/caller.ts';
import { onDay, raceChain } from '../support/race-network.ts';
import { Random } from '../support/random.ts';
import { TwoEngines } from '../support/two-engines.ts';

const HQ: SignedInCaller = { role: 'hq', id: 'hq' };
const BATCHES = 12;
const AT_ONCE = 6;

let engines: TwoEngines;

beforeEach(async () => {
  engines = await TwoEngines.start(
    raceChain('L', { dropOffVisits: 4, pickUpVisits: 4, units: 20, vanOut: 20, shelfPairs: 30 }),
  );
});

afterEach(() => engines.stop());

/** What one of the two engines takes for taken. */
async function followed(turn: number): Promise<readonly Claim[]> {
  const { usage } = await engines.get(turn, Capacity).world();
  return normalClaims([...usage.buckets()]);
}

/** The table, less what holds that are over still have in it. */
async function stored(): Promise<readonly Claim[]> {
  const { rows } = await engines.db.query<ClaimRow>(`
    SELECT array[resource] AS resources, array[start] AS starts, array[taken] AS amounts FROM ledger
    UNION ALL
    SELECT c.resources, c.starts, array(SELECT -amount FROM unnest(c.amounts) AS amount)
      FROM hold h JOIN claim c ON c.owner_id = h.id
     WHERE h.ended_at IS NULL AND h.expires_at <= clock_timestamp()`);
  return normalClaims(rows.flatMap(claimsFrom));
}

/** What one engine after the other does to orders and holds, at random. */
class Doer {
  private readonly orders: OrderData[] = [];
  private readonly holds: string[] = [];
  private turn = 0;

  constructor(private readonly random: Random) {}

  async something(): Promise<void> {
    this.turn += 1;
    const dice = this.random.int(0, 5);
    if (dice < 2) return this.book(null);
    if (dice === 2) return this.hold();
    if (dice === 3) return this.endHold();
    const order = this.orders.at(this.random.int(0, 9) - 10);
    if (order === undefined) return this.book(null);
    return dice === 4 ? this.cancel(order) : this.move(order);
  }

  private request() {
    const day = this.random.int(2, 4);
    const start = (days: number) => Date.parse(onDay(days, this.random.pick([600, 630])));
    return {
      caller: HQ,
      requestKey: `request-${this.turn}`,
      customer: { name: 'Mei', phone: null, email: 'mei@example.com', locale: null },
      dropOff: { storeCode: 'L-A', start: start(day) },
      pickUp: { storeCode: 'L-B', start: start(day + 1) },
      items: [{ description: 'AJ1', serviceCodes: ['clean'], pairs: this.random.int(1, 3) }],
    };
  }

  private async book(holdId: string | null): Promise<void> {
    const booked = await engines.get(this.turn, BookOrder).run({ ...this.request(), holdId });
    if (booked.ok) this.orders.push(booked.value);
  }

  private async hold(): Promise<void> {
    const request = { ...this.request(), holdId: null };
    const held = await engines.get(this.turn, HoldOrder).run(request);
    if (held.ok) this.holds.push(held.value.id);
  }

  /** Booked, left to run out, or run out and given back. */
  private async endHold(): Promise<void> {
    const id = this.holds.pop();
    if (id === undefined) return;
    const how = this.random.pick(['booked', 'over', 'freed']);
    if (how === 'booked') return this.book(id);
    await engines.db.query(`UPDATE hold SET expires_at = clock_timestamp() WHERE id = $1`, [id]);
    if (how === 'freed') await engines.get(this.turn, Holds).freeExpired();
  }

  private async cancel({ id: orderId, version: expectedVersion }: OrderData): Promise<void> {
    const request = { caller: HQ, requestKey: `request-${this.turn}`, orderId, expectedVersion };
    await engines.get(this.turn, CancelOrder).run({ ...request, reason: null });
  }

  private async move({ pickUp, version: expectedVersion }: OrderData): Promise<void> {
    const to = { storeCode: 'L-B', start: Date.parse(onDay(this.random.int(3, 6), 600)) };
    const request = { caller: HQ, requestKey: `request-${this.turn}`, expectedVersion, to };
    const moved = await engines
      .get(this.turn, MoveAppointment)
      .run({ ...request, appointmentId: pickUp.id });
    if (moved.ok) this.orders.push(moved.value);
  }
}

describe('the ledger as followed in memory', () => {
  it.each([1, 2])(
    'is the table less holds that are over, after any mix (seed %d)',
    async (seed) => {
      const doer = new Doer(new Random(seed));
      for (let batch = 0; batch < BATCHES; batch++) {
        await Promise.all(Array.from({ length: AT_ONCE }, () => doer.something()));
        const table = await stored();
        expect(await followed(0)).toEqual(table);
        // The other engine falls behind now and then, and catches up.
        if (batch % 3 === 0) expect(await followed(1)).toEqual(table);
      }
      expect((await stored()).length).toBeGreaterThan(0);
      expect(await followed(1)).toEqual(await stored());
    },
  );

  it('misses nothing of transactions that began before others and ended after them', async () => {
    const early = aClaim('early');
    const late = aClaim('late');
    const undone = aClaim('undone');
    expect(await followed(0)).toEqual([]);

    const first = await taking(early);
    const lost = await taking(undone);
    expect(await followed(0)).toEqual([]);
    const second = await taking(late);
    second.end();
    await second.ended;
    expect(await followed(0)).toEqual([late]);

    lost.end(new Error('rolled back'));
    await expect(lost.ended).rejects.toThrow('rolled back');
    expect(await followed(0)).toEqual([late]);
    first.end();
    await first.ended;
    expect(await followed(0)).toEqual([early, late]);
    expect(await followed(1)).toEqual([early, late]);
    expect(await stored()).toEqual([early, late]);
  });

  it('shows every request what was committed before it, however many ask at once', async () => {
    for (let round = 0; round < 20; round++) {
      const asked = [followed(0), followed(0)];
      await turnOfLoop();
      const transaction = await taking(aClaim(`round-${round}`));
      transaction.end();
      await transaction.ended;
      const after = await Promise.all([followed(0), followed(0), followed(1)]);
      await Promise.all(asked);
      for (const seen of after) expect(seen).toHaveLength(round + 1);
    }
  });
});

const aClaim = (name: string): Claim => ({
  resource: `work:L-W/${name}`,
  start: Date.parse(onDay(3, 840)),
  amount: 1,
});

/** A transaction that has taken a claim and ends when it is told to, well or with a fault. */
async function taking(claim: Claim) {
  let end!: (fault?: Error) => void;
  let taken!: () => void;
  const told = new Promise<Error | undefined>((resolve) => (end = resolve));
  const isTaken = new Promise<void>((resolve) => (taken = resolve));
  const ledger = engines.get(1, Ledger);
  const ended = engines.get(1, DataSource).transaction(async (tx) => {
    await ledger.take(tx, { ownerId: newId(), before: [], after: [{ ...claim, limit: null }] });
    taken();
    const fault = await told;
    if (fault !== undefined) throw fault;
  });
  await isTaken;
  return { end, ended };
}
