import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';

import { GuardWriter } from '../../src/features/guard/guard-writer.ts';
import { ReplanTurns } from '../../src/features/guard/replan-turns.ts';
import { aBooking, bookOrder, newKey, type OrderAnswer } from '../support/bookings.ts';
import { askReplan, eventsOf, faults, guard, tasksOf } from '../support/guard.ts';
import { startService, type TestService } from '../support/service.ts';
import { when, workedNetwork } from '../support/worked-network.ts';

let one: TestService;
let other: TestService;
beforeAll(async () => {
  const network = workedNetwork({ counter: { visits: 5_000 }, workUnits: 5_000, vanPairs: 5_000 });
  one = await startService({ network });
  other = await startService({ database: one.database });
});
afterAll(async () => {
  await other.stop();
  await one.stop();
});
afterEach(async () => {
  vi.restoreAllMocks();
  expect(await faults(one)).toEqual([]);
});

async function bookMany(count: number, parts: object = {}): Promise<readonly OrderAnswer[]> {
  return Promise.all(Array.from({ length: count }, () => bookOrder(one, aBooking(parts))));
}

async function disrupt(partCode: string, from: string): Promise<void> {
  const mutation = `mutation ($input: ApplyDisruptionInput!) { applyDisruption(input: $input) {
    __typename } }`;
  const disruption = { kind: 'CANCEL_TRIP', partCode, from: when(from) };
  const data = await one.data<{ applyDisruption: { __typename: string } }>(
    mutation,
    { input: { requestKey: newKey(), disruption } },
    one.tokens.hq,
  );
  expect(data.applyDisruption.__typename).toBe('Disruption');
}

async function waiting(): Promise<number> {
  const [row] = await one.rows<{ count: number }>('SELECT count(*)::int AS count FROM replan');
  return row!.count;
}

/** How often each order was promised anew, by number of times. */
async function promisedAnew(orders: readonly OrderAnswer[]): Promise<Record<number, number>> {
  const times: Record<number, number> = {};
  for (const { id } of orders) {
    const count = (await eventsOf(one, id)).filter(({ kind }) => kind === 'REPROMISED').length;
    times[count] = (times[count] ?? 0) + 1;
  }
  return times;
}

const writerOf = (service: TestService) => service.app.get(GuardWriter, { strict: false });

describe('re-planning by several processes', () => {
  it('plans each order once, whoever has it', async () => {
    const orders = await bookMany(120);
    await disrupt('W-B', 'Tue 18:30');
    expect(await waiting()).toBe(120);
    const done = await Promise.all([guard(one), guard(other)]);
    expect(done[0] + done[1]).toBe(120);
    expect(await waiting()).toBe(0);
    expect(await promisedAnew(orders)).toEqual({ 1: 120 });
  });

  it('asks only once while there is nothing to do', async () => {
    const take = vi.spyOn(one.app.get(ReplanTurns, { strict: false }), 'take');
    expect(await guard(one)).toBe(0);
    expect(take).toHaveBeenCalledTimes(1);
  });

  it('goes on where a process was killed', async () => {
    const parts = { dropOff: 'A Tue 10:30', pickUp: 'B Wed 20:30' };
    const orders = await bookMany(120, parts);
    await disrupt('W-B', 'Wed 18:30');
    const writer = writerOf(one);
    const write = writer.write.bind(writer);
    let batches = 0;
    // Never answered, as by a process that is gone with a batch in each of its two lanes.
    vi.spyOn(writer, 'write').mockImplementation((...given) => {
      return ++batches > 1 ? new Promise(() => undefined) : write(...given);
    });
    void guard(one);
    while (batches < 3) await new Promise((resolve) => setImmediate(resolve));
    await guard(other);
    const left = await waiting();
    expect(left).toBeGreaterThan(0);
    await one.rows(`UPDATE replan SET leased_until = clock_timestamp() - interval '1 second'`);
    expect(await guard(other)).toBe(left);
    expect(await waiting()).toBe(0);
    expect(await promisedAnew(orders)).toEqual({ 1: 120 });
  });

  it('forgets nothing that is asked for meanwhile', async () => {
    const [order] = await bookMany(1, { dropOff: 'A Wed 10:30', pickUp: 'B Thu 20:30' });
    await askReplan(one, [order!.id], 'DISCREPANCY');
    const writer = writerOf(one);
    const write = writer.write.bind(writer);
    const written = vi.spyOn(writer, 'write').mockImplementationOnce(async (...given) => {
      await askReplan(other, [order!.id], 'CAPACITY_CUT');
      return write(...given);
    });
    await guard(one);
    expect(await waiting()).toBe(0);
    expect(written).toHaveBeenCalledTimes(2);
  });

  it('lets an order that somebody is changing wait, and nobody wait for it', async () => {
    const orders = await bookMany(2, { dropOff: 'A Wed 11:30', pickUp: 'B Thu 20:30' });
    const ids = orders.map(({ id }) => id);
    await askReplan(one, ids, 'DISCREPANCY');
    const client = await one.db.connect();
    try {
      await client.query('BEGIN');
      await client.query('SELECT FROM customer_order WHERE id = $1 FOR UPDATE', [ids[0]]);
      expect(await guard(one)).toBe(2);
      expect(await one.rows('SELECT order_id FROM replan')).toEqual([{ order_id: ids[0] }]);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
    one.clock.advance(1_000);
    expect(await guard(one)).toBe(1);
    expect(await waiting()).toBe(0);
  });

  it('tries an order that cannot be planned again and again, alone, and then leaves it to staff', async () => {
    const orders = await bookMany(2, { dropOff: 'A Wed 12:30', pickUp: 'B Thu 20:30' });
    const [bad, good] = orders.map(({ id }) => id) as [string, string];
    await one.rows(
      `UPDATE customer_order SET promise = jsonb_set(promise, '{steps}', 'null') WHERE id = $1`,
      [bad],
    );
    await one.rows(
      `INSERT INTO pair (id, order_id, item, number, tag, place, place_code, trip_departs,
                                      to_code, since)
                    VALUES (gen_random_uuid(), $1, 1, 1, 'bad', 'TRIP', 'A-W', $2, 'W', $2)`,
      [bad, new Date(one.clock.now())],
    );
    await askReplan(one, [bad, good], 'DISCREPANCY');
    for (let tries = 1; tries <= 5; tries++) {
      await guard(one);
      const left = await one.rows<{ order_id: string; tries: number }>(
        'SELECT order_id, tries FROM replan',
      );
      expect(left).toEqual([{ order_id: bad, tries }]);
      one.clock.advance(5_000 * 2 ** (tries - 1));
    }
    expect(await tasksOf(one, bad)).toEqual([
      { kind: 'REPLAN_NEEDED', store_code: 'A', reason: 'CANNOT_BE_PLANNED' },
      { kind: 'REPLAN_NEEDED', store_code: 'B', reason: 'CANNOT_BE_PLANNED' },
    ]);
    await one.rows(`DELETE FROM pair WHERE order_id = $1`, [bad]);
    await one.rows(
      `UPDATE customer_order o SET promise = e.after->'promise' FROM event e
        WHERE o.id = $1 AND e.order_id = o.id`,
      [bad],
    );
    await guard(one);
    expect(await waiting()).toBe(0);
  });

  it('takes no more at once than is asked for, also by a plan made when nothing was due', async () => {
    const orders = await bookMany(40, { dropOff: 'A Wed 13:30', pickUp: 'B Thu 20:30' });
    const turns = one.app.get(ReplanTurns, { strict: false });
    await one.rows('VACUUM ANALYZE replan');
    expect(await turns.take(one.clock.now(), 20)).toEqual([]);
    await askReplan(
      one,
      orders.map(({ id }) => id),
      'DISCREPANCY',
    );
    expect(await turns.take(one.clock.now(), 20)).toHaveLength(20);
    const [held] = await one.rows<{ count: number }>(
      'SELECT count(leased_until)::int AS count FROM replan',
    );
    expect(held!.count).toBe(20);
    await one.rows('UPDATE replan SET leased_until = NULL');
    await guard(one);
    expect(await waiting()).toBe(0);
  });

  it('meets a bucket that others filled meanwhile, and plans on fresh usage', async () => {
    const [order] = await bookMany(1, { dropOff: 'A Thu 10:30', pickUp: 'B Fri 20:30' });
    await disrupt('A-W', 'Thu 14:00');
    const turns = one.app.get(ReplanTurns, { strict: false });
    expect(await turns.take(one.clock.now(), 0)).toEqual([]);
    const writer = writerOf(one);
    const write = writer.write.bind(writer);
    let isFull = true;
    const written = vi.spyOn(writer, 'write').mockImplementation((...given) => {
      if (!isFull) return write(...given);
      isFull = false;
      return Promise.resolve({ is: 'full', bucket: { resource: 'work:W/clean', start: 0 } });
    });
    await guard(one);
    expect(written).toHaveBeenCalledTimes(2);
    expect(await promisedAnew([order!])).toEqual({ 1: 1 });
  });
});
