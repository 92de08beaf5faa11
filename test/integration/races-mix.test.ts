import { setTimeout as wait } from 'node:timers/promises';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';

import type { Network } from '../../src/core/network/network.ts';
import { availability } from '../support/bookings.ts';
import { checkInvariants, type Acknowledged, type Violation } from '../support/invariants.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { Processes } from '../support/processes.ts';
import { onDay } from '../support/race-network.ts';
import { RandomMix } from '../support/random-mix.ts';
import { storedNetwork } from '../support/stored-state.ts';

const WORKERS = 10;
const OPERATIONS = 20;
const LOOK_EVERY_MS = 1_000;

let database: TestDatabase;
let db: pg.Pool;
let processes: Processes;
/** Of all seeds before: what their last limits no longer allow is still there. */
const earlier: Network[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 3 });
  db.on('error', () => undefined);
  processes = await Processes.start(2, { DATABASE_URL: database.url });
}, 120_000);

afterAll(async () => {
  await processes.stop();
  await db.end();
  await database.drop();
});

/** What the random mixes came to, as operation and answer. */
const happened = new Set<string>();

/** What is free of both stores' counters, as one process sees it. */
async function freeSlots(turn: number, chain: string) {
  const client = processes.client(turn);
  const asked = { from: onDay(2, 720).slice(0, 10), to: onDay(8, 720).slice(0, 10) };
  const storeCodes = [`${chain}-A`, `${chain}-B`];
  return Promise.all(
    (['DROP_OFF', 'PICK_UP'] as const).map((kind) =>
      availability(client, { ...asked, storeCodes, kind, includeFull: true }, client.tokens.hq),
    ),
  );
}

describe('bookings, holds, moves, cancellations and new limits at random, from two processes', () => {
  it.each([1, 2])(
    'seed %d leaves nothing out of place, at no moment',
    async (seed) => {
      const chain = `M${seed}`;
      const mix = new RandomMix(processes, db, chain, seed);
      const check = async (acknowledged: readonly Acknowledged[]) => {
        const network = await storedNetwork(db);
        const terms = { earlier: [...earlier, ...mix.networks], acknowledged };
        return checkInvariants(db, network, terms);
      };
      const onTheWay: Violation[] = [];
      const over = mix.run(WORKERS, OPERATIONS).then(() => true);
      const pause = () => wait(LOOK_EVERY_MS, false);
      while (!(await Promise.race([over, pause()]))) onTheWay.push(...(await check([])));
      expect(mix.surprises).toEqual([]);
      expect(onTheWay).toEqual([]);
      expect(await check(mix.acknowledged)).toEqual([]);
      earlier.push(...mix.networks);
      for (const what of Object.keys(mix.counts)) happened.add(what);
      expect(await freeSlots(0, chain)).toEqual(await freeSlots(1, chain));
    },
    120_000,
  );

  it('had all of it carried out', () => {
    const all = ['book Order', 'hold Hold', 'bookHold Order', 'move Order', 'cancel Order'];
    expect(all.filter((what) => !happened.has(what))).toEqual([]);
  });

  it('logs no fault', () => {
    expect(processes.faults).toEqual([]);
  });
});
