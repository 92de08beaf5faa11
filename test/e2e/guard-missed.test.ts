import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  aBooking,
  aMove,
  bookOrder,
  moveAppointment,
  readOrder,
  type OrderAnswer,
} from '../support/bookings.ts';
import { askReplan, claimsOf, faults, guard, isSwept } from '../support/guard.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});
afterAll(() => service.stop());

/** Nobody came: what a missed drop-off held is given back, as the store's no-show marking does it. */
async function missed(order: OrderAnswer): Promise<void> {
  service.clock.set(at('Mon 12:00'));
  await service.rows(`UPDATE appointment SET status = 'NO_SHOW' WHERE id = $1`, [order.dropOff.id]);
  await service.rows(
    `UPDATE ledger l SET taken = taken - c.amount
       FROM (SELECT each.* FROM claim, unnest(resources, starts, amounts)
               AS each (resource, start, amount) WHERE owner_id = $1) c
      WHERE l.resource = c.resource AND l.start = c.start`,
    [order.id],
  );
  await service.rows(
    `UPDATE claim SET resources = '{}', starts = '{}', amounts = '{}' WHERE owner_id = $1`,
    [order.id],
  );
}

describe('an order whose drop-off was missed', () => {
  it('is left alone by the guard, and takes everything anew with another drop-off', async () => {
    const order = await bookOrder(service, aBooking({ pickUp: 'B Fri 12:00' }));
    await missed(order);
    await askReplan(service, [order.id], 'MISSED_DROP_OFF');
    await guard(service);
    expect(await isSwept(service, order)).toBe(false);
    expect(await claimsOf(service, order.id)).toEqual({});

    const pickUp = await moveAppointment(service, aMove(order, 'pickUp', 'B Fri 13:00'));
    expect(pickUp).toMatchObject({ code: 'WRONG_STATUS' });
    const moved = await moveAppointment(service, aMove(order, 'dropOff', 'A Tue 11:00'));
    expect(moved).toMatchObject({
      __typename: 'Order',
      dropOff: { status: 'BOOKED', start: when('Tue 11:00') },
      promise: { readyBy: when('Wed 20:30') },
    });
    expect(await claimsOf(service, order.id)).toMatchObject({
      'counter:A/drop-off 09-03 11:00': 1,
      'counter:B/pick-up 09-06 12:00': 1,
      'ride:A-W/A>W 09-03 14:00': 1,
    });
    expect(await faults(service)).toEqual([]);
    expect((await readOrder(service, order.id))!.version).toBe(2);
  });
});
