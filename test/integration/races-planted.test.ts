import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Type } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { OrderData } from '../../src/core/orders/order.ts';
import { Ledger } from '../../src/features/capacity/index.ts';
import { BookOrder } from '../../src/features/orders/index.ts';
import { CancelOrder } from '../../src/features/orders/cancel-order.service.ts';
import { MoveAppointment } from '../../src/features/orders/move-appointment.service.ts';
import { isSerializationFault } from '../../src/platform/database/database-errors.ts';
import type { SignedInCaller } from '../../src/platform/signin/caller.ts';
import { checkInvariants, violationsIn, type CheckTerms } from '../support/invariants.ts';
import {
  CLAIMS_GATE,
  plantTakeClaims,
  type TakingClaims,
} from '../support/planted/faulty-claims.ts';
import {
  ForgetsToGiveBack,
  KeepsWhatIsCancelled,
  KeepsWhatIsLeft,
} from '../support/planted/faulty-ledgers.ts';
import { plantOutages, type Outage } from '../support/planted/hasty-answers.ts';
import { onDay, raceChain, type Room } from '../support/race-network.ts';
import { until } from '../support/service-process.ts';
import { readStateIn, storedNetwork } from '../support/stored-state.ts';
import { TwoEngines } from '../support/two-engines.ts';

const HQ: SignedInCaller = { role: 'hq', id: 'hq' };
const instant = (days: number, minute: number): number => Date.parse(onDay(days, minute));

let engines: TwoEngines;

async function start(room: Room = {}, ledger?: Type<Ledger>): Promise<void> {
  engines = await TwoEngines.start(raceChain('P', room), ledger);
}

async function book(turn: number): Promise<OrderData | null> {
  const booked = await engines.get(turn, BookOrder).run({
    caller: HQ,
    requestKey: `booking-${turn}`,
    customer: { name: 'Mei', phone: null, email: `mei-${turn}@example.com`, locale: null },
    dropOff: { storeCode: 'P-A', start: instant(2, 600) },
    pickUp: { storeCode: 'P-B', start: instant(3, 600) },
    items: [{ description: 'AJ1', serviceCodes: ['clean'], pairs: 1 }],
    holdId: null,
  });
  return booked.ok ? booked.value : null;
}

function cancel({ id, version }: OrderData) {
  const requestKey = `cancellation-${id}`;
  const request = { caller: HQ, requestKey, orderId: id, expectedVersion: version, reason: null };
  return engines.get(1, CancelOrder).run(request);
}

function move({ pickUp, version }: OrderData) {
  return engines.get(1, MoveAppointment).run({
    caller: HQ,
    requestKey: `move-${pickUp.id}`,
    appointmentId: pickUp.id,
    expectedVersion: version,
    to: { storeCode: 'P-B', start: instant(4, 630) },
  });
}

/** What happened to bookings sent at the same moment. */
async function bookAtOnce(count: number) {
  const sent = Array.from({ length: count }, (_, turn) => book(turn));
  const settled = await Promise.allSettled(sent);
  const faults = settled.filter((each) => each.status === 'rejected');
  const orders = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return {
    orders: orders.filter((order) => order !== null),
    deadlocks: faults.filter(({ reason }) => isSerializationFault(reason)).length,
    faults: faults.length,
  };
}

/** As {@link bookAtOnce}, where claims are planted: nobody takes any before all are about to. */
async function bookAtGate(count: number) {
  const gate = await engines.db.connect();
  await gate.query('SELECT pg_advisory_lock($1)', [CLAIMS_GATE]);
  const booked = bookAtOnce(count);
  await until('all are at the gate', async () => {
    const { rows } = await engines.db.query<{ waiting: number }>(
      `SELECT count(*)::int AS waiting FROM pg_locks
        WHERE locktype = 'advisory' AND objid = $1 AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      [CLAIMS_GATE],
    );
    return rows[0]!.waiting === count;
  });
  await gate.query('SELECT pg_advisory_unlock($1)', [CLAIMS_GATE]);
  gate.release();
  return booked;
}

/** The codes of what the checker finds, each once. */
async function found(terms: CheckTerms = {}): Promise<readonly string[]> {
  const violations = await checkInvariants(engines.db, await storedNetwork(engines.db), terms);
  return [...new Set(violations.map(({ code }) => code))].sort();
}

describe('planted bugs', () => {
  afterEach(() => engines.stop());

  it.each<{ way: TakingClaims; someDie: boolean }>([
    { way: 'sorted, in one step', someDie: false },
    { way: 'in any order', someDie: true },
  ])('claims taken $way: deadlocks $someDie', async ({ way, someDie }) => {
    await start();
    await plantTakeClaims(engines.db, way);
    const { deadlocks, faults, orders } = await bookAtGate(6);
    expect(deadlocks > 0).toBe(someDie);
    expect(faults).toBe(deadlocks);
    expect(orders).toHaveLength(6 - deadlocks);
    expect(await found()).toEqual([]);
  });

  it.each<{ way: TakingClaims; codes: readonly string[] }>([
    { way: 'sorted, in one step', codes: [] },
    { way: 'read, then added', codes: ['OVER_LIMIT'] },
    { way: 'read, then written', codes: ['LEDGER_DIFFERS', 'OVER_LIMIT'] },
  ])('claims taken $way: the checker says $codes', async ({ way, codes }) => {
    await start({ dropOffVisits: 3 });
    await plantTakeClaims(engines.db, way);
    const { orders, faults } = await bookAtGate(12);
    expect(faults).toBe(0);
    expect(orders.length > 3).toBe(codes.length > 0);
    expect(await found()).toEqual(codes);
  });

  it.each([
    { ledger: Ledger, codes: [] },
    { ledger: KeepsWhatIsCancelled, codes: ['LEDGER_DIFFERS'] },
    { ledger: ForgetsToGiveBack, codes: ['CLAIMS_KEPT'] },
  ])('a cancellation with $ledger.name: the checker says $codes', async ({ ledger, codes }) => {
    await start({}, ledger);
    expect(await cancel((await book(0))!)).toMatchObject({ ok: true });
    expect(await found()).toEqual(codes);
  });

  it.each([
    { ledger: Ledger, codes: [] },
    { ledger: KeepsWhatIsLeft, codes: ['LEDGER_DIFFERS'] },
  ])('a move with $ledger.name: the checker says $codes', async ({ ledger, codes }) => {
    await start({}, ledger);
    expect(await move((await book(0))!)).toMatchObject({ ok: true, value: { version: 2 } });
    expect(await found()).toEqual(codes);
  });

  it.each<{ outage: Outage; codes: readonly string[] }>([
    { outage: 'power cut, then no answer', codes: [] },
    { outage: 'answer, then power cut', codes: ['ANSWER_LOST'] },
  ])('$outage: the checker says $codes', async ({ outage, codes }) => {
    await start();
    let turn = 0;
    for (const engine of engines.both) {
      plantOutages(engine.get(DataSource), outage, () => turn++ % 3 === 0);
    }
    const { orders } = await bookAtOnce(9);
    const acknowledged = orders.map((order) => ({ is: 'order', ...order }) as const);
    expect(acknowledged.length).toBeGreaterThan(0);
    expect(await found({ acknowledged })).toEqual(codes);
  });
});

describe('the checker', () => {
  beforeAll(async () => {
    await start();
    await book(0);
  });
  afterAll(() => engines.stop());

  /** What it finds once this is done to a sound database. */
  async function foundAfter(damage: string): Promise<readonly string[]> {
    const network = await storedNetwork(engines.db);
    const client = await engines.db.connect();
    await client.query('BEGIN');
    await client.query(damage);
    const state = await readStateIn(client);
    await client.query('ROLLBACK');
    client.release();
    return violationsIn(state, network).map(({ code }) => code);
  }

  it.each([
    {
      code: 'LEDGER_DIFFERS',
      damage: `UPDATE ledger SET taken = taken + 1 WHERE resource LIKE 'shelf%'`,
    },
    { code: 'CLAIMS_OF_NOBODY', damage: `UPDATE claim SET owner_id = gen_random_uuid()` },
    { code: 'CLAIMS_MISSING', damage: `DELETE FROM claim` },
    { code: 'CLAIMS_DIFFER', damage: `UPDATE order_item SET pairs = 2` },
    { code: 'CLAIMS_DIFFER', damage: `UPDATE claim SET amounts[1] = amounts[1] + 1` },
    { code: 'INCOMPLETE_ORDER', damage: `DELETE FROM order_item` },
    { code: 'INCOMPLETE_ORDER', damage: `DELETE FROM appointment WHERE kind = 'PICK_UP'` },
    {
      code: 'OFF_GRID',
      damage: `UPDATE appointment SET starts_at = starts_at + interval '5 minutes'`,
    },
    {
      code: 'NO_SUCH_WINDOW',
      damage: `UPDATE ledger SET start = start + interval '1 minute' WHERE resource LIKE 'ride%'`,
    },
    { code: 'EVENT_MISSING', damage: `DELETE FROM event` },
    { code: 'EVENT_MISSING', damage: `UPDATE customer_order SET version = 2` },
    { code: 'EVENT_DIFFERS', damage: `UPDATE customer_order SET ticket_code = 'K7RM-4XWA'` },
    { code: 'KEY_WITHOUT_EFFECT', damage: `UPDATE request_key SET answer_id = gen_random_uuid()` },
  ])('finds $code after $damage', async ({ code, damage }) => {
    expect(await found()).toEqual([]);
    expect(await foundAfter(damage)).toContain(code);
  });
});
