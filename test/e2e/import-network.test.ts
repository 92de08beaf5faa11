import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { CHAIN_LOCK } from '../../src/features/network/index.ts';
import { Changes } from '../../src/features/orders/index.ts';
import {
  aBooking,
  availability,
  bookOrder,
  readOrder,
  startOver,
  type OrderAnswer,
} from '../support/bookings.ts';
import { QueryCounter } from '../support/query-counter.ts';
import { IMPORT, startService, type ImportAnswer, type TestService } from '../support/service.ts';
import { until } from '../support/service-process.ts';
import { aLine, aStore, aWorkshop, dateOf, workedNetwork } from '../support/worked-network.ts';

let service: TestService;
let second: TestService;
beforeAll(async () => {
  service = await startService();
  second = await startService({ database: service.database });
});
afterAll(async () => {
  await second.stop();
  await service.stop();
});

beforeEach(() => startOver(service, workedNetwork()));

const CLOSED_ON_TUESDAY = {
  specialHours: [{ from: dateOf('Tue'), to: dateOf('Tue'), hours: [] }],
};

async function importing(input: object): Promise<ImportAnswer> {
  const { importNetwork } = await service.data<{ importNetwork: ImportAnswer }>(
    IMPORT,
    { input },
    service.tokens.hq,
  );
  return importNetwork;
}

interface Seen {
  readonly version: number;
  readonly name: string | null;
}

/** The version of the chain, and the name of one of its stores. */
async function seen(code: string, by = service): Promise<Seen> {
  const { health, store } = await by.data<{
    health: { networkVersion: number };
    store: { name: string } | null;
  }>(`query ($code: ID!) { health { networkVersion } store(code: $code) { name } }`, { code });
  return { version: health.networkVersion, name: store?.name ?? null };
}

describe('importNetwork', () => {
  it('puts parts in place of those of their code; what is not named stays', async () => {
    const before = await seen('A');
    expect(await importing({ stores: [aStore('A', {}, { name: 'New A' })] })).toMatchObject({
      __typename: 'Network',
      ...{ stores: 2, workshops: 1, services: 3, lines: 3, conflicts: [] },
    });
    expect(await seen('A')).toEqual({ version: before.version + 1, name: 'New A' });
    expect(await seen('B')).toMatchObject({ name: 'Store B' });
    expect((await bookOrder(service, aBooking())).__typename).toBe('Order');
  });

  it('is done as a whole or not at all, and names each problem by its path', async () => {
    const before = await seen('A');
    const answer = await importing({
      stores: [aStore('A', {}, { name: 'New A' }), aStore('X', {}, { timeZone: 'Mars/Olympus' })],
      lines: [aLine('A-W', ['14:00'], 60, -1)],
    });
    expect(answer).toMatchObject({ __typename: 'InvalidNetwork', code: 'INVALID_NETWORK' });
    expect(answer.problems.map(({ path }) => path)).toEqual([
      'stores[1].timeZone',
      'lines[0].pairs',
    ]);
    expect(await seen('A')).toEqual(before);
    expect(await seen('X')).toEqual({ ...before, name: null });
  });

  it('names at most 100 problems', async () => {
    const stores = Array.from({ length: 120 }, (_, i) => aStore(`X${i}`, {}, { timeZone: 'Mars' }));
    expect((await importing({ stores })).problems).toHaveLength(100);
  });

  it('is known at once to another process', async () => {
    await seen('A', second);
    await service.import({ stores: [aStore('A', {}, { name: 'New A' }), aStore('C')] });
    expect(await seen('A', second)).toMatchObject({ name: 'New A' });
    const asked = { kind: 'DROP_OFF', from: dateOf('Mon'), to: dateOf('Mon') } as const;
    const [slots] = await availability(second, { ...asked, storeCodes: ['C'] });
    expect(slots).not.toHaveLength(0);
    await service.import({ stores: [aStore('B', {}, CLOSED_ON_TUESDAY)] });
    expect(await bookOrder(second, aBooking())).toMatchObject({ code: 'CLOSED' });
  });
});

describe('appointments that no longer fit', () => {
  it.each<{
    name: string;
    input: NetworkInput;
    code: string;
    kind?: string;
    of: readonly number[];
  }>([
    {
      name: 'the store is closed then',
      input: { stores: [aStore('B', {}, CLOSED_ON_TUESDAY)] },
      code: 'CLOSED',
      of: [0, 1],
    },
    {
      name: 'the slots start at other times',
      input: { stores: [aStore('B', { counter: { slotMinutes: 60 } })] },
      code: 'NOT_ON_GRID',
      of: [0, 1],
    },
    {
      name: 'the counter takes fewer visits: who booked first stays',
      input: { stores: [aStore('A', { counter: { visits: 2, walkInVisits: 1 } })] },
      code: 'OVER_CAPACITY',
      kind: 'DROP_OFF',
      of: [1],
    },
    {
      name: 'the counter takes fewer pairs',
      input: { stores: [aStore('A', { counter: { dropOffPairs: 1 } })] },
      code: 'OVER_CAPACITY',
      kind: 'DROP_OFF',
      of: [1],
    },
    {
      name: 'the shelf holds less',
      input: { stores: [aStore('B', {}, { shelfPairs: 1 })] },
      code: 'OVER_CAPACITY',
      of: [1],
    },
    {
      name: 'the shift can do less',
      input: { workshops: [aWorkshop(1)] },
      code: 'OVER_CAPACITY',
      of: [1],
    },
    {
      name: 'the shift is gone',
      input: { workshops: [{ ...aWorkshop(), closedDates: [dateOf('Tue')] }] },
      code: 'OVER_CAPACITY',
      of: [0, 1],
    },
    {
      name: 'the van holds less',
      input: { lines: [aLine('A-W', ['14:00', '20:30'], 60, 1)] },
      code: 'OVER_CAPACITY',
      of: [1],
    },
    {
      name: 'the van no longer goes',
      input: { lines: [aLine('W-B', ['09:00'], 90)] },
      code: 'OVER_CAPACITY',
      of: [0, 1],
    },
  ])('are listed, and stay: $name', async ({ input, code, kind = 'PICK_UP', of }) => {
    const orders: OrderAnswer[] = [];
    for (const pairs of [1, 1]) orders.push(await bookOrder(service, aBooking({ pairs })));
    const { conflicts } = await service.import(input);
    const expected = of.map((index) => ({ order: orders[index]!.id, kind, code }));
    const found = conflicts.map((conflict) => ({
      order: conflict.order.id,
      kind: conflict.appointment.kind,
      code: conflict.code,
    }));
    expect(found).toHaveLength(expected.length);
    expect(found).toEqual(expect.arrayContaining(expected));
    for (const { id } of orders) {
      expect(await readOrder(service, id)).toMatchObject({ status: 'BOOKED', version: 1 });
    }
  });

  it('are none where enough is left, or where they are over', async () => {
    await bookOrder(service, aBooking());
    expect((await service.import({ workshops: [aWorkshop(1)] })).conflicts).toEqual([]);
    service.clock.advance(2 * 24 * 60 * 60_000);
    const late = await service.import({ stores: [aStore('B', {}, CLOSED_ON_TUESDAY)] });
    service.clock.advance(-2 * 24 * 60 * 60_000);
    expect(late.conflicts).toEqual([]);
  });

  it('are named with their store, also where another process has brought it in', async () => {
    await seen('A');
    const line = aLine('W-NEW', ['18:30'], 60);
    await second.import({ stores: [aStore('NEW')], lines: [line] });
    const order = await bookOrder(second, aBooking({ pickUp: 'NEW Tue 20:00' }));
    const closed = aStore('NEW', {}, { ...CLOSED_ON_TUESDAY, name: 'Renamed' });
    const { conflicts } = await service.import({ stores: [closed] });
    expect(conflicts).toMatchObject([
      { order: { id: order.id }, appointment: { store: { code: 'NEW', name: 'Renamed' } } },
    ]);
  });

  it('cost the same number of statements, few or many', async () => {
    const counter = new QueryCounter(service.app);
    const closing = () =>
      counter.during(() => service.import({ stores: [aStore('B', {}, CLOSED_ON_TUESDAY)] }));
    await bookOrder(service, aBooking());
    const one = await closing();
    await service.import({ stores: [aStore('B', { counter: { visits: 10 } })] });
    for (let n = 0; n < 4; n++) {
      await bookOrder(service, aBooking({ dropOff: `A Mon 1${n}:00`.replace('10:00', '10:30') }));
    }
    const five = await closing();
    expect(five).toHaveLength(one.length);
  });
});

describe('a booking under way', () => {
  it('is not taken on a chain that it was not planned on', async () => {
    const { counts } = service.app.get(Changes, { strict: false });
    const computedBefore = counts.computedAgain;
    const gate = await service.db.connect();
    await gate.query('BEGIN');
    await gate.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK]);

    // Both wait at the gate, the import first; the booking has been planned by then.
    const imported = service.import({ stores: [aStore('B', {}, CLOSED_ON_TUESDAY)] });
    await waiting(1);
    const booked = bookOrder(service, aBooking());
    await waiting(2);
    await gate.query('COMMIT');
    gate.release();

    expect((await imported).conflicts).toEqual([]);
    expect(await booked).toMatchObject({ __typename: 'NotBookable', code: 'CLOSED' });
    expect(counts.computedAgain).toBe(computedBefore + 1);
  });

  it('is seen by the import that waits for it', async () => {
    const gate = await service.db.connect();
    await gate.query('BEGIN');
    await gate.query('SELECT pg_advisory_xact_lock($1)', [CHAIN_LOCK]);
    const booked = bookOrder(service, aBooking());
    await waiting(1);
    const imported = service.import({ stores: [aStore('B', {}, CLOSED_ON_TUESDAY)] });
    await waiting(2);
    await gate.query('COMMIT');
    gate.release();

    const order = await booked;
    expect(order.__typename).toBe('Order');
    expect((await imported).conflicts).toMatchObject([{ order: { id: order.id }, code: 'CLOSED' }]);
  });
});

/** Until so many wait for the chain's lock in this database. */
function waiting(count: number): Promise<void> {
  return until(`${count} wait for the chain`, async () => {
    const rows = await service.rows(
      `SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.length === count;
  });
}
