import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  aBooking,
  aCancellation,
  bookOrder,
  cancelOrder,
  newKey,
  readOrder,
  slot,
  startOver,
  takenClaims,
  type BookingParts,
} from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, when, workedNetwork, type ChainNumbers } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Nothing is booked, and the chain has these numbers. */
const chain = (numbers: ChainNumbers = {}) => startOver(service, workedNetwork(numbers));

describe('bookOrder', () => {
  it('answers the order as it then stands, and takes all that it needs', async () => {
    await chain();
    const order = await bookOrder(service, aBooking({ pairs: 2 }));
    expect(order).toMatchObject({
      __typename: 'Order',
      status: 'BOOKED',
      version: 1,
      items: [{ description: 'AJ1', serviceCodes: ['basic-clean'], pairs: 2 }],
      dropOff: {
        kind: 'DROP_OFF',
        store: { code: 'A' },
        start: when('Mon 10:30'),
        end: when('Mon 11:00'),
        status: 'BOOKED',
      },
      pickUp: {
        kind: 'PICK_UP',
        store: { code: 'B' },
        start: when('Tue 20:30'),
        end: when('Tue 21:00'),
        status: 'BOOKED',
      },
      promise: {
        readyBy: when('Tue 20:30'),
        earliestPickUp: { start: when('Tue 20:30'), capacity: 4, remaining: 3 },
        delays: [],
      },
    });
    expect(await readOrder(service, order.id)).toEqual(order);
    expect(await takenClaims(service)).toEqual({
      'counter:A/drop-off 09-02 10:30': 1,
      'counter:A/pairs 09-02 10:30': 2,
      'counter:A/visits 09-02 10:30': 1,
      'counter:B/pick-up 09-03 20:30': 1,
      'counter:B/visits 09-03 20:30': 1,
      'ride:A-W/A>W 09-02 14:00': 2,
      'ride:W-B/W>B 09-03 18:30': 2,
      'shelf:B 09-03 00:00': 2,
      'work:W/clean 09-03 09:00': 2,
    });
  });

  it('brings the goods later where the shelf is full before', async () => {
    await chain({ b: { shelfPairs: 4 } });
    await bookOrder(service, aBooking({ dropOff: 'A Tue 10:30', pickUp: 'B Thu 20:30', pairs: 2 }));
    const order = await bookOrder(service, aBooking({ pickUp: 'B Fri 12:00', pairs: 3 }));
    expect(order).toMatchObject({ __typename: 'Order', promise: { readyBy: when('Fri 11:00') } });
    expect(await takenClaims(service)).toMatchObject({
      'shelf:B 09-05 00:00': 2,
      'shelf:B 09-06 00:00': 3,
    });
  });

  it('takes a slot later than the earliest, with the shelf until then', async () => {
    await chain();
    await bookOrder(service, aBooking({ pickUp: 'B Thu 12:00', pairs: 3 }));
    expect(await takenClaims(service)).toMatchObject({
      'shelf:B 09-03 00:00': 3,
      'shelf:B 09-04 00:00': 3,
      'shelf:B 09-05 00:00': 3,
    });
  });

  const ONE_VISIT = { counter: { visits: 1 } };
  it.each<{
    name: string;
    given?: ChainNumbers;
    first?: BookingParts;
    wish: BookingParts;
    refused: object;
  }>([
    {
      name: 'the store is closed then',
      wish: { dropOff: 'A Mon 21:00' },
      refused: { __typename: 'NotBookable', code: 'CLOSED' },
    },
    {
      name: 'no slot starts then',
      wish: { pickUp: 'B Wed 20:31' },
      refused: { __typename: 'NotBookable', code: 'NOT_ON_GRID' },
    },
    {
      name: 'sooner than the lead time',
      given: { counter: { leadTimeMinutes: 151 } },
      wish: {},
      refused: { __typename: 'NotBookable', code: 'TOO_SOON' },
    },
    {
      name: 'in the past',
      wish: { dropOff: 'A Sun+-1 10:30' },
      refused: { __typename: 'NotBookable', code: 'TOO_SOON' },
    },
    {
      name: 'after the last day that can be booked',
      given: { counter: { horizonDays: 3 } },
      wish: { pickUp: 'B Thu 10:00' },
      refused: { __typename: 'NotBookable', code: 'BEYOND_HORIZON' },
    },
    {
      name: 'no such store to hand in at',
      wish: { dropOff: 'NONE Mon 10:30' },
      refused: { __typename: 'NotBookable', code: 'UNKNOWN_STORE' },
    },
    {
      name: 'no such store to collect at',
      wish: { pickUp: 'W Tue 20:30' },
      refused: { __typename: 'NotBookable', code: 'UNKNOWN_STORE' },
    },
    {
      name: 'no such service',
      wish: { service: 'none' },
      refused: { __typename: 'NotBookable', code: 'UNKNOWN_SERVICE' },
    },
    {
      name: 'the goods are not ready by then',
      wish: { pickUp: 'B Tue 20:00' },
      refused: {
        __typename: 'ReadyTooLate',
        code: 'READY_TOO_LATE',
        promise: { readyBy: when('Tue 20:30'), earliestPickUp: { start: when('Tue 20:30') } },
      },
    },
    {
      name: 'collected before it is handed in',
      wish: { dropOff: 'A Tue 20:30', pickUp: 'B Tue 10:00' },
      refused: { __typename: 'ReadyTooLate', code: 'READY_TOO_LATE' },
    },
    {
      name: 'no workshop has the skill',
      wish: { service: 'gild' },
      refused: { __typename: 'NoPromise', code: 'NO_SKILL' },
    },
    {
      name: 'nothing goes from there',
      wish: { dropOff: 'B Mon 10:30', pickUp: 'A Fri 20:30' },
      refused: { __typename: 'NoPromise', code: 'NO_CONNECTION' },
    },
    {
      name: 'more than a shift can do',
      given: { workUnits: 2 },
      wish: { pairs: 3 },
      refused: { __typename: 'NoPromise', code: 'TOO_LARGE' },
    },
    {
      name: 'the drop-off slot is full',
      given: ONE_VISIT,
      first: { pickUp: 'B Fri 20:30' },
      wish: {},
      refused: {
        __typename: 'SlotFull',
        code: 'SLOT_FULL',
        kind: 'COUNTER_FULL',
        at: when('Mon 10:30'),
      },
    },
    {
      name: 'the drop-off slot takes no more pairs',
      given: { counter: { dropOffPairs: 5 } },
      first: { pairs: 3 },
      wish: { pairs: 3 },
      refused: { __typename: 'SlotFull', kind: 'COUNTER_FULL', at: when('Mon 10:30') },
    },
    {
      name: 'the pick-up slot is full',
      given: ONE_VISIT,
      first: { dropOff: 'A Mon 11:00' },
      wish: {},
      refused: { __typename: 'SlotFull', kind: 'COUNTER_FULL', at: when('Tue 20:30') },
    },
    {
      name: 'the shelf is full',
      given: { b: { shelfPairs: 4 } },
      first: { pairs: 2 },
      wish: { pairs: 3 },
      refused: { __typename: 'SlotFull', kind: 'SHELF_FULL', at: when('Tue 00:00') },
    },
    {
      name: 'the shelf is full on a date in between',
      given: { b: { shelfPairs: 4 } },
      first: { dropOff: 'A Tue 10:30', pickUp: 'B Thu 20:30', pairs: 2 },
      wish: { pickUp: 'B Thu 12:00', pairs: 3 },
      refused: { __typename: 'SlotFull', kind: 'SHELF_FULL', at: when('Wed 00:00') },
    },
    {
      name: 'the workshop is full, so that it takes too long',
      given: { workUnits: 4 },
      first: { pairs: 4 },
      wish: {},
      refused: {
        __typename: 'ReadyTooLate',
        promise: { delays: [{ kind: 'WORKSHOP_FULL', code: 'W', at: when('Tue 09:00') }] },
      },
    },
    {
      name: 'the van is full, so that it takes too long',
      given: { vanPairs: 4 },
      first: { pairs: 4, pickUp: 'B Fri 20:30' },
      wish: {},
      refused: { __typename: 'ReadyTooLate', promise: { readyBy: when('Wed 11:00') } },
    },
  ])('is refused, and takes nothing: $name', async ({ given = {}, first, wish, refused }) => {
    await chain(given);
    if (first !== undefined) {
      expect((await bookOrder(service, aBooking(first))).__typename).toBe('Order');
    }
    const before = await takenClaims(service);
    expect(await bookOrder(service, aBooking(wish))).toMatchObject(refused);
    expect(await takenClaims(service)).toEqual(before);
  });

  it.each([
    { kind: 'dropOff', wish: { pickUp: 'B Wed 20:30' }, near: 'Mon 14:00' },
    { kind: 'pickUp', wish: { dropOff: 'A Mon 09:30', pickUp: 'B Wed 15:00' }, near: 'Wed 15:00' },
  ] as const)('offers up to five slots near a full one, each bookable: $kind', async (given) => {
    await chain({ counter: { visits: 1 }, a: { openingHours: LONG_DAYS } });
    const asked = aBooking({
      ...given.wish,
      ...(given.kind === 'dropOff' && { dropOff: 'A Mon 14:00' }),
    });
    const elsewhere = { ...aBooking(), [given.kind]: asked[given.kind] };
    const away =
      given.kind === 'dropOff' ? { pickUp: slot('B Fri 20:30') } : { dropOff: slot('A Mon 18:00') };
    expect(await bookOrder(service, { ...elsewhere, ...away })).toMatchObject({
      __typename: 'Order',
    });

    const refused = await bookOrder(service, asked);
    expect(refused.__typename).toBe('SlotFull');
    const distances = refused.alternatives.map(({ start }) =>
      Math.abs(Date.parse(start) - at(given.near)),
    );
    expect(distances).toEqual([30, 30, 60, 60, 90].map((minutes) => minutes * 60_000));
    for (const { start } of refused.alternatives) {
      const wish = {
        ...asked,
        requestKey: newKey(),
        [given.kind]: { ...asked[given.kind], start },
      };
      const order = await bookOrder(service, wish);
      expect(order).toMatchObject({ __typename: 'Order', [given.kind]: { start } });
      await cancelOrder(service, aCancellation(order));
    }
  });

  it('offers only slots that the rest of the wish fits', async () => {
    await chain({ counter: { visits: 1 } });
    await bookOrder(service, aBooking({ dropOff: 'A Mon 11:00' }));
    const refused = await bookOrder(service, aBooking());
    expect(refused).toMatchObject({ __typename: 'SlotFull', at: when('Tue 20:30') });
    expect(refused.alternatives.map(({ start }) => start)).toEqual(
      ['Wed 10:00', 'Wed 10:30', 'Wed 11:00', 'Wed 11:30', 'Wed 12:00'].map(when),
    );
  });
});

const LONG_DAYS = workedNetwork().stores![0]!.openingHours.map((hours) => ({
  ...hours,
  opens: '09:00',
}));
