import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import ICAL from 'ical.js';

import type { OrderData } from '../../src/core/orders/order.ts';
import { DAY_MS } from '../../src/core/time/time.ts';
import { CalendarParts } from '../../src/features/calendars/index.ts';
import { Capacity } from '../../src/features/capacity/index.ts';
import {
  aBooking,
  aCancellation,
  aMove,
  bookOrder,
  cancelOrder,
  MEI,
  moveAppointment,
  startOver,
  type OrderAnswer,
} from '../support/bookings.ts';
import { MONDAY_MORNING, startService, type TestService, type Token } from '../support/service.ts';
import { at, when, workedNetwork } from '../support/worked-network.ts';

const PUBLIC_URL = 'https://shoes.example';
/** Long, in characters of three and four octets, with all that has to be escaped. */
const ODD = '王女士的“复古”跑鞋👟👟，左脚；右脚\\鞋带, 备用; 加急👟'.repeat(2);

let service: TestService;
beforeAll(async () => {
  service = await startService({ env: { PUBLIC_URL } });
});
afterAll(() => service.stop());
beforeEach(async () => {
  service.clock.set(MONDAY_MORNING);
  await startOver(
    service,
    workedNetwork({ a: { name: 'Century Avenue · 世纪大道', address: '世纪大道1号, 一层' } }),
  );
  await service.rows('UPDATE customer SET locale = NULL');
  // What earlier tests left is long past.
  await service.rows(`UPDATE customer_order SET updated_at = 'epoch'`);
  await service.rows(
    `UPDATE appointment SET starts_at = starts_at - interval '1 year', ends_at = ends_at - interval '1 year'`,
  );
});

interface Event {
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  readonly start: string;
  readonly end: string;
  readonly summary: string;
  readonly location: string;
  readonly description: string;
}

const STORE =
  'query ($code: ID!, $locale: String) { storeCalendar(storeCode: $code, locale: $locale) }';

async function storeUrl(token: Token, code = 'A', locale?: string): Promise<string | null> {
  const variables = { code, ...(locale === undefined ? {} : { locale }) };
  return (await service.data<{ storeCalendar: string | null }>(STORE, variables, token))
    .storeCalendar;
}

async function myUrl(contact: string): Promise<string | null> {
  const token = service.tokens.customer(contact);
  return (await service.data<{ myCalendar: string | null }>('{ myCalendar }', {}, token))
    .myCalendar;
}

/** The public address as it is reached in a test. */
const here = (url: string): string => url.replace(PUBLIC_URL, new URL(service.url).origin);

async function textOf(url: string): Promise<string> {
  const response = await fetch(here(url));
  expect(response.status).toBe(200);
  return response.text();
}

/** As a calendar program reads it, by start. */
function read(text: string): readonly Event[] {
  const root = new ICAL.Component(ICAL.parse(text) as unknown[]);
  const events = root.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component);
    return {
      uid: event.uid,
      sequence: event.sequence,
      status: String(component.getFirstPropertyValue('status')),
      start: event.startDate.toJSDate().toISOString(),
      end: event.endDate.toJSDate().toISOString(),
      summary: event.summary,
      location: event.location,
      description: event.description,
    };
  });
  return events.sort((a, b) => (a.start < b.start ? -1 : 1));
}

const feedOf = async (url: string | null): Promise<readonly Event[]> => read(await textOf(url!));

/** The order as an event keeps it. */
async function stored({ id, version }: OrderAnswer): Promise<OrderData> {
  const text = 'SELECT after FROM event WHERE order_id = $1 AND version = $2';
  return (await service.rows<{ after: OrderData }>(text, [id, version]))[0]!.after;
}

describe("a store's calendar", () => {
  it('shows visits, moves them, and marks those that were cancelled', async () => {
    const url = await storeUrl(service.tokens.staff('A'));
    expect(url).toMatch(/^https:\/\/shoes\.example\/calendars\/stores\/A\.ics\?key=[\w-]{22}$/);
    const order = await bookOrder(service, aBooking());
    const booked = {
      uid: order.dropOff.id,
      sequence: 0,
      status: 'CONFIRMED',
      start: order.dropOff.start,
      end: order.dropOff.end,
      summary: 'Drop-off: AJ1',
      location: 'Century Avenue, 世纪大道1号, 一层',
      description: `Ticket code: ${order.ticketCode}`,
    };
    expect(await feedOf(url)).toEqual([expect.objectContaining(asRead(booked))]);

    const moved = await moveAppointment(service, aMove(order, 'dropOff', 'A Mon 11:30'));
    const at1130 = { ...booked, sequence: 1, start: moved.dropOff.start, end: moved.dropOff.end };
    expect(await feedOf(url)).toEqual([asRead(at1130)]);

    await cancelOrder(service, aCancellation(moved));
    expect(await feedOf(url)).toEqual([asRead({ ...at1130, sequence: 2, status: 'CANCELLED' })]);
  });

  it('begins with yesterday and is of one store', async () => {
    const url = await storeUrl(service.tokens.hq);
    const order = await bookOrder(service, aBooking());
    service.clock.set(at('Tue 23:59'));
    expect((await feedOf(url)).map(({ uid }) => uid)).toContain(order.dropOff.id);
    service.clock.set(at('Wed 00:00'));
    expect(await feedOf(url)).toEqual([]);
    const b = await feedOf(await storeUrl(service.tokens.hq, 'B'));
    expect(b.map(({ uid }) => uid)).toEqual([order.pickUp.id]);
  });

  it('speaks the language that was asked for', async () => {
    await bookOrder(service, aBooking());
    const url = await storeUrl(service.tokens.hq, 'A', 'zh-CN');
    expect(await feedOf(url)).toMatchObject([
      { summary: '收鞋：AJ1', location: '世纪大道, 世纪大道1号, 一层' },
    ]);
  });

  it('is for the staff of the store and headquarters', async () => {
    expect(await storeUrl(service.tokens.staff('B'), 'A')).toBeNull();
    expect(await storeUrl(service.tokens.hq, 'nowhere')).toBeNull();
    const { errors } = await service.ask(STORE, { code: 'A' }, service.tokens.customer(MEI.phone));
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe("a customer's calendar", () => {
  it('shows open orders and what ended in the last 30 days, in their language', async () => {
    await bookOrder(service, aBooking());
    await service.rows(`UPDATE customer SET locale = 'zh-CN'`);
    const url = await myUrl(MEI.phone);
    const both = await feedOf(url);
    expect(both.map(({ summary }) => summary)).toEqual(['送鞋：AJ1', '取鞋：AJ1']);

    const [order] = await service.rows<{ id: string; version: number }>(
      `SELECT id, version FROM customer_order WHERE status = 'BOOKED'`,
    );
    await cancelOrder(service, {
      requestKey: 'cancel-of-calendars',
      orderId: order!.id,
      expectedVersion: order!.version,
    });
    expect(new Set((await feedOf(url)).map(({ status }) => status))).toEqual(
      new Set(['CANCELLED']),
    );
    service.clock.advance(31 * DAY_MS);
    expect(await feedOf(url)).toEqual([]);
  });

  it('holds the visits of nobody else', async () => {
    await bookOrder(service, aBooking());
    const other = { name: 'Li', phone: '+8613900139000' };
    const theirs = await bookOrder(service, aBooking({ customer: other, dropOff: 'A Mon 11:30' }));
    const uids = (await feedOf(await myUrl(other.phone))).map(({ uid }) => uid);
    expect(uids).toEqual([theirs.dropOff.id, theirs.pickUp.id]);
  });

  it('is not there before the first booking', async () => {
    expect(await myUrl('+8613700137000')).toBeNull();
  });
});

describe('the address of a calendar', () => {
  it('opens nothing with another key', async () => {
    await bookOrder(service, aBooking());
    const a = new URL(here((await storeUrl(service.tokens.hq, 'A'))!));
    const mine = new URL(here((await myUrl(MEI.phone))!));
    const tries = [
      new URL(a.pathname, a),
      new URL(`${a.pathname}?key=${'x'.repeat(22)}`, a),
      new URL(`${a.pathname}?key=${a.searchParams.get('key')}&key=y`, a),
      new URL(`/calendars/stores/B.ics${a.search}`, a),
      new URL(`/calendars/stores/A${a.search}`, a),
      new URL(`/calendars/customers/A.ics${a.search}`, a),
      new URL(`${mine.pathname}${a.search}`, a),
    ];
    for (const url of tries) {
      const response = await fetch(url);
      expect([url.href, response.status]).toEqual([url.href, 404]);
    }
  });

  it('says that nothing changed to who has it already', async () => {
    const url = here((await storeUrl(service.tokens.hq))!);
    const first = await fetch(url);
    expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
    const headers = { 'if-none-match': first.headers.get('etag')! };
    expect((await fetch(url, { headers })).status).toBe(304);
    await bookOrder(service, aBooking());
    expect((await fetch(url, { headers })).status).toBe(200);
  });
});

describe('the text', () => {
  it('is folded at 75 octets, cuts no character, and comes back as it was', async () => {
    const items = [{ description: ODD, serviceCodes: ['basic-clean'] }];
    const order = await bookOrder(service, aBooking({ items }));
    expect(order.__typename).toBe('Order');
    const text = await textOf((await storeUrl(service.tokens.hq))!);
    const lines = text.split('\r\n');
    expect(Math.max(...lines.map((line) => Buffer.byteLength(line)))).toBe(75);
    expect(text).not.toContain('\ufffd');
    expect(text.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
    expect(read(text)[0]!.summary).toBe(`Drop-off: ${ODD}`);
  });
});

describe('what goes with a message', () => {
  const part = async (
    kind: 'ORDER_BOOKED' | 'MOVED' | 'CANCELLED' | 'READY',
    order: OrderAnswer,
  ) => {
    const { stores } = await service.app.get(Capacity, { strict: false }).lastSeen();
    const parts = service.app.get(CalendarParts, { strict: false });
    return parts.of(kind, await stored(order), stores, 'en', MONDAY_MORNING);
  };

  it('publishes the visits, and takes back the same ones', async () => {
    const order = await bookOrder(service, aBooking());
    const booked = await part('ORDER_BOOKED', order);
    const moved = await moveAppointment(service, aMove(order, 'pickUp', 'B Wed 20:30'));
    const then = await part('MOVED', moved);
    const cancelled = await cancelOrder(service, aCancellation(moved));
    const off = await part('CANCELLED', cancelled);

    expect([booked, then, off].map((one) => one!.method)).toEqual(['PUBLISH', 'PUBLISH', 'CANCEL']);
    const told = [booked, then, off].map((one) => read(one!.content));
    expect(told.map((events) => events.map(({ uid }) => uid))).toEqual(
      Array.from({ length: 3 }, () => [order.dropOff.id, order.pickUp.id]),
    );
    expect(told.map((events) => events.map(({ sequence }) => sequence))).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
    ]);
    expect(told[1]![1]).toMatchObject({ start: when('Wed 20:30'), status: 'CONFIRMED' });
    expect(told[2]!.map(({ status }) => status)).toEqual(['CANCELLED', 'CANCELLED']);
    const organizers = [booked, then, off].map(
      (one) => /ORGANIZER;[^:]*:mailto:[^\r]*/.exec(one!.content.replace(/\r\n /g, ''))?.[0],
    );
    expect(new Set(organizers)).toEqual(
      new Set(['ORGANIZER;CN="Century Avenue · 世纪大道":mailto:no-reply@shoes.example']),
    );
    expect(booked!.content).toContain('METHOD:PUBLISH\r\n');
    expect(off!.content).toContain('METHOD:CANCEL\r\n');
  });

  it('is nothing for messages that make, move or end no appointment', async () => {
    expect(await part('READY', await bookOrder(service, aBooking()))).toBeNull();
  });
});

/** Instants as the reader writes them. */
const asRead = (event: Event): Event => ({
  ...event,
  start: new Date(event.start).toISOString(),
  end: new Date(event.end).toISOString(),
});
