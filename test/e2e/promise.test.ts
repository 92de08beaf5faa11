import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  aBooking,
  aCancellation,
  bookOrder,
  cancelOrder,
  PROMISE_RESULT,
  takenClaims,
  type OrderAnswer,
  type PromiseAnswer,
} from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import { aLine, aStore, dateOf, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});
afterAll(() => service.stop());

interface Asked {
  readonly handedOver: string;
  readonly pickUp?: string;
  readonly pairs?: number;
  readonly services?: readonly string[];
}

/** Handed over as in `A Mon 11:00`; one pair to be cleaned and collected at B unless said otherwise. */
async function promise({ handedOver, pickUp = 'B', pairs = 1, services = ['basic-clean'] }: Asked) {
  const [dropOffStoreCode = '', day = '', time = ''] = handedOver.split(' ');
  const input = {
    dropOffStoreCode,
    handedOverAt: when(`${day} ${time}`),
    pickUpStoreCode: pickUp,
    items: [{ description: 'AJ1', serviceCodes: services, pairs }],
  };
  const query = `query ($input: PromiseInput!) { promise(input: $input) { ${PROMISE_RESULT} } }`;
  return (await service.data<{ promise: PromiseAnswer }>(query, { input })).promise;
}

/** Takes so much of Tuesday's cleaning, for as long as `work` goes on. */
async function withUnitsTaken(units: number, work: () => Promise<void>): Promise<void> {
  const items = [100, units - 100].map((pairs) => ({
    description: 'many',
    serviceCodes: ['basic-clean'],
    pairs,
  }));
  const order = await bookOrder(service, aBooking({ items }));
  expect(order.__typename).toBe('Order');
  await work();
  await cancelOrder(service, aCancellation(order));
}

describe('the worked promises, through the API', () => {
  it.each([
    { name: 'the plain way', handedOver: 'A Mon 11:00', readyBy: 'Tue 20:30' },
    { name: 'exactly at the cut-off is in time', handedOver: 'A Mon 13:30', readyBy: 'Tue 20:30' },
    {
      name: "after the day's last cut-off",
      handedOver: 'A Mon 20:01',
      readyBy: 'Wed 20:30',
      delays: [{ kind: 'MISSED_CUT_OFF', code: 'A-W', at: when('Mon 20:30') }],
    },
    { name: 'over a Sunday', handedOver: 'A Sat 11:00', readyBy: 'Mon+1 20:30' },
    {
      name: 'back to the same store',
      handedOver: 'A Mon 11:00',
      pickUp: 'A',
      readyBy: 'Tue 20:00',
    },
  ])('$name', async ({ handedOver, pickUp, readyBy, delays = [] }) => {
    expect(
      await promise({ handedOver, ...(pickUp === undefined ? {} : { pickUp }) }),
    ).toMatchObject({ __typename: 'Promise', readyBy: when(readyBy), delays });
  });

  it('the shift is full', async () => {
    await withUnitsTaken(120, async () => {
      expect(await promise({ handedOver: 'A Mon 11:00' })).toMatchObject({
        readyBy: when('Wed 20:30'),
        delays: [{ kind: 'WORKSHOP_FULL', code: 'W', at: when('Tue 09:00') }],
      });
    });
  });

  it('an item stays together, and what is left of the shift stays free', async () => {
    await withUnitsTaken(118, async () => {
      const wish = aBooking({ dropOff: 'A Mon 10:30', pickUp: 'B Wed 20:30', pairs: 5 });
      expect(await promise({ handedOver: 'A Mon 11:00', pairs: 5 })).toMatchObject({
        readyBy: when('Wed 20:30'),
      });
      const order: OrderAnswer = await bookOrder(service, wish);
      expect(order.promise.readyBy).toBe(when('Wed 20:30'));
      expect(await takenClaims(service)).toMatchObject({
        'work:W/clean 09-03 09:00': 118,
        'work:W/clean 09-04 09:00': 5,
      });
      await cancelOrder(service, aCancellation(order));
    });
  });

  it('the store closes before the van comes', async () => {
    const closesEarly = {
      specialHours: [
        { from: dateOf('Tue'), to: dateOf('Tue'), hours: [{ opens: '10:00', closes: '19:00' }] },
      ],
    };
    await service.import({ stores: [aStore('B', {}, closesEarly)] });
    expect(await promise({ handedOver: 'A Mon 11:00' })).toMatchObject({
      readyBy: when('Wed 11:00'),
      delays: [{ kind: 'STORE_CLOSED', code: 'B' }],
    });
    await service.import({ stores: [aStore('B')] });
  });
});

describe('promise', () => {
  it('tells the way, and the first pick-up slot', async () => {
    expect(await promise({ handedOver: 'A Mon 11:00' })).toMatchObject({
      earliestPickUp: {
        start: when('Tue 20:30'),
        end: when('Tue 21:00'),
        capacity: 4,
        remaining: 4,
      },
      steps: [
        { kind: 'RIDE', fromCode: 'A', toCode: 'W', by: 'A-W', end: when('Mon 15:00') },
        { kind: 'WORK', fromCode: 'W', toCode: 'W', by: 'clean', end: when('Tue 18:00') },
        { kind: 'RIDE', fromCode: 'W', toCode: 'B', by: 'W-B', end: when('Tue 20:00') },
        { kind: 'PUT_AWAY', fromCode: 'B', toCode: 'B', by: null, end: when('Tue 20:30') },
      ],
    });
  });

  it('reserves nothing', async () => {
    await promise({ handedOver: 'A Mon 11:00' });
    expect(await takenClaims(service)).toEqual({});
  });

  it.each([
    { name: 'no line goes there', asked: { pickUp: 'C' }, code: 'NO_CONNECTION' },
    { name: 'no such store', asked: { pickUp: 'NONE' }, code: 'NO_CONNECTION' },
    { name: 'no workshop has the skill', asked: { services: ['gild'] }, code: 'NO_SKILL' },
    { name: 'no such service', asked: { services: ['none'] }, code: 'NO_SKILL' },
    {
      name: 'more than a shift can do',
      asked: { services: ['resole'], pairs: 41 },
      code: 'TOO_LARGE',
    },
    {
      name: 'handed over too late',
      asked: { handedOver: 'A Mon+9 11:00' },
      code: 'BEYOND_HORIZON',
    },
  ])('is refused: $name', async ({ asked, code }) => {
    await service.import({ stores: [aStore('C')], lines: [aLine('A-W', ['14:00', '20:30'], 60)] });
    expect(await promise({ handedOver: 'A Mon 11:00', ...asked })).toMatchObject({
      __typename: 'NoPromise',
      code,
    });
  });
});
