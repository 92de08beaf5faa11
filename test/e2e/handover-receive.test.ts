import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readTag } from '../../src/core/handovers/tag.ts';
import { aJpeg } from '../media/made/pictures.ts';
import { upload } from '../media/uploading.ts';
import {
  aBooking,
  bookOrder,
  newKey,
  readOrder,
  slot,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { receiptQuote, receiveOrder } from '../support/handovers.ts';
import { ledgerFaults } from '../support/ledger-faults.ts';
import { startService, type TestService } from '../support/service.ts';
import { aLine, aStore, at, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  const worked = workedNetwork({ counter: { visits: 60 } });
  service = await startService({
    network: {
      ...worked,
      stores: [...worked.stores!, aStore('C')],
      lines: [...worked.lines!, aLine('C-W', ['14:00'], 30)],
    },
  });
});
afterAll(() => service.stop());

beforeEach(() => {
  service.clock.set(at('Mon 10:20'));
});

async function booked(parts: BookingParts = {}): Promise<OrderAnswer> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  service.clock.set(at('Mon 10:35'));
  return order;
}

const kinds = async (orderId: string): Promise<string[]> =>
  (
    await service.rows<{ kind: string }>(
      `SELECT kind FROM message WHERE order_id = $1 AND state <> 'WITHDRAWN' ORDER BY kind`,
      [orderId],
    )
  ).map(({ kind }) => kind);

const replans = (orderId: string) =>
  service.rows<{ cause: string }>(`SELECT cause FROM replan WHERE order_id = $1`, [orderId]);

describe('receiveOrder', () => {
  it('takes goods that came as booked, tags each pair, and keeps the promise', async () => {
    const order = await booked({ pairs: 2 });
    const received = await receiveOrder(
      service,
      {
        ticketCode: ` ${order.ticketCode.toLowerCase().replace('-', ' ')} `,
        items: [{ item: 1, pairs: 2, conditions: [{ condition: 'sole worn' }] }],
      },
      service.tokens.staff('A'),
    );
    expect(received).toMatchObject({
      __typename: 'Receipt',
      order: {
        id: order.id,
        status: 'RECEIVED',
        version: 2,
        dropOff: { status: 'FULFILLED', start: order.dropOff.start },
        promise: { readyBy: order.promise.readyBy },
        items: [{ price: { minor: 9_900, currency: 'CNY' } }],
      },
      pairs: [
        { number: 1, item: 1, description: 'AJ1', condition: 'sole worn' },
        { number: 2, item: 1, condition: null },
      ],
      price: [{ minor: 19_800, currency: 'CNY' }],
    });
    const tags = received.pairs.map(({ tag }) => tag);
    expect(new Set(tags).size).toBe(2);
    expect(tags.map(readTag)).toEqual(tags);
    expect(await readOrder(service, order.id)).toMatchObject({ status: 'RECEIVED', version: 2 });
    expect(await kinds(order.id)).toContain('RECEIPT');
    expect(await replans(order.id)).toEqual([]);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('answers the same request again as before, and makes no second pair', async () => {
    const order = await booked();
    const input = { requestKey: newKey(), orderId: order.id };
    const first = await receiveOrder(service, input);
    expect(await receiveOrder(service, input)).toEqual(first);
    expect(await receiveOrder(service, { ...input, items: [{ item: 1, pairs: 2 }] })).toMatchObject(
      {
        __typename: 'RequestKeyReused',
      },
    );
    const rows = await service.rows(`SELECT 1 FROM pair WHERE order_id = $1`, [order.id]);
    expect(rows.length).toBe(1);
  });

  it('keeps pictures of how the goods looked', async () => {
    const order = await booked();
    const token = service.tokens.staff('A');
    const { id } = await upload(service, await aJpeg(), { orderId: order.id }, token);
    const items = [{ item: 1, pairs: 1, conditions: [{ mediaIds: [id] }] }];
    const input = { requestKey: newKey(), orderId: order.id, items };
    const received = await receiveOrder(service, input, token);
    expect(received.pairs).toMatchObject([{ photos: [{ id }] }]);
    expect(await receiveOrder(service, input, token)).toEqual(received);
  });

  it('takes an order once, however many clerks try', async () => {
    const order = await booked();
    const all = await Promise.all(
      Array.from({ length: 8 }, () => receiveOrder(service, { orderId: order.id })),
    );
    expect(all.map(({ __typename }) => __typename).sort()).toEqual([
      ...Array.from({ length: 7 }, () => 'NotBookable'),
      'Receipt',
    ]);
    const rows = await service.rows(`SELECT 1 FROM pair WHERE order_id = $1`, [order.id]);
    expect(rows.length).toBe(1);
  });

  it('prices what was changed at the counter and plans it anew, as the quote said', async () => {
    const order = await booked();
    const items = [
      { item: 1, pairs: 2, serviceCodes: ['basic-clean', 'resole'] },
      {
        item: null,
        pairs: 1,
        description: 'Boots',
        serviceCodes: ['basic-clean'],
        priceMinor: 5_000,
      },
    ];
    const quote = await receiptQuote(service, { orderId: order.id, items });
    expect(quote).toMatchObject({
      __typename: 'ReceiptQuote',
      price: [{ minor: 2 * 2 * 9_900 + 5_000, currency: 'CNY' }],
      isPickUpKept: false,
    });
    expect(await readOrder(service, order.id)).toMatchObject({ status: 'BOOKED', version: 1 });
    const received = await receiveOrder(service, { orderId: order.id, items });
    expect(received).toMatchObject({
      __typename: 'Receipt',
      order: { promise: { readyBy: quote.promise.readyBy }, pickUp: { start: order.pickUp.start } },
      price: quote.price,
      pairs: [{ item: 1 }, { item: 1 }, { item: 2, description: 'Boots' }],
    });
    expect(at('Tue 20:30')).toBeLessThan(Date.parse(quote.promise.readyBy));
    expect(await replans(order.id)).toEqual([{ cause: 'SERVICES_CHANGED' }]);
    const work = await service.rows<{ skill: string; n: number }>(
      `SELECT skill, count(*)::int AS n FROM pair_operation o JOIN pair p ON p.id = o.pair_id
        WHERE p.order_id = $1 GROUP BY 1 ORDER BY 1`,
      [order.id],
    );
    expect(work).toEqual([
      { skill: 'clean', n: 3 },
      { skill: 'sole', n: 2 },
    ]);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('moves the pick-up at once when the customer agrees to another', async () => {
    const order = await booked();
    const items = [{ item: 1, pairs: 1, serviceCodes: ['resole'] }];
    const early = await receiveOrder(service, {
      orderId: order.id,
      items,
      pickUp: slot('B Tue 20:30'),
    });
    expect(early.__typename).toBe('ReadyTooLate');
    const received = await receiveOrder(service, {
      orderId: order.id,
      items,
      pickUp: slot('B Fri 12:00'),
    });
    expect(received).toMatchObject({
      __typename: 'Receipt',
      order: { pickUp: { start: when('Fri 12:00') } },
    });
    expect(await replans(order.id)).toEqual([]);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('plans goods that come late again, and says when they will be ready', async () => {
    const order = await booked();
    service.clock.set(at('Mon 20:15'));
    const received = await receiveOrder(service, { orderId: order.id });
    expect(received).toMatchObject({ __typename: 'Receipt', order: { status: 'RECEIVED' } });
    expect(Date.parse(received.order.promise.readyBy)).toBeGreaterThan(at('Tue 20:30'));
    expect(await replans(order.id)).toEqual([{ cause: 'HANDED_OVER_LATE' }]);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('keeps the promise of goods that come late and still catch their van', async () => {
    const order = await booked();
    service.clock.set(at('Mon 13:15'));
    const received = await receiveOrder(service, { orderId: order.id });
    expect(received.order.promise.readyBy).toBe(order.promise.readyBy);
    expect(await replans(order.id)).toEqual([]);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('takes goods of a missed drop-off whose claims were given back', async () => {
    const order = await booked();
    await service.rows(`UPDATE appointment SET status = 'NO_SHOW' WHERE id = $1`, [
      order.dropOff.id,
    ]);
    await service.rows(
      `UPDATE ledger l SET taken = l.taken - c.amount
         FROM (SELECT * FROM claim, unnest(resources, starts, amounts) AS each (resource, start, amount)
                WHERE owner_id = $1) AS c WHERE (l.resource, l.start) = (c.resource, c.start)`,
      [order.id],
    );
    await service.rows(
      `UPDATE claim SET resources = '{}', starts = '{}', amounts = '{}' WHERE owner_id = $1`,
      [order.id],
    );
    service.clock.set(at('Wed 11:00'));
    const received = await receiveOrder(service, { orderId: order.id });
    expect(received.__typename).toBe('Receipt');
    expect(Date.parse(received.order.pickUp.start)).toBeGreaterThanOrEqual(
      Date.parse(received.order.promise.readyBy),
    );
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('names the right store, and takes goods elsewhere only when it is said', async () => {
    const order = await booked();
    const input = { ticketCode: order.ticketCode, storeCode: 'B' };
    expect(await receiveOrder(service, input, service.tokens.staff('B'))).toMatchObject({
      __typename: 'WrongStore',
      store: { code: 'A' },
    });
    const withoutWay = { ...input, acceptElsewhere: true };
    expect(await receiveOrder(service, withoutWay, service.tokens.staff('B'))).toMatchObject({
      __typename: 'NoPromise',
      code: 'NO_CONNECTION',
    });
    const elsewhere = { ticketCode: order.ticketCode, storeCode: 'C', acceptElsewhere: true };
    const taken = await receiveOrder(service, elsewhere, service.tokens.staff('C'));
    expect(taken).toMatchObject({
      order: {
        status: 'RECEIVED',
        dropOff: { store: { code: 'C' }, start: when('Mon 10:30'), status: 'FULFILLED' },
        promise: { readyBy: order.promise.readyBy },
      },
    });
    expect(await ledgerFaults(service)).toEqual([]);
    const stranger = { ...input, storeCode: 'A', acceptElsewhere: true };
    await expect(receiveOrder(service, stranger, service.tokens.staff('B'))).rejects.toThrow(
      'FORBIDDEN',
    );
  });

  it.each([
    { name: 'an item that is not there', items: [{ item: 2, pairs: 1 }], code: 'UNKNOWN_ITEM' },
    {
      name: 'an item that was not counted',
      items: [{ item: null, pairs: 1, description: 'X', serviceCodes: ['basic-clean'] }],
      code: 'ITEM_NOT_COUNTED',
    },
    { name: 'no pair at all', items: [{ item: 1, pairs: 0 }], code: 'NOTHING_HANDED_IN' },
    {
      name: 'a picture that nobody uploaded',
      items: [{ item: 1, pairs: 1, conditions: [{ mediaIds: [newKey()] }] }],
      code: 'UNKNOWN_MEDIA',
    },
    {
      name: 'a service that is not sold',
      items: [{ item: 1, pairs: 1, serviceCodes: ['paint'] }],
      code: 'UNKNOWN_SERVICE',
    },
    {
      name: 'work that nobody can do',
      items: [{ item: 1, pairs: 1, serviceCodes: ['gild'] }],
      code: 'NO_SKILL',
    },
  ])('refuses $name', async ({ items, code }) => {
    const order = await booked();
    expect(await receiveOrder(service, { orderId: order.id, items })).toMatchObject({ code });
    expect(await readOrder(service, order.id)).toMatchObject({ status: 'BOOKED', version: 1 });
  });

  it('refuses what is not there, not the caller’s, or seen in another version', async () => {
    const order = await booked();
    const orderId = order.id;
    expect(await receiveOrder(service, { orderId, expectedVersion: 7 })).toMatchObject({
      __typename: 'VersionConflict',
      currentVersion: 1,
    });
    expect(await receiveOrder(service, { ticketCode: 'ABCD-EFGH' })).toMatchObject({
      code: 'WRONG_STATUS',
    });
    const customer = service.tokens.customer('+8613800138000');
    await expect(receiveOrder(service, { orderId }, customer)).rejects.toThrow('FORBIDDEN');
    await expect(receiveOrder(service, { orderId }, service.tokens.staff('C'))).rejects.toThrow(
      'FORBIDDEN',
    );
  });
});
