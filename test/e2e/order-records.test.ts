import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  holdOrder,
  MEI,
  moveAppointment,
  readOrder,
  type OrderAnswer,
} from '../support/bookings.ts';
import { QueryCounter } from '../support/query-counter.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

const TICKET_CODE = /^[2346789ACFHJKMRTWXY]{4}-[2346789ACFHJKMRTWXY]{4}$/;

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork({ counter: { visits: 50 } }) });
});
afterAll(() => service.stop());

interface EventRow {
  readonly version: number;
  readonly kind: string;
  readonly actor: string;
  readonly at: Date;
  readonly before: Partial<OrderRecord> | null;
  readonly after: OrderRecord;
  readonly reason: string | null;
}

interface OrderRecord {
  readonly id: string;
  readonly ticketCode: string;
  readonly status: string;
  readonly version: number;
  readonly pickUp: { readonly start: number; readonly status: string };
}

const eventsOf = ({ id }: OrderAnswer) =>
  service.rows<EventRow & { id: string }>(
    'SELECT * FROM event WHERE order_id = $1 ORDER BY version',
    [id],
  );

describe('an order', () => {
  it('has an id, and a ticket code of letters that are not mistaken, like no other', async () => {
    const codes = new Set<string>();
    const ids = new Set<string>();
    for (let n = 0; n < 20; n++) {
      const { id, ticketCode, dropOff, pickUp } = await bookOrder(service, aBooking());
      expect(ticketCode).toMatch(TICKET_CODE);
      codes.add(ticketCode);
      for (const each of [id, dropOff.id, pickUp.id]) ids.add(each);
    }
    expect([codes.size, ids.size]).toEqual([20, 60]);
  });

  it('keeps one event of each change: what was, what is, who, when, why', async () => {
    const { staff, customer } = service.tokens;
    const booked = await bookOrder(service, aBooking());
    service.clock.advance(60_000);
    const move = aMove(booked, 'pickUp', 'B Wed 12:00');
    const moved = await moveAppointment(service, move, staff('B', 'A'));
    const cancellation = { ...aCancellation(moved), reason: 'changed my mind' };
    await cancelOrder(service, cancellation, customer(MEI.phone));
    service.clock.set(MONDAY_MORNING);

    const events = await eventsOf(booked);
    expect(events).toMatchObject([
      { version: 1, kind: 'BOOKED', actor: 'hq', before: null, reason: null },
      { version: 2, kind: 'MOVED', actor: 'staff:A,B', reason: null },
      { version: 3, kind: 'CANCELLED', reason: 'changed my mind' },
    ]);
    expect(events.map((event) => event.at.getTime() - MONDAY_MORNING)).toEqual([0, 60_000, 60_000]);
    expect(events.map(({ after }) => after)).toMatchObject([
      { id: booked.id, ticketCode: booked.ticketCode, version: 1, status: 'BOOKED' },
      { version: 2, pickUp: { start: at('Wed 12:00') } },
      { version: 3, status: 'CANCELLED', pickUp: { start: at('Wed 12:00'), status: 'CANCELLED' } },
    ]);
    expect(events[1]!.before).toMatchObject({ version: 1, pickUp: { start: at('Tue 20:30') } });
    expect(Object.keys(events[1]!.before!).sort()).toEqual(['pickUp', 'promise', 'version']);
    expect(Object.keys(events[2]!.before!).sort()).toEqual([
      'dropOff',
      'pickUp',
      'status',
      'version',
    ]);
  });

  it('keeps no event of what was refused or sent again', async () => {
    const wish = aBooking();
    const booked = await bookOrder(service, wish);
    await bookOrder(service, wish);
    await moveAppointment(service, aMove(booked, 'pickUp', 'B Mon 20:30'));
    await moveAppointment(service, {
      ...aMove(booked, 'pickUp', 'B Wed 12:00'),
      expectedVersion: 2,
    });
    expect(await eventsOf(booked)).toHaveLength(1);
    expect(await readOrder(service, booked.id)).toMatchObject({ version: 1 });
  });
});

describe('what is stored of people', () => {
  const CHEN = { name: 'Chen Wei', phone: '+8613700137000', email: 'chen.wei@example.com' };
  const TRACES = [CHEN.phone, '13700137000', CHEN.email, 'chen.wei', 'Chen', 'Wei'];

  /** Every row of every table, as text. */
  async function everything(): Promise<ReadonlyMap<string, string>> {
    const tables = await service.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
    );
    const texts = new Map<string, string>();
    for (const { name } of tables) {
      const rows = await service.rows<{ text: string }>(`SELECT t::text AS text FROM "${name}" t`);
      texts.set(name, rows.map(({ text }) => text).join('\n'));
    }
    return texts;
  }

  it('is in the tables for it, and nowhere else', async () => {
    const { customer } = service.tokens;
    const booked = await bookOrder(service, aBooking({ customer: CHEN }));
    const moved = await moveAppointment(
      service,
      aMove(booked, 'pickUp', 'B Wed 12:00'),
      customer(CHEN.email),
    );
    await cancelOrder(service, aCancellation(moved), customer(CHEN.phone));
    await holdOrder(service, aBooking({ customer: null }), customer(CHEN.phone));
    await bookOrder(service, aBooking({ customer: null }), customer(CHEN.email));

    const found = [...(await everything())].flatMap(([table, text]) =>
      TRACES.filter((trace) => text.toLowerCase().includes(trace.toLowerCase())).map(
        (trace) => `${table}: ${trace}`,
      ),
    );
    expect(found.sort()).toEqual([
      'contact: +8613700137000',
      'contact: 13700137000',
      ...['Chen', 'Wei', 'chen.wei', 'chen.wei@example.com'].map((trace) => `contact: ${trace}`),
      'customer: Chen',
      'customer: Wei',
    ]);
  });

  it('is one customer, however they are named', async () => {
    const { customer } = service.tokens;
    const contact = '+8613600136000';
    await bookOrder(service, aBooking({ customer: null }), customer(contact));
    await bookOrder(service, aBooking({ customer: { name: 'Wu', phone: contact } }));
    const both = { name: 'Wu', phone: contact, email: 'WU@example.com' };
    await bookOrder(service, aBooking({ customer: both }));
    await bookOrder(service, aBooking({ customer: { name: 'Another', phone: contact } }));
    const rows = await service.rows<{ name: string }>(
      `SELECT DISTINCT c.id, c.name FROM customer c JOIN contact p ON p.customer_id = c.id
        WHERE p.value IN ($1, 'wu@example.com')`,
      [contact],
    );
    expect(rows.map(({ name }) => name)).toEqual(['Wu']);
  });
});

describe('reading an order', () => {
  const ALL = `query ($id: ID!) { order(id: $id) {
    items { description serviceCodes pairs }
    dropOff { store { code name } } pickUp { store { code name } }
    promise { readyBy earliestPickUp { remaining } steps { kind } delays { kind } }
  } }`;

  it('takes two statements, whatever is in it', async () => {
    const counter = new QueryCounter(service.app);
    const item = { description: 'AJ1', serviceCodes: ['basic-clean', 'resole'], pairs: 1 };
    const statements = async (count: number) => {
      const items = Array.from({ length: count }, () => item);
      const order = await bookOrder(service, aBooking({ items, pickUp: 'B Fri+1 12:00' }));
      const { id } = order;
      return counter.during(() => service.data(ALL, { id }, service.tokens.hq));
    };
    const one = await statements(1);
    expect(one).toHaveLength(2);
    expect(await statements(30)).toHaveLength(2);
  });

  it('shows what is free of the first pick-up slot now', async () => {
    const order = await bookOrder(service, aBooking({ pickUp: 'B Sat 12:00' }));
    const { start, remaining } = (await readOrder(service, order.id))!.promise.earliestPickUp;
    expect(start).toBe(when('Tue 20:30'));
    await bookOrder(service, aBooking());
    const later = (await readOrder(service, order.id))!.promise.earliestPickUp;
    expect(later).toMatchObject({ start, remaining: remaining - 1 });
  });
});
