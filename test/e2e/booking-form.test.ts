import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aBooking, bookOrder, MEI, startOver } from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork, type ChainNumbers } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

/** Nothing is booked, and the chain has these numbers. */
const chain = (numbers: ChainNumbers = {}) => startOver(service, workedNetwork(numbers));

describe('the form of a booking', () => {
  beforeEach(async () => {
    await chain();
  });

  const anItem = { description: 'AJ1', serviceCodes: ['basic-clean'], pairs: 1 };
  it.each([
    { name: 'a short key', change: { requestKey: '1234567' }, path: 'requestKey' },
    { name: 'a long key', change: { requestKey: 'x'.repeat(65) }, path: 'requestKey' },
    { name: 'no item', change: { items: [] }, path: 'items' },
    {
      name: '51 items',
      change: { items: Array.from({ length: 51 }, () => anItem) },
      path: 'items',
    },
    { name: 'no pair', change: { items: [{ ...anItem, pairs: 0 }] }, path: 'items[0].pairs' },
    {
      name: '101 pairs',
      change: { items: [anItem, { ...anItem, pairs: 101 }] },
      path: 'items[1].pairs',
    },
    {
      name: 'no service',
      change: { items: [{ ...anItem, serviceCodes: [] }] },
      path: 'items[0].serviceCodes',
    },
    {
      name: 'no description',
      change: { items: [{ ...anItem, description: '' }] },
      path: 'items[0].description',
    },
    {
      name: 'a description of 81 characters',
      change: { items: [{ ...anItem, description: '鞋'.repeat(81) }] },
      path: 'items[0].description',
    },
    { name: 'nobody', change: { customer: null }, path: 'customer' },
    { name: 'no name', change: { customer: { ...MEI, name: ' ' } }, path: 'customer.name' },
    { name: 'no way to reach them', change: { customer: { name: 'Mei' } }, path: 'customer' },
    {
      name: 'a national number',
      change: { customer: { name: 'Mei', phone: '13800138000' } },
      path: 'customer.phone',
    },
    {
      name: 'no mail address',
      change: { customer: { name: 'Mei', email: 'mei' } },
      path: 'customer.email',
    },
    {
      name: 'a name with a null character',
      change: { customer: { ...MEI, name: 'M\0i' } },
      path: 'customer.name',
    },
    {
      name: 'half a character in a description',
      change: { items: [{ ...anItem, description: 'AJ\ud83d' }] },
      path: 'items[0].description',
    },
    { name: 'no language', change: { customer: { ...MEI, locale: 'x' } }, path: 'customer.locale' },
  ])('is refused with 400 and its path: $name', async ({ change, path }) => {
    const mutation = `mutation ($input: BookOrderInput!) { bookOrder(input: $input) { __typename } }`;
    const input = { ...aBooking(), ...change };
    const { status, errors } = await service.ask(mutation, { input }, service.tokens.hq);
    expect({ status, ...errors[0]?.extensions }).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      inputPath: path,
    });
  });

  it('may have all that is allowed at once', async () => {
    const items = Array.from({ length: 50 }, () => ({
      ...anItem,
      description: '鞋'.repeat(80),
      pairs: 2,
    }));
    const order = await bookOrder(service, aBooking({ items, requestKey: 'x'.repeat(64) }));
    expect(order.items).toHaveLength(50);
  });
});
