import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  bookOrder,
  newKey,
  startOver,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { LiveClient } from '../support/live-client.ts';
import {
  Counter,
  ENTRY,
  expectedWait,
  readEntry,
  type EntryAnswer,
} from '../support/queue/counter.ts';
import { clearLines, kindsOwed } from '../support/queue/stories.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, workedNetwork } from '../support/worked-network.ts';

const MINUTE = 60_000;
const NETWORK = workedNetwork({ counter: { visits: 40 } });

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
  await startOver(service, { ...NETWORK, stores: [...NETWORK.stores!, aStore('C')] });
});

const book = (parts: BookingParts = {}): Promise<OrderAnswer> =>
  bookOrder(service, aBooking(parts));

/** A drop-off at A on Monday at 10:30, its customer there so many minutes after that. */
async function arrived(minutes: number, parts: BookingParts = {}) {
  const order = await book(parts);
  service.clock.set(at('Mon 10:30') + minutes * MINUTE);
  return { order, entry: await counter.checkIn({ ticketCode: order.ticketCode }) };
}

describe('what is told', () => {
  it('tells a wait before joining, and the place after it, to whoever knows the id', async () => {
    expect(await expectedWait(service)).toBeNull();
    await counter.open('1');
    expect(await expectedWait(service)).toMatchObject({
      ...{ fromMinutes: 0, toMinutes: 0, likelyMinutes: 0, peopleAhead: 0 },
    });
    await counter.join();
    await counter.callNext('1');
    await counter.join();
    const before = (await expectedWait(service))!;
    expect(before.peopleAhead).toBe(1);
    expect(before.likelyMinutes).toBeGreaterThan(8);
    expect(before.likelyMinutes).toBeLessThan(20);
    const joined = await counter.join();
    expect(joined.place).toEqual({ peopleAhead: 1, wait: before });
    expect(await readEntry(service, joined.id)).toEqual({ ...joined, orderId: null });
    expect(await readEntry(service, newKey())).toBeNull();
  });

  it('counts the appointments that are still to come', async () => {
    await counter.open('1');
    await counter.join();
    await counter.callNext('1');
    const without = (await expectedWait(service))!;
    for (let times = 0; times < 4; times++) {
      await book({ customer: { name: 'Li', phone: `+86139000000${times}0` } });
    }
    service.clock.set(at('Mon 10:25'));
    await counter.move('leaveQueue', (await counter.queue()).atDesks[0]!);
    await counter.join();
    await counter.callNext('1');
    const more = (await expectedWait(service))!;
    expect(more.likelyMinutes).toBeGreaterThan(without.likelyMinutes + 10);
    expect(more.peopleAhead).toBe(0);
  });

  it('hides the order from all but its staff', async () => {
    const { order, entry } = await arrived(0);
    const seenBy = async (token?: Promise<string>) =>
      (await readEntry(service, entry.id, token))?.orderId;
    expect(await seenBy()).toBeNull();
    expect(await seenBy(service.tokens.customer('+8613800138000'))).toBeNull();
    expect(await seenBy(service.tokens.staff('B'))).toBeNull();
    expect(await seenBy(service.tokens.staff('A'))).toBe(order.id);
  });

  it('tells once by a message that two are ahead, and not who was near when they joined', async () => {
    await counter.open('1');
    const { order: near } = await arrived(0);
    for (let times = 0; times < 3; times++) await counter.join();
    service.clock.set(at('Mon 10:31'));
    const later = await book({
      customer: { name: 'Li', phone: '+8613900139000' },
      dropOff: 'A Mon 14:00',
    });
    const joined = await counter.join({ orderId: later.id });
    expect(joined.place?.peopleAhead).toBe(4);
    const first = await counter.callNext('1');
    expect(await kindsOwed(service, later)).not.toContain('QUEUE_NEAR');
    await counter.move('serve', first);
    await counter.move('finishVisit', first);
    await counter.callNext('1');
    expect(await kindsOwed(service, later)).toContain('QUEUE_NEAR');
    expect(await kindsOwed(service, near)).not.toContain('QUEUE_NEAR');
    const told = await service.rows(`SELECT FROM message WHERE kind = 'QUEUE_NEAR'`);
    expect(told).toHaveLength(1);
  });

  it('tells whom the closing of a desk brings near', async () => {
    await counter.open('1', { visitKinds: ['DROP_OFF'] });
    await counter.open('2');
    for (let times = 0; times < 3; times++) await counter.join({ visitKind: 'PICK_UP' });
    const order = await book();
    const joined = await counter.join({ orderId: order.id });
    expect(joined.place?.peopleAhead).toBe(3);
    expect(await kindsOwed(service, order)).not.toContain('QUEUE_NEAR');
    await counter.close('2');
    expect(await kindsOwed(service, order)).toContain('QUEUE_NEAR');
  });

  it('withdraws the message when their turn has come before it was sent', async () => {
    for (let desk = 1; desk <= 4; desk++) await counter.open(String(desk));
    for (let times = 0; times < 3; times++) await counter.join();
    const order = await book();
    await counter.join({ orderId: order.id });
    await counter.callNext('1');
    expect(await kindsOwed(service, order)).toContain('QUEUE_NEAR');
    for (const desk of ['2', '3', '4']) await counter.callNext(desk);
    expect(await kindsOwed(service, order)).not.toContain('QUEUE_NEAR');
  });

  it('is told live, until the visit is over', async () => {
    const two = await startService({ database: service.database, now: at('Mon 08:00') });
    const client = new LiveClient(two.url, two.tokens.customer('mei.lin@example.com'));
    try {
      await counter.open('1');
      await counter.join();
      const own = await counter.join();
      const changes = client.subscribe(
        `subscription ($id: ID!) { queueEntryChanged(id: $id) { ${ENTRY} } }`,
        { id: own.id },
      );
      const next = async () => {
        const told = await changes.next();
        if (!('value' in told)) throw new Error(JSON.stringify(told));
        return told.value['queueEntryChanged'] as EntryAnswer;
      };
      expect(await next()).toMatchObject({ state: 'WAITING', place: { peopleAhead: 1 } });
      const first = await counter.callNext('1');
      expect(await next()).toMatchObject({ state: 'WAITING', place: { peopleAhead: 0 } });
      await counter.move('leaveQueue', first);
      let told = await next();
      while (told.state === 'WAITING') {
        await counter.callNext('1');
        told = await next();
      }
      expect(told).toMatchObject({ state: 'CALLED', desk: '1', place: null });
      await counter.move('leaveQueue', own);
      expect(await next()).toMatchObject({ state: 'LEFT' });
    } finally {
      await client.close();
      await two.stop();
    }
  });
});
