import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  bookOrder,
  readOrder,
  startOver,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { claimsOf, guard, tasksOf } from '../support/guard.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import {
  aLine,
  aStore,
  aWorkshop,
  dateOf,
  when,
  workedNetwork,
} from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const counter = { visits: 100 };

beforeEach(async () => {
  service.clock.set(MONDAY_MORNING);
  await startOver(service, workedNetwork({ counter }));
});

async function booked(parts: BookingParts = {}): Promise<OrderAnswer> {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
}

async function proposed({ id }: { readonly id: string }) {
  const query = `query ($id: ID!) { order(id: $id) { proposalsFor promise { readyBy } } }`;
  return (await service.data<{ order: object }>(query, { id }, service.tokens.hq)).order;
}

describe('an import', () => {
  it('that takes away a shift or hours has the orders planned again', async () => {
    const order = await booked();
    const others = await booked({ dropOff: 'A Wed 10:30', pickUp: 'B Fri 12:00' });
    await service.import({
      stores: [
        aStore(
          'B',
          {
            counter,
          },
          { specialHours: [{ from: dateOf('Fri'), to: dateOf('Fri'), hours: [] }] },
        ),
      ],
      workshops: [{ ...aWorkshop(), closedDates: [dateOf('Tue')] }],
    });
    await guard(service);
    expect(await proposed(order)).toMatchObject({
      proposalsFor: 'PICK_UP',
      promise: { readyBy: when('Wed 20:30') },
    });
    expect(await proposed(others)).toMatchObject({ proposalsFor: 'PICK_UP' });
    expect(await tasksOf(service, order.id)).toEqual([]);
  });

  it('that makes a shelf smaller leaves what has a place on it there', async () => {
    const parts = { pickUp: 'B Thu 12:00' };
    const orders = [await booked(parts), await booked(parts)];
    const taken = await Promise.all(orders.map(({ id }) => claimsOf(service, id)));
    const shelves = taken.flatMap((claims) =>
      Object.keys(claims).filter((it) => /^shelf/.test(it)),
    );
    expect(shelves).toHaveLength(6);
    await service.import({ stores: [aStore('B', { counter }, { shelfPairs: 1 })] });
    expect(await guard(service)).toBe(1);
    expect(await Promise.all(orders.map(({ id }) => readOrder(service, id)))).toEqual(orders);
    expect(await Promise.all(orders.map(({ id }) => claimsOf(service, id)))).toEqual(taken);
  });

  it('that takes away a line leaves the orders to staff', async () => {
    const order = await booked();
    await service.import({ lines: [{ ...aLine('A-W', ['14:00'], 60), departures: [] }] });
    await guard(service);
    expect(await tasksOf(service, order.id)).toHaveLength(3);
  });
});
