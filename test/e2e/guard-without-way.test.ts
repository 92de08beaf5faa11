import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aBooking, bookOrder, type OrderAnswer } from '../support/bookings.ts';
import { askReplan, faults, guard, receive, tasksOf } from '../support/guard.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  const worked = workedNetwork();
  // No van calls at C.
  service = await startService({
    network: { ...worked, stores: [...worked.stores!, aStore('C')] },
  });
});
beforeEach(() => service.rows('DELETE FROM replan'));
afterAll(() => service.stop());

const QUARTER_MS = 15 * 60_000;

const TO_CALL = { kind: 'CALL_CUSTOMER', store_code: 'B', reason: 'PROMISE_BROKEN' };
const TO_PLAN = ['A', 'B'].map((code) => ({
  kind: 'REPLAN_NEEDED',
  store_code: code,
  reason: 'NO_CONNECTION',
}));

async function versionOf({ id }: OrderAnswer) {
  const query = `query ($id: ID!) { order(id: $id) { version proposals { start } } }`;
  const { order } = await service.data<{ order: object }>(query, { id }, service.tokens.hq);
  return order;
}

const reminders = ({ id }: OrderAnswer) =>
  service.rows<{ kind: string }>(
    `SELECT kind FROM message WHERE order_id = $1 AND state = 'OWED' AND kind LIKE 'PICK_UP_%'
      ORDER BY kind`,
    [id],
  );

const putAll = ({ id }: OrderAnswer, storeCode: string) =>
  service.rows(`UPDATE pair SET place_code = $2 WHERE order_id = $1`, [id, storeCode]);

/** Handed in at A, and then found where no van calls. */
async function astray(): Promise<OrderAnswer> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking());
  service.clock.set(at('Mon 10:40'));
  await receive(service, order, at('Mon 10:40'));
  expect(await reminders(order)).not.toEqual([]);
  await putAll(order, 'C');
  await askReplan(service, [order.id], 'DISCREPANCY');
  expect(await guard(service)).toBe(1);
  return order;
}

describe('an order without a way', () => {
  it('is kept and left to both stores, and nobody is asked to come for it', async () => {
    const order = await astray();
    expect(await versionOf(order)).toEqual({ version: 3, proposals: [] });
    expect(await tasksOf(service, order.id)).toEqual([TO_CALL, ...TO_PLAN]);
    expect(await reminders(order)).toEqual([]);
    expect(await faults(service)).toEqual([]);
  });

  it('is looked at again each quarter of an hour, and nothing is said twice', async () => {
    const order = await astray();
    for (let looks = 0; looks < 2; looks++) {
      service.clock.advance(QUARTER_MS - 1);
      expect(await guard(service)).toBe(0);
      service.clock.advance(1);
      expect(await guard(service)).toBe(1);
      expect(await versionOf(order)).toEqual({ version: 3, proposals: [] });
      expect(await tasksOf(service, order.id)).toEqual([TO_CALL, ...TO_PLAN]);
      expect(await reminders(order)).toEqual([]);
    }
  });

  it('has its promise again when there is a way, at the next look', async () => {
    const order = await astray();
    await putAll(order, 'A');
    expect(await guard(service)).toBe(0);
    service.clock.advance(QUARTER_MS);
    expect(await guard(service)).toBe(1);
    expect(await versionOf(order)).toMatchObject({ version: 4 });
    expect(await reminders(order)).not.toEqual([]);
    service.clock.advance(QUARTER_MS);
    await guard(service);
    expect(await versionOf(order)).toMatchObject({ version: 4 });
    expect(await faults(service)).toEqual([]);
  });
});
