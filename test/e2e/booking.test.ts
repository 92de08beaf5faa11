import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { aBooking, bookOrder, readOrder } from '../support/bookings.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});
afterAll(() => service.stop());

describe('bookOrder', () => {
  it('answers the order as it then stands', async () => {
    const order = await bookOrder(service, aBooking());
    expect(order.__typename).toBe('Order');
    expect(await readOrder(service, order.id)).toEqual(order);
  });
});
