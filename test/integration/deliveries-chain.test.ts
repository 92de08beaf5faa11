import { afterAll, beforeAll, expect, it, vi } from 'vitest';

import { FakeChannel } from '../support/fake-channel.ts';
import {
  anAccount,
  aQuietOrder,
  deliver,
  deliveriesOf,
  messageOf,
  messengerOf,
  owe,
} from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { aLine, aStore, workedNetwork } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');

let service: TestService;

beforeAll(async () => {
  const network = workedNetwork({ counter: { visits: 200 } });
  service = await startService({ network, channels: [MAIL] });
  await anAccount(service, 'mail');
});

afterAll(async () => {
  vi.restoreAllMocks();
  await service.stop();
});

it('what is told of a store that was opened a moment ago is put into words', async () => {
  await deliver(service);
  const stood = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => stood);
  await deliver(service);
  await service.import({
    stores: [aStore('N', {}, { name: 'Opened today' })],
    lines: [aLine('W-N', ['10:00', '16:00'], 30)],
  });
  const order = await aQuietOrder(service, { pickUp: 'N Sat 12:00' });
  const id = await owe(service, order.id, { kind: 'ORDER_BOOKED' });
  await messengerOf(service).tick();
  vi.restoreAllMocks();
  await deliver(service);
  expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  expect(await deliveriesOf(service, id)).toMatchObject([{ status: 'ACCEPTED' }]);
  expect(MAIL.sent.at(-1)!.text).toContain('Opened today');
});
