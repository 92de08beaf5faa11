import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  aMove,
  bookOrder,
  moveAppointment,
  newKey,
  readOrder,
  slot,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import {
  askReplan,
  claimsOf,
  eventsOf,
  faults,
  finish,
  guard,
  isSwept,
  newsOf,
  put,
  receive,
  record,
  tasksOf,
} from '../support/guard.ts';
import { MONDAY_MORNING, startService, type TestService, type Token } from '../support/service.ts';
import { aLine, aStore, at, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

beforeEach(async () => {
  service.clock.set(MONDAY_MORNING);
  for (const table of ['replan', 'staff_task', 'disruption']) {
    await service.rows(`DELETE FROM ${table}`);
  }
  const counter = { visits: 100 };
  const worked = workedNetwork({ counter });
  await service.import({
    ...worked,
    stores: [...worked.stores!, aStore('C', { counter })],
    lines: [...worked.lines!, aLine('W-C', ['18:30'], 30), aLine('B-C', ['12:00'], 60)],
  });
});
afterEach(async () => {
  expect(await faults(service)).toEqual([]);
});

async function booked(parts: BookingParts = {}): Promise<OrderAnswer> {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
}

const PROPOSALS = `query ($id: ID!) {
  order(id: $id) { version proposalsFor proposals { start } promise { readyBy } } }`;

interface Proposed {
  readonly version: number;
  readonly proposalsFor: string | null;
  readonly proposals: readonly { readonly start: string }[];
  readonly promise: { readonly readyBy: string };
}

async function proposed({ id }: OrderAnswer): Promise<Proposed> {
  const data = await service.data<{ order: Proposed }>(PROPOSALS, { id }, service.tokens.hq);
  return data.order;
}

async function choosePickUp(order: OrderAnswer, to: string, token: Token = service.tokens.hq) {
  const mutation = `mutation ($input: ChoosePickUpInput!) { choosePickUp(input: $input) {
    __typename ... on Order { id version status pickUp { start store { code } } promise { readyBy }
      proposals { start } } ... on Refusal { code } } }`;
  const input = { requestKey: newKey(), orderId: order.id, slot: slot(to) };
  const data = await service.data<{ choosePickUp: OrderAnswer }>(mutation, { input }, token);
  return data.choosePickUp;
}

describe('re-planning', () => {
  it('changes nothing when nothing is wrong', async () => {
    const order = await booked();
    const before = await claimsOf(service, order.id);
    await askReplan(service, [order.id], 'DISCREPANCY');
    expect(await guard(service)).toBe(1);
    expect(await readOrder(service, order.id)).toEqual(order);
    expect(await claimsOf(service, order.id)).toEqual(before);
    expect(await guard(service)).toBe(0);
  });

  it('changes nothing for goods that go by plan', async () => {
    const order = await booked();
    service.clock.set(at('Mon 10:40'));
    await receive(service, order, at('Mon 10:40'));
    await askReplan(service, [order.id], 'DISCREPANCY');
    service.clock.set(at('Mon 14:10'));
    await put(
      service,
      order,
      { kind: 'TRIP', lineCode: 'A-W', departs: at('Mon 14:00'), toCode: 'W' },
      at('Mon 14:00'),
    );
    await guard(service);
    service.clock.set(at('Mon 16:00'));
    await put(service, order, { kind: 'WORKSHOP', code: 'W' }, at('Mon 15:00'));
    await askReplan(service, [order.id], 'DISCREPANCY');
    await guard(service);
    const now = (await readOrder(service, order.id))!;
    expect(now.promise.readyBy).toBe(order.promise.readyBy);
    expect((await eventsOf(service, order.id)).map(({ kind }) => kind)).toEqual([
      'BOOKED',
      'RECEIVED',
    ]);
  });

  it('spends slack before anybody is told', async () => {
    const order = await booked({ pickUp: 'B Thu 12:00' });
    service.clock.set(at('Mon 21:00'));
    await receive(service, order, at('Mon 20:50'));
    await askReplan(service, [order.id], 'HANDED_OVER_LATE');
    await guard(service);
    expect(await proposed(order)).toEqual({
      version: 3,
      proposalsFor: null,
      proposals: [],
      promise: { readyBy: when('Wed 20:30') },
    });
    expect((await eventsOf(service, order.id)).at(-1)).toMatchObject({
      kind: 'REPROMISED',
      details: { cause: 'HANDED_OVER_LATE', reason: 'HANDED_IN_LATE' },
    });
    expect(await newsOf(service, order.id)).toEqual([]);
    expect(await claimsOf(service, order.id)).toMatchObject({
      'ride:A-W/A>W 09-03 14:00': 1,
      'shelf:B 09-05 00:00': 1,
    });
    await askReplan(service, [order.id], 'DISCREPANCY');
    await guard(service);
    expect((await proposed(order)).version).toBe(3);
  });

  it('tells the customer with slots to choose from, and takes their choice', async () => {
    const order = await booked();
    service.clock.set(at('Mon 21:00'));
    await receive(service, order, at('Mon 20:50'));
    await askReplan(service, [order.id], 'HANDED_OVER_LATE');
    await guard(service);
    const now = await proposed(order);
    expect(now).toMatchObject({ version: 3, proposalsFor: 'PICK_UP' });
    expect(now.proposals.map(({ start }) => start)).toEqual(
      ['Wed 20:30', 'Thu 10:00', 'Fri 10:00'].map(when),
    );
    expect(await newsOf(service, order.id)).toEqual(['NEW_PROMISE OWED']);
    expect(await tasksOf(service, order.id)).toEqual([]);

    expect(await choosePickUp(order, 'B Wed 20:00')).toMatchObject({ __typename: 'ReadyTooLate' });
    expect(await choosePickUp(order, 'B Thu 10:00')).toMatchObject({
      __typename: 'Order',
      version: 4,
      pickUp: { start: when('Thu 10:00') },
      proposals: [],
    });
    expect(await claimsOf(service, order.id)).toMatchObject({
      'counter:B/pick-up 09-05 10:00': 1,
      'shelf:B 09-04 00:00': 1,
      'shelf:B 09-05 00:00': 1,
    });
    expect(await claimsOf(service, order.id)).not.toHaveProperty('counter:B/pick-up 09-03 20:30');
    expect(await newsOf(service, order.id)).toEqual(['NEW_PROMISE WITHDRAWN']);
  });

  it('leaves an order as it is that is booked as they choose', async () => {
    const order = await booked();
    await receive(service, order, at('Mon 10:30'));
    const { version } = await proposed(order);
    const { start } = (await readOrder(service, order.id))!.pickUp;
    const happened = await eventsOf(service, order.id);
    const input = { requestKey: newKey(), orderId: order.id, slot: { storeCode: 'B', start } };
    const mutation = `mutation ($input: ChoosePickUpInput!) { answer: choosePickUp(input: $input) {
      __typename ... on Order { version } } }`;
    const { answer } = await service.data<{ answer: object }>(
      mutation,
      { input },
      service.tokens.hq,
    );
    expect(answer).toEqual({ __typename: 'Order', version });
    expect(await eventsOf(service, order.id)).toEqual(happened);
  });

  it('lets nobody choose for another customer', async () => {
    const order = await booked();
    const stranger = service.tokens.customer('+8613900139000');
    expect(await choosePickUp(order, 'B Thu 10:00', stranger)).toMatchObject({
      code: 'WRONG_STATUS',
    });
  });

  it('has the customer called when less than two hours are left', async () => {
    const order = await booked({ pickUp: 'B Wed 20:30' });
    service.clock.set(at('Mon 10:40'));
    await receive(service, order, at('Mon 10:40'));
    service.clock.set(at('Wed 19:00'));
    expect(await isSwept(service, order)).toBe(true);
    await guard(service);
    expect((await proposed(order)).proposalsFor).toBe('PICK_UP');
    expect(await tasksOf(service, order.id)).toEqual([
      { kind: 'CALL_CUSTOMER', store_code: 'B', reason: 'PROMISE_BROKEN' },
    ]);
  });

  it('proposes again when nobody answers', async () => {
    const order = await booked();
    service.clock.set(at('Mon 21:00'));
    await receive(service, order, at('Mon 20:50'));
    await askReplan(service, [order.id], 'HANDED_OVER_LATE');
    await guard(service);
    await put(service, order, { kind: 'STORE', code: 'B' }, at('Wed 20:00'));
    await finish(service, order, 'W', at('Wed 09:00'), at('Wed 18:00'));
    await record(service, order, { kind: 'READY' });
    service.clock.set(at('Sat 09:00'));
    expect(await isSwept(service, order)).toBe(true);
    await guard(service);
    const now = await proposed(order);
    expect(now.proposals[0]!.start).toBe(when('Sat 10:00'));
    expect(await isSwept(service, order)).toBe(false);
  });

  it('finds goods that no scan has seen leave', async () => {
    const order = await booked({ pickUp: 'B Fri 12:00' });
    service.clock.set(at('Mon 10:40'));
    await receive(service, order, at('Mon 10:40'));
    service.clock.set(at('Mon 14:15'));
    expect(await isSwept(service, order)).toBe(false);
    service.clock.set(at('Mon 14:16'));
    expect(await isSwept(service, order)).toBe(true);
    await guard(service);
    expect(await claimsOf(service, order.id)).toMatchObject({
      'ride:A-W/A>W 09-02 14:00': 1,
      'ride:A-W/A>W 09-02 20:30': 1,
    });
    expect(await isSwept(service, order)).toBe(false);
  });
});

describe('a pick-up moved under way', () => {
  async function inWorkshop(): Promise<OrderAnswer> {
    const order = await booked();
    service.clock.set(at('Mon 16:00'));
    await receive(service, order, at('Mon 10:40'));
    await put(service, order, { kind: 'WORKSHOP', code: 'W' }, at('Mon 15:00'));
    await record(service, order, { kind: 'TRAVELLED', status: 'IN_CARE' });
    return (await readOrder(service, order.id))!;
  }

  it('goes to another store', async () => {
    const order = await inWorkshop();
    expect(await moveAppointment(service, aMove(order, 'pickUp', 'C Tue 20:30'))).toMatchObject({
      __typename: 'Order',
      status: 'IN_CARE',
      pickUp: { store: { code: 'C' }, start: when('Tue 20:30') },
      promise: { readyBy: when('Tue 19:30') },
    });
    const claims = await claimsOf(service, order.id);
    expect(claims).toMatchObject({
      'ride:A-W/A>W 09-02 14:00': 1,
      'ride:W-C/W>C 09-03 18:30': 1,
      'shelf:C 09-03 00:00': 1,
    });
    expect(Object.keys(claims).filter((each) => each.includes(':B'))).toEqual([]);
  });

  it('is refused where the goods cannot be in time, and the drop-off stays', async () => {
    const order = await inWorkshop();
    expect(await moveAppointment(service, aMove(order, 'pickUp', 'B Tue 20:00'))).toMatchObject({
      __typename: 'ReadyTooLate',
    });
    expect(await moveAppointment(service, aMove(order, 'dropOff', 'A Tue 12:00'))).toMatchObject({
      code: 'WRONG_STATUS',
    });
  });

  it('lets goods that are ready ride on to another store, and back', async () => {
    const order = await inWorkshop();
    await finish(service, order, 'W', at('Tue 09:00'), at('Tue 17:00'));
    await put(service, order, { kind: 'STORE', code: 'B' }, at('Tue 20:00'));
    await record(service, order, { kind: 'READY' });
    service.clock.set(at('Tue 20:10'));
    const ready = (await readOrder(service, order.id))!;
    const moved = await moveAppointment(service, aMove(ready, 'pickUp', 'C Wed 15:00'));
    expect(moved).toMatchObject({ status: 'IN_TRANSIT', promise: { readyBy: when('Wed 13:30') } });
    const back = await moveAppointment(service, aMove(moved, 'pickUp', 'B Wed 12:00'));
    expect(back).toMatchObject({ status: 'READY', pickUp: { start: when('Wed 12:00') } });
  });
});
