import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';

import { bookOrder } from '../support/bookings.ts';
import { checkInvariants } from '../support/invariants.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { Processes } from '../support/processes.ts';
import { aRaceBooking, raceChain, together, type Room } from '../support/race-network.ts';
import { storedNetwork } from '../support/stored-state.ts';

interface Race {
  readonly what: string;
  readonly chain: string;
  readonly customers: number;
  readonly places: number;
  readonly pairs: number;
  readonly room: Room;
  readonly refusal: string;
}

interface Scarce extends Pick<Race, 'what' | 'pairs' | 'refusal'> {
  /** With room for orders of so many pairs in all. */
  readonly room: (pairs: number) => Room;
  readonly isAlsoMany: boolean;
}

/** Room for the last order may be followed by a pair or two too few for another. */
const SCARCE: readonly Scarce[] = [
  scarce('drop-off visits', 1, 'SlotFull', true, (n) => ({ dropOffVisits: n })),
  scarce('drop-off pairs', 3, 'SlotFull', true, (n) => ({ dropOffPairs: n + 2 })),
  scarce('pick-up visits', 1, 'SlotFull', false, (n) => ({ pickUpVisits: n })),
  scarce('shift', 2, 'ReadyTooLate', true, (n) => ({ units: n + 1 })),
  scarce('van to the workshop', 3, 'ReadyTooLate', true, (n) => ({ vanIn: n + 2 })),
  scarce('van to the store', 1, 'ReadyTooLate', false, (n) => ({ vanOut: n })),
  scarce('shelf', 2, 'SlotFull', true, (n) => ({ shelfPairs: n + 1 })),
];

function scarce(
  what: string,
  pairs: number,
  refusal: string,
  isAlsoMany: boolean,
  room: (pairs: number) => Room,
): Scarce {
  return { what, pairs, refusal, isAlsoMany, room };
}

/** A few of each; of many, one of each way to be refused. */
const RACES: readonly Race[] = [
  { customers: 50, places: 7, of: SCARCE },
  { customers: 500, places: 40, of: SCARCE.filter(({ isAlsoMany }) => isAlsoMany) },
].flatMap(({ customers, places, of }) =>
  of.map(({ room, ...scarce }, at) => ({
    ...scarce,
    customers,
    places,
    chain: `R${customers}-${at}`,
    room: room(places * scarce.pairs),
  })),
);

let database: TestDatabase;
let db: pg.Pool;
let processes: Processes;

beforeAll(async () => {
  database = await createTestDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 2 });
  db.on('error', () => undefined);
  processes = await Processes.start(2, { DATABASE_URL: database.url });
  await processes
    .client(0)
    .import(together(RACES.map(({ chain, room }) => raceChain(chain, room))));
}, 120_000);

afterAll(async () => {
  await processes.stop();
  await db.end();
  await database.drop();
});

describe('customers of two processes at once for the last places', () => {
  it.each(RACES)(
    '$customers for $places of the $what: so many get in, all others are told why not',
    async ({ chain, customers, places, pairs, refusal }) => {
      const answers = await Promise.all(
        Array.from({ length: customers }, async (_, turn) => {
          const client = processes.client(turn);
          const token = client.tokens.customer(`${chain.toLowerCase()}-${turn}@example.com`);
          const key = `${chain}-${turn}-key`;
          return (await bookOrder(client, aRaceBooking(chain, { pairs, key }), token)).__typename;
        }),
      );
      expect(count(answers)).toEqual({ Order: places, [refusal]: customers - places });
      expect(await checkInvariants(db, await storedNetwork(db))).toEqual([]);
    },
    120_000,
  );

  it('never got in each other’s way but by waiting', async () => {
    expect(processes.faults).toEqual([]);
    await processes.stop();
    const { rows } = await db.query<{ deadlocks: number }>(
      `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
    );
    expect(rows).toEqual([{ deadlocks: 0 }]);
  });
});

function count(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
