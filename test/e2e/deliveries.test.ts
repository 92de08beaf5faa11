import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { newKey } from '../support/bookings.ts';
import { FakeChannel, refused, temporary } from '../support/fake-channel.ts';
import {
  anAccount,
  aQuietOrder,
  deliver,
  deliveriesOf,
  messageOf,
  owe,
  startQuiet,
} from '../support/messaging.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { when, workedNetwork } from '../support/worked-network.ts';

const SMS = new FakeChannel('sms', { reaches: 'phone' });
const MAIL = new FakeChannel('mail');
const CHANNELS = [MAIL, SMS];
const MINUTE = 60_000;

let service: TestService;
let email: string;
let orderId: string;
let people = 0;

beforeAll(async () => {
  const network = workedNetwork({ counter: { visits: 200 } });
  service = await startService({ network, channels: CHANNELS });
  await anAccount(service, 'mail', { costMinor: 3 });
  await anAccount(service, 'sms');
});

beforeEach(async () => {
  await startQuiet(service, CHANNELS);
  email = `customer-${(people += 1)}@example.com`;
  orderId = (await aQuietOrder(service, { customer: { name: 'Mei Lin', email } })).id;
});

afterAll(() => service.stop());

const MESSAGE = `__typename ... on OrderMessage { id orderId kind state reason dueAt usefulUntil owedAt
  endedAt passedOver { channel account reason }
  deliveries { id channel account to title text status reason isRead mayBeRepeated isLate costMinor
    currency createdAt nextAt attempts { at outcome because code } } }`;

interface MessageAnswer {
  readonly __typename: string;
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  readonly reason: string | null;
  readonly code: string;
  readonly deliveries: readonly {
    readonly status: string;
    readonly to: string;
    readonly text: string | null;
    readonly attempts: readonly { readonly outcome: string; readonly code: string | null }[];
  }[];
}

async function orderMessages(token: Token, id = orderId): Promise<readonly MessageAnswer[] | null> {
  const query = `query ($id: ID!) { orderMessages(orderId: $id) { ${MESSAGE} } }`;
  return (await service.data<{ orderMessages: MessageAnswer[] | null }>(query, { id }, token))
    .orderMessages;
}

async function again(messageId: string, token: Token, requestKey = newKey()) {
  const mutation = `mutation ($input: SendMessageAgainInput!) { sendMessageAgain(input: $input) {
    ${MESSAGE} ... on Refusal { code message } ... on MessageNotOver { state } } }`;
  const input = { messageId, requestKey };
  const data = await service.data<{ sendMessageAgain: MessageAnswer }>(mutation, { input }, token);
  return data.sendMessageAgain;
}

async function mend(
  messageId: string,
  parts: { readonly contact?: string; readonly channel?: string },
  token: Token = service.tokens.hq,
) {
  const mutation = `mutation ($input: MendMessageInput!) { mendMessage(input: $input) {
    ${MESSAGE} ... on Refusal { code message } } }`;
  const input = { messageId, requestKey: newKey(), ...parts };
  return (await service.data<{ mendMessage: MessageAnswer }>(mutation, { input }, token))
    .mendMessage;
}

describe('staff', () => {
  it('see what was sent and why not, of orders of their stores alone', async () => {
    MAIL.answers(temporary('BUSY'));
    await owe(service, orderId);
    const late = await owe(service, orderId, { kind: 'PICK_UP_DAY', usefulForMs: 0 });
    await deliver(service);
    service.clock.advance(MINUTE);
    await deliver(service);
    const seen = await orderMessages(service.tokens.staff('B'));
    expect(seen).toHaveLength(2);
    expect(seen!.find(({ kind }) => kind === 'RECEIPT')).toMatchObject({
      ...{ state: 'DONE', reason: null },
      deliveries: [
        {
          ...{ channel: 'mail', to: email, status: 'ACCEPTED', costMinor: 3, currency: 'CNY' },
          attempts: [
            { outcome: 'temporary', code: 'BUSY' },
            { outcome: 'accepted', code: null },
          ],
        },
      ],
    });
    expect(seen!.find(({ id }) => id === late)).toMatchObject({
      ...{ state: 'SKIPPED', reason: 'EXPIRED_BEFORE_SEND', deliveries: [] },
    });
    expect(await orderMessages(service.tokens.staff('C'))).toBeNull();
    expect(await orderMessages(service.tokens.hq, 'no id')).toBeNull();
  });

  it('send a dead letter again, once for each request', async () => {
    MAIL.answers(refused('content'));
    const id = await owe(service, orderId, { usefulForMs: MINUTE });
    await deliver(service);
    const failed = `query ($store: ID!) { failedMessages(storeCode: $store) { id reason } }`;
    const staff = service.tokens.staff('A');
    const listed = await service.data(failed, { store: 'A' }, staff);
    expect(listed['failedMessages']).toContainEqual({ id, reason: 'CONTENT_REFUSED' });

    service.clock.advance(2 * MINUTE);
    const key = newKey();
    expect(await again(id, service.tokens.staff('C'), key)).toMatchObject({
      code: 'UNKNOWN_MESSAGE',
    });
    expect(await again(id, staff, key)).toMatchObject({ state: 'OWED', reason: null });
    expect(await again(id, staff)).toMatchObject({ code: 'MESSAGE_NOT_OVER', state: 'OWED' });
    await deliver(service);
    expect(await again(id, staff, key)).toMatchObject({ state: 'DONE' });
    await deliver(service);
    expect(MAIL.sent).toHaveLength(2);
    expect(await deliveriesOf(service, id)).toHaveLength(2);
    const other = await owe(service, orderId);
    expect(await again(other, staff, key)).toMatchObject({ code: 'REQUEST_KEY_REUSED' });
  });

  it('mend the address of somebody who cannot be reached', async () => {
    MAIL.answers(refused('recipient'));
    const id = await owe(service, orderId);
    await deliver(service);
    expect(await messageOf(service, id)).toMatchObject({ state: 'FAILED' });
    service.clock.advance(MINUTE);
    const right = `right-${email}`;
    const staff = service.tokens.staff('B');
    expect(await mend(id, { contact: right }, staff)).toMatchObject({ state: 'OWED' });
    await deliver(service);
    expect(MAIL.sent.at(-1)).toMatchObject({ address: right });
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
  });

  it('choose another channel', async () => {
    const id = await owe(service, orderId);
    MAIL.answers(refused('content'));
    await deliver(service);
    service.clock.advance(MINUTE);
    await mend(id, { contact: `+86137${String(10_000_000 + people)}` });
    await deliver(service);
    await mend(id, { channel: 'sms' });
    service.clock.advance(MINUTE);
    await deliver(service);
    expect(SMS.sent).toHaveLength(1);
  });

  it('cannot take the contact of somebody else, nor name a channel that there is not', async () => {
    const other = `other-${email}`;
    await aQuietOrder(service, { customer: { name: 'Other', email: other } });
    const id = await owe(service, orderId, { usefulForMs: 0 });
    await deliver(service);
    expect(await mend(id, { contact: other })).toMatchObject({ code: 'CONTACT_TAKEN' });
    expect(await mend(id, { channel: 'fax' })).toMatchObject({ code: 'UNKNOWN_CHANNEL' });
    expect(await messageOf(service, id)).toMatchObject({ state: 'SKIPPED' });
  });

  it('call whom no channel reaches', async () => {
    await service.rows(
      `DELETE FROM contact WHERE customer_id = (SELECT customer_id FROM customer_order WHERE id = $1)`,
      [orderId],
    );
    await owe(service, orderId);
    await deliver(service);
    const tasks = `{ staffTasks(storeCode: "B") { id kind storeCode orderId reason createdAt doneAt } }`;
    type Tasks = {
      readonly staffTasks: readonly { readonly id: string; readonly orderId: string }[];
    };
    const staff = service.tokens.staff('B');
    const { staffTasks } = await service.data<Tasks>(tasks, {}, staff);
    const task = staffTasks.find((one) => one.orderId === orderId)!;
    expect(task).toMatchObject({ kind: 'CALL_CUSTOMER', reason: 'NO_ADDRESS', doneAt: null });

    const done = `mutation ($id: ID!) { completeTask(taskId: $id) {
      ... on StaffTask { id doneAt } ... on Refusal { code } } }`;
    const stranger = await service.data(done, { id: task.id }, service.tokens.staff('A'));
    expect(stranger['completeTask']).toEqual({ code: 'UNKNOWN_TASK' });
    const doneAt = when('Mon 08:00');
    for (let time = 0; time < 2; time += 1) {
      const { completeTask } = await service.data(done, { id: task.id }, staff);
      expect(completeTask).toEqual({ id: task.id, doneAt });
      service.clock.advance(MINUTE);
    }
    expect((await service.data<Tasks>(tasks, {}, staff)).staffTasks).not.toContainEqual(
      expect.objectContaining({ id: task.id }),
    );
  });

  it.each(['failedMessages', 'staffTasks'])('ask for %s of their stores alone', async (field) => {
    const query = `{ ${field}(storeCode: "A") { id } }`;
    const { errors } = await service.ask(query, {}, service.tokens.staff('B'));
    expect(errors[0]!.extensions['code']).toBe('FORBIDDEN');
  });
});

describe('headquarters', () => {
  const traffic = (from: string, to: string, token: Token = service.tokens.hq) =>
    service.ask(
      `query ($from: DateTime!, $to: DateTime!) { messageTraffic(from: $from, to: $to) {
        hours { start owed notSent channels { channel account sent delivered failed ambiguous } }
        costs { channel account costMinor currency } } }`,
      { from, to },
      token,
    );

  it('see what went out by hour and channel, and what it cost', async () => {
    await service.rows(`UPDATE delivery SET created_at = created_at - interval '40 days'`);
    await service.rows(`UPDATE message SET owed_at = owed_at - interval '40 days'`);
    MAIL.answers(refused('content'));
    await owe(service, orderId);
    await deliver(service);
    await owe(service, orderId);
    await owe(service, orderId, { usefulForMs: 0, kind: 'FINDING' });
    await deliver(service);
    const { data } = await traffic(when('Mon 08:30'), when('Mon 09:00'));
    expect(data!['messageTraffic']).toEqual({
      hours: [
        {
          ...{ start: when('Mon 08:00'), owed: 3, notSent: 2 },
          channels: [
            {
              ...{ channel: 'mail', account: 'default', sent: 1, delivered: 0, failed: 1 },
              ambiguous: 0,
            },
          ],
        },
      ],
      costs: [{ channel: 'mail', account: 'default', costMinor: 3, currency: 'CNY' }],
    });
  });

  it('ask for a month at most, and nobody else asks', async () => {
    const long = await traffic(when('Mon 08:00'), '2030-10-04T00:00:00Z');
    expect(long.errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: 'to' });
    const staff = await traffic(when('Mon 08:00'), when('Mon 09:00'), service.tokens.staff('A'));
    expect(staff.errors[0]!.extensions['code']).toBe('FORBIDDEN');
  });
});
