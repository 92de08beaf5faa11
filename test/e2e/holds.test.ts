import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  availability,
  bookOrder,
  expire,
  holdOrder,
  newKey,
  startOver,
  slot,
  takenClaims,
  type OrderAnswer,
} from '../support/bookings.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { aStore, aWorkshop, dateOf, when, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService({ env: { HOLD_SECONDS: '600' } });
});
afterAll(() => service.stop());

/** One visit a slot, so that whoever holds it has it alone. */
beforeEach(() => startOver(service, workedNetwork({ counter: { visits: 1 } })));

/** Whether anybody, or whoever has `token`, may have the drop-off slot of the plain booking. */
async function isFree(text = 'A Mon 10:30', token?: Token): Promise<boolean> {
  const { storeCode, start } = slot(text);
  const asked = {
    storeCodes: [storeCode],
    kind: 'DROP_OFF' as const,
    from: dateOf('Mon'),
    to: dateOf('Sat'),
  };
  const [slots = []] = await availability(service, asked, token);
  return slots.some((offered) => offered.start === start);
}

/** The first pick-up at B of goods that are handed in at A at Mon 11:00, to anybody or whoever has `token`. */
async function firstPickUp(token?: Token): Promise<string> {
  const query = `query ($input: PromiseInput!) { promise(input: $input) {
    ... on Promise { earliestPickUp { start } } } }`;
  const input = {
    dropOffStoreCode: 'A',
    handedOverAt: when('Mon 11:00'),
    pickUpStoreCode: 'B',
    items: [{ description: 'AJ1', serviceCodes: ['basic-clean'], pairs: 1 }],
  };
  const answer = await service.data<{ promise: Pick<OrderAnswer['promise'], 'earliestPickUp'> }>(
    query,
    { input },
    token,
  );
  return answer.promise.earliestPickUp.start;
}

async function held(booking = aBooking()): Promise<OrderAnswer> {
  const hold = await holdOrder(service, booking);
  expect(hold.__typename).toBe('Hold');
  return hold;
}

describe('holdOrder', () => {
  it('keeps all that the booking would take, for so long', async () => {
    const hold = await held();
    const [row] = await service.rows<{ left: number }>(
      `SELECT extract(epoch FROM $1::timestamptz - clock_timestamp())::float AS left`,
      [hold.expiresAt],
    );
    expect(row!.left).toBeGreaterThan(500);
    expect(row!.left).toBeLessThanOrEqual(600);
    expect(hold.promise.readyBy).toBe(when('Tue 20:30'));
    const taken = await takenClaims(service);
    expect(Object.keys(taken)).toHaveLength(9);
    expect(await isFree()).toBe(false);
    expect(await bookOrder(service, aBooking())).toMatchObject({ kind: 'COUNTER_FULL' });

    await expire(service, hold.id);
    await bookOrder(service, aBooking());
    expect(await takenClaims(service)).toEqual(taken);
  });

  it('is seen as free by its holder alone, as long as it is theirs', async () => {
    const { hq, staff, customer } = service.tokens;
    const wish = aBooking();
    const hold = await held(wish);
    const before = await takenClaims(service);
    expect(await isFree('A Mon 10:30', hq)).toBe(true);
    expect(await isFree('A Mon 10:30', staff('A'))).toBe(false);
    expect(await isFree('A Mon 10:30', customer('mei@example.com'))).toBe(false);
    expect(await isFree()).toBe(false);
    const { start } = hold.promise.earliestPickUp;
    expect(await firstPickUp(hq)).toBe(start);
    expect(Date.parse(await firstPickUp(customer('mei@example.com')))).toBeGreaterThan(
      Date.parse(start),
    );
    expect(await firstPickUp()).toBe(await firstPickUp(customer('mei@example.com')));
    expect(await takenClaims(service)).toEqual(before);

    await bookOrder(service, { ...wish, requestKey: newKey(), holdId: hold.id });
    expect(await isFree('A Mon 10:30', hq)).toBe(false);
  });

  it('that is over is free to its holder once, not twice', async () => {
    const hold = await held();
    await expire(service, hold.id);
    const [slots = []] = await availability(
      service,
      { storeCodes: ['A'], kind: 'DROP_OFF', from: dateOf('Mon'), to: dateOf('Mon') },
      service.tokens.hq,
    );
    expect(slots.map((offered) => offered.remaining)).toEqual(slots.map(() => 1));
  });

  it('sent again answers the same hold, used or over', async () => {
    const wish = aBooking();
    const first = await held(wish);
    expect(await holdOrder(service, wish)).toEqual(first);
    await bookOrder(service, { ...wish, requestKey: newKey(), holdId: first.id });
    expect(await holdOrder(service, wish)).toEqual(first);
    expect(await holdOrder(service, { ...wish, pickUp: slot('B Wed 20:30') })).toMatchObject({
      __typename: 'RequestKeyReused',
    });
  });

  it.each([
    { name: 'full', wish: {}, refused: { __typename: 'SlotFull', kind: 'COUNTER_FULL' } },
    {
      name: 'closed',
      wish: { dropOff: 'A Mon 09:30' },
      refused: { __typename: 'NotBookable', code: 'CLOSED' },
    },
    {
      name: 'too late',
      wish: { dropOff: 'A Mon 12:00', pickUp: 'B Tue 20:00' },
      refused: { __typename: 'ReadyTooLate' },
    },
    {
      name: 'no skill',
      wish: { dropOff: 'A Mon 12:00', service: 'gild' },
      refused: { __typename: 'NoPromise', code: 'NO_SKILL' },
    },
  ])('is refused like a booking: $name', async ({ wish, refused }) => {
    await held();
    expect(await holdOrder(service, aBooking(wish))).toMatchObject(refused);
  });
});

describe('a hold that becomes an order', () => {
  it('keeps the promise that was held, and takes nothing twice', async () => {
    const wish = aBooking();
    const hold = await held(wish);
    const before = await takenClaims(service);
    const order = await bookOrder(service, { ...wish, requestKey: newKey(), holdId: hold.id });
    expect(order).toMatchObject({ __typename: 'Order', promise: hold.promise });
    expect(await takenClaims(service)).toEqual(before);
  });

  it('keeps it also where what was held could not be had anew', async () => {
    const wish = aBooking();
    const hold = await held(wish);
    service.clock.advance(2 * 60 * 60_000);
    expect(await holdOrder(service, aBooking())).toMatchObject({ code: 'TOO_SOON' });
    const order = await bookOrder(service, { ...wish, requestKey: newKey(), holdId: hold.id });
    service.clock.advance(-2 * 60 * 60_000);
    expect(order.__typename).toBe('Order');
  });

  it('is seen as free by its own booking, also by one that wants something else', async () => {
    const hold = await held();
    const other = aBooking({ pickUp: 'B Wed 20:30', holdId: hold.id });
    const order = await bookOrder(service, other);
    expect(order).toMatchObject({
      __typename: 'Order',
      dropOff: { start: when('Mon 10:30') },
      pickUp: { start: when('Wed 20:30') },
    });
    expect(await takenClaims(service)).toMatchObject({ 'counter:A/visits 09-02 10:30': 1 });
  });

  it('is used once', async () => {
    const wish = aBooking();
    const hold = await held(wish);
    const booking = { ...wish, requestKey: newKey(), holdId: hold.id };
    const order = await bookOrder(service, booking);
    expect(await bookOrder(service, booking)).toEqual(order);
    expect(await bookOrder(service, { ...booking, requestKey: newKey() })).toMatchObject({
      __typename: 'HoldExpired',
      code: 'HOLD_EXPIRED',
    });
  });

  it('is refused when it is over, with nothing booked', async () => {
    const hold = await held();
    await expire(service, hold.id);
    expect(await bookOrder(service, aBooking({ holdId: hold.id }))).toMatchObject({
      __typename: 'HoldExpired',
    });
    expect(await isFree()).toBe(true);
  });

  it.each([
    { name: "somebody else's", holdId: (hold: OrderAnswer) => hold.id },
    { name: 'none', holdId: () => '0190a0a0-0000-7000-8000-000000000000' },
    { name: 'no id at all', holdId: () => 'mine' },
  ])('is refused if it is $name, all alike', async ({ holdId }) => {
    const hold = await held();
    const wish = aBooking({ holdId: holdId(hold) });
    expect(await bookOrder(service, wish, service.tokens.staff('A'))).toEqual({
      __typename: 'HoldExpired',
      code: 'HOLD_EXPIRED',
      message: expect.any(String),
    });
    expect(await isFree()).toBe(false);
  });

  it.each([
    {
      name: 'the store closes then',
      part: { stores: [aStore('B', {}, { specialHours: [CLOSED_ON_TUESDAY()] })] },
    },
    { name: 'the shift can do less', part: { workshops: [aWorkshop(0)] } },
  ])('is looked at anew if the chain has changed since: $name', async ({ part }) => {
    const wish = aBooking();
    const hold = await held(wish);
    await service.import(part);
    const answer = await bookOrder(service, { ...wish, requestKey: newKey(), holdId: hold.id });
    expect(answer.__typename).not.toBe('Order');
  });

  it('is kept if the chain has changed where it is no matter', async () => {
    const wish = aBooking();
    const hold = await held(wish);
    await service.import({ stores: [aStore('C')] });
    const order = await bookOrder(service, { ...wish, requestKey: newKey(), holdId: hold.id });
    expect(order).toMatchObject({
      __typename: 'Order',
      promise: { readyBy: hold.promise.readyBy },
    });
  });
});

function CLOSED_ON_TUESDAY() {
  return { from: dateOf('Tue'), to: dateOf('Tue'), hours: [] };
}

describe('a hold that is over', () => {
  it('takes nothing, before anything has cleaned it up', async () => {
    const hold = await held();
    expect(await isFree()).toBe(false);
    await expire(service, hold.id);
    expect(await isFree()).toBe(true);
    expect(await takenClaims(service)).toMatchObject({ 'counter:A/visits 09-02 10:30': 1 });
  });

  it('is freed when it is in the way of a booking, of a hold and of a second process', async () => {
    const second = await startService({ database: service.database });
    for (const [index, take] of [bookOrder, holdOrder].entries()) {
      await startOver(service, workedNetwork({ counter: { visits: 1 } }));
      const hold = await held();
      await expire(service, hold.id);
      const answer = await take(index === 0 ? service : second, aBooking());
      expect(answer.__typename).toBe(index === 0 ? 'Order' : 'Hold');
      expect(await takenClaims(service)).toMatchObject({ 'counter:A/visits 09-02 10:30': 1 });
    }
    await second.stop();
  });

  it('is freed with all others in the way, however many there are', async () => {
    await startOver(service, workedNetwork({ b: { shelfPairs: 1 } }));
    const nextDay = { Mon: 'Tue', Tue: 'Wed', Wed: 'Thu', Thu: 'Fri' };
    for (const [day, next] of Object.entries(nextDay)) {
      const visits = { dropOff: `A ${day} 10:30`, pickUp: `B ${next} 20:30` };
      await expire(service, (await held(aBooking(visits))).id);
    }
    const order = await bookOrder(service, aBooking({ pickUp: 'B Fri 20:30' }));
    expect(order.__typename).toBe('Order');
  });
});
