import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  moveAppointment,
  readOrder,
  startOver,
  takenClaims,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import {
  aLine,
  aStore,
  when,
  workedNetwork,
  type ChainNumbers,
} from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** With a third store, so that an order can move away at either end. */
async function chain(numbers: ChainNumbers = {}): Promise<void> {
  const worked = workedNetwork(numbers);
  await startOver(service, {
    ...worked,
    stores: [...worked.stores!, aStore('C', numbers)],
    lines: [
      ...worked.lines!,
      aLine('C-W', ['14:00'], 30, numbers.vanPairs),
      aLine('W-C', ['18:30'], 30, numbers.vanPairs),
    ],
  });
}

async function booked(parts: BookingParts = {}): Promise<OrderAnswer> {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
}

describe('moveAppointment', () => {
  beforeEach(() => chain());

  it.each([
    {
      name: 'the pick-up to another slot',
      which: 'pickUp',
      to: 'B Thu 12:00',
      readyBy: 'Tue 20:30',
      taken: { 'counter:B/visits 09-05 12:00': 1, 'shelf:B 09-05 00:00': 1 },
    },
    {
      name: 'the pick-up to another store',
      which: 'pickUp',
      to: 'C Tue 20:30',
      readyBy: 'Tue 19:30',
      taken: { 'ride:W-C/W>C 09-03 18:30': 1, 'shelf:C 09-03 00:00': 1 },
    },
    {
      name: 'the drop-off to another slot',
      which: 'dropOff',
      to: 'A Mon 13:00',
      readyBy: 'Tue 20:30',
      taken: { 'counter:A/visits 09-02 13:00': 1, 'ride:A-W/A>W 09-02 14:00': 1 },
    },
    {
      name: 'the drop-off to another store',
      which: 'dropOff',
      to: 'C Mon 13:00',
      readyBy: 'Tue 20:30',
      taken: { 'counter:C/visits 09-02 13:00': 1, 'ride:C-W/C>W 09-02 14:00': 1 },
    },
  ] as const)('moves $name, and plans the way again', async ({ which, to, readyBy, taken }) => {
    const order = await booked();
    const moved = await moveAppointment(service, aMove(order, which, to));
    const { id, ticketCode, items } = order;
    const [code, day, time] = to.split(' ');
    expect(moved).toMatchObject({
      ...{ __typename: 'Order', id, ticketCode, items, version: 2, status: 'BOOKED' },
      [which]: { id: order[which].id, store: { code }, start: when(`${day} ${time}`) },
      promise: { readyBy: when(readyBy) },
    });
    const other = which === 'pickUp' ? 'dropOff' : 'pickUp';
    expect(moved[other]).toEqual(order[other]);
    expect(await readOrder(service, id)).toMatchObject({ version: 2, [which]: moved[which] });

    const all = await takenClaims(service);
    expect(all).toMatchObject(taken);
    const { text, wish } = asBooked(moved);
    await cancelOrder(service, aCancellation(moved));
    expect(await takenClaims(service)).toEqual({});
    await bookOrder(service, wish);
    expect({ text, taken: await takenClaims(service) }).toEqual({ text, taken: all });
  });

  it('takes an id in capital letters for the same', async () => {
    const order = await booked();
    const move = aMove(order, 'dropOff', 'A Mon 13:00');
    const appointmentId = move.appointmentId.toUpperCase();
    expect(await moveAppointment(service, { ...move, appointmentId })).toMatchObject({
      dropOff: { start: when('Mon 13:00') },
      pickUp: { start: when('Tue 20:30') },
    });
  });

  it.each([
    { name: 'slots with one visit', numbers: { counter: { visits: 1 } } },
    { name: 'a shelf with one pair', numbers: { b: { shelfPairs: 1 } } },
    { name: 'a shift with one unit', numbers: { workUnits: 1 } },
    { name: 'vans with one pair', numbers: { vanPairs: 1 } },
  ])('the order is not in its own way: $name', async ({ numbers }) => {
    await chain(numbers);
    const order = await booked();
    const later = await moveAppointment(service, aMove(order, 'pickUp', 'B Wed 12:00'));
    expect(later.__typename).toBe('Order');
    const back = await moveAppointment(service, aMove(later, 'pickUp', 'B Tue 20:30'));
    expect(back).toMatchObject({ __typename: 'Order', version: 3 });
    const earlier = await moveAppointment(service, aMove(back, 'dropOff', 'A Mon 12:00'));
    expect(earlier.__typename).toBe('Order');
    const inPlace = await moveAppointment(service, aMove(earlier, 'dropOff', 'A Mon 12:00'));
    expect(inPlace).toMatchObject({ __typename: 'Order', version: 5 });
  });

  it.each([
    { name: 'cannot be booked any more', counter: { visits: 0 } },
    { name: 'is shorter now', counter: { slotMinutes: 15 } },
  ])('keeps the other appointment, also where its slot $name', async ({ counter }) => {
    const order = await booked();
    await service.import({ stores: [aStore('A', { counter })] });
    expect(await moveAppointment(service, aMove(order, 'pickUp', 'B Wed 12:00'))).toMatchObject({
      __typename: 'Order',
      dropOff: order.dropOff,
    });
  });

  it.each<{
    name: string;
    numbers?: ChainNumbers;
    others?: BookingParts;
    which: 'dropOff' | 'pickUp';
    to: string;
    refused: object;
  }>([
    {
      name: 'before the goods are ready',
      which: 'pickUp',
      to: 'B Tue 20:00',
      refused: { __typename: 'ReadyTooLate', promise: { readyBy: when('Tue 20:30') } },
    },
    {
      name: 'handed in too late for the pick-up',
      which: 'dropOff',
      to: 'A Mon 20:30',
      refused: { __typename: 'ReadyTooLate', promise: { readyBy: when('Wed 20:30') } },
    },
    {
      name: 'a full slot',
      numbers: { counter: { visits: 1 } },
      others: { dropOff: 'A Mon 12:00', pickUp: 'B Fri 12:00' },
      which: 'pickUp',
      to: 'B Fri 12:00',
      refused: { __typename: 'SlotFull', kind: 'COUNTER_FULL', at: when('Fri 12:00') },
    },
    {
      name: 'a shelf that is full by then',
      numbers: { b: { shelfPairs: 3 } },
      others: { pickUp: 'B Fri 12:00', dropOff: 'A Tue 10:30', pairs: 3 },
      which: 'pickUp',
      to: 'B Thu 12:00',
      refused: { __typename: 'SlotFull', kind: 'SHELF_FULL', at: when('Wed 00:00') },
    },
    {
      name: 'a store that there is not',
      which: 'pickUp',
      to: 'NONE Fri 12:00',
      refused: { code: 'UNKNOWN_STORE' },
    },
    { name: 'a closed store', which: 'pickUp', to: 'B Fri 09:30', refused: { code: 'CLOSED' } },
    { name: 'between slots', which: 'pickUp', to: 'B Fri 12:15', refused: { code: 'NOT_ON_GRID' } },
    { name: 'too soon', which: 'dropOff', to: 'A Mon 08:30', refused: { code: 'CLOSED' } },
    {
      name: 'beyond the horizon',
      numbers: { counter: { horizonDays: 3 } },
      which: 'pickUp',
      to: 'B Thu 12:00',
      refused: { __typename: 'NotBookable', code: 'BEYOND_HORIZON' },
    },
  ])('is refused, and all stays: $name', async ({ numbers, others, which, to, refused }) => {
    await chain(numbers);
    const order = await booked();
    if (others !== undefined) await booked(others);
    const before = await takenClaims(service);
    expect(await moveAppointment(service, aMove(order, which, to))).toMatchObject(refused);
    expect(await takenClaims(service)).toEqual(before);
    expect(await readOrder(service, order.id)).toMatchObject({ version: 1, pickUp: order.pickUp });
  });

  it('is refused where no line goes', async () => {
    const order = await booked();
    await service.import({ stores: [aStore('D')] });
    expect(await moveAppointment(service, aMove(order, 'pickUp', 'D Fri 12:00'))).toMatchObject({
      __typename: 'NoPromise',
      code: 'NO_CONNECTION',
    });
  });

  it('offers slots that the order can really move to', async () => {
    await chain({ counter: { visits: 1 } });
    await booked({ dropOff: 'A Mon 12:00', pickUp: 'B Fri 12:00' });
    let order = await booked();
    const refused = await moveAppointment(service, aMove(order, 'pickUp', 'B Fri 12:00'));
    expect(refused.alternatives).toHaveLength(5);
    for (const { start } of refused.alternatives) {
      const move = { ...aMove(order, 'pickUp', 'B Fri 12:00'), to: { storeCode: 'B', start } };
      order = await moveAppointment(service, move);
      expect(order).toMatchObject({ __typename: 'Order', pickUp: { start } });
    }
  });
});

/** The same order as a new booking: whatever it took on its way there, it must take the same. */
function asBooked(order: OrderAnswer) {
  const choice = ({ store, start }: OrderAnswer['dropOff']) => ({ storeCode: store.code, start });
  const wish = { ...aBooking(), dropOff: choice(order.dropOff), pickUp: choice(order.pickUp) };
  return { text: order.id, wish };
}
