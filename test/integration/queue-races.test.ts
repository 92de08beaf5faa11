import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataSource } from 'typeorm';

import { NoShows, Queue } from '../../src/features/queue/index.ts';
import { aBooking, bookOrder, newKey } from '../support/bookings.ts';
import { Random } from '../support/random.ts';
import { Counter, type EntryAnswer } from '../support/queue/counter.ts';
import { clearLines, makeReady } from '../support/queue/stories.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

const CLERKS = 10;
const VISITS = 60;

/** Two processes of one deployment, as far as they can tell. */
let one: TestService;
let two: TestService;
beforeAll(async () => {
  const network = workedNetwork({
    counter: { visits: 1_000, dropOffPairs: 1_000 },
    workUnits: 1_000,
    vanPairs: 1_000,
  });
  one = await startService({ network });
  two = await startService({ database: one.database });
});
afterAll(async () => {
  await two.stop();
  await one.stop();
});
beforeEach(async () => {
  await clearLines(one);
  for (const service of [one, two]) service.clock.set(at('Mon 10:30'));
});

const countersOf = (count: number) =>
  Array.from({ length: count }, (_, index) => new Counter(index % 2 === 0 ? one : two));

/** Calls, serves and finishes until nobody waits. @returns whom this clerk called */
async function clerk(counter: Counter, desk: string): Promise<readonly EntryAnswer[]> {
  const called: EntryAnswer[] = [];
  await counter.open(desk);
  for (;;) {
    const next = await counter.callNext(desk);
    if (next.code === 'NOBODY_WAITING') return called;
    expect(next).toMatchObject({ __typename: 'QueueEntry', state: 'CALLED', desk });
    called.push(next);
    await counter.move('serve', next);
    const done = await counter.move('finishVisit', next);
    expect(done).toMatchObject({ state: 'FINISHED', version: 4 });
  }
}

const joined = (counters: readonly Counter[], count: number) =>
  Promise.all(
    Array.from({ length: count }, (_, index) => counters[index % counters.length]!.join()),
  );

describe('clerks of two processes', () => {
  it('never get the same visit, and leave nobody out', async () => {
    const counters = countersOf(CLERKS);
    const line = await joined(counters, VISITS);
    expect(new Set(line.map(({ number }) => number)).size).toBe(VISITS);
    const called = await Promise.all(counters.map((counter, i) => clerk(counter, `desk ${i}`)));
    const ids = called.flat().map(({ id }) => id);
    expect(ids).toHaveLength(VISITS);
    expect(new Set(ids)).toEqual(new Set(line.map(({ id }) => id)));
    expect(called.filter((own) => own.length > 0).length).toBeGreaterThan(1);
  });

  it('of whom all call at once for fewer visits, as many get one as there are', async () => {
    const counters = countersOf(CLERKS);
    await joined(counters, 7);
    await Promise.all(counters.map((counter, i) => counter.open(`desk ${i}`)));
    const answers = await Promise.all(counters.map((counter, i) => counter.callNext(`desk ${i}`)));
    const got = answers.filter(({ __typename }) => __typename === 'QueueEntry');
    expect(got).toHaveLength(7);
    expect(new Set(got.map(({ id }) => id)).size).toBe(7);
    const rest = answers.filter(({ __typename }) => __typename !== 'QueueEntry');
    expect(new Set(rest.map(({ code }) => code))).toEqual(new Set(['NOBODY_WAITING']));
  });

  it('who share a desk call one visit to it', async () => {
    const counters = countersOf(8);
    await joined(counters, 8);
    await counters[0]!.open('1');
    const answers = await Promise.all(counters.map((counter) => counter.callNext('1')));
    expect(answers.filter(({ state }) => state === 'CALLED')).toHaveLength(1);
    expect(answers.filter(({ code }) => code === 'DESK_BUSY')).toHaveLength(7);
  });

  it('who send one request at once have one effect and one answer', async () => {
    const counters = countersOf(8);
    await joined(counters, 8);
    await counters[0]!.open('1');
    const key = { requestKey: newKey() };
    const answers = await Promise.all(counters.map((counter) => counter.callNext('1', key)));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect((await counters[0]!.queue()).waiting).toHaveLength(7);
  });

  it('who do all sorts of things at once never break a rule, and tell each once that they are near', async () => {
    const counters = countersOf(CLERKS);
    const orders = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        bookOrder(index % 2 === 0 ? one : two, {
          ...aBooking({ dropOff: 'A Mon 14:00' }),
          customer: { name: 'Li', phone: `+861390000${1000 + index}` },
        }),
      ),
    );
    await Promise.all(counters.map((counter, i) => counter.open(`desk ${i}`)));
    await Promise.all(orders.map(({ id }, i) => counters[i % CLERKS]!.join({ orderId: id })));
    await Promise.all(
      counters.map((counter, i) => anything(counter, `desk ${i}`, new Random(100 + i))),
    );
    const busy = await one.rows(
      `SELECT desk FROM queue_entry WHERE state IN ('CALLED', 'SERVING') GROUP BY 1 HAVING count(*) > 1`,
    );
    expect(busy).toEqual([]);
    const near = await one.rows(
      `SELECT order_id FROM message WHERE kind = 'QUEUE_NEAR' GROUP BY 1 HAVING count(*) > 1`,
    );
    expect(near).toEqual([]);
    const untold = await one.rows(
      `SELECT id FROM (SELECT *, row_number() OVER (ORDER BY goes_first DESC, due_at, arrived_at, id)
                         AS place FROM queue_entry WHERE state = 'WAITING') AS line
        WHERE place <= 3 AND near_at IS NULL`,
    );
    expect(untold).toEqual([]);
  });

  it('come to who is near also past somebody who has them locked and then leaves them be', async () => {
    const [counter] = countersOf(1);
    const line: EntryAnswer[] = [];
    for (let count = 0; count < 4; count++) line.push(await counter!.join());
    await counter!.open('1');
    const other = one.app.get(DataSource, { strict: false }).createQueryRunner();
    await other.startTransaction();
    await other.query(`SELECT FROM queue_entry WHERE id = $1 FOR UPDATE`, [line[3]!.id]);
    const call = counter!.callNext('1');
    const isOver = call.then(() => true);
    while (!(await Promise.race([isOver, isSomebodyBlocked()]))) continue;
    await other.rollbackTransaction();
    await other.release();
    expect((await call).id).toBe(line[0]!.id);
    const near = await one.rows<{ id: string }>(
      `SELECT id FROM queue_entry WHERE near_at IS NOT NULL`,
    );
    expect(new Set(near.map(({ id }) => id))).toEqual(new Set(line.map(({ id }) => id)));
  });
});

/** Whether a statement waits for what another transaction has locked. */
async function isSomebodyBlocked(): Promise<boolean> {
  const blocked = await one.rows(
    `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`,
  );
  return blocked.length > 0;
}

/** A clerk who does now this, now that; refusals are fine, faults are not. */
async function anything(counter: Counter, desk: string, random: Random): Promise<void> {
  for (let times = 0; times < 12; times++) {
    const { waiting, atDesks, held } = await counter.queue();
    const all = [...waiting, ...atDesks, ...held];
    const move = random.pick([
      'serve',
      'finishVisit',
      'holdEntry',
      'resumeEntry',
      'recall',
    ] as const);
    if (random.chance(0.5)) await counter.callNext(desk);
    if (all.length > 0) await counter.move(move, random.pick(all));
    if (all.length > 0 && random.chance(0.2)) {
      await counter.transfer(random.pick(all), `desk ${random.int(0, CLERKS - 1)}`);
    }
    if (random.chance(0.1)) await counter.close(desk);
    if (random.chance(0.2)) await counter.open(desk);
  }
}

describe('goods that are handed over', () => {
  const settle = (service: TestService, orderId: string) => {
    const queue = service.app.get(Queue, { strict: false });
    return service.app
      .get(DataSource, { strict: false })
      .transaction((tx) =>
        queue.finishFor(tx, orderId, { actor: 'test', now: service.clock.now() }),
      );
  };

  it('end the visit of their order, once, wherever it is', async () => {
    const counter = new Counter(one);
    const order = await bookOrder(one, aBooking({ dropOff: 'A Mon 14:00' }));
    expect(await settle(one, order.id)).toBeNull();
    await counter.checkIn({ ticketCode: order.ticketCode });
    const ended = await Promise.all([one, two, one, two].map((each) => settle(each, order.id)));
    expect(ended.filter((entry) => entry?.state === 'FINISHED')).toHaveLength(1);
    expect(ended.filter((entry) => entry === null)).toHaveLength(3);
    expect((await counter.queue()).waiting).toEqual([]);
  });

  it('leave visits of earlier days to be ended by themselves', async () => {
    const counter = new Counter(one);
    const old = await counter.join();
    one.clock.set(at('Tue 10:30'));
    expect((await counter.queue()).waiting).toEqual([]);
    await counter.open('1');
    expect(await counter.callNext('1')).toMatchObject({ code: 'NOBODY_WAITING' });
    const queue = one.app.get(Queue, { strict: false });
    expect(await queue.endOld()).toBe(1);
    expect(await queue.endOld()).toBe(0);
    expect(await counter.move('serve', old)).toMatchObject({ code: 'WRONG_STATUS' });
  });
});

describe('processes that look for no-shows at once', () => {
  it('mark each once', async () => {
    const orders = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        bookOrder(one, {
          ...aBooking({ dropOff: 'A Mon 14:00', pickUp: 'B Wed 20:30' }),
          customer: { name: 'Wu', phone: `+861370000${1000 + i}` },
        }),
      ),
    );
    await makeReady(one, orders[0]!.id);
    for (const service of [one, two]) service.clock.set(at('Mon 14:45'));
    const marking = [one, two, one, two].map((service) =>
      service.app.get(NoShows, { strict: false }).mark(),
    );
    await Promise.all(marking);
    const events = await one.rows<{ order_id: string; count: string }>(
      `SELECT order_id, count(*) FROM event WHERE kind = 'NO_SHOW' AND order_id = ANY ($1) GROUP BY 1`,
      [orders.map(({ id }) => id)],
    );
    expect(events).toHaveLength(11);
    expect(events.every(({ count }) => count === '1')).toBe(true);
    expect(await one.app.get(NoShows, { strict: false }).mark()).toBe(0);
  });
});
