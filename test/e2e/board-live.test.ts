import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { WatchedBoards } from '../../src/features/board/watched-boards.ts';
import { clearDay, goAlong } from '../support/board/day.ts';
import { BOARD_FIELDS, dayBoard, type BoardAnswer } from '../support/board/reading.ts';
import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  moveAppointment,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { LiveClient, type LiveSubscription } from '../support/live-client.ts';
import { Counter } from '../support/queue/counter.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { at, dateOf, workedNetwork } from '../support/worked-network.ts';

const PLENTY = 1_000;
const CHANGES = `subscription ($storeCode: ID!, $date: LocalDate!) {
  dayBoardChanged(storeCode: $storeCode, date: $date) { ${BOARD_FIELDS} }
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
beforeEach(async () => {
  await clearDay(one);
  for (const service of [one, two]) service.clock.set(at('Mon 08:00'));
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});

function watch(
  service: TestService,
  storeCode: string,
  day = 'Mon',
  token: Token | undefined = service.tokens.hq,
): LiveSubscription {
  const client = new LiveClient(service.url, token);
  clients.push(client);
  return client.subscribe(CHANGES, { storeCode, date: dateOf(day) });
}

async function next(of: LiveSubscription): Promise<BoardAnswer> {
  const told = await of.next();
  if (!('value' in told)) throw new Error(JSON.stringify(told));
  return told.value['dayBoardChanged'] as BoardAnswer;
}

/** Waits for a board that is so; boards before it may be of the middle of a change. */
async function until(of: LiveSubscription, isSo: (board: BoardAnswer) => boolean): Promise<number> {
  for (let count = 1; ; count++) if (isSo(await next(of))) return count;
}

const book = async (service: TestService, parts: BookingParts = {}): Promise<OrderAnswer> => {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
};

describe('dayBoardChanged', () => {
  it('begins with the board as it is, and is the same as the query', async () => {
    await book(one);
    const board = await next(watch(two, 'A'));
    expect(board).toEqual(await dayBoard(one, 'A', dateOf('Mon')));
    expect(board.totals['dropOffs']).toBe(1);
  });

  it('tells changes that another process makes: booked, checked in, walked in, cancelled', async () => {
    const board = watch(one, 'A');
    await next(board);
    const order = await book(two);
    const first = await next(board);
    expect(first.visits).toMatchObject([{ orderId: order.id, mark: 'EXPECTED' }]);
    const second = await book(two);
    await until(board, ({ visits }) => visits.length === 2);
    await cancelOrder(two, aCancellation(second));
    await until(board, ({ visits }) => visits.length === 1);
    for (const service of [one, two]) service.clock.set(at('Mon 10:30'));
    const counter = new Counter(two);
    await counter.checkIn({ ticketCode: order.ticketCode });
    await until(board, ({ visits }) => visits[0]?.mark === 'ARRIVED');
    await counter.join({ visitKind: 'DROP_OFF' });
    await until(board, ({ walkIns }) => walkIns.length === 1);
  });

  it('tells both stores when a visit moves from one to the other', async () => {
    const order = await book(two);
    const [from, to] = [watch(one, 'B', 'Tue'), watch(one, 'A', 'Wed')];
    expect((await next(from)).visits).toHaveLength(1);
    expect((await next(to)).visits).toHaveLength(0);
    const moved = await moveAppointment(two, aMove(order, 'pickUp', 'A Wed 20:30'));
    expect(moved.__typename).toBe('Order');
    await until(from, ({ visits, arrivals }) => visits.length === 0 && arrivals.length === 0);
    await until(to, ({ visits }) => visits.length === 1);
  });

  it('tells the store where goods are to arrive of every scan on their way', async () => {
    const order = await book(one);
    const board = watch(two, 'B', 'Tue');
    expect((await next(board)).arrivals).toMatchObject([{ pairs: 1, pairsOnBoard: 0 }]);
    await goAlong(one, order, 'ON_SHELF');
    await until(board, ({ ready }) => ready.length === 1);
  });

  it('makes few messages of a burst of changes, and the last one tells them all', async () => {
    const board = watch(two, 'A');
    await next(board);
    await Promise.all(Array.from({ length: 100 }, () => book(one)));
    const told = await until(board, ({ totals }) => totals['dropOffs'] === 100);
    expect(told).toBeLessThan(20);
  });

  it('says nothing of what makes no difference on the board', async () => {
    const board = watch(one, 'A');
    await next(board);
    await book(two, { dropOff: 'A Tue 10:30', pickUp: 'B Thu 20:30' });
    const order = await book(two);
    expect((await next(board)).visits).toMatchObject([{ orderId: order.id }]);
  });

  it('is whole again for a client that was cut off, and hears on while the listening was down', async () => {
    const before = watch(two, 'A');
    await next(before);
    await clients[0]!.close();
    await book(one);
    const board = watch(two, 'A');
    expect((await next(board)).visits).toHaveLength(1);
    const ended = await one.rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'welt-listen' AND datname = current_database()`,
    );
    expect(ended.length).toBeGreaterThan(0);
    await book(one);
    await until(board, ({ visits }) => visits.length === 2);
  });

  it('is looked at also when nobody says anything, as time makes visits late', async () => {
    await book(one, { dropOff: 'A Mon 10:00' });
    const board = watch(two, 'A');
    expect((await next(board)).visits).toMatchObject([{ mark: 'EXPECTED' }]);
    two.clock.set(at('Mon 10:20'));
    two.app.get(WatchedBoards, { strict: false }).lookAtAll();
    expect((await next(board)).visits).toMatchObject([{ mark: 'LATE' }]);
  });

  it('is for staff of the store and for headquarters', async () => {
    const told = async (token?: Token) => watch(one, 'A', 'Mon', token).next();
    expect(await told(one.tokens.staff('A'))).toHaveProperty('value');
    expect(await told(one.tokens.staff('B'))).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
    const customer = one.tokens.customer('mei.lin@example.com');
    expect(await told(customer)).toMatchObject({ errors: [{ code: 'FORBIDDEN' }] });
    expect(await watch(one, 'Z').next()).toMatchObject({ errors: [{ code: 'BAD_USER_INPUT' }] });
  });

  it('forgets whoever goes away', async () => {
    await next(watch(one, 'A'));
    const watched = one.app.get(WatchedBoards, { strict: false });
    expect(watched.count).toBeGreaterThan(0);
    await Promise.all(clients.splice(0).map((client) => client.close()));
    while (watched.count > 0) await new Promise(setImmediate);
    expect(watched.count).toBe(0);
  });
});
