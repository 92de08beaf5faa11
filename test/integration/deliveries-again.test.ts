import { afterAll, beforeAll, expect, it } from 'vitest';

import { newKey } from '../support/bookings.ts';
import { FakeChannel, refused } from '../support/fake-channel.ts';
import { anAccount, aQuietOrder, deliver, owe, startQuiet } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const MAIL = new FakeChannel('mail');
const PLAIN = [{ name: 'plain', grant: null }];
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

it('tries an address again that failed once, and calls off the call', async () => {
  const order = await aQuietOrder(service);
  MAIL.answers(refused('recipient'));
  const first = await owe(service, order.id);
  await deliver(service);
  const second = await owe(service, order.id);
  await deliver(service);
  const stateOf = async (id: string) =>
    (
      await service.rows<{ state: string; reason: string | null }>(
        `SELECT state, reason FROM message WHERE id = '${id}'`,
      )
    )[0];
  const openTasks = () => service.rows(`SELECT FROM staff_task WHERE done_at IS NULL`);
  expect(await stateOf(first)).toMatchObject({ state: 'FAILED' });
  expect(await stateOf(second)).toEqual({ state: 'FAILED', reason: 'ADDRESS_INVALID' });
  expect((await openTasks()).length).toBeGreaterThan(0);

  MAIL.answers();
  for (const messageId of [first, second]) {
    const input = { messageId, requestKey: newKey() };
    await service.data(AGAIN, { input }, service.tokens.hq);
  }
  await deliver(service);
  expect(await stateOf(first)).toMatchObject({ state: 'DONE' });
  expect(await stateOf(second)).toMatchObject({ state: 'DONE' });
  expect(await openTasks()).toEqual([]);
});

it('is not kept from others by a channel that throws', async () => {
  const [broken, whole] = [await aQuietOrder(service), await aQuietOrder(service)];
  MAIL.forget();
  const first = await owe(service, broken.id);
  const second = await owe(service, whole.id);
  let asked = 0;
  Object.defineProperty(MAIL, 'waysOf', {
    configurable: true,
    get: () => {
      asked += 1;
      if (asked === 1) throw new Error('planted');
      return PLAIN;
    },
  });
  await deliver(service);
  Object.defineProperty(MAIL, 'waysOf', { configurable: true, writable: true, value: PLAIN });
  const rows = await service.rows<{ state: string }>(
    `SELECT state FROM message WHERE id IN ('${first}', '${second}') ORDER BY state`,
  );
  expect(rows.map(({ state }) => state)).toEqual(['DONE', 'FAILED']);
});
