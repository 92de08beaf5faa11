import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { v7 as newId } from 'uuid';

import { NoShows } from '../../src/features/queue/index.ts';
import { MissedVisits } from '../../src/features/queue/missed-visits.ts';
import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  moveAppointment,
  newKey,
  readOrder,
  startOver,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { Counter } from '../support/queue/counter.ts';
import { claimsOf, clearLines, makeReady } from '../support/queue/stories.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');
const NETWORK = workedNetwork({ counter: { visits: 40 } });
/** Of the policy that the service brings. */
const GRACE = 15;

let service: TestService;
let counter: Counter;
beforeAll(async () => {
  service = await startService({ channels: [MAIL] });
  counter = new Counter(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  await clearLines(service);
  await service.rows(
    `UPDATE customer_order SET status = 'COLLECTED' WHERE status NOT IN ('BOOKED', 'CANCELLED')`,
  );
  service.clock.set(at('Mon 08:00'));
  await startOver(service, NETWORK);
});

/** A at 10:30 on Monday, B at 20:30 on Tuesday. */
const book = (parts: BookingParts = {}): Promise<OrderAnswer> =>
  bookOrder(service, aBooking(parts));
const mark = () => service.app.get(NoShows, { strict: false }).mark();
const statusesOf = async ({ id }: OrderAnswer) => {
  const order = (await readOrder(service, id))!;
  return [order.dropOff.status, order.pickUp.status];
};

async function messagesOf({ id }: OrderAnswer, kind: string): Promise<readonly string[]> {
  const rows = await service.rows<{ state: string }>(
    'SELECT state FROM message WHERE order_id = $1 AND kind = $2 ORDER BY id',
    [id, kind],
  );
  return rows.map(({ state }) => state);
}

/** Ready before its pick-up, of which the last minute is 21:00 on Tuesday. */
async function ready(when = 'Tue 20:00'): Promise<OrderAnswer> {
  const order = await book();
  service.clock.set(at('Mon 10:40'));
  await makeReady(service, order.id, ['RECEIVED']);
  service.clock.set(at(when));
  await makeReady(service, order.id, ['READY']);
  return order;
}

async function undo({ id: appointmentId }: OrderAnswer['dropOff'], token?: Token) {
  const query = `mutation ($input: UndoNoShowInput!) { undoNoShow(input: $input) {
    __typename ... on Order { id version } ... on Refusal { code }
  } }`;
  const input = { requestKey: newKey(), appointmentId };
  type Answer = { undoNoShow: { __typename: string; code: string } };
  return (await service.data<Answer>(query, { input }, token ?? service.tokens.hq)).undoNoShow;
}

describe('a drop-off that nobody came to', () => {
  it.each([
    { time: 'Mon 11:14', marked: 0, status: 'BOOKED' },
    { time: 'Mon 11:15', marked: 1, status: 'NO_SHOW' },
    { time: 'Thu 11:15', marked: 1, status: 'NO_SHOW' },
  ])('is marked after the grace time: at $time $marked', async ({ time, marked, status }) => {
    const order = await book();
    service.clock.set(at(time));
    expect(await mark()).toBe(marked);
    expect(await mark()).toBe(0);
    expect(await statusesOf(order)).toEqual([status, 'BOOKED']);
  });

  it('is marked though a whole batch before it cannot be, be they refused or faults', async () => {
    const ghosts = Array.from({ length: 100 }, (_, number) => ({
      ...{ id: newId(), order_id: newId(), version: 1 },
      ...(number % 2 === 0 ? {} : { order_id: 'no id' }),
    }));
    const order = await book();
    service.clock.set(at('Mon 12:00'));
    const missed = service.app.get(MissedVisits, { strict: false });
    const due = missed.due.bind(missed);
    const reading = vi
      .spyOn(missed, 'due')
      .mockImplementation((graceMin, after, most) =>
        after === null ? Promise.resolve(ghosts) : due(graceMin, after, most),
      );
    const policies = vi.spyOn(missed, 'graceMin');
    expect(await mark()).toBe(1);
    expect(policies).toHaveBeenCalledTimes(1);
    reading.mockRestore();
    policies.mockRestore();
    expect(await statusesOf(order)).toEqual(['NO_SHOW', 'BOOKED']);
  });

  it('gives back all that the order held, with an event that says so', async () => {
    const order = await book();
    service.clock.set(at('Mon 11:00') + GRACE * 60_000);
    await mark();
    expect(await claimsOf(service, order.id)).toEqual({});
    const events = await service.rows(
      `SELECT kind, actor, details FROM event WHERE order_id = $1 AND version = 2`,
      [order.id],
    );
    expect(events).toEqual([{ kind: 'NO_SHOW', actor: 'no-show', details: { visit: 'DROP_OFF' } }]);
  });

  it('is told to the customer, once, and not as a cancellation', async () => {
    const order = await book();
    service.clock.set(at('Mon 12:00'));
    await mark();
    expect(await messagesOf(order, 'MISSED')).toEqual(['OWED']);
    expect(await messagesOf(order, 'CANCELLED')).toEqual([]);
  });

  it('is not marked if they came, or it was cancelled or handed in', async () => {
    const there = await book();
    const cancelled = await book({ customer: { name: 'Li', phone: '+8613900139000' } });
    const handedIn = await book({ customer: { name: 'Wu', phone: '+8613700137000' } });
    await cancelOrder(service, aCancellation(cancelled));
    service.clock.set(at('Mon 10:30'));
    await counter.checkIn({ ticketCode: there.ticketCode });
    await makeReady(service, handedIn.id, ['RECEIVED']);
    service.clock.set(at('Mon 18:00'));
    expect(await mark()).toBe(0);
    expect(await statusesOf(there)).toEqual(['CHECKED_IN', 'BOOKED']);
    expect(await statusesOf(cancelled)).toEqual(['CANCELLED', 'CANCELLED']);
    expect(await messagesOf(there, 'MISSED')).toEqual(['WITHDRAWN']);
    expect(await messagesOf(handedIn, 'MISSED')).toEqual(['WITHDRAWN']);
  });

  it('is checked in as late when they come after all', async () => {
    const order = await book();
    service.clock.set(at('Mon 12:00'));
    await mark();
    const entry = await counter.checkIn({ ticketCode: order.ticketCode });
    expect(entry).toMatchObject({ number: 'L001', kind: 'LATE_APPOINTMENT', state: 'WAITING' });
    expect(await statusesOf(order)).toEqual(['CHECKED_IN', 'BOOKED']);
    expect(await claimsOf(service, order.id)).toEqual({});
    expect(await messagesOf(order, 'MISSED')).toEqual(['WITHDRAWN']);
    service.clock.set(at('Mon 18:00'));
    expect(await mark()).toBe(0);
  });

  it('can be moved to another time, and is awaited then', async () => {
    const order = await book({ pickUp: 'B Thu 20:30' });
    service.clock.set(at('Mon 12:00'));
    await mark();
    const missed = (await readOrder(service, order.id))!;
    const moved = await moveAppointment(service, aMove(missed, 'dropOff', 'A Tue 10:30'));
    expect(moved).toMatchObject({ __typename: 'Order', dropOff: { status: 'BOOKED' } });
    expect(await claimsOf(service, order.id)).toMatchObject({ 'counter:A/visits 09-03 10:30': 1 });
    service.clock.set(at('Tue 11:15'));
    expect(await mark()).toBe(1);
  });
});

describe('a pick-up that nobody came to', () => {
  it('gives its place at the counter back, and keeps the goods on the shelf', async () => {
    const order = await ready();
    const before = await claimsOf(service, order.id);
    expect(before).toMatchObject({ 'counter:B/visits 09-03 20:30': 1, 'shelf:B 09-03 00:00': 1 });
    service.clock.set(at('Tue 21:15'));
    expect(await mark()).toBe(1);
    expect(await statusesOf(order)).toEqual(['FULFILLED', 'NO_SHOW']);
    const after = await claimsOf(service, order.id);
    expect(after).not.toHaveProperty(['counter:B/visits 09-03 20:30']);
    expect(after).not.toHaveProperty(['counter:B/pick-up 09-03 20:30']);
    expect(after).toMatchObject({ 'shelf:B 09-03 00:00': 1 });
    expect(await messagesOf(order, 'MISSED')).toEqual(['WITHDRAWN', 'OWED']);
  });

  it('is nobody’s fault but ours while the goods are not ready, or were not before it', async () => {
    const notReady = await book();
    service.clock.set(at('Mon 10:40'));
    await makeReady(service, notReady.id, ['RECEIVED']);
    service.clock.set(at('Wed 12:00'));
    expect(await mark()).toBe(0);
    service.clock.set(at('Mon 08:00'));
    const late = await ready('Tue 20:45');
    service.clock.set(at('Wed 12:00'));
    expect(await mark()).toBe(0);
    expect(await statusesOf(late)).toEqual(['FULFILLED', 'BOOKED']);
    expect(await messagesOf(notReady, 'MISSED')).toEqual(['WITHDRAWN']);
  });

  it('is checked in when they come on a later day', async () => {
    const order = await ready();
    service.clock.set(at('Tue 21:15'));
    await mark();
    service.clock.set(at('Thu 12:00'));
    const entry = await new Counter(service, 'B').checkIn({ ticketCode: order.ticketCode });
    expect(entry).toMatchObject({ kind: 'LATE_APPOINTMENT', visitKind: 'PICK_UP' });
  });
});

describe('undoNoShow', () => {
  it('makes the appointment what it was, and it is not marked again', async () => {
    const order = await ready();
    service.clock.set(at('Tue 21:15'));
    await mark();
    expect(await undo(order.pickUp)).toMatchObject({ __typename: 'Order' });
    expect(await statusesOf(order)).toEqual(['FULFILLED', 'BOOKED']);
    expect(await mark()).toBe(0);
    expect(await statusesOf(order)).toEqual(['FULFILLED', 'BOOKED']);
  });

  it('asks for the way of a drop-off to be planned again', async () => {
    const order = await book();
    service.clock.set(at('Mon 12:00'));
    await mark();
    await undo(order.dropOff);
    const asked = await service.rows('SELECT cause FROM replan WHERE order_id = $1', [order.id]);
    expect(asked).toEqual([{ cause: 'MISSED_DROP_OFF' }]);
  });

  it('is for staff of the store, and for what was missed', async () => {
    const order = await book();
    expect(await undo(order.dropOff)).toMatchObject({ code: 'WRONG_STATUS' });
    service.clock.set(at('Mon 12:00'));
    await mark();
    const elsewhere = service.tokens.staff('B');
    expect(await undo(order.dropOff, elsewhere)).toMatchObject({ code: 'WRONG_STATUS' });
    await expect(
      undo(order.dropOff, service.tokens.customer('mei.lin@example.com')),
    ).rejects.toThrow('FORBIDDEN');
    expect(await undo(order.dropOff, service.tokens.staff('A'))).toMatchObject({
      __typename: 'Order',
    });
  });
});
