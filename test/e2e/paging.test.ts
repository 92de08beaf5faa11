import { afterAll, beforeAll, expect, it } from 'vitest';

import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});
afterAll(() => service.stop());

const HQ = 'headquarters';
const MEI = 'mei@example.com';

it.each([
  ['myOrders(after: "x") { id }', MEI],
  ['myOrders(after: "") { id }', MEI],
  ['myMessages(after: "x") { kind }', MEI],
  ['failedMessages(storeCode: "A", after: "x") { id }', HQ],
  ['staffTasks(storeCode: "A", after: "x") { id }', HQ],
  ['strayPairs(after: "x") { next }', HQ],
  ['disruptions(after: "x") { id }', HQ],
])('%s says that this is no id, and does not begin anew', async (query, who) => {
  const token = who === HQ ? service.tokens.hq : service.tokens.customer(who);
  const { errors } = await service.ask(`{ ${query} }`, {}, token);
  expect(errors).toMatchObject([
    { message: expect.stringContaining('no id'), extensions: { code: 'BAD_USER_INPUT' } },
  ]);
});
