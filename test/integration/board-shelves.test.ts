import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Claim } from '../../src/core/claims/claim.ts';
import { localDateOf } from '../../src/core/time/local-date.ts';
import { Shelves } from '../../src/features/board/index.ts';
import { claimsFrom, type ClaimRow } from '../../src/features/capacity/index.ts';
import { OrderWriter } from '../../src/features/orders/index.ts';
import { clearDay, goAlong } from '../support/board/day.ts';
import {
  aBooking,
  aMove,
  bookOrder,
  moveAppointment,
  newKey,
  readOrder,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { handOut } from '../support/handovers.ts';
import { checkInvariants } from '../support/invariants.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { anAccount, deliver, startQuiet } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { at, dateOf, workedNetwork, ZONE } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');
const PLENTY = 1_000;
const NUMBERS = { counter: { visits: PLENTY, dropOffPairs: PLENTY }, workUnits: PLENTY };
const NETWORK = workedNetwork(NUMBERS);

/** Two processes of one deployment, as far as they can tell. */
let one: TestService;
let two: TestService;
beforeAll(async () => {
  one = await startService({ network: NETWORK, channels: [MAIL] });
  two = await startService({ database: one.database, channels: [MAIL] });
  await anAccount(one, 'mail');
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});
beforeEach(async () => {
  await clearDay(one);
  set('Mon 08:00');
  await startQuiet(one, [MAIL]);
});

function set(text: string): void {
  for (const service of [one, two]) service.clock.set(at(text));
}

const check = (service = one): Promise<number> =>
  service.app.get(Shelves, { strict: false }).check();

async function book(parts: BookingParts = {}): Promise<OrderAnswer> {
  const order = await bookOrder(one, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
}

/** An order whose goods are on the shelf of B, its pick-up on Tuesday at 20:30 unless told otherwise. */
async function onShelf(
  parts: BookingParts = {},
): Promise<{ order: OrderAnswer; tags: readonly string[] }> {
  set('Mon 08:00');
  const order = await book(parts);
  return { order, tags: await goAlong(one, order, 'ON_SHELF') };
}

/** Dates of the shelf of B that an order has taken, with the pairs. */
async function shelfOf({ id }: Pick<OrderAnswer, 'id'>): Promise<Record<string, number>> {
  const [row] = await one.rows<ClaimRow & { [column: string]: unknown }>(
    `SELECT resources, starts, amounts FROM claim WHERE owner_id = $1`,
    [id],
  );
  const claims: readonly Claim[] = claimsFrom(row!);
  return Object.fromEntries(
    claims
      .filter(({ resource }) => resource === 'shelf:B')
      .map(({ start, amount }) => [localDateOf(start, ZONE), amount]),
  );
}

const eventsOf = async ({ id }: Pick<OrderAnswer, 'id'>): Promise<readonly string[]> =>
  (
    await one.rows<{ kind: string }>(
      `SELECT kind FROM event WHERE order_id = $1 ORDER BY version`,
      [id],
    )
  ).map(({ kind }) => kind);

/** What cannot be true; a place that is kept for longer than was promised is no fault. */
async function violations(): Promise<readonly string[]> {
  const found = await checkInvariants(one.db, await storedNetwork(one.db));
  const texts = found.map(({ code, detail }) => `${code} ${detail}`);
  return texts.filter((text) => !/^CLAIMS_DIFFER .*: shelf:B \S+: \d+ too many$/.test(text));
}

describe('the shelf check', () => {
  it('keeps the place of goods that were not collected, day by day, until they are', async () => {
    const { order, tags } = await onShelf({ pairs: 2 });
    set('Tue 23:59');
    expect(await check()).toBe(0);
    expect(await shelfOf(order)).toEqual({ [dateOf('Tue')]: 2 });
    set('Wed 00:00');
    expect(await check()).toBe(1);
    set('Thu 00:10');
    expect(await check()).toBe(1);
    const three = { [dateOf('Tue')]: 2, [dateOf('Wed')]: 2, [dateOf('Thu')]: 2 };
    expect(await shelfOf(order)).toEqual(three);
    expect((await eventsOf(order)).slice(-2)).toEqual(['STAYED', 'STAYED']);
    expect(await violations()).toEqual([]);
    set('Thu 12:00');
    expect((await handOut(one, { orderId: order.id, tags })).__typename).toBe('HandedOut');
    set('Fri 00:00');
    expect(await check()).toBe(0);
    expect(await violations()).toEqual([]);
  });

  it('happens once for a store and date, whoever asks however often', async () => {
    const { order } = await onShelf();
    set('Wed 00:00');
    const all = await Promise.all([check(one), check(two), check(one), check(two)]);
    expect(all.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await check(two)).toBe(0);
    expect(await shelfOf(order)).toEqual({ [dateOf('Tue')]: 1, [dateOf('Wed')]: 1 });
    expect((await eventsOf(order)).filter((kind) => kind === 'STAYED')).toHaveLength(1);
    const checks = await one.rows(
      `SELECT store_code, orders FROM shelf_check WHERE local_date = $1 ORDER BY store_code`,
      [dateOf('Wed')],
    );
    expect(checks).toEqual([
      { store_code: 'A', orders: 0 },
      { store_code: 'B', orders: 1 },
    ]);
  });

  it('goes on with the other stores when one fails, and comes to that one again', async () => {
    const { order } = await onShelf();
    set('Thu 00:00');
    const writing = vi
      .spyOn(one.app.get(OrderWriter, { strict: false }), 'updateMany')
      .mockRejectedValueOnce(new Error('the disk is full'));
    expect(await check()).toBe(0);
    writing.mockRestore();
    const checks = () =>
      one.rows(`SELECT store_code, orders FROM shelf_check WHERE local_date = $1 ORDER BY 1`, [
        dateOf('Thu'),
      ]);
    expect(await checks()).toEqual([{ store_code: 'A', orders: 0 }]);
    expect(await check()).toBe(1);
    expect(await checks()).toContainEqual({ store_code: 'B', orders: 1 });
    expect(await shelfOf(order)).toEqual({ [dateOf('Tue')]: 1, [dateOf('Thu')]: 1 });
  });

  it('is no change that anybody has to know of who moves the pick-up', async () => {
    const { order } = await onShelf();
    const seen = (await readOrder(one, order.id))!;
    set('Wed 00:00');
    expect(await check()).toBe(1);
    const to = aMove(seen, 'pickUp', 'B Thu 20:30');
    const older = { ...to, requestKey: newKey(), expectedVersion: seen.version - 1 };
    expect(await moveAppointment(one, older)).toMatchObject({ __typename: 'VersionConflict' });
    const newer = { ...to, requestKey: newKey(), expectedVersion: seen.version + 2 };
    expect(await moveAppointment(one, newer)).toMatchObject({ __typename: 'VersionConflict' });
    expect(await moveAppointment(one, to)).toMatchObject({
      __typename: 'Order',
      version: seen.version + 2,
    });
    expect(await moveAppointment(one, { ...to, requestKey: newKey() })).toMatchObject({
      __typename: 'VersionConflict',
    });
  });

  it('catches up for the date that it is, when nobody checked at midnight', async () => {
    const { order } = await onShelf();
    set('Fri 15:00');
    expect(await check()).toBe(1);
    expect(await shelfOf(order)).toEqual({ [dateOf('Tue')]: 1, [dateOf('Fri')]: 1 });
  });

  it('keeps it also where there is no room', async () => {
    const { order } = await onShelf({ pairs: 3 });
    await one.import(workedNetwork({ ...NUMBERS, b: { shelfPairs: 2 } }));
    set('Wed 00:00');
    expect(await check()).toBe(1);
    expect(await shelfOf(order)).toEqual({ [dateOf('Tue')]: 3, [dateOf('Wed')]: 3 });
    const [shelf] = await one.rows<{ taken: number }>(
      `SELECT taken FROM ledger WHERE resource = 'shelf:B' AND start = $1`,
      [new Date(at('Wed 00:00'))],
    );
    expect(shelf).toEqual({ taken: 3 });
    await one.import(NETWORK);
  });

  it('leaves alone what is still to come, on its way, or not there', async () => {
    const { order } = await onShelf({ pickUp: 'B Thu 20:30' });
    set('Mon 08:00');
    const onVan = await book();
    await goAlong(one, onVan, 'ON_VAN');
    const booked = await book({ dropOff: 'A Wed 10:30', pickUp: 'B Fri 20:30' });
    set('Wed 00:00');
    expect(await check()).toBe(0);
    for (const each of [order, onVan, booked]) {
      expect(await eventsOf(each)).not.toContain('STAYED');
    }
  });

  it('keeps claims and ledger one while the same orders are moved', async () => {
    const orders: OrderAnswer[] = [];
    for (let n = 0; n < 6; n++) orders.push((await onShelf()).order);
    set('Wed 00:00');
    const current = await Promise.all(orders.map(({ id }) => readOrder(one, id)));
    const moves = current.map((order, n) =>
      moveAppointment(n % 2 === 0 ? one : two, aMove(order!, 'pickUp', 'B Thu 20:30')),
    );
    const [kept] = await Promise.all([check(two), ...moves]);
    expect(kept).toBeGreaterThanOrEqual(0);
    const found = await violations();
    expect(found.filter((text) => text.startsWith('LEDGER_DIFFERS'))).toEqual([]);
    expect(found.filter((text) => text.startsWith('EVENT'))).toEqual([]);
  });
});

describe('the overdue ladder', () => {
  const ladder = async ({ id }: OrderAnswer) =>
    one.rows<{ due_at: Date; state: string }>(
      `SELECT due_at, state FROM message WHERE order_id = $1 AND kind = 'OVERDUE' ORDER BY due_at`,
      [id],
    );
  const stepsOf = async (order: OrderAnswer) =>
    (await ladder(order)).map(({ due_at }) => due_at.getTime());
  const passTo = async (instant: number): Promise<void> => {
    for (const service of [one, two]) service.clock.set(instant);
    await check();
    await deliver(one);
  };

  it('reminds of goods whose place is kept, step after step, and ends when they are collected', async () => {
    const collected = await onShelf();
    const left = (await onShelf()).order;
    const { order, tags } = collected;
    await passTo(at('Tue 20:30'));
    const steps = await stepsOf(left);
    expect(steps.length).toBeGreaterThan(1);
    MAIL.forget();
    await passTo(at('Wed 09:00'));
    expect(MAIL.kinds).toEqual(['visit.missed', 'visit.missed']);
    MAIL.forget();
    // Each order has its own spread: the first step of one may come minutes after that of the other.
    await passTo(Math.max(steps[0]!, (await stepsOf(order))[0]!) + 60_000);
    expect(MAIL.kinds).toEqual(['pickup.overdue', 'pickup.overdue']);
    expect((await handOut(one, { orderId: order.id, tags })).__typename).toBe('HandedOut');
    await deliver(one);
    MAIL.forget();
    for (const step of steps.slice(1)) await passTo(step + 60_000);
    expect(MAIL.kinds).toEqual(steps.slice(1).map(() => 'pickup.overdue'));
    expect((await ladder(left)).map(({ state }) => state)).toEqual(steps.map(() => 'DONE'));
    const [first, ...others] = (await ladder(order)).map(({ state }) => state);
    expect(first).toBe('DONE');
    expect(new Set(others)).toEqual(new Set(['WITHDRAWN']));
  });
});
