import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { Messenger } from '../../src/features/deliveries/index.ts';
import { aBooking, bookOrder } from '../support/bookings.ts';
import { anAccount } from '../support/channel-accounts.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');

describe('sending', () => {
  let service: TestService;
  let messenger: Messenger;

  beforeAll(async () => {
    service = await startService({ network: workedNetwork(), channels: [MAIL] });
    messenger = service.app.get(Messenger, { strict: false });
    await anAccount(service, 'mail');
  });

  afterAll(() => service.stop());

  it('tells a booking', async () => {
    await bookOrder(service, aBooking());
    await messenger.run();
    expect(MAIL.kinds).toEqual(['order.booked']);
    console.log(
      await service.rows('select * from message'),
      await service.rows('select * from delivery'),
    );
  });
});
