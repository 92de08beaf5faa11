import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  bookOrder,
  newKey,
  startOver,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import { Counter, type EntryAnswer } from '../support/queue/counter.ts';
import { clearLines } from '../support/queue/stories.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, workedNetwork } from '../support/worked-network.ts';

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

const numbersOf = (entries: readonly EntryAnswer[]) => entries.map(({ number }) => number);

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
    expect(await counter.open(' 1 ')).toMatchObject({ name: '1', isOpen: true });
    expect(await counter.close('1 ')).toMatchObject({ name: '1', isOpen: false });
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
    expect(unseen).toMatchObject({ code: 'WRONG_STORE' });
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
