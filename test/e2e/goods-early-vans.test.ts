import { afterAll, beforeAll, expect, it } from 'vitest';

import { readOrder } from '../support/bookings.ts';
import { replans, ROOMY, scan, takenIn, WAY } from '../support/goods.ts';
import { faults, guard } from '../support/guard.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, when } from '../support/worked-network.ts';

let service: TestService;
const AT_2 = { lineCode: 'A-W', departs: when('Mon 14:00') };

beforeAll(async () => {
  service = await startService({ network: ROOMY });
});
afterAll(async () => {
  expect(await faults(service)).toEqual([]);
  await service.stop();
});

it('what a van leaves behind that goes before its time is promised on the next one', async () => {
  service.clock.set(at('Mon 08:00'));
  const left = await takenIn(service);
  const taken = await takenIn(service);
  expect(left.order.promise.steps[0]).toMatchObject({ by: 'A-W', start: when('Mon 14:00') });
  service.clock.set(at('Mon 13:05'));
  await scan(service, [{ ...WAY[0]!, tag: taken.tags[0]!, at: 'Mon 13:04' }]);
  await service.data(
    `mutation ($input: TripCallInput!) { departTrip(input: $input) { __typename } }`,
    { input: { ...AT_2, stop: 0 } },
    service.tokens.hq,
  );
  expect((await replans(service))[left.order.id]).toBe('DISCREPANCY');
  await guard(service);
  const planned = await readOrder(service, left.order.id);
  expect(planned!.promise.steps[0]).toMatchObject({ by: 'A-W', start: when('Mon 20:30') });
  const riding = await readOrder(service, taken.order.id);
  expect(riding!.promise.steps[0]).toMatchObject({ by: 'A-W', start: when('Mon 14:00') });
});
