import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  bookOrder,
  cancelOrder,
  aCancellation,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { DAY_BOARD, dayBoard } from '../support/board/reading.ts';
import { clearDay, goAlong } from '../support/board/day.ts';
import { takeIn } from '../support/goods.ts';
import { handOut } from '../support/handovers.ts';
import { QueryCounter } from '../support/query-counter.ts';
import { Counter } from '../support/queue/counter.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, dateOf, when, workedNetwork } from '../support/worked-network.ts';

const PLENTY = 1_000;
const NETWORK = workedNetwork({
  counter: { visits: PLENTY, dropOffPairs: PLENTY },
  workUnits: PLENTY,
  vanPairs: PLENTY,
});
const CHAIN = { ...NETWORK, stores: [...NETWORK.stores!, aStore('C')] };

let service: TestService;
let counter: Counter;
beforeAll(async () => {
  service = await startService({ network: CHAIN });
  counter = new Counter(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  await clearDay(service);
  service.clock.set(at('Mon 08:00'));
});

const book = async (parts: BookingParts = {}): Promise<OrderAnswer> => {
  const order = await bookOrder(service, aBooking(parts));
  expect(order.__typename).toBe('Order');
  return order;
};

const ofOrders = <Row extends { readonly orderId: string }>(
  rows: readonly Row[],
  ...orders: readonly OrderAnswer[]
): readonly Row[] => rows.filter(({ orderId }) => orders.some(({ id }) => id === orderId));

describe('dayBoard', () => {
  it('names the visits of the date in order, with how far each has come', async () => {
    const late = await book({ dropOff: 'A Mon 10:00' });
    const here = await book({ dropOff: 'A Mon 10:30', pairs: 2 });
    const done = await book({ dropOff: 'A Mon 10:30' });
    const expected = await book({ dropOff: 'A Mon 12:00' });
    const cancelled = await book({ dropOff: 'A Mon 12:00' });
    await cancelOrder(service, aCancellation(cancelled));
    await book({ dropOff: 'A Tue 10:00', pickUp: 'B Thu 20:30' });
    service.clock.set(at('Mon 10:16'));
    await counter.checkIn({ ticketCode: here.ticketCode });
    await takeIn(service, done);
    const board = await dayBoard(service, 'A', dateOf('Mon'));
    expect(board).toMatchObject({ store: { code: 'A', name: 'Store A' }, date: dateOf('Mon') });
    expect(board.at).toBe(when('Mon 10:16'));
    const marks = board.visits.map(({ orderId, mark }) => [orderId, mark]);
    expect(marks).toEqual([
      [late.id, 'LATE'],
      ...[
        [here.id, 'ARRIVED'],
        [done.id, 'DONE'],
      ].sort((a, b) => (order(a[0]!, here, done) < order(b[0]!, here, done) ? -1 : 1)),
      [expected.id, 'EXPECTED'],
    ]);
    expect(ofOrders(board.visits, here)).toMatchObject([
      {
        ...{ ticketCode: here.ticketCode, kind: 'DROP_OFF', start: when('Mon 10:30'), pairs: 2 },
        ...{ customerName: 'Mei Lin', orderStatus: 'BOOKED', shelves: [] },
        entry: { number: 'A001', state: 'WAITING', desk: null },
      },
    ]);
    expect(board.totals).toMatchObject({
      ...{ dropOffs: 4, pickUps: 0, expected: 1, late: 1, arrived: 1, missed: 0, done: 1 },
      ...{ pairsToComeIn: 5, notReady: 0, walkIns: 0 },
    });
  });

  it('tells late by the window of the store, and who did not come at all', async () => {
    const order = await book({ dropOff: 'A Mon 10:00' });
    const mark = async () => (await dayBoard(service, 'A', dateOf('Mon'))).visits[0]!.mark;
    service.clock.set(at('Mon 10:15'));
    expect(await mark()).toBe('EXPECTED');
    service.clock.advance(1);
    expect(await mark()).toBe('LATE');
    await service.rows(
      `INSERT INTO queue_settings (store_code, document, updated_at)
       VALUES ('A', '{"lateWindowMin": 40}', now())`,
    );
    expect(await mark()).toBe('EXPECTED');
    service.clock.set(at('Mon 10:41'));
    expect(await mark()).toBe('LATE');
    await service.rows(`DELETE FROM queue_settings`);
    await service.rows(`UPDATE appointment SET status = 'NO_SHOW' WHERE id = $1`, [
      order.dropOff.id,
    ]);
    expect(await mark()).toBe('MISSED');
  });

  it('has the line of who came without an appointment, in its order', async () => {
    const early = await book({ dropOff: 'A Mon 12:00' });
    service.clock.set(at('Mon 10:00'));
    await counter.join({ visitKind: 'DROP_OFF', pairs: 3 });
    service.clock.set(at('Mon 10:01'));
    await counter.join({ visitKind: 'PICK_UP' });
    await counter.checkIn({ ticketCode: early.ticketCode });
    const board = await dayBoard(service, 'A', dateOf('Mon'));
    expect(board.walkIns).toMatchObject([
      { number: 'W001', visitKind: 'DROP_OFF', pairs: 3, state: 'WAITING', ticketCode: null },
      { number: 'W002', visitKind: 'PICK_UP', pairs: 1 },
    ]);
    expect(board.visits).toMatchObject([
      { orderId: early.id, mark: 'ARRIVED', entry: { number: 'W003' } },
    ]);
    expect(board.totals).toMatchObject({ walkIns: 2, walkInsInLine: 2, arrived: 1 });
  });

  it('follows goods on the van, on the shelf and out of the door', async () => {
    const first = await book({ pairs: 2 });
    const second = await book({ pairs: 3 });
    const due = async () => (await dayBoard(service, 'B', dateOf('Tue'))).arrivals;
    const van = { lineCode: 'W-B', departs: when('Tue 18:30'), scheduled: when('Tue 20:00') };
    expect(await due()).toMatchObject([
      { ...van, arrives: when('Tue 20:00'), orders: 2, pairs: 5, pairsOnBoard: 0, arrivedAt: null },
    ]);
    await goAlong(service, first, 'ON_VAN');
    expect(await due()).toMatchObject([{ pairs: 5, pairsOnBoard: 2, pairsUnloaded: 0 }]);
    const tags = await goAlong(service, second, 'ON_SHELF');
    const board = await dayBoard(service, 'B', dateOf('Tue'));
    expect(board.arrivals).toMatchObject([{ pairs: 5, pairsOnBoard: 2, pairsUnloaded: 3 }]);
    expect(board.totals).toMatchObject({ arrivals: 1, pairsDue: 5, ready: 1, overdue: 0 });
    expect(board.totals).toMatchObject({ pickUps: 2, notReady: 1 });
    expect(ofOrders(board.visits, second)).toMatchObject([
      { kind: 'PICK_UP', orderStatus: 'READY', shelves: ['R2-14'], mark: 'EXPECTED' },
    ]);
    expect(board.ready).toMatchObject([
      { orderId: second.id, pairs: 3, shelves: ['R2-14'], overdueDays: 0 },
    ]);
    service.clock.set(at('Tue 20:35'));
    const handed = await handOut(service, { orderId: second.id, tags });
    expect(handed.__typename).toBe('HandedOut');
    const after = await dayBoard(service, 'B', dateOf('Tue'));
    expect(after.ready).toEqual([]);
    expect(ofOrders(after.visits, second)).toMatchObject([{ mark: 'DONE' }]);
  });

  it('puts first what is overdue longest, on any date that is looked at', async () => {
    const later = await book({ pickUp: 'B Wed 20:30' });
    const sooner = await book();
    await goAlong(service, later, 'ON_SHELF');
    await goAlong(service, sooner, 'ON_SHELF');
    service.clock.set(at('Fri 09:00'));
    const { ready, totals } = await dayBoard(service, 'B', dateOf('Fri'));
    expect(ready.map(({ orderId, overdueDays }) => [orderId, overdueDays])).toEqual([
      [sooner.id, 3],
      [later.id, 2],
    ]);
    expect(totals).toMatchObject({ ready: 2, overdue: 2 });
  });

  it('has the open tasks of the store', async () => {
    const order = await book();
    await service.rows(
      `INSERT INTO staff_task (id, store_code, kind, order_id, cause, reason, created_at)
       SELECT gen_random_uuid(), code, 'CALL_CUSTOMER', $1, code, 'NO_ADDRESS', now()
         FROM unnest('{A,A2,B}'::text[]) AS code`,
      [order.id],
    );
    const board = await dayBoard(service, 'A', dateOf('Mon'));
    expect(board.tasks).toMatchObject([
      { kind: 'CALL_CUSTOMER', storeCode: 'A', orderId: order.id, reason: 'NO_ADDRESS' },
    ]);
    expect(board.totals).toMatchObject({ tasks: 1 });
    await service.rows(`UPDATE staff_task SET done_at = now(), done_by = 'test'`);
    expect((await dayBoard(service, 'A', dateOf('Mon'))).tasks).toEqual([]);
  });

  it('knows a van that is late or cancelled without another question', async () => {
    await book({ pairs: 2 });
    const report = async (kind: string, delayMin: number | null) => {
      await service.rows(
        `INSERT INTO disruption (id, kind, code, starts_at, delay_min, created_at, created_by)
         VALUES (gen_random_uuid(), $1, 'W-B', $2, $3, now(), 'test')`,
        [kind, when('Tue 18:30'), delayMin],
      );
      await service.rows(`UPDATE chain SET version = version + 1`);
    };
    await report('DELAY_TRIP', 45);
    expect((await dayBoard(service, 'B', dateOf('Tue'))).arrivals).toMatchObject([
      { scheduled: when('Tue 20:00'), arrives: when('Tue 20:45'), isCancelled: false, pairs: 2 },
    ]);
    await service.rows(`UPDATE disruption SET lifted_at = now(), lifted_by = 'test'`);
    await report('CANCEL_TRIP', null);
    expect((await dayBoard(service, 'B', dateOf('Tue'))).arrivals).toMatchObject([
      { isCancelled: true, arrives: when('Tue 20:00') },
    ]);
  });

  it.each([0, 10, 400])('asks the database once for %i visits', async (visits) => {
    await book();
    await service.rows(
      `WITH copies AS (
         INSERT INTO customer_order
         SELECT gen_random_uuid(), ticket_code || n, customer_id, 'BOOKED', 1, promise, now(), now()
           FROM generate_series(1, $1::int) AS n,
                (SELECT * FROM customer_order WHERE status = 'BOOKED' LIMIT 1) AS o
         RETURNING id
       ), items AS (
         INSERT INTO order_item (order_id, position, description, service_codes, pairs)
         SELECT id, 1, 'AJ1', '{basic-clean}', 2 FROM copies
       )
       INSERT INTO appointment
       SELECT gen_random_uuid(), id, 'DROP_OFF', 'C', $2::timestamptz, $2::timestamptz + interval '30 min', 'BOOKED'
         FROM copies`,
      [visits, when('Wed 11:00')],
    );
    await dayBoard(service, 'C', dateOf('Wed'));
    const asked = new QueryCounter(service.app);
    const texts = await asked.during(async () => {
      const board = await dayBoard(service, 'C', dateOf('Wed'));
      expect(board.visits).toHaveLength(visits);
      expect(board.totals).toMatchObject({ dropOffs: visits, pairsToComeIn: 2 * visits });
    });
    expect(texts).toHaveLength(1);
  });

  it('is for staff of the store and for headquarters', async () => {
    const asked = { storeCode: 'A', date: dateOf('Mon') };
    const codeFor = async (token?: Promise<string>) =>
      (await service.ask(DAY_BOARD, asked, token)).errors[0]?.extensions['code'] ?? 'ANSWERED';
    expect(await codeFor(service.tokens.hq)).toBe('ANSWERED');
    expect(await codeFor(service.tokens.staff('A'))).toBe('ANSWERED');
    expect(await codeFor(service.tokens.staff('B'))).toBe('FORBIDDEN');
    expect(await codeFor(service.tokens.customer('mei.lin@example.com'))).toBe('FORBIDDEN');
    expect(await codeFor()).toBe('UNAUTHENTICATED');
  });

  it('answers null for a store that there is not, and refuses what is no date', async () => {
    const ask = (storeCode: string, date: string) =>
      service.ask(DAY_BOARD, { storeCode, date }, service.tokens.hq);
    expect((await ask('Z', dateOf('Mon'))).data).toEqual({ dayBoard: null });
    for (const date of ['Monday', '0001-01-01', '9999-12-31']) {
      const [error] = (await ask('A', date)).errors;
      expect(error!.extensions).toMatchObject({ code: 'BAD_USER_INPUT', inputPath: 'date' });
    }
  });
});

/** Appointment ids decide among visits that start together. */
function order(id: string, ...orders: readonly OrderAnswer[]): string {
  return orders.find((one) => one.id === id)!.dropOff.id;
}
