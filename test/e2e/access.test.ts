import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphQLSchemaHost } from '@nestjs/graphql';

import {
  undeclaredRootFields,
  unansweredRootFields,
} from '../../src/platform/graphql/root-fields.ts';
import { signToken } from '../../src/platform/signin/token.ts';
import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  moveAppointment,
  readOrder,
  type OrderAnswer,
} from '../support/bookings.ts';
import {
  IMPORT,
  startService,
  TOKEN_SECRET,
  type TestService,
  type Token,
} from '../support/service.ts';
import { aStore, workedNetwork } from '../support/worked-network.ts';

const LI = { name: 'Li Na', phone: '+8613900139000' };

let service: TestService;
let ofMei: OrderAnswer;
let ofLi: OrderAnswer;
beforeAll(async () => {
  const chain = workedNetwork();
  service = await startService({ network: { ...chain, stores: [...chain.stores!, aStore('C')] } });
  ofMei = await bookOrder(service, aBooking());
  ofLi = await bookOrder(service, aBooking({ customer: LI }));
});
afterAll(() => service.stop());

const who = () => ({
  hq: service.tokens.hq,
  'staff of the drop-off store': service.tokens.staff('A'),
  'staff of the pick-up store': service.tokens.staff('C', 'B'),
  'staff of another store': service.tokens.staff('C'),
  'the customer by phone': service.tokens.customer('+86 138 0013 8000'),
  'the customer by email': service.tokens.customer('Mei.Lin@example.com'),
  'another customer': service.tokens.customer(LI.phone),
  'a customer that nobody knows': service.tokens.customer('nobody@example.com'),
});

const MAY: readonly { name: keyof ReturnType<typeof who>; may: boolean }[] = [
  { name: 'hq', may: true },
  { name: 'staff of the drop-off store', may: true },
  { name: 'staff of the pick-up store', may: true },
  { name: 'staff of another store', may: false },
  { name: 'the customer by phone', may: true },
  { name: 'the customer by email', may: true },
  { name: 'another customer', may: false },
  { name: 'a customer that nobody knows', may: false },
];

describe('an order', () => {
  it.each(MAY)('is there for $name: $may', async ({ name, may }) => {
    const seen = await readOrder(service, ofMei.id, who()[name]);
    expect(seen?.id ?? null).toBe(may ? ofMei.id : null);
  });

  it.each(MAY)('can be changed by $name: $may', async ({ name, may }) => {
    const token = who()[name];
    const order = (await readOrder(service, ofMei.id))!;
    const moved = await moveAppointment(service, aMove(order, 'pickUp', 'B Wed 20:30'), token);
    const unknown = await moveAppointment(
      service,
      { ...aMove(order, 'pickUp', 'B Wed 20:30'), appointmentId: UNKNOWN_ID },
      token,
    );
    if (may) expect(moved).toMatchObject({ __typename: 'Order', version: order.version + 1 });
    else expect(moved).toEqual(unknown);
    expect(unknown).toMatchObject({ __typename: 'NotBookable', code: 'WRONG_STATUS' });
  });

  it('of somebody else is refused to be cancelled exactly as one that there is not', async () => {
    const token = service.tokens.customer(LI.phone);
    const refused = await cancelOrder(service, aCancellation(ofMei), token);
    const unknown = await cancelOrder(
      service,
      { ...aCancellation(ofMei), orderId: UNKNOWN_ID },
      token,
    );
    expect(refused).toEqual(unknown);
    expect((await cancelOrder(service, aCancellation(ofLi), token)).__typename).toBe('Order');
  });

  it('is booked by customers for themselves, and theirs by phone and by email alike', async () => {
    const byEmail = service.tokens.customer('mei.lin@example.com');
    const booking = aBooking({ customer: null, pickUp: 'B Thu 12:00' });
    const order = await bookOrder(service, booking, byEmail);
    expect(order.__typename).toBe('Order');
    const byPhone = service.tokens.customer('+8613800138000');
    expect(await readOrder(service, order.id, byPhone)).toMatchObject({ id: order.id });
  });
});

const UNKNOWN_ID = '0190a0a0-0000-7000-8000-000000000000';
const BOOK = `mutation ($input: BookOrderInput!) { bookOrder(input: $input) { __typename } }`;
const HOLD = `mutation ($input: BookOrderInput!) { holdOrder(input: $input) { __typename } }`;
const MOVE = `mutation ($input: MoveAppointmentInput!) { moveAppointment(input: $input) { __typename } }`;
const CANCEL = `mutation ($input: CancelOrderInput!) { cancelOrder(input: $input) { __typename } }`;
const ORDER = `query ($id: ID!) { order(id: $id) { id } }`;

/** One request for each operation that is not public. */
const requests = () => [
  { name: 'order', query: ORDER, variables: { id: ofMei.id } },
  { name: 'bookOrder', query: BOOK, variables: { input: aBooking() } },
  { name: 'holdOrder', query: HOLD, variables: { input: aBooking() } },
  {
    name: 'moveAppointment',
    query: MOVE,
    variables: { input: aMove(ofMei, 'pickUp', 'B Fri 12:00') },
  },
  { name: 'cancelOrder', query: CANCEL, variables: { input: aCancellation(ofMei) } },
  { name: 'importNetwork', query: IMPORT, variables: { input: { stores: [] } } },
];

async function refusal(query: string, variables: object, token?: Token) {
  const { status, errors } = await service.ask(query, variables, token);
  return { status, code: errors[0]?.extensions['code'] };
}

describe('who may ask', () => {
  it('nobody without a token for more than the public questions', async () => {
    for (const { name, query, variables } of requests()) {
      expect({ name, ...(await refusal(query, variables)) }).toEqual({
        name,
        status: 401,
        code: 'UNAUTHENTICATED',
      });
    }
  });

  it.each([
    { name: 'a bearer that is no token', token: () => Promise.resolve('garbage') },
    {
      name: 'one of another deployment',
      token: () => signToken('x'.repeat(32), { role: 'hq' }, 60),
    },
    { name: 'one that is over', token: () => signToken(TOKEN_SECRET, { role: 'hq' }, -60) },
    {
      name: 'one whose signature was cut',
      token: async () => (await service.tokens.hq).slice(0, -4),
    },
  ])('nobody with $name, not even a public question', async ({ token }) => {
    const stores = `{ store(code: "A") { code } }`;
    expect(await refusal(stores, {}, token())).toEqual({ status: 401, code: 'UNAUTHENTICATED' });
  });

  it('headquarters alone for what the chain is', async () => {
    const { staff, customer, hq } = service.tokens;
    const input = { stores: [aStore('A')] };
    for (const token of [staff('A', 'B', 'C'), customer('mei.lin@example.com')]) {
      expect(await refusal(IMPORT, { input }, token)).toEqual({ status: 403, code: 'FORBIDDEN' });
    }
    expect(await refusal(IMPORT, { input }, hq)).toEqual({ status: 200, code: undefined });
  });

  it('staff for what begins or ends at a store of theirs, nothing else', async () => {
    const { staff } = service.tokens;
    const input = aBooking({ pickUp: 'B Fri 12:00' });
    expect(await refusal(BOOK, { input }, staff('C'))).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect(await refusal(HOLD, { input }, staff('C'))).toEqual({ status: 403, code: 'FORBIDDEN' });
    expect(await refusal(BOOK, { input }, staff('B'))).toEqual({ status: 200, code: undefined });
  });

  it('customers for nobody but themselves', async () => {
    const token = service.tokens.customer('mei.lin@example.com');
    expect(await refusal(BOOK, { input: aBooking({ customer: LI }) }, token)).toEqual({
      status: 400,
      code: 'BAD_USER_INPUT',
    });
  });

  it('is stated for every root field, and each of them is answered', () => {
    const { schema } = service.app.get(GraphQLSchemaHost, { strict: false });
    expect(undeclaredRootFields(service.app)).toEqual([]);
    expect(unansweredRootFields(schema)).toEqual([]);
    const fields = [schema.getQueryType(), schema.getMutationType()].flatMap((type) =>
      Object.keys(type!.getFields()),
    );
    expect(fields).toEqual(expect.arrayContaining(requests().map(({ name }) => name)));
  });
});
