import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  aMove,
  bookOrder,
  cancelOrder,
  moveAppointment,
  newKey,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { APPLY, apply, disruptions, lift, preview, trip } from '../support/disruptions.ts';
import { claimsOf, eventsOf, faults, guard, newsOf, put, receive } from '../support/guard.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { at, dateOf, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const counter = { visits: 100 };

beforeEach(async () => {
  service.clock.set(MONDAY_MORNING);
  for (const { id } of await disruptions(service)) await lift(service, id);
  for (const table of ['replan', 'staff_task']) await service.rows(`DELETE FROM ${table}`);
  const open = await service.rows<{ id: string; version: number }>(
    `SELECT id, version FROM customer_order WHERE status = 'BOOKED'`,
  );
  for (const { id: orderId, version: expectedVersion } of open) {
    await cancelOrder(service, { requestKey: newKey(), orderId, expectedVersion });
  }
  await service.import(workedNetwork({ counter }));
});
afterEach(async () => {
  expect(await faults(service)).toEqual([]);
});

async function booked(parts: BookingParts = {}): Promise<OrderAnswer> {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
}

async function proposed({ id }: { readonly id: string }) {
  const query = `query ($id: ID!) { order(id: $id) {
    status version proposalsFor proposals { start } promise { readyBy steps { kind by start end } } } }`;
  const data = await service.data<{
    order: {
      version: number;
      proposalsFor: string | null;
      proposals: { start: string }[];
      promise: {
        readyBy: string;
        steps: { kind: string; by: string; start: string; end: string }[];
      };
    };
  }>(query, { id }, service.tokens.hq);
  return data.order;
}

describe('a trip', () => {
  it('that is cancelled: previewed, applied, told where it must be', async () => {
    const tight = await booked();
    const loose = await booked({ pickUp: 'B Thu 12:00' });
    const other = await booked({ dropOff: 'A Wed 10:30', pickUp: 'B Thu 20:30' });
    const cancelled = trip('CANCEL_TRIP', 'A-W', 'Mon 14:00');
    const before = await service.rows('SELECT * FROM replan');
    expect(await preview(service, cancelled)).toEqual({
      __typename: 'DisruptionPreview',
      orders: 2,
      toldNothing: 2,
      toldNewPromise: 0,
      withoutWay: 0,
      first: expect.any(Array),
    });
    expect(await service.rows('SELECT * FROM replan')).toEqual(before);

    await apply(service, trip('CANCEL_TRIP', 'W-B', 'Tue 18:30'));
    await guard(service);
    expect(await proposed(tight)).toMatchObject({
      version: 2,
      proposalsFor: 'PICK_UP',
      promise: { readyBy: when('Wed 11:00') },
    });
    expect(await newsOf(service, tight.id)).toEqual(['NEW_PROMISE OWED']);
    expect(await proposed(loose)).toMatchObject({ version: 2, proposalsFor: null });
    expect(await newsOf(service, loose.id)).toEqual([]);
    expect(await proposed(other)).toMatchObject({ version: 1 });
    expect((await eventsOf(service, loose.id)).at(-1)).toMatchObject({
      details: { cause: 'TRIP_CHANGED', reason: 'VAN_LATE' },
    });
  });

  it('that is late: goods on it come later, and go on from there', async () => {
    const order = await booked();
    service.clock.set(at('Mon 10:40'));
    await receive(service, order, at('Mon 10:40'));
    const on = { kind: 'TRIP', lineCode: 'A-W', departs: at('Mon 14:00'), toCode: 'W' } as const;
    await put(service, order, on, at('Mon 14:00'));
    service.clock.set(at('Mon 14:30'));
    await apply(service, trip('DELAY_TRIP', 'A-W', 'Mon 14:00', { delayMinutes: 90 }));
    await guard(service);
    const { promise } = await proposed(order);
    expect(promise.readyBy).toBe(when('Tue 20:30'));
    await apply(service, trip('DELAY_TRIP', 'A-W', 'Mon 14:00', { delayMinutes: 24 * 60 }));
    await guard(service);
    expect(await proposed(order)).toMatchObject({
      proposalsFor: 'PICK_UP',
      promise: {
        readyBy: when('Wed 20:30'),
        steps: [{ kind: 'RIDE', by: 'A-W', end: when('Tue 15:00') }, {}, {}, {}],
      },
    });
  });

  it('that is late and lifted again: the promise is as it was', async () => {
    const order = await booked();
    const late = await apply(service, trip('DELAY_TRIP', 'W-B', 'Tue 18:30', { delayMinutes: 45 }));
    await guard(service);
    expect(await proposed(order)).toMatchObject({
      proposalsFor: 'PICK_UP',
      promise: { readyBy: when('Tue 21:15') },
    });
    await lift(service, late.id);
    await guard(service);
    expect(await proposed(order)).toMatchObject({
      proposalsFor: null,
      promise: { readyBy: order.promise.readyBy },
    });
  });

  it('is reported by staff of its stops, and by nobody else', async () => {
    const late = trip('DELAY_TRIP', 'A-W', 'Mon 14:00', { delayMinutes: 5 });
    const staff = service.tokens.staff('A');
    const { id } = await apply(service, late, { token: staff });
    expect(await disruptions(service, staff)).toMatchObject([{ id, partCode: 'A-W' }]);
    const strangers = service.tokens.staff('B');
    for (const [disruption, token] of [
      [late, strangers],
      [{ kind: 'CLOSE_STORE', partCode: 'A', fromDate: dateOf('Tue') }, staff],
    ] as const) {
      const input = { requestKey: newKey(), disruption };
      const { errors } = await service.ask(APPLY, { input }, token);
      expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
    }
    const customer = service.tokens.customer('+8613800138000');
    const { errors } = await service.ask(
      APPLY,
      { input: { requestKey: newKey(), disruption: late } },
      customer,
    );
    expect(errors[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

const NEXT_WEEK = { dropOff: 'A Mon+1 10:30', pickUp: 'B Tue+1 20:30' };

describe('a shift', () => {
  it('that is cut moves those who booked last', async () => {
    const first = await booked(NEXT_WEEK);
    const last = await booked(NEXT_WEEK);
    expect(
      await preview(service, {
        kind: 'CUT_SHIFT',
        partCode: 'W',
        from: when('Tue+1 09:00'),
        skill: 'clean',
        units: 1,
      }),
    ).toMatchObject({
      orders: 1,
      toldNewPromise: 1,
      first: [{ orderId: last.id, told: 'NEW_PROMISE' }],
    });
    await apply(service, {
      kind: 'CUT_SHIFT',
      partCode: 'W',
      from: when('Tue+1 09:00'),
      skill: 'clean',
      units: 1,
    });
    await guard(service);
    expect(await proposed(first)).toMatchObject({ version: 1 });
    expect(await proposed(last)).toMatchObject({
      version: 2,
      proposalsFor: 'PICK_UP',
      promise: { readyBy: when('Wed+1 20:30') },
    });
  });

  it('that is lost altogether moves all', async () => {
    const order = await booked(NEXT_WEEK);
    await apply(service, { kind: 'CUT_SHIFT', partCode: 'W', from: when('Tue+1 09:00') });
    await guard(service);
    expect(await claimsOf(service, order.id)).toMatchObject({ 'work:W/clean 09-11 09:00': 1 });
  });
});

describe('a store', () => {
  it('that closes cannot be collected at: another slot is chosen', async () => {
    const order = await booked({ pickUp: 'B Wed 12:00' });
    await apply(service, { kind: 'CLOSE_STORE', partCode: 'B', fromDate: dateOf('Wed') });
    await guard(service);
    const now = await proposed(order);
    expect(now).toMatchObject({ version: 2, proposalsFor: 'PICK_UP' });
    expect(now.proposals.map(({ start }) => start)).toEqual(
      ['Tue 20:30', 'Thu 10:00', 'Fri 10:00'].map(when),
    );
    expect(await newsOf(service, order.id)).toEqual(['NEW_PROMISE OWED']);
  });

  it('that closes cannot be handed in at: another drop-off is chosen, and the way is planned anew', async () => {
    const order = await booked({ dropOff: 'A Tue 12:00', pickUp: 'B Fri 12:00' });
    await apply(service, {
      kind: 'CLOSE_STORE',
      partCode: 'A',
      from: when('Tue 11:00'),
      to: when('Tue 13:00'),
    });
    await guard(service);
    const now = await proposed(order);
    expect(now).toMatchObject({ version: 2, proposalsFor: 'DROP_OFF' });
    expect(now.proposals[0]!.start).toBe(when('Tue 13:00'));
    expect(await newsOf(service, order.id)).toEqual(['NEW_PROMISE OWED']);
    const read = { ...order, version: 2 };
    const moved = await moveAppointment(service, aMove(read, 'dropOff', 'A Tue 13:00'));
    expect(moved.__typename).toBe('Order');
    expect(await proposed(order)).toMatchObject({ version: 3, proposalsFor: null, proposals: [] });
  });

  it('that closes takes no goods from vans', async () => {
    const order = await booked({ pickUp: 'B Thu 12:00' });
    await apply(service, {
      kind: 'CLOSE_STORE',
      partCode: 'B',
      from: when('Tue 19:00'),
      to: when('Tue 21:00'),
    });
    await guard(service);
    expect(await proposed(order)).toMatchObject({
      proposalsFor: null,
      promise: { readyBy: when('Wed 11:00') },
    });
  });

  it('that opens after all needs nobody to choose', async () => {
    const order = await booked({ pickUp: 'B Wed 12:00' });
    const { id } = await apply(service, {
      kind: 'CLOSE_STORE',
      partCode: 'B',
      fromDate: dateOf('Wed'),
    });
    await guard(service);
    expect((await proposed(order)).proposalsFor).toBe('PICK_UP');
    expect(await lift(service, id)).toMatchObject({
      __typename: 'Disruption',
      liftedAt: expect.any(String),
    });
    expect(await lift(service, id)).toMatchObject({ __typename: 'Disruption', id });
    await guard(service);
    expect((await proposed(order)).proposalsFor).toBe(null);
  });
});
