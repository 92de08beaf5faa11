import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { newKey } from '../support/bookings.ts';
import { FakeChannel, refused } from '../support/fake-channel.ts';
import { anAccount, aQuietOrder, deliver, owe, startQuiet } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');
const AGAIN = `mutation ($input: SendMessageAgainInput!) {
  sendMessageAgain(input: $input) { ... on OrderMessage { state } ... on Refusal { code } } }`;

let service: TestService;

beforeAll(async () => {
  const env = { DATABASE_POOL: '2' };
  service = await startService({ network: workedNetwork(), channels: [MAIL], env });
  await anAccount(service, 'mail');
  await startQuiet(service, [MAIL]);
});

afterAll(() => service.stop());

it('sends again once for a request that comes more often than there are connections', async () => {
  const order = await aQuietOrder(service);
  MAIL.answers(refused('content'));
  const messageId = await owe(service, order.id);
  await deliver(service);
  const input = { messageId, requestKey: newKey() };
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => service.data(AGAIN, { input }, service.tokens.hq)),
  );
  for (const { sendMessageAgain } of answers) expect(sendMessageAgain).toEqual({ state: 'OWED' });
  await deliver(service);
  expect(MAIL.sent).toHaveLength(2);
});
