import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { NoShows } from '../../src/features/queue/index.ts';
import {
  aBooking,
  aCancellation,
  bookOrder,
  cancelOrder,
  newKey,
  readOrder,
  slot,
  startOver,
  takenClaims,
  type BookingParts,
  type OrderAnswer,
} from '../support/bookings.ts';
import * as guard from '../support/guard.ts';
import { Counter } from '../support/queue/counter.ts';
import { clearLines, kindsOwed, makeReady } from '../support/queue/stories.ts';
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
    expect(await kindsOwed(service, order)).not.toContain('CANCELLED');
    expect(await kindsOwed(service, order)).not.toContain('MISSED');
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

  it('finds who joined for the order before, and does not miss them while they wait', async () => {
    const order = await book();
    service.clock.set(at('Mon 10:40'));
    const joined = await counter.join({ orderId: order.id });
    const entry = await counter.checkIn({ ticketCode: order.ticketCode });
    expect(entry).toMatchObject({ __typename: 'QueueEntry', id: joined.id, kind: 'WALK_IN' });
    service.clock.set(at('Mon 13:00'));
    const noShows = service.app.get(NoShows, { strict: false });
    expect(await noShows.mark()).toBe(0);
    await counter.move('leaveQueue', entry);
    expect(await noShows.mark()).toBe(1);
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

  it('takes somebody who went away and is back by when they are back', async () => {
    const { order, entry } = await arrived(0);
    await counter.move('leaveQueue', entry);
    service.clock.set(at('Mon 11:00'));
    const input = { requestKey: newKey(), ticketCode: order.ticketCode };
    const back = await counter.checkIn(input);
    expect(back).toMatchObject({ number: 'L001', orderId: order.id, pairs: 1 });
    expect(await counter.checkIn(input)).toEqual(back);
    expect((await readOrder(service, order.id))?.version).toBe(4);
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

  it('says to staff of any store that a ticket is for another one, and no more', async () => {
    const { ticketCode } = await book();
    const atC = new Counter(service, 'C', service.tokens.staff('C'));
    const refused = await atC.checkIn({ ticketCode });
    expect(refused).toEqual({
      __typename: 'NotInLine',
      code: 'WRONG_STORE',
      message: 'The appointment is at another store.',
    });
    const unknown = await atC.checkIn({ ticketCode: 'AAAA-AAAA' });
    expect(unknown).toMatchObject({ code: 'UNKNOWN_TICKET' });
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

describe('customers who left the line unserved', () => {
  it('come to collect another time', async () => {
    service.clock.set(at('Mon 08:00'));
    const order = await bookOrder(service, aBooking({ pickUp: 'B Wed 20:30' }));
    await guard.receive(service, order, at('Mon 10:30'));
    await guard.record(service, order, { kind: 'TRAVELLED', status: 'IN_CARE' });
    await guard.finish(service, order, 'W', at('Tue 09:00'), at('Tue 17:00'));
    await guard.put(service, order, { kind: 'STORE', code: 'B' }, at('Tue 20:00'));
    await guard.record(service, order, { kind: 'READY' });
    service.clock.set(at('Wed 20:25'));
    const atB = new Counter(service, 'B');
    const entry = await atB.checkIn({ ticketCode: order.ticketCode });
    const choose = async () => {
      const input = { requestKey: newKey(), orderId: order.id, slot: slot('B Thu 10:00') };
      const text = `mutation ($input: ChoosePickUpInput!) { answer: choosePickUp(input: $input) {
        ... on Order { pickUp { status start } } ... on Refusal { code } } }`;
      return (await service.data<{ answer: object }>(text, { input }, service.tokens.hq)).answer;
    };
    expect(await choose()).toEqual({ code: 'WRONG_STATUS' });
    await atB.move('leaveQueue', entry);
    expect(await choose()).toEqual({ pickUp: { status: 'BOOKED', start: when('Thu 10:00') } });
  });
});
