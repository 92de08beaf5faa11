import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { StoreInput } from '../../src/core/network/network-input.ts';
import {
  aBooking,
  AVAILABILITY,
  availability,
  bookOrder,
  type AvailabilityArguments,
} from '../support/bookings.ts';
import { QueryCounter } from '../support/query-counter.ts';
import { MONDAY_MORNING, startService, type TestService } from '../support/service.ts';
import { at, aStore, DAILY, dateOf, when, workedNetwork } from '../support/worked-network.ts';

const HOURS = (opens: string, closes: string) => [{ days: DAILY, opens, closes }];

/** One store for each rule. */
const STORES: readonly StoreInput[] = [
  aStore(
    'LIMITS',
    {
      counter: {
        visits: 5,
        walkInVisits: 1,
        dropOffVisits: 2,
        pickUpVisits: 3,
        dropOffPairs: 10,
        leadTimeMinutes: 150,
        horizonDays: 3,
        bands: [
          { days: ['TUESDAY'], opens: '12:00', closes: '13:00', visits: 8, dropOffVisits: 6 },
          { days: DAILY, opens: '12:30', closes: '13:30', visits: 1, walkInVisits: 1 },
        ],
      },
    },
    { openingHours: HOURS('10:00', '14:00') },
  ),
  aStore('LATE', {}, { openingHours: HOURS('18:00', '02:00') }),
  aStore('ALWAYS', { counter: { slotMinutes: 60 } }, { openingHours: HOURS('00:00', '24:00') }),
  aStore(
    'NEWYORK',
    { counter: { slotMinutes: 60, horizonDays: 300 } },
    { timeZone: 'America/New_York', openingHours: HOURS('00:00', '05:00') },
  ),
  aStore(
    'SPECIAL',
    {},
    {
      openingHours: [
        { days: DAILY, opens: '10:00', closes: '12:00' },
        { days: DAILY, opens: '12:00', closes: '12:45' },
        { days: DAILY, opens: '14:15', closes: '15:15' },
      ],
      specialHours: [
        { from: dateOf('Wed'), to: dateOf('Thu'), hours: [] },
        { from: dateOf('Fri'), to: dateOf('Fri'), hours: [{ opens: '16:00', closes: '17:00' }] },
      ],
    },
  ),
];

let service: TestService;
beforeAll(async () => {
  const chain = workedNetwork();
  const many = Array.from({ length: 50 }, (_, i) => aStore(`M${i}`));
  service = await startService({
    network: { ...chain, stores: [...chain.stores!, ...STORES, ...many] },
  });
});
afterAll(() => service.stop());

const onDay = (
  storeCode: string,
  day: string,
  more: Partial<AvailabilityArguments> = {},
): AvailabilityArguments => ({
  storeCodes: [storeCode],
  kind: 'DROP_OFF',
  from: dateOf(day),
  to: dateOf(day),
  ...more,
});

/** `HH:MM` in Shanghai of each slot of one store. */
async function starts(asked: AvailabilityArguments): Promise<string[]> {
  const [slots = []] = await availability(service, asked);
  const clock = new Intl.DateTimeFormat('en-GB', {
    timeZone: 'Asia/Shanghai',
    hour: '2-digit',
    minute: '2-digit',
  });
  return slots.map(({ start }) => clock.format(new Date(start)));
}

/** `remaining/capacity` by start. */
async function numbers(asked: AvailabilityArguments): Promise<string[]> {
  const [slots = []] = await availability(service, asked, service.tokens.hq);
  return slots.map(({ remaining, capacity }) => `${remaining}/${capacity}`);
}

describe('which slots there are', () => {
  it.each([
    {
      name: 'none that starts before the lead time is over; at its very end is in time',
      asked: onDay('LIMITS', 'Mon'),
      found: ['10:30', '11:00', '11:30', '12:00', '13:30'],
    },
    {
      name: 'the last day of the horizon',
      asked: onDay('LIMITS', 'Wed'),
      found: ['10:00', '10:30', '11:00', '11:30', '12:00', '13:30'],
    },
    { name: 'none after the horizon', asked: onDay('LIMITS', 'Thu'), found: [] },
    {
      name: 'touching hours share a grid, each opening has its own, no slot outlasts it',
      asked: onDay('SPECIAL', 'Tue'),
      found: ['10:00', '10:30', '11:00', '11:30', '12:00', '14:15', '14:45'],
    },
    { name: 'closed by special hours', asked: onDay('SPECIAL', 'Wed'), found: [] },
    {
      name: 'replaced by special hours',
      asked: onDay('SPECIAL', 'Fri'),
      found: ['16:00', '16:30'],
    },
    {
      name: 'after midnight they belong to the date that they start on',
      asked: onDay('LATE', 'Tue'),
      found: [
        ...['00:00', '00:30', '01:00', '01:30', '18:00', '18:30', '19:00', '19:30'],
        ...['20:00', '20:30', '21:00', '21:30', '22:00', '22:30', '23:00', '23:30'],
      ],
    },
    {
      name: 'a store that never closes has each date its own',
      asked: onDay('ALWAYS', 'Wed'),
      found: Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:00`),
    },
    {
      name: 'the past',
      asked: { ...onDay('A', 'Mon'), from: '2030-08-01', to: '2030-08-31' },
      found: [],
    },
  ])('$name', async ({ asked, found }) => {
    expect(await starts(asked)).toEqual(found);
  });

  it.each([
    {
      name: 'a day of 25 hours repeats an hour',
      date: '2030-11-03',
      found: ['04:00', '05:00', '06:00', '07:00', '08:00', '09:00'],
    },
    {
      name: 'a day of 23 hours skips one',
      date: '2031-03-09',
      found: ['05:00', '06:00', '07:00', '08:00'],
    },
    {
      name: 'an ordinary day',
      date: '2031-03-10',
      found: ['04:00', '05:00', '06:00', '07:00', '08:00'],
    },
  ])('in New York: $name', async ({ date, found }) => {
    const [slots = []] = await availability(service, {
      storeCodes: ['NEWYORK'],
      kind: 'PICK_UP',
      from: date,
      to: date,
    });
    expect(slots.map(({ start }) => start)).toEqual(found.map((utc) => `${date}T${utc}:00.000Z`));
  });

  it('moves with the clock', async () => {
    service.clock.set(at('Tue 11:00'));
    expect(await starts(onDay('LIMITS', 'Tue'))).toEqual(['13:30']);
    expect((await starts(onDay('LIMITS', 'Thu'))).length).toBeGreaterThan(0);
    service.clock.set(MONDAY_MORNING);
  });

  it('the slot of an instant is the same whatever window is asked for', async () => {
    const whole = await availability(service, { ...onDay('LATE', 'Mon'), to: dateOf('Sun') });
    const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
    const parts = await Promise.all(days.map((day) => availability(service, onDay('LATE', day))));
    expect(parts.flatMap(([slots = []]) => slots)).toEqual(whole[0]);
  });
});

describe('what is free of them', () => {
  it.each([
    {
      name: 'a drop-off: its own limit, the bands on Tuesday, what is kept for walk-ins',
      asked: onDay('LIMITS', 'Tue', { includeFull: true }),
      found: ['2/2', '2/2', '2/2', '2/2', '6/6', '6/6', '0/0', '2/2'],
    },
    {
      name: 'a pick-up',
      asked: onDay('LIMITS', 'Tue', { kind: 'PICK_UP', includeFull: true }),
      found: ['3/3', '3/3', '3/3', '3/3', '3/3', '3/3', '0/0', '3/3'],
    },
    {
      name: 'visits of so many pairs',
      asked: onDay('LIMITS', 'Tue', { pairs: 6 }),
      found: ['1/2', '1/2', '1/2', '1/2', '1/6', '1/6', '1/2'],
    },
    {
      name: 'more pairs than a slot ever takes',
      asked: onDay('LIMITS', 'Tue', { pairs: 11 }),
      found: [],
    },
    {
      name: 'pairs are no matter at a pick-up',
      asked: onDay('SPECIAL', 'Fri', { kind: 'PICK_UP', pairs: 5000 }),
      found: ['4/4', '4/4'],
    },
  ])('$name', async ({ asked, found }) => {
    expect(await numbers(asked)).toEqual(found);
  });

  it('both kinds take from the whole, each from its own', async () => {
    await service.import({
      stores: [aStore('A', { counter: { visits: 3, dropOffVisits: 1, pickUpVisits: 3 } })],
    });
    const collected = aBooking({ pickUp: 'A Tue 20:30' });
    const handedIn = aBooking({ dropOff: 'A Tue 20:30', pickUp: 'A Fri 10:00' });
    for (const booking of [collected, handedIn]) {
      expect((await bookOrder(service, booking)).__typename).toBe('Order');
    }
    const last = async (kind: 'DROP_OFF' | 'PICK_UP') =>
      (await numbers(onDay('A', 'Tue', { kind, includeFull: true }))).at(-1);
    expect([await last('DROP_OFF'), await last('PICK_UP')]).toEqual(['0/1', '1/3']);
  });

  it('includes full slots for headquarters and the own staff, for nobody else', async () => {
    await service.import({ stores: [aStore('A', { counter: { visits: 1 } })] });
    const order = await bookOrder(
      service,
      aBooking({ dropOff: 'A Thu 10:00', pickUp: 'B Sat 20:30' }),
    );
    expect(order.__typename).toBe('Order');
    const { hq, staff, customer } = service.tokens;
    const asked = onDay('A', 'Thu', { includeFull: true });
    const sees = async (token?: string | Promise<string>) => {
      const [slots = []] = await availability(service, asked, token);
      return slots.some(({ start }) => start === when('Thu 10:00'));
    };
    expect({
      hq: await sees(hq),
      ownStaff: await sees(staff('A', 'B')),
      otherStaff: await sees(staff('B')),
      customer: await sees(customer('+8613800138000')),
      nobody: await sees(),
      withoutAsking: (await starts(onDay('A', 'Thu'))).includes('10:00'),
    }).toEqual({
      hq: true,
      ownStaff: true,
      otherStaff: false,
      customer: false,
      nobody: false,
      withoutAsking: false,
    });
    await service.import({ stores: [aStore('A')] });
  });
});

describe('limits of a question', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `M${i}`);
  it.each([
    { name: 'no such store', asked: { storeCodes: ['A', 'NONE'] }, path: 'storeCodes[1]' },
    { name: '51 stores', asked: { storeCodes: [...many(50), 'A'] }, path: 'storeCodes' },
    { name: '63 days', asked: { from: '2030-09-01', to: '2030-11-02' }, path: 'to' },
    {
      name: 'the end before the beginning',
      asked: { from: '2030-09-02', to: '2030-09-01' },
      path: 'to',
    },
    { name: 'a date that there is not', asked: { from: '2030-02-30' }, path: 'from' },
    { name: 'no date', asked: { to: 'soon' }, path: 'to' },
    { name: 'no pairs', asked: { pairs: 0 }, path: 'pairs' },
    { name: 'too many pairs', asked: { pairs: 5001 }, path: 'pairs' },
  ])('$name', async ({ asked, path }) => {
    const { status, errors } = await service.ask(AVAILABILITY, { ...onDay('A', 'Mon'), ...asked });
    expect({ status, ...errors[0]?.extensions }).toMatchObject({
      status: 400,
      code: 'BAD_USER_INPUT',
      inputPath: path,
    });
  });

  it('the last day of the calendar is answered', async () => {
    const last = { ...onDay('A', 'Mon'), from: '9999-12-31', to: '9999-12-31' };
    const { status, errors } = await service.ask(AVAILABILITY, last);
    expect({ status, errors }).toEqual({ status: 200, errors: [] });
  });

  it('50 stores and 62 days are answered, in the order of the codes', async () => {
    const storeCodes = many(50).reverse();
    const asked = { storeCodes, kind: 'DROP_OFF', from: '2030-09-01', to: '2030-11-01' };
    const data = await service.data<{ availability: { store: { code: string } }[] }>(
      `query ($storeCodes: [ID!]!, $kind: VisitKind!, $from: LocalDate!, $to: LocalDate!) {
        availability(storeCodes: $storeCodes, kind: $kind, from: $from, to: $to) {
          store { code } slots { start }
        }
      }`,
      asked,
    );
    expect(data.availability.map(({ store }) => store.code)).toEqual(storeCodes);
  });

  it('takes one statement, for one store and for fifty', async () => {
    const counter = new QueryCounter(service.app);
    const month = { kind: 'DROP_OFF', from: '2030-09-01', to: '2030-09-30' } as const;
    const one = await counter.during(() => availability(service, { ...month, storeCodes: ['A'] }));
    const fifty = await counter.during(() =>
      availability(service, { ...month, storeCodes: many(50) }),
    );
    expect(one).toHaveLength(1);
    expect(fifty).toEqual(one);
  });
});
