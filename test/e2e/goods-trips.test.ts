import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { aBooking, bookOrder } from '../support/bookings.ts';
import { aTrip, replans, ROOMY, scan, takenIn, WAY } from '../support/goods.ts';
import { checkInvariants } from '../support/invariants.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { aLine, aStore, at, when } from '../support/worked-network.ts';

let service: TestService;

beforeAll(async () => {
  const timeZone = 'America/New_York';
  const toNewYork = { ...aLine('N-B', ['12:00', '20:00'], 60), timeZone };
  service = await startService({
    network: {
      ...ROOMY,
      stores: [...ROOMY.stores!, aStore('N', {}, { timeZone })],
      lines: [...ROOMY.lines!, toNewYork],
    },
  });
});

afterAll(async () => {
  expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
  await service.stop();
});

interface TripAnswer {
  readonly __typename: string;
  readonly code?: string;
  readonly delayMinutes: number;
  readonly stops: readonly {
    readonly code: string;
    readonly plannedAt: string;
    readonly arrivedAt: string | null;
    readonly departedAt: string | null;
    readonly toLoad: number;
    readonly loaded: number;
    readonly toUnload: number;
    readonly unloaded: number;
  }[];
  readonly pairs: readonly {
    readonly pair: { readonly tag: string };
    readonly isListed: boolean;
    readonly fromCode: string;
    readonly toCode: string;
    readonly loadedAt: string | null;
    readonly unloadedCode: string | null;
    readonly discrepancies: readonly string[];
  }[];
  readonly awaited: readonly { readonly orderId: string; readonly pairs: number }[];
}

const TRIP = `__typename lineCode departs isCancelled delayMinutes
  stops { number code plannedAt arrivedAt departedAt toLoad loaded toUnload unloaded }
  pairs { pair { tag } isListed fromCode toCode loadedAt unloadedCode discrepancies }
  awaited { orderId ticketCode pairs fromCode toCode }`;

const TO_W = { lineCode: 'A-W', departs: when('Mon 14:00') };

async function trip(name: object = TO_W, token: Token = service.tokens.hq): Promise<TripAnswer> {
  const query = `query ($lineCode: ID!, $departs: DateTime!) {
    trip(lineCode: $lineCode, departs: $departs) { ${TRIP} } }`;
  return (await service.data<{ trip: TripAnswer }>(query, name, token)).trip;
}

async function call(
  field: 'departTrip' | 'arriveTrip',
  input: object,
  token: Token = service.tokens.hq,
): Promise<TripAnswer> {
  const mutation = `mutation ($input: TripCallInput!) {
    ${field}(input: $input) { ... on Trip { ${TRIP} } ... on Refusal { __typename code } } }`;
  return (await service.data<Record<string, TripAnswer>>(mutation, { input }, token))[field]!;
}

/** What is said of the pairs with these tags. */
const said = (answer: TripAnswer, tags: readonly string[]) =>
  tags.map((tag) => {
    const found = answer.pairs.find(({ pair }) => pair.tag === tag);
    return found === undefined ? null : [found.isListed, ...found.discrepancies];
  });

beforeEach(async () => {
  await service.rows(`TRUNCATE trip_call, trip_listed, replan, disruption`);
  await service.import({ stores: [] });
});

describe('a trip', () => {
  it('lists what should ride, and what is still with its customer', async () => {
    service.clock.set(at('Mon 08:00'));
    const awaited = await bookOrder(service, aBooking({ pairs: 2 }));
    const { tags } = await takenIn(service, { pairs: 2 });
    const answer = await trip();
    expect(said(answer, tags)).toEqual([[true], [true]]);
    expect(answer.awaited).toContainEqual(
      expect.objectContaining({ orderId: awaited.id, pairs: 2, fromCode: 'A', toCode: 'W' }),
    );
    expect(answer.stops).toMatchObject([
      { code: 'A', plannedAt: when('Mon 14:00'), toLoad: 2, loaded: 0, toUnload: 0 },
      { code: 'W', plannedAt: when('Mon 15:00'), toLoad: 0, toUnload: 2, unloaded: 0 },
    ]);
  });

  it('departs without some: they are discrepancies, and their orders are planned again', async () => {
    const [one, other] = [await takenIn(service), await takenIn(service)];
    const tags = [one.tags[0]!, other.tags[0]!];
    service.clock.set(at('Mon 14:02'));
    await scan(service, [{ ...WAY[0]!, tag: tags[0]! }]);
    const input = { ...TO_W, stop: 0 };
    const departed = await call('departTrip', input, service.tokens.staff('A'));
    expect(said(departed, tags)).toEqual([[true], [true, 'NOT_LOADED']]);
    expect(departed.stops[0]!.departedAt).toBe(when('Mon 14:02'));
    const asked = await replans(service);
    expect([asked[one.order.id], asked[other.order.id]]).toEqual([undefined, 'DISCREPANCY']);

    // Saying so again changes nothing; a scanner that was offline sets it right.
    service.clock.set(at('Mon 16:00'));
    expect((await call('departTrip', input)).stops[0]!.departedAt).toBe(when('Mon 14:02'));
    await scan(service, [{ ...WAY[0]!, tag: tags[1]! }]);
    expect(said(await trip(), tags)).toEqual([[true], [true]]);
  });

  it('keeps on its list what missed it, whatever is planned later', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Mon 14:02'));
    await call('departTrip', { ...TO_W, stop: 0 });
    await service.rows(
      `UPDATE customer_order SET promise = jsonb_set(promise, '{steps}', '[]') WHERE id = $1`,
      [order.id],
    );
    const missed = said(await trip(), tags);
    await service.rows(
      `UPDATE customer_order o SET promise = e.after->'promise' FROM event e
        WHERE e.order_id = o.id AND e.version = o.version AND o.id = $1`,
      [order.id],
    );
    expect(missed).toEqual([[true, 'NOT_LOADED']]);
  });

  it('carries what it should not, loses what it should, and drops it elsewhere', async () => {
    const { tags } = await takenIn(service, { pairs: 3 });
    const [stowed, kept, unseen] = tags as [string, string, string];
    service.clock.set(at('Mon 22:00'));
    const night = aTrip('A-W', 'Mon 20:30');
    const [onVan, offVan] = WAY;
    await scan(service, [
      { ...onVan!, tag: stowed, trip: night, at: 'Mon 20:20' },
      { ...offVan!, tag: stowed, trip: night, at: 'Mon 21:40', placeCode: 'B' },
      { ...onVan!, tag: kept, trip: night, at: 'Mon 20:20' },
      { ...offVan!, tag: unseen, trip: night, at: 'Mon 21:40' },
    ]);
    const name = { lineCode: 'A-W', departs: when('Mon 20:30') };
    const arrived = await call('arriveTrip', { ...name, stop: 1, at: when('Mon 21:35') });
    expect(said(arrived, [stowed, kept, unseen])).toEqual([
      [false, 'ARRIVED_ELSEWHERE', 'NOT_LISTED'],
      [false, 'NOT_LISTED', 'NOT_UNLOADED'],
      [false, 'NOT_LISTED', 'NOT_SCANNED'],
    ]);
    expect(arrived.stops[1]).toMatchObject({ arrivedAt: when('Mon 21:35'), unloaded: 1 });
  });

  it('that is late has what it carries planned again', async () => {
    const { order, tags } = await takenIn(service);
    service.clock.set(at('Mon 13:55'));
    await scan(service, [{ ...WAY[0]!, tag: tags[0]! }]);
    service.clock.set(at('Mon 15:05'));
    await call('arriveTrip', { ...TO_W, stop: 1 });
    expect((await replans(service))[order.id]).toBeUndefined();
    await service.rows(`TRUNCATE trip_call`);
    service.clock.set(at('Mon 15:20'));
    expect(await call('arriveTrip', { ...TO_W, stop: 1 })).toMatchObject({ delayMinutes: 20 });
    expect((await replans(service))[order.id]).toBe('TRIP_CHANGED');
  });

  it.each([
    {
      name: 'no such trip',
      field: 'departTrip',
      departs: 'Mon 14:01',
      stop: 0,
      code: 'UNKNOWN_TRIP',
    },
    {
      name: 'no van leaves its last stop',
      field: 'departTrip',
      departs: 'Mon 14:00',
      stop: 1,
      code: 'UNKNOWN_STOP',
    },
    {
      name: 'no such stop',
      field: 'arriveTrip',
      departs: 'Mon 14:00',
      stop: 2,
      code: 'UNKNOWN_STOP',
    },
  ] as const)('$name: $code', async ({ field, departs, stop, code }) => {
    const answer = await call(field, { lineCode: 'A-W', departs: when(departs), stop });
    expect(answer).toEqual({ __typename: 'TripRefused', code });
  });

  it.each([
    { field: 'departTrip', stop: 0, now: 'Mon 11:59', at: null },
    { field: 'arriveTrip', stop: 1, now: 'Mon 12:59', at: null },
    { field: 'arriveTrip', stop: 1, now: 'Mon 15:00', at: 'Mon 12:59' },
  ] as const)('is too early for $field at $now', async ({ field, stop, now, at: said }) => {
    service.clock.set(at(now));
    const input = { ...TO_W, stop, at: said === null ? null : when(said) };
    expect(await call(field, input)).toEqual({ __typename: 'TripRefused', code: 'TOO_EARLY' });
    expect(await service.rows(`SELECT stop FROM trip_call`)).toEqual([]);
    const twoHoursBefore = at(stop === 0 ? 'Mon 12:00' : 'Mon 13:00');
    service.clock.set(Math.max(at(now), twoHoursBefore));
    const inTime = { ...TO_W, stop, at: new Date(twoHoursBefore).toISOString() };
    expect((await call(field, inTime)).__typename).toBe('Trip');
  });

  it('is for staff of its stops, who say what happens at their own', async () => {
    expect((await trip(TO_W, service.tokens.staff('W'))).__typename).toBe('Trip');
    const refusals = await Promise.all([
      service.ask(
        `{ trip(lineCode: "A-W", departs: "${TO_W.departs}") { lineCode } }`,
        {},
        service.tokens.staff('B'),
      ),
      service.ask(
        `mutation ($input: TripCallInput!) { departTrip(input: $input) { __typename } }`,
        { input: { ...TO_W, stop: 0 } },
        service.tokens.staff('W'),
      ),
      service.ask(
        `{ tripsOf(placeCode: "A", date: "2030-09-02") { lineCode } }`,
        {},
        service.tokens.staff('B'),
      ),
    ]);
    for (const { errors } of refusals)
      expect(errors[0]!.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});

describe('tripsOf', () => {
  it.each([
    { at: 'W', date: '0000-01-01', calls: 0 },
    { at: 'W', date: '0000-12-31', calls: 0 },
    { at: 'W', date: '0001-01-01', calls: 6 },
    { at: 'W', date: '9999-12-30', calls: 6 },
    { at: 'W', date: '9999-12-31', calls: 6 },
    { at: 'N', date: '9999-12-30', calls: 2 },
    { at: 'N', date: '9999-12-31', calls: 1 },
  ])('lists $calls calls at $at on $date, at the ends of time', async ({ calls, ...asked }) => {
    const query = `query ($at: ID!, $date: LocalDate!) { tripsOf(placeCode: $at, date: $date) {
      departs plannedAt arrivedAt } }`;
    const { tripsOf } = await service.data<{ tripsOf: object[] }>(query, asked, service.tokens.hq);
    expect(tripsOf).toHaveLength(calls);
  });

  it('refuses what is no date', async () => {
    const { errors } = await service.ask(
      `{ tripsOf(placeCode: "W", date: "2030-02-30") { lineCode } }`,
      {},
      service.tokens.hq,
    );
    expect(errors[0]!.extensions).toMatchObject({ code: 'BAD_USER_INPUT' });
  });

  it('lists every van that calls at a place on a date', async () => {
    const { tripsOf } = await service.data<{
      tripsOf: { lineCode: string; stop: number; plannedAt: string }[];
    }>(
      `{ tripsOf(placeCode: "W", date: "2030-09-03") { lineCode stop plannedAt isCancelled } }`,
      {},
      service.tokens.staff('W'),
    );
    expect(tripsOf).toEqual(
      [
        ['W-A', 0, 'Tue 09:00'],
        ['W-B', 0, 'Tue 09:00'],
        ['A-W', 1, 'Tue 15:00'],
        ['W-A', 0, 'Tue 18:30'],
        ['W-B', 0, 'Tue 18:30'],
        ['A-W', 1, 'Tue 21:30'],
      ].map(([lineCode, stop, plannedAt]) => ({
        lineCode,
        stop,
        plannedAt: when(plannedAt as string),
        isCancelled: false,
      })),
    );
  });
});
