import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  MEI,
  moveAppointment,
  readOrder,
  slot,
  startOver,
} from '../support/bookings.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { at, workedNetwork, type ChainNumbers } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Nothing is booked, and the chain has these numbers. */
const chain = (numbers: ChainNumbers = {}) => startOver(service, workedNetwork(numbers));

describe('a request that is sent again', () => {
  beforeEach(async () => {
    await chain({ counter: { visits: 1 } });
  });

  it('is answered as the first time, also when the slot is full by now', async () => {
    const wish = aBooking();
    const first = await bookOrder(service, wish);
    expect(await bookOrder(service, wish)).toEqual(first);
    expect((await bookOrder(service, aBooking())).__typename).toBe('SlotFull');
    const standing = await service.rows(`SELECT FROM customer_order WHERE status = 'BOOKED'`);
    expect(standing).toHaveLength(1);
  });

  it('is answered as the first time, also when the order was moved and cancelled since', async () => {
    const wish = aBooking();
    const first = await bookOrder(service, wish);
    const move = aMove(first, 'pickUp', 'B Wed 20:30');
    const moved = await moveAppointment(service, move);
    const cancellation = aCancellation(moved);
    const cancelled = await cancelOrder(service, cancellation);

    expect(await bookOrder(service, wish)).toEqual(first);
    expect(await moveAppointment(service, move)).toEqual(moved);
    expect(await cancelOrder(service, cancellation)).toEqual(cancelled);
    expect([first, moved, cancelled].map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(await readOrder(service, first.id)).toMatchObject({ version: 3, status: 'CANCELLED' });
  });

  it('is answered as the first time, also when its time has passed', async () => {
    const wish = aBooking();
    const first = await bookOrder(service, wish);
    service.clock.set(at('Tue 10:00'));
    expect(await bookOrder(service, wish)).toEqual(first);
    service.clock.set(MONDAY_MORNING);
  });

  it.each([
    { name: 'another slot', change: { dropOff: slot('A Mon 11:00') } },
    { name: 'another customer', change: { customer: { ...MEI, name: 'Mei Li' } } },
    {
      name: 'other pairs',
      change: { items: [{ description: 'AJ1', serviceCodes: ['basic-clean'], pairs: 2 }] },
    },
    {
      name: 'another description',
      change: { items: [{ description: 'AJ2', serviceCodes: ['basic-clean'] }] },
    },
  ])('is refused with other content: $name', async ({ change }) => {
    const wish = aBooking();
    await bookOrder(service, wish);
    expect(await bookOrder(service, { ...wish, ...change })).toMatchObject({
      __typename: 'RequestKeyReused',
      code: 'REQUEST_KEY_REUSED',
    });
  });

  it('is refused for another operation', async () => {
    const wish = aBooking();
    const order = await bookOrder(service, wish);
    const { requestKey } = wish;
    const refused = { __typename: 'RequestKeyReused', code: 'REQUEST_KEY_REUSED' };
    expect(await cancelOrder(service, { ...aCancellation(order), requestKey })).toMatchObject(
      refused,
    );
    const move = aMove(order, 'pickUp', 'B Wed 20:30');
    expect(await moveAppointment(service, { ...move, requestKey })).toMatchObject(refused);
  });

  it('is one and the same with a default or a null said or left out', async () => {
    const wish = aBooking();
    const items = [{ description: 'AJ1', serviceCodes: ['basic-clean'] }];
    const first = await bookOrder(service, wish);
    const again = { ...wish, items, customer: { locale: null as never, ...MEI } };
    expect(await bookOrder(service, again)).toEqual(first);
  });

  it('is another one from another caller', async () => {
    const wish = aBooking();
    const first = await bookOrder(service, wish);
    const other = { ...wish, dropOff: slot('A Mon 11:00'), pickUp: slot('B Wed 20:30') };
    const second = await bookOrder(service, other, service.tokens.staff('A'));
    expect(second.__typename).toBe('Order');
    expect(second.id).not.toBe(first.id);
  });

  it('is tried anew if it was refused', async () => {
    const order = await bookOrder(service, aBooking());
    const wish = aBooking();
    expect((await bookOrder(service, wish)).__typename).toBe('SlotFull');
    await cancelOrder(service, aCancellation(order));
    expect((await bookOrder(service, wish)).__typename).toBe('Order');
  });
});
