import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

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
  takenClaims,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const chain = () => startOver(service, workedNetwork());

const UNKNOWN_ID = '0190a0a0-0000-7000-8000-000000000000';

async function booked(parts: BookingParts = {}): Promise<OrderAnswer> {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
}

describe('cancelOrder', () => {
  beforeEach(() => chain());

  it('gives back all that the order took', async () => {
    const order = await booked({ pairs: 7, pickUp: 'B Fri 12:00' });
    expect(await cancelOrder(service, aCancellation(order))).toMatchObject({
      __typename: 'Order',
      id: order.id,
      status: 'CANCELLED',
      version: 2,
      dropOff: { status: 'CANCELLED', start: order.dropOff.start },
      pickUp: { status: 'CANCELLED', start: order.pickUp.start },
    });
    expect(await takenClaims(service)).toEqual({});
  });

  it('happens once', async () => {
    const order = await booked();
    const cancelled = await cancelOrder(service, aCancellation(order));
    expect(await cancelOrder(service, aCancellation(order))).toMatchObject({
      __typename: 'VersionConflict',
      currentVersion: 2,
    });
    expect(await cancelOrder(service, aCancellation(cancelled))).toMatchObject({
      __typename: 'NotBookable',
      code: 'WRONG_STATUS',
    });
    expect(await takenClaims(service)).toEqual({});
  });

  it('keeps the reason, of at most 500 characters', async () => {
    const order = await booked();
    const mutation = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename } }`;
    const input = { ...aCancellation(order), reason: 'x'.repeat(501) };
    const { status, errors } = await service.ask(mutation, { input }, service.tokens.hq);
    expect({ status, ...errors[0]?.extensions }).toMatchObject({
      status: 400,
      inputPath: 'reason',
    });
    await cancelOrder(service, { ...aCancellation(order), reason: 'found a cobbler nearer by' });
    const events = await service.rows(
      `SELECT reason FROM event WHERE order_id = $1 AND version = 2`,
      [order.id],
    );
    expect(events).toEqual([{ reason: 'found a cobbler nearer by' }]);
  });
});

describe('a change', () => {
  beforeEach(() => chain());

  it('is refused to who has not seen the newest version', async () => {
    const order = await booked();
    await moveAppointment(service, aMove(order, 'pickUp', 'B Wed 12:00'));
    const conflict = { __typename: 'VersionConflict', code: 'VERSION_CONFLICT', currentVersion: 2 };
    expect(await moveAppointment(service, aMove(order, 'pickUp', 'B Thu 12:00'))).toMatchObject(
      conflict,
    );
    expect(await cancelOrder(service, aCancellation(order))).toMatchObject(conflict);
  });

  it.each(['RECEIVED', 'IN_TRANSIT', 'IN_CARE', 'READY', 'COLLECTED', 'CANCELLED'])(
    'is refused to an order that is %s',
    async (status) => {
      const order = await booked();
      const set = `UPDATE customer_order SET status = $2 WHERE id = $1`;
      await service.rows(set, [order.id, status]);
      const refused = { __typename: 'NotBookable', code: 'WRONG_STATUS' };
      expect(await cancelOrder(service, aCancellation(order))).toMatchObject(refused);
      const drop = aMove(order, 'dropOff', 'A Mon 12:00');
      expect(await moveAppointment(service, drop)).toMatchObject(refused);
      await service.rows(set, [order.id, 'BOOKED']);
    },
  );

  it.each([UNKNOWN_ID, 'no-id', ''])(
    'is refused where there is no such order: "%s"',
    async (id) => {
      const order = await booked();
      const refused = {
        __typename: 'NotBookable',
        code: 'WRONG_STATUS',
        message: expect.any(String),
      };
      const request = { requestKey: newKey(), expectedVersion: 1 };
      expect(await cancelOrder(service, { ...request, orderId: id })).toEqual(refused);
      const move = { ...aMove(order, 'pickUp', 'B Thu 12:00'), appointmentId: id };
      expect(await moveAppointment(service, move)).toEqual(refused);
      expect(await readOrder(service, id)).toBeNull();
    },
  );
});
