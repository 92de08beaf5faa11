import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';

import {
  bookOrder,
  cancelOrder,
  holdOrder,
  moveAppointment,
  type Asking,
  type OrderAnswer,
} from '../support/bookings.ts';
import { checkInvariants } from '../support/invariants.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { Processes } from '../support/processes.ts';
import { aRaceBooking, onDay, raceChain } from '../support/race-network.ts';
import { storedNetwork } from '../support/stored-state.ts';

const TIMES = 20;

let database: TestDatabase;
let db: pg.Pool;
let processes: Processes;

beforeAll(async () => {
  database = await createTestDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 2 });
  db.on('error', () => undefined);
  processes = await Processes.start(2, { DATABASE_URL: database.url });
  await processes.client(0).import(raceChain('S'));
}, 120_000);

afterAll(async () => {
  await processes.stop();
  await db.end();
  await database.drop();
});

type Send = (client: Asking, key: string) => Promise<OrderAnswer>;

const booking = (key: string) => ({
  ...aRaceBooking('S', { key }),
  customer: { name: 'Mei', email: 'mei@example.com' },
});
const booked = (): Promise<OrderAnswer> => bookOrder(processes.client(0), booking(randomUUID()));

/** Each prepares what it needs and tells how to send the request. */
const OPERATIONS: readonly { name: string; effect: string; prepare: () => Promise<Send> }[] = [
  {
    name: 'bookOrder',
    effect: 'Order',
    prepare: () => Promise.resolve((client, key) => bookOrder(client, booking(key))),
  },
  {
    name: 'holdOrder',
    effect: 'Hold',
    prepare: () => Promise.resolve((client, key) => holdOrder(client, booking(key))),
  },
  {
    name: 'bookOrder with a hold',
    effect: 'Order',
    prepare: async () => {
      const { id: holdId } = await holdOrder(processes.client(0), booking(randomUUID()));
      return (client, key) => bookOrder(client, { ...booking(key), holdId });
    },
  },
  {
    name: 'moveAppointment',
    effect: 'Order',
    prepare: async () => {
      const { pickUp, version } = await booked();
      const to = { storeCode: 'S-B', start: onDay(4, 660) };
      const move = { appointmentId: pickUp.id, expectedVersion: version, to };
      return (client, requestKey) => moveAppointment(client, { ...move, requestKey });
    },
  },
  {
    name: 'cancelOrder',
    effect: 'Order',
    prepare: async () => {
      const { id: orderId, version } = await booked();
      const cancellation = { orderId, expectedVersion: version };
      return (client, requestKey) => cancelOrder(client, { ...cancellation, requestKey });
    },
  },
];

async function effects(): Promise<{ events: number; holds: number; claims: number }> {
  const { rows } = await db.query<{ events: number; holds: number; claims: number }>(
    `SELECT (SELECT count(*)::int FROM event) AS events, (SELECT count(*)::int FROM hold) AS holds,
            (SELECT count(*)::int FROM ledger_change) AS claims`,
  );
  return rows[0]!;
}

describe('one request sent many times at once to two processes', () => {
  it.each(OPERATIONS)('$name has one effect and one answer', async ({ effect, prepare, name }) => {
    const send = await prepare();
    const before = await effects();
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: TIMES }, (_, turn) => send(processes.client(turn), key)),
    );
    expect(answers[0]!.__typename).toBe(effect);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    const after = await effects();
    expect({
      events: after.events - before.events,
      holds: after.holds - before.holds,
      claims: after.claims - before.claims,
    }).toEqual(
      name === 'holdOrder'
        ? { events: 0, holds: 1, claims: 1 }
        : { events: 1, holds: 0, claims: 1 },
    );
    expect(await send(processes.client(1), key)).toEqual(answers[0]);
    expect(await checkInvariants(db, await storedNetwork(db))).toEqual([]);
  });

  it('one content wins a key, the other learns that it is taken', async () => {
    const key = randomUUID();
    const before = await effects();
    const answers = await Promise.all(
      Array.from({ length: TIMES }, (_, turn) =>
        bookOrder(processes.client(turn), {
          ...booking(key),
          items: [
            { description: 'AJ1', serviceCodes: ['clean'], pairs: 1 + (turn % 4 < 2 ? 0 : 1) },
          ],
        }),
      ),
    );
    const names = answers.map(({ __typename }) => __typename).sort();
    const half = TIMES / 2;
    expect(names.slice(0, half)).toEqual(Array.from({ length: half }, () => 'Order'));
    expect(names.slice(half)).toEqual(Array.from({ length: half }, () => 'RequestKeyReused'));
    expect((await effects()).events - before.events).toBe(1);
  });

  it('logs no fault', () => {
    expect(processes.faults).toEqual([]);
  });
});
