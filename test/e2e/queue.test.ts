import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import {
  aBooking,
  aCancellation,
  bookOrder,
  cancelOrder,
  newKey,
  readOrder,
  startOver,
  takenClaims,
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
import { clearLines, makeReady } from '../support/queue/stories.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, when, workedNetwork } from '../support/worked-network.ts';

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

const numbersOf = (entries: readonly EntryAnswer[]) => entries.map(({ number }) => number);

describe('checkIn', () => {
  it('takes somebody into the line, and says so of the appointment', async () => {
    const { order, entry } = await arrived(-5, { pairs: 2 });
    expect(entry).toMatchObject({
      ...{ __typename: 'QueueEntry', number: 'A001', kind: 'APPOINTMENT', visitKind: 'DROP_OFF' },
      ...{ pairs: 2, orderId: order.id, state: 'WAITING', dueAt: when('Mon 10:35'), version: 1 },
      place: { peopleAhead: 0, wait: null },
    });
    expect(await readOrder(service, order.id)).toMatchObject({
      version: 2,
      dropOff: { status: 'CHECKED_IN' },
      pickUp: { status: 'BOOKED' },
    });
  });

  it.each([
    { minutes: -31, number: 'W001', kind: 'WALK_IN', due: 'Mon 10:49', keeps: false },
    { minutes: -30, number: 'A001', kind: 'APPOINTMENT', due: 'Mon 10:35', keeps: true },
    { minutes: 15, number: 'A001', kind: 'APPOINTMENT', due: 'Mon 10:35', keeps: true },
    { minutes: 16, number: 'L001', kind: 'LATE_APPOINTMENT', due: 'Mon 11:21', keeps: false },
  ])('at $minutes minutes of the start joins as $number', async (given) => {
    const before = await takenClaims(service);
    const { order, entry } = await arrived(given.minutes);
    expect(entry).toMatchObject({ number: given.number, kind: given.kind, dueAt: when(given.due) });
    const place = {
      'counter:A/drop-off 09-02 10:30': 1,
      'counter:A/pairs 09-02 10:30': 1,
      'counter:A/visits 09-02 10:30': 1,
    };
    const taken = await takenClaims(service);
    if (given.keeps) expect(taken).toMatchObject(place);
    else for (const bucket of Object.keys(place)) expect(taken).not.toHaveProperty([bucket]);
    // The way and the other visit are kept.
    expect(taken).toMatchObject({
      'counter:B/visits 09-03 20:30': 1,
      'work:W/clean 09-03 09:00': 1,
    });
    expect(before).toEqual({});
    expect(await kindsOwed(order)).not.toContain('CANCELLED');
    expect(await kindsOwed(order)).not.toContain('MISSED');
    expect((await readOrder(service, order.id))?.dropOff.status).toBe('CHECKED_IN');
  });

  it('goes by the windows and targets of the store', async () => {
    await counter.settings({ lateWindowMinutes: 5, lateTargetMinutes: 10 });
    const { entry } = await arrived(6);
    expect(entry).toMatchObject({ kind: 'LATE_APPOINTMENT', dueAt: when('Mon 10:46') });
  });

  it.each([
    { name: 'as it is', text: (code: string) => code },
    {
      name: 'in small letters and apart',
      text: (code: string) => ` ${code.toLowerCase().replace('-', ' ')} `,
    },
    { name: 'without its hyphen', text: (code: string) => code.replace('-', '') },
    { name: 'in an address', text: (code: string) => `https://example.com/orders/${code}` },
  ])('reads a ticket code $name', async ({ text }) => {
    const order = await book();
    service.clock.set(at('Mon 10:30'));
    const entry = await counter.checkIn({ ticketCode: text(order.ticketCode) });
    expect(entry).toMatchObject({ __typename: 'QueueEntry', orderId: order.id });
  });

  it('answers the same for the same request, and where they are to another one', async () => {
    const order = await book();
    service.clock.set(at('Mon 10:30'));
    const input = { requestKey: newKey(), ticketCode: order.ticketCode };
    const first = await counter.checkIn(input);
    expect(await counter.checkIn(input)).toEqual(first);
    expect(await counter.checkIn({ ticketCode: order.ticketCode })).toEqual(first);
    expect(await counter.checkIn({ phone: '+86 138 0013 8000' })).toEqual(first);
    const other = await counter.checkIn({ ...input, reducedMobility: true });
    expect(other).toMatchObject({ __typename: 'RequestKeyReused' });
    expect((await counter.queue()).waiting).toHaveLength(1);
  });

  it('lets two machines that read one ticket at once take it once', async () => {
    const order = await book();
    service.clock.set(at('Mon 10:30'));
    const entries = await Promise.all(
      Array.from({ length: 6 }, () => counter.checkIn({ ticketCode: order.ticketCode })),
    );
    expect(new Set(entries.map(({ id }) => id)).size).toBe(1);
    expect((await counter.queue()).waiting).toHaveLength(1);
  });

  it('finds somebody by their phone, and lets them choose among several orders', async () => {
    const phone = '+8613800138000';
    const first = await book();
    service.clock.set(at('Mon 10:30'));
    const second = await book({ dropOff: 'A Mon 14:00', pickUp: 'B Wed 20:30' });
    const choice = await counter.checkIn({ phone });
    expect(choice).toMatchObject({
      __typename: 'CheckInChoice',
      options: [{ ticketCode: first.ticketCode }, { ticketCode: second.ticketCode }],
    });
    const { ticketCode } = choice.options[0]!;
    expect(await counter.checkIn({ ticketCode })).toMatchObject({ orderId: first.id });
    expect(await counter.checkIn({ phone })).toMatchObject({ orderId: second.id });
  });

  it('takes in for a pick-up when the goods are ready, and not before', async () => {
    const order = await book();
    const atB = new Counter(service, 'B');
    service.clock.set(at('Mon 10:40'));
    await makeReady(service, order.id, ['RECEIVED']);
    const early = await atB.checkIn({ ticketCode: order.ticketCode });
    expect(early).toMatchObject({ __typename: 'NotInLine', code: 'GOODS_NOT_READY' });
    await makeReady(service, order.id, ['READY']);
    service.clock.set(at('Tue 20:20'));
    const entry = await atB.checkIn({ ticketCode: order.ticketCode });
    expect(entry).toMatchObject({ number: 'A001', visitKind: 'PICK_UP', dueAt: when('Tue 20:35') });
  });

  it.each([
    { why: 'no such store', store: 'NONE', code: 'UNKNOWN_STORE' },
    { why: 'the appointment is elsewhere', store: 'B', code: 'WRONG_STORE' },
  ])('is refused: $why', async ({ store, code }) => {
    const order = await book();
    const refused = await new Counter(service, store).checkIn({ ticketCode: order.ticketCode });
    expect(refused).toMatchObject({ __typename: 'NotInLine', code });
  });

  it('is refused without a ticket that is known, and for an order that is over', async () => {
    const unknown = { __typename: 'NotInLine', code: 'UNKNOWN_TICKET' };
    expect(await counter.checkIn({ ticketCode: 'AAAA-AAAA' })).toMatchObject(unknown);
    expect(await counter.checkIn({ ticketCode: 'no ticket code' })).toMatchObject(unknown);
    expect(await counter.checkIn({ phone: '+8613900000000' })).toMatchObject(unknown);
    const order = await book();
    await cancelOrder(service, aCancellation(order));
    const over = await counter.checkIn({ ticketCode: order.ticketCode });
    expect(over).toMatchObject({ code: 'WRONG_STATUS' });
  });
});

async function kindsOwed({ id }: Pick<OrderAnswer, 'id'>): Promise<readonly string[]> {
  const rows = await service.rows<{ kind: string }>(
    `SELECT kind FROM message WHERE order_id = $1 AND state = 'OWED' ORDER BY kind`,
    [id],
  );
  return rows.map(({ kind }) => kind);
}

describe('the line', () => {
  it('is in the order of the due times, whoever came first', async () => {
    const order = await book();
    service.clock.set(at('Mon 10:00'));
    await counter.join();
    service.clock.set(at('Mon 10:10'));
    await counter.join();
    await counter.checkIn({ ticketCode: order.ticketCode });
    await counter.join({ reducedMobility: true });
    const { waiting } = await counter.queue();
    expect(numbersOf(waiting)).toEqual(['W003', 'A001', 'W001', 'W002']);
    expect(waiting.map(({ place }) => place?.peopleAhead)).toEqual([0, 1, 2, 3]);
    await counter.open('1');
    const called: string[] = [];
    for (let times = 0; times < 4; times++) {
      const next = await counter.callNext('1');
      called.push(next.number);
      await counter.move('serve', next);
      await counter.move('finishVisit', next);
    }
    expect(called).toEqual(numbersOf(waiting));
    expect(await counter.callNext('1')).toMatchObject({ code: 'NOBODY_WAITING' });
  });

  it('puts nobody first where the store does not', async () => {
    await counter.settings({ reducedMobilityFirst: false });
    await counter.join();
    const second = await counter.join({ reducedMobility: true });
    expect(second).toMatchObject({ goesFirst: false, place: { peopleAhead: 1 } });
  });

  it('numbers anew each day of the store', async () => {
    expect((await counter.join()).number).toBe('W001');
    expect((await counter.join()).number).toBe('W002');
    service.clock.set(at('Tue 00:00'));
    expect((await counter.join()).number).toBe('W001');
    expect((await new Counter(service, 'B').join()).number).toBe('W001');
  });

  it('has each order once', async () => {
    const order = await book();
    expect(await counter.join({ orderId: order.id })).toMatchObject({ orderId: order.id });
    const again = await counter.join({ orderId: order.id });
    expect(again).toMatchObject({ code: 'ALREADY_IN_LINE' });
    const unknown = await counter.join({ orderId: newKey() });
    expect(unknown).toMatchObject({ code: 'UNKNOWN_ORDER' });
  });

  it('answers a request that comes again as it was', async () => {
    const input = { requestKey: newKey() };
    const first = await counter.join(input);
    await counter.open('1');
    const key = { requestKey: newKey() };
    const called = await counter.callNext('1', key);
    await counter.move('serve', called);
    expect(await counter.callNext('1', key)).toMatchObject({ id: called.id, state: 'CALLED' });
    expect(await counter.join(input)).toMatchObject({ id: first.id, state: 'WAITING' });
    expect(await counter.callNext('2', key)).toMatchObject({ __typename: 'RequestKeyReused' });
  });
});

describe('a desk', () => {
  it('calls those whom it serves', async () => {
    await counter.join({ visitKind: 'DROP_OFF' });
    await counter.join({ visitKind: 'PICK_UP' });
    await counter.open('1', { visitKinds: ['PICK_UP'] });
    expect(await counter.callNext('1')).toMatchObject({ number: 'W002', desk: '1' });
    expect((await counter.queue()).waiting[0]?.place).toMatchObject({ wait: null });
  });

  it('is not called to while it is unknown, closed or busy', async () => {
    await counter.join();
    await counter.join();
    expect(await counter.callNext('1')).toMatchObject({ code: 'UNKNOWN_DESK' });
    await counter.open('1');
    const called = await counter.callNext('1');
    expect(await counter.callNext('1')).toMatchObject({ code: 'DESK_BUSY' });
    expect(await counter.close('1')).toMatchObject({ code: 'DESK_BUSY' });
    await counter.move('leaveQueue', called);
    expect(await counter.close('1')).toMatchObject({ __typename: 'Desk', isOpen: false });
    expect(await counter.callNext('1')).toMatchObject({ code: 'DESK_CLOSED' });
    expect(await counter.close('none')).toMatchObject({ code: 'UNKNOWN_DESK' });
    expect(await new Counter(service, 'NONE').open('1')).toMatchObject({ code: 'UNKNOWN_STORE' });
  });

  it('alone calls whom it was handed, until it closes', async () => {
    for (const desk of ['1', '2']) await counter.open(desk);
    const first = await counter.join();
    await counter.join();
    await counter.callNext('1');
    const handed = await counter.transfer(first, '2');
    expect(handed).toMatchObject({ state: 'WAITING', desk: '2' });
    expect(await counter.callNext('1')).toMatchObject({ number: 'W002' });
    expect(await counter.callNext('2')).toMatchObject({ number: 'W001', desk: '2' });
    await counter.move('holdEntry', first);
    await counter.move('resumeEntry', first);
    await counter.transfer(first, '2');
    expect(await counter.transfer(first, '3')).toMatchObject({ code: 'UNKNOWN_DESK' });
    await counter.close('2');
    expect(await counter.transfer(first, '2')).toMatchObject({ code: 'DESK_CLOSED' });
    expect((await counter.queue()).waiting).toMatchObject([{ number: 'W001', desk: null }]);
  });
});

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
    expect(await kindsOwed(later)).not.toContain('QUEUE_NEAR');
    await counter.move('serve', first);
    await counter.move('finishVisit', first);
    await counter.callNext('1');
    expect(await kindsOwed(later)).toContain('QUEUE_NEAR');
    expect(await kindsOwed(near)).not.toContain('QUEUE_NEAR');
    const told = await service.rows(`SELECT FROM message WHERE kind = 'QUEUE_NEAR'`);
    expect(told).toHaveLength(1);
  });

  it('withdraws the message when their turn has come before it was sent', async () => {
    for (let desk = 1; desk <= 4; desk++) await counter.open(String(desk));
    for (let times = 0; times < 3; times++) await counter.join();
    const order = await book();
    await counter.join({ orderId: order.id });
    await counter.callNext('1');
    expect(await kindsOwed(order)).toContain('QUEUE_NEAR');
    for (const desk of ['2', '3', '4']) await counter.callNext(desk);
    expect(await kindsOwed(order)).not.toContain('QUEUE_NEAR');
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

describe('who may', () => {
  it('run a line: its staff and headquarters', async () => {
    const order = await book();
    const others = [service.tokens.staff('B'), service.tokens.customer('+8613800138000')];
    for (const token of others) {
      const foreign = new Counter(service, 'A', token);
      await expect(foreign.join()).rejects.toThrow('FORBIDDEN');
      await expect(foreign.queue()).rejects.toThrow('FORBIDDEN');
      await expect(foreign.open('1')).rejects.toThrow('FORBIDDEN');
      await expect(foreign.callNext('1')).rejects.toThrow('FORBIDDEN');
      await expect(foreign.checkIn({ ticketCode: order.ticketCode })).rejects.toThrow('FORBIDDEN');
      await expect(foreign.settings({})).rejects.toThrow('FORBIDDEN');
    }
    const own = new Counter(service, 'A', service.tokens.staff('A'));
    const entry = await own.join();
    await own.open('1');
    const foreign = new Counter(service, 'B', service.tokens.staff('B'));
    expect(await foreign.move('leaveQueue', entry)).toMatchObject({ code: 'UNKNOWN_ENTRY' });
    expect(await own.callNext('1')).toMatchObject({ id: entry.id });
    await expect(own.settings({})).rejects.toThrow('FORBIDDEN');
    const atHome = new Counter(service, 'C', service.tokens.staff('C'));
    const unseen = await atHome.checkIn({ ticketCode: order.ticketCode });
    expect(unseen).toMatchObject({ code: 'UNKNOWN_TICKET' });
  });

  it('sets minutes that make sense', async () => {
    await expect(counter.settings({ walkInTargetMinutes: 241 })).rejects.toThrow('BAD_USER_INPUT');
    await expect(counter.settings({ visitMinutes: { dropOff: 0 } })).rejects.toThrow(
      'BAD_USER_INPUT',
    );
    expect(await new Counter(service, 'NONE').settings({})).toMatchObject({
      code: 'UNKNOWN_STORE',
    });
  });
});
