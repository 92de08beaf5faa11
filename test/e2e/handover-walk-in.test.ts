import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import {
  aBooking,
  aMove,
  availability,
  bookOrder,
  moveAppointment,
  newKey,
  readOrder,
  slot,
} from '../support/bookings.ts';
import { receiveOrder, receiveWalkIn } from '../support/handovers.ts';
import { ledgerFaults } from '../support/ledger-faults.ts';
import { Counter } from '../support/queue/counter.ts';
import { startService, TOKEN_SECRET, type TestService } from '../support/service.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';
import { signToken } from '../../src/platform/signin/token.ts';

const REASON = { reason: 'An old customer' };

let service: TestService;
beforeEach(async () => {
  const network = workedNetwork({ counter: { visits: 3, walkInVisits: 1 } });
  service = await startService({ network, now: at('Mon 08:00') });
});
afterEach(() => service.stop());

const clerk = (...stores: string[]) =>
  signToken(TOKEN_SECRET, { role: 'staff', stores, permissions: ['OVER_LIMIT'] }, 3600);

const free = async (date: string, start: string): Promise<number> => {
  const asked = { storeCodes: ['A'], kind: 'DROP_OFF', from: date, to: date } as const;
  const [slots] = await availability(service, { ...asked, includeFull: true });
  return slots!.find((each) => Date.parse(each.start) === at(start))?.remaining ?? 0;
};

const overrides = async (): Promise<object[]> =>
  (
    await service.data<{ overrides: object[] }>(
      `{ overrides(storeCode: "A", from: "2030-09-01T00:00:00Z", to: "2030-09-10T00:00:00Z")
         { orderId visit start reason actor } }`,
      {},
      service.tokens.hq,
    )
  ).overrides;

describe('receiveWalkIn', () => {
  it('makes order, promise and tags on the spot, and owes a receipt', async () => {
    service.clock.set(at('Mon 10:40'));
    const received = await receiveWalkIn(
      service,
      {
        items: [
          {
            description: 'AJ1',
            serviceCodes: ['basic-clean'],
            pairs: 2,
            conditions: [{ condition: 'muddy' }],
          },
        ],
      },
      service.tokens.staff('A'),
    );
    expect(received).toMatchObject({
      __typename: 'Receipt',
      order: {
        status: 'RECEIVED',
        version: 1,
        dropOff: { status: 'FULFILLED', start: when('Mon 10:30'), store: { code: 'A' } },
        pickUp: { status: 'BOOKED', start: when('Tue 20:30'), store: { code: 'B' } },
        promise: { readyBy: when('Tue 20:30') },
        items: [{ price: { minor: 9_900, currency: 'CNY' } }],
      },
      pairs: [{ condition: 'muddy' }, { condition: null }],
      price: [{ minor: 19_800, currency: 'CNY' }],
    });
    const messages = await service.rows(
      `SELECT kind FROM message WHERE order_id = $1 AND kind IN ('RECEIPT', 'ORDER_BOOKED')`,
      [received.order.id],
    );
    expect(messages).toEqual([{ kind: 'RECEIPT' }]);
    expect(await readOrder(service, received.order.id)).toMatchObject({ status: 'RECEIVED' });
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('takes the places that the public cannot have, then the next slots of today', async () => {
    await bookOrder(service, aBooking());
    await bookOrder(service, aBooking());
    expect(await bookOrder(service, aBooking())).toMatchObject({ __typename: 'SlotFull' });
    service.clock.set(at('Mon 10:40'));
    const starts = [];
    for (let i = 0; i < 3; i++) {
      const { order } = await receiveWalkIn(service, { pickUp: { storeCode: 'A' } });
      starts.push(order.dropOff.start);
    }
    expect(starts).toEqual([when('Mon 10:30'), when('Mon 11:00'), when('Mon 11:00')]);
    expect(await ledgerFaults(service, () => true)).toEqual([]);
  });

  it('answers the same request again as before', async () => {
    service.clock.set(at('Mon 10:40'));
    const requestKey = newKey();
    const first = await receiveWalkIn(service, { requestKey });
    expect(await receiveWalkIn(service, { requestKey })).toEqual(first);
  });

  it('ends the visit of a walk-in who waited in the line', async () => {
    service.clock.set(at('Mon 10:40'));
    const entry = await new Counter(service, 'A').join();
    const input = { requestKey: newKey(), queueEntryId: entry.id };
    const stranger = { ...input, storeCode: 'B' };
    expect(await receiveWalkIn(service, stranger)).toMatchObject({ code: 'UNKNOWN_ENTRY' });
    const received = await receiveWalkIn(service, input);
    expect(received.__typename).toBe('Receipt');
    const [row] = await service.rows(`SELECT state, order_id FROM queue_entry WHERE id = $1`, [
      entry.id,
    ]);
    expect(row).toEqual({ state: 'FINISHED', order_id: received.order.id });
    expect(await receiveWalkIn(service, input)).toEqual(received);
    const again = { queueEntryId: entry.id };
    expect(await receiveWalkIn(service, again)).toMatchObject({ code: 'UNKNOWN_ENTRY' });
  });

  it.each([
    { name: 'when the store is closed', now: 'Mon 21:00', input: {}, code: 'CLOSED' },
    {
      name: 'a pick-up before the goods are ready',
      now: 'Mon 10:40',
      input: { pickUp: { storeCode: 'B', start: when('Tue 10:00') } },
      code: 'READY_TOO_LATE',
    },
    {
      name: 'a pick-up off the grid',
      now: 'Mon 10:40',
      input: { pickUp: { storeCode: 'B', start: when('Wed 10:10') } },
      code: 'NOT_ON_GRID',
    },
    {
      name: 'work that nobody can do',
      now: 'Mon 10:40',
      input: { items: [{ description: 'X', serviceCodes: ['gild'] }] },
      code: 'NO_SKILL',
    },
    {
      name: 'a service that is not sold',
      now: 'Mon 10:40',
      input: { items: [{ description: 'X', serviceCodes: ['paint'] }] },
      code: 'UNKNOWN_SERVICE',
    },
    {
      name: 'a store that is not there',
      now: 'Mon 10:40',
      input: { pickUp: { storeCode: 'X' } },
      code: 'UNKNOWN_STORE',
    },
  ])('refuses $name', async ({ now, input, code }) => {
    service.clock.set(at(now));
    expect(await receiveWalkIn(service, input)).toMatchObject({ code });
  });

  it('is for staff of the store', async () => {
    for (const token of [service.tokens.staff('B'), service.tokens.customer('a@example.com')]) {
      await expect(receiveWalkIn(service, {}, token)).rejects.toThrow('FORBIDDEN');
    }
  });
});

describe('over the limit', () => {
  it('puts a visit into a full slot, logs it, and opens nothing to the public', async () => {
    await bookOrder(service, aBooking());
    await bookOrder(service, aBooking());
    const input = { ...aBooking(), overLimit: REASON };
    const order = await bookOrder(service, input, clerk('A'));
    expect(order).toMatchObject({ __typename: 'Order', dropOff: { start: when('Mon 10:30') } });
    expect(await bookOrder(service, aBooking())).toMatchObject({ __typename: 'SlotFull' });
    expect(await free('2030-09-02', 'Mon 10:30')).toBe(0);
    expect(await overrides()).toEqual([
      {
        orderId: order.id,
        visit: 'DROP_OFF',
        start: when('Mon 10:30'),
        reason: REASON.reason,
        actor: 'staff:A',
      },
    ]);
    const [event] = await service.rows<{ details: { overLimit: object } }>(
      `SELECT details FROM event WHERE order_id = $1`,
      [order.id],
    );
    expect(event!.details.overLimit).toMatchObject({ reason: REASON.reason });
    expect(await ledgerFaults(service, () => true)).toEqual([]);
  });

  it('leaves no trace of a permission that was not needed', async () => {
    const before = (await overrides()).length;
    await bookOrder(service, { ...aBooking(), overLimit: REASON } as never);
    expect((await overrides()).length).toBe(before);
    expect(await ledgerFaults(service)).toEqual([]);
  });

  it('moves a visit and takes a walk-in over the limit, with permission', async () => {
    await bookOrder(service, aBooking());
    await bookOrder(service, aBooking());
    const wish = { dropOff: 'A Mon 11:00', pickUp: 'B Wed 12:00' };
    const order = await bookOrder(service, aBooking(wish));
    const move = { ...aMove(order, 'dropOff', 'A Mon 10:30'), overLimit: REASON };
    expect(await moveAppointment(service, move, service.tokens.hq)).toMatchObject({
      __typename: 'Order',
      dropOff: { start: when('Mon 10:30') },
    });
    await service.import({
      stores: workedNetwork({ counter: { visits: 1, walkInVisits: 0 } }).stores!,
    });
    service.clock.set(at('Mon 20:40'));
    await receiveWalkIn(service, { pickUp: { storeCode: 'A' } });
    const full = { pickUp: { storeCode: 'A' } };
    expect(await receiveWalkIn(service, full)).toMatchObject({ __typename: 'SlotFull' });
    const over = await receiveWalkIn(service, { ...full, overLimit: REASON }, clerk('A'));
    expect(over).toMatchObject({ __typename: 'Receipt' });
    expect(await overrides()).toContainEqual(
      expect.objectContaining({ orderId: over.order.id, visit: 'DROP_OFF' }),
    );
    expect(await ledgerFaults(service, () => true)).toEqual([]);
  });

  it('moves the pick-up of goods that are under way over the limit, with permission', async () => {
    const order = await bookOrder(service, aBooking({ dropOff: 'A Mon 10:00' }));
    for (let visits = 0; visits < 3; visits++) {
      await bookOrder(service, aBooking({ pickUp: 'B Wed 12:00' }));
    }
    service.clock.set(at('Mon 10:00'));
    await receiveOrder(service, { orderId: order.id, items: [{ item: 1, pairs: 1 }] });
    const { version } = (await readOrder(service, order.id))!;
    const move = aMove({ ...order, version }, 'pickUp', 'B Wed 12:00');
    expect(await moveAppointment(service, move)).toMatchObject({ __typename: 'SlotFull' });
    const over = { ...move, requestKey: newKey(), overLimit: REASON };
    await expect(moveAppointment(service, over, service.tokens.staff('B'))).rejects.toThrow(
      'FORBIDDEN',
    );
    expect(await moveAppointment(service, over, clerk('B'))).toMatchObject({
      __typename: 'Order',
      pickUp: { start: when('Wed 12:00') },
    });
    const [logged] = await service.rows<object>(
      `SELECT visit, store_code, reason FROM limit_override WHERE order_id = $1`,
      [order.id],
    );
    expect(logged).toEqual({ visit: 'PICK_UP', store_code: 'B', reason: REASON.reason });
    expect(await ledgerFaults(service, () => true)).toEqual([]);
  });

  it('is refused to everybody who has no permission for it', async () => {
    const input = { ...aBooking(), overLimit: REASON };
    await expect(bookOrder(service, input, service.tokens.staff('A'))).rejects.toThrow('FORBIDDEN');
    const own = { ...input, customer: null };
    const mei = service.tokens.customer('+8613800138000');
    await expect(bookOrder(service, own, mei)).rejects.toThrow('FORBIDDEN');
    await expect(
      receiveWalkIn(service, { overLimit: REASON }, service.tokens.staff('A')),
    ).rejects.toThrow('FORBIDDEN');
    const order = await bookOrder(service, aBooking());
    const move = { ...aMove(order, 'dropOff', 'A Mon 11:00'), overLimit: REASON };
    await expect(moveAppointment(service, move, service.tokens.staff('A'))).rejects.toThrow(
      'FORBIDDEN',
    );
    const query = `query { overrides(storeCode: "A", from: "2030-09-01T00:00:00Z",
      to: "2030-09-10T00:00:00Z") { orderId } }`;
    const { errors } = await service.ask(query, {}, clerk('A'));
    expect(errors[0]?.extensions['code']).toBe('FORBIDDEN');
  });

  it('never lets the public over a limit while staff go over it', async () => {
    const wish = { dropOff: slot('A Mon 10:30'), pickUp: slot('B Tue 20:30') };
    const all = await Promise.all(
      Array.from({ length: 24 }, (_, i) =>
        i % 4 === 0
          ? bookOrder(service, { ...aBooking(), ...wish, overLimit: REASON } as never, clerk('A'))
          : bookOrder(service, { ...aBooking(), ...wish }),
      ),
    );
    const booked = all.filter(({ __typename }) => __typename === 'Order');
    const over = all.filter((_, i) => i % 4 === 0);
    expect(over.every(({ __typename }) => __typename === 'Order')).toBe(true);
    const [row] = await service.rows<{ public: number }>(
      `SELECT count(*)::int AS public FROM customer_order o JOIN appointment a ON a.order_id = o.id
        WHERE o.id = ANY ($1::uuid[]) AND a.kind = 'DROP_OFF'
          AND o.id NOT IN (SELECT order_id FROM limit_override)`,
      [booked.map(({ id }) => id)],
    );
    expect(row!.public).toBeLessThanOrEqual(2);
    expect(await free('2030-09-02', 'Mon 10:30')).toBe(0);
    expect(await ledgerFaults(service, () => true)).toEqual([]);
  });
});
