import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { NoShows, Unserved } from '../../src/features/queue/index.ts';
import {
  aBooking,
  aCancellation,
  bookOrder,
  cancelOrder,
  readOrder,
  startOver,
  type OrderAnswer,
} from '../support/bookings.ts';
import { takeIn } from '../support/goods.ts';
import { eventsOf } from '../support/guard.ts';
import { receiveOrder } from '../support/handovers.ts';
import { Counter } from '../support/queue/counter.ts';
import { clearLines } from '../support/queue/stories.ts';
import { startService, type TestService } from '../support/service.ts';
import { at, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
let counter: Counter;
beforeAll(async () => {
  service = await startService();
  counter = new Counter(service);
});
afterAll(() => service.stop());
beforeEach(async () => {
  await clearLines(service);
  service.clock.set(at('Mon 08:00'));
  await startOver(service, workedNetwork({ counter: { visits: 40 } }));
});

/** A drop-off at A on Monday at 10:30, its customer there. */
async function arrived() {
  const order = await bookOrder(service, aBooking());
  service.clock.set(at('Mon 10:30'));
  return { order, entry: await counter.checkIn({ ticketCode: order.ticketCode }) };
}

const dropOffOf = async ({ id }: OrderAnswer) => (await readOrder(service, id))!.dropOff.status;

async function entryOf({ id }: { readonly id: string }) {
  const query = `query ($id: ID!) { queueEntry(id: $id) { state leftBecause endedAt version } }`;
  const { queueEntry } = await service.data<{ queueEntry: object }>(query, { id });
  return queueEntry;
}

const mark = () => service.app.get(NoShows, { strict: false }).mark();

describe('an order that is cancelled', () => {
  it.each(['WAITING', 'CALLED', 'SERVING', 'HELD'])(
    'takes its customer out of the line who is %s',
    async (state) => {
      const { order, entry } = await arrived();
      await counter.open('1');
      if (state === 'HELD') await counter.move('holdEntry', entry);
      else if (state !== 'WAITING') await counter.callNext('1');
      if (state === 'SERVING') await counter.move('serve', entry);
      expect(await entryOf(entry)).toMatchObject({ state, leftBecause: null });
      const seen = (await readOrder(service, order.id))!;
      const cancelled = await cancelOrder(service, aCancellation(seen));
      expect(cancelled).toMatchObject({ status: 'CANCELLED' });
      expect(await entryOf(entry)).toMatchObject({
        state: 'LEFT',
        leftBecause: 'ORDER_CANCELLED',
        endedAt: new Date(at('Mon 10:30')).toISOString(),
      });
      const { waiting, atDesks, held } = await counter.queue();
      expect([...waiting, ...atDesks, ...held]).toEqual([]);
      const next = await counter.join({});
      expect(await counter.callNext('1')).toMatchObject({ id: next.id });
    },
  );

  it('leaves the line as it is when it is not cancelled', async () => {
    const { order, entry } = await arrived();
    expect(await cancelOrder(service, aCancellation(order))).toMatchObject({
      __typename: 'VersionConflict',
    });
    expect(await entryOf(entry)).toMatchObject({ state: 'WAITING', leftBecause: null });
  });
});

describe('somebody who checked in to hand goods in and left', () => {
  it('is awaited again, and missed after the time of grace', async () => {
    const { order, entry } = await arrived();
    expect(await dropOffOf(order)).toBe('CHECKED_IN');
    await counter.move('leaveQueue', entry);
    expect(await entryOf(entry)).toMatchObject({ state: 'LEFT', leftBecause: 'WENT' });
    expect(await dropOffOf(order)).toBe('BOOKED');
    expect(await mark()).toBe(0);
    service.clock.set(at('Mon 18:00'));
    expect(await mark()).toBe(1);
    expect(await dropOffOf(order)).toBe('NO_SHOW');
    const kinds = (await eventsOf(service, order.id)).map(({ kind }) => kind);
    expect(kinds).toEqual(['BOOKED', 'CHECKED_IN', 'LEFT_UNSERVED', 'NO_SHOW']);
  });

  it('is so too if nobody took note of it then', async () => {
    const { order, entry } = await arrived();
    await service.rows(`UPDATE queue_entry SET state = 'LEFT', ended_at = now() WHERE id = $1`, [
      entry.id,
    ]);
    const unserved = service.app.get(Unserved, { strict: false });
    expect(await Promise.all([unserved.run(), unserved.run()])).toContain(1);
    expect(await dropOffOf(order)).toBe('BOOKED');
    expect(await unserved.run()).toBe(0);
    expect((await readOrder(service, order.id))!.version).toBe(3);
  });

  it('stays checked in while in the line, and once the goods are taken in', async () => {
    const { order } = await arrived();
    const unserved = service.app.get(Unserved, { strict: false });
    expect(await unserved.run()).toBe(0);
    expect(await dropOffOf(order)).toBe('CHECKED_IN');
    await takeIn(service, order);
    expect(await unserved.run()).toBe(0);
    expect(await dropOffOf(order)).toBe('FULFILLED');
  });
});

describe('a visit that has ended', () => {
  it('with its goods taken in is answered as it is to who finishes it', async () => {
    const { order, entry } = await arrived();
    await counter.open('1');
    await counter.callNext('1');
    await counter.move('serve', entry);
    await receiveOrder(service, { orderId: order.id, items: [{ item: 1, pairs: 1 }] });
    service.clock.set(at('Mon 10:40'));
    const finished = await counter.move('finishVisit', entry);
    expect(finished).toMatchObject({ __typename: 'QueueEntry', state: 'FINISHED' });
    expect(await entryOf(entry)).toMatchObject({
      endedAt: new Date(at('Mon 10:30')).toISOString(),
      version: finished.version,
    });
  });

  it.each([
    { move: 'finishVisit', state: 'FINISHED', other: 'leaveQueue' },
    { move: 'leaveQueue', state: 'LEFT', other: 'finishVisit' },
  ] as const)('is answered as it is to $move again', async ({ move, state, other }) => {
    const { entry } = await arrived();
    await counter.open('1');
    await counter.callNext('1');
    if (move === 'finishVisit') await counter.move('serve', entry);
    const ended = await counter.move(move, entry);
    expect(ended).toMatchObject({ state });
    service.clock.set(at('Mon 10:50'));
    expect(await counter.move(move, entry)).toEqual(ended);
    expect(await counter.move(other, entry)).toMatchObject({ code: 'WRONG_STATUS' });
  });
});
