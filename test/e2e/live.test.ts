import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { WatchedOrders } from '../../src/features/live/watched-orders.ts';
import { signToken } from '../../src/platform/signin/token.ts';
import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  MEI,
  moveAppointment,
  newKey,
  type OrderAnswer,
} from '../support/bookings.ts';
import { LiveClient, type LiveSubscription } from '../support/live-client.ts';
import { startService, TOKEN_SECRET, type TestService, type Token } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const PLENTY = 1_000;
const CHANGES = `subscription ($id: ID!, $after: Int) {
  orderChanged(id: $id, afterVersion: $after) { version status pickUp { start store { name } } }
}`;

/** Two processes of one deployment, as far as they can tell. */
let one: TestService;
let two: TestService;
const clients: LiveClient[] = [];
beforeAll(async () => {
  const network = workedNetwork({
    counter: { visits: PLENTY, dropOffPairs: PLENTY },
    workUnits: PLENTY,
    vanPairs: PLENTY,
  });
  one = await startService({ network });
  two = await startService({ database: one.database });
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});

function connect(to: TestService, token?: Token): LiveClient {
  const client = new LiveClient(to.url, token);
  clients.push(client);
  return client;
}

const watch = (
  client: LiveClient,
  { id }: Pick<OrderAnswer, 'id'>,
  after: number | null = null,
): LiveSubscription => client.subscribe(CHANGES, { id, after });

/** The versions told next. */
async function versions(of: LiveSubscription, count: number): Promise<readonly number[]> {
  const told: number[] = [];
  while (told.length < count) {
    const next = await of.next();
    if (!('value' in next)) throw new Error(JSON.stringify(next));
    told.push((next.value['orderChanged'] as OrderAnswer).version);
  }
  return told;
}

/** Moves the pick-up to and fro so many times. @returns the order as it is then */
async function moves(
  service: TestService,
  order: OrderAnswer,
  times: number,
): Promise<OrderAnswer> {
  let last = order;
  for (let time = 0; time < times; time++) {
    const to = time % 2 === 0 ? 'B Wed 20:30' : 'B Tue 20:30';
    last = await moveAppointment(service, aMove(last, 'pickUp', to));
    expect(last.__typename).toBe('Order');
  }
  return last;
}

const FORBIDDEN = {
  errors: [{ message: 'There is no such order that you may see.', code: 'FORBIDDEN' }],
};

describe('a watched order', () => {
  it('begins as it is and tells every change, of any process', async () => {
    const order = await bookOrder(one, aBooking());
    const changes = watch(connect(one, one.tokens.hq), order);
    expect(await changes.next()).toEqual({
      value: {
        orderChanged: {
          version: 1,
          status: 'BOOKED',
          pickUp: { start: order.pickUp.start, store: { name: 'Store B' } },
        },
      },
    });
    const moved = await moves(two, order, 1);
    expect(await changes.next()).toMatchObject({
      value: { orderChanged: { version: 2, pickUp: { start: moved.pickUp.start } } },
    });
    await cancelOrder(one, aCancellation(moved));
    expect(await changes.next()).toMatchObject({
      value: { orderChanged: { version: 3, status: 'CANCELLED' } },
    });
  });

  it('goes on after the version that the client has seen, more of them than are read at once', async () => {
    const order = await moves(two, await bookOrder(one, aBooking()), 24);
    const first = connect(one, one.tokens.hq);
    expect(await versions(watch(first, order, 3), 22)).toEqual(
      Array.from({ length: 22 }, (_, index) => index + 4),
    );
    await first.close();
    const later = await moves(one, order, 2);
    const again = watch(connect(two, two.tokens.hq), order, 25);
    expect(await versions(again, 2)).toEqual([26, 27]);
    await moves(two, later, 1);
    expect(await versions(again, 1)).toEqual([28]);
  });

  it('tells each version once while it changes and clients come', async () => {
    const order = await bookOrder(one, aBooking());
    const watching = [one, two].flatMap((service) => {
      const client = connect(service, service.tokens.hq);
      return [watch(client, order, 0), watch(client, order, 0)];
    });
    const moving = moves(one, order, 8);
    const late = [one, two].map((service) => watch(connect(service, service.tokens.hq), order, 0));
    await moves(two, await moving, 1);
    for (const changes of [...watching, ...late]) {
      expect(await versions(changes, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    }
  });

  it('misses nothing while the connection that listens is down', async () => {
    const order = await bookOrder(one, aBooking());
    const changes = watch(connect(two, two.tokens.hq), order);
    expect(await versions(changes, 1)).toEqual([1]);
    const ended = await one.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'welt-listen' AND datname = current_database()`,
    );
    expect(ended.length).toBeGreaterThan(0);
    await moves(one, order, 3);
    expect(await versions(changes, 3)).toEqual([2, 3, 4]);
  });

  it('is found changed by looking when nobody says so', async () => {
    const order = await bookOrder(one, aBooking());
    const changes = watch(connect(two, two.tokens.hq), order);
    expect(await versions(changes, 1)).toEqual([1]);
    // As a process that died between its commit and telling.
    await one.rows(
      `WITH changed AS (UPDATE customer_order SET version = 2 WHERE id = $1 RETURNING id)
       INSERT INTO event (id, order_id, version, kind, actor, at, before, after)
       SELECT gen_random_uuid(), order_id, 2, 'MOVED', 'test', at, NULL,
              jsonb_set(after, '{version}', '2')
         FROM event WHERE order_id = $1`,
      [order.id],
    );
    await two.app.get(WatchedOrders, { strict: false }).look();
    expect(await versions(changes, 1)).toEqual([2]);
  });

  it('is forgotten when its last client stops watching or is gone', async () => {
    const order = await bookOrder(one, aBooking());
    const watched = one.app.get(WatchedOrders, { strict: false });
    const client = connect(one, one.tokens.hq);
    const other = connect(one, one.tokens.hq);
    const [first, second] = [watch(client, order), watch(other, order)];
    await Promise.all([versions(first, 1), versions(second, 1)]);
    expect(watched.count).toBe(1);
    first.stop();
    await other.close();
    while (watched.count > 0) await one.data('{ health { status } }');
  });
});

describe('who may watch', () => {
  it.each([
    { who: 'the customer', token: () => one.tokens.customer(MEI.phone), may: true },
    { who: 'staff of the drop-off store', token: () => one.tokens.staff('A'), may: true },
    { who: 'staff of the pick-up store', token: () => one.tokens.staff('B'), may: true },
    { who: 'staff of another store', token: () => one.tokens.staff('C'), may: false },
    { who: 'another customer', token: () => one.tokens.customer('+8613900139000'), may: false },
  ])('$who: $may', async ({ token, may }) => {
    const order = await bookOrder(one, aBooking());
    const client = connect(one, token());
    const nowhere = watch(client, { id: newKey() });
    expect(await nowhere.next()).toEqual(FORBIDDEN);
    expect(await watch(client, { id: 'no id' }).next()).toEqual(FORBIDDEN);
    const changes = watch(client, order);
    if (may) expect(await versions(changes, 1)).toEqual([1]);
    else expect(await changes.next()).toEqual(FORBIDDEN);
  });

  it('ends for staff when the order leaves their store', async () => {
    const order = await bookOrder(one, aBooking());
    const changes = watch(connect(two, two.tokens.staff('B')), order);
    expect(await versions(changes, 1)).toEqual([1]);
    const moved = await moveAppointment(one, aMove(order, 'pickUp', 'A Wed 20:30'));
    expect(moved.__typename).toBe('Order');
    expect(await changes.next()).toEqual(FORBIDDEN);
  });

  it.each([
    { what: 'no token', token: () => undefined },
    { what: 'a token that is none', token: () => 'nonsense' },
    { what: 'an expired token', token: () => signToken(TOKEN_SECRET, { role: 'hq' }, -10) },
  ])('closes a connection with $what', async ({ token }) => {
    const { code } = await connect(one, token()).closed;
    expect(code).toBe(4401);
  });

  it('closes a connection when its token expires', async () => {
    const token = await signToken(TOKEN_SECRET, { role: 'hq' }, 2);
    const client = connect(one, token);
    const changes = watch(client, await bookOrder(one, aBooking()));
    expect(await versions(changes, 1)).toEqual([1]);
    expect(await client.closed).toMatchObject({ code: 4403, reason: 'The token has expired.' });
  });
});

describe('a subscription', () => {
  const deep = `subscription { orderChanged(id: "x") { pickUp ${'{ store { pickUp '.repeat(8)}{ id }${' } }'.repeat(8)} } }`;
  it.each([
    {
      what: 'a query',
      query: '{ health { status } }',
      code: 'GRAPHQL_VALIDATION_FAILED',
      says: /^Only subscriptions are served over WebSocket/,
    },
    {
      what: 'no GraphQL',
      query: 'subscription {',
      code: 'GRAPHQL_PARSE_FAILED',
      says: /^Syntax Error/,
    },
    {
      what: 'too many tokens',
      query: `subscription { ${'a '.repeat(4001)}}`,
      code: 'GRAPHQL_PARSE_FAILED',
      says: /4000 tokens/,
    },
    { what: 'too deep', query: deep, code: 'GRAPHQL_VALIDATION_FAILED', says: /12 levels/ },
    {
      what: 'too many aliases',
      query: `subscription { orderChanged(id: "x") { ${Array.from({ length: 31 }, (_, n) => `a${n}: id`).join(' ')} } }`,
      code: 'GRAPHQL_VALIDATION_FAILED',
      says: /30 aliases/,
    },
    { what: 'a missing variable', query: CHANGES, code: 'BAD_USER_INPUT', says: /\$id/ },
  ])('is refused: $what', async ({ query, code, says }) => {
    const told = await connect(one, one.tokens.hq).subscribe(query).next();
    const reason = { code, message: expect.stringMatching(says) as unknown };
    expect(told).toEqual({ errors: expect.arrayContaining([reason]) as unknown });
  });

  it('is one of 20 of a connection', async () => {
    const order = await bookOrder(one, aBooking());
    const client = connect(one, one.tokens.hq);
    const all = Array.from({ length: 20 }, () => watch(client, order));
    for (const changes of all) expect(await versions(changes, 1)).toEqual([1]);
    expect(await watch(client, order).next()).toMatchObject({ errors: [{ code: 'BAD_REQUEST' }] });
    all[0]!.stop();
    expect(await versions(watch(client, order), 1)).toEqual([1]);
  });

  it('is not served over HTTP', async () => {
    const { status, errors } = await one.ask(CHANGES, { id: newKey() }, one.tokens.hq);
    expect(status).toBe(400);
    expect(errors[0]!.message).toMatch(/WebSocket/);
  });

  it('is cut off by a message that is too large', async () => {
    const client = connect(one, one.tokens.hq);
    client.subscribe(`subscription { orderChanged(id: "${'x'.repeat(70_000)}") { id } }`);
    expect(await client.closed).toMatchObject({ code: 1009 });
  });
});

it('ends in order with the service', async () => {
  const three = await startService({ database: one.database });
  const client = connect(three, three.tokens.hq);
  await versions(watch(client, await bookOrder(one, aBooking())), 1);
  await three.stop();
  expect(await client.closed).toMatchObject({ code: 1001 });
});
