import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomUUID } from 'node:crypto';

import { readPair, ROOMY, scan, statusOf, takenIn, WAY, type Scanned } from '../support/goods.ts';
import { checkInvariants } from '../support/invariants.ts';
import { createTestDatabase, type TestDatabase } from '../support/postgres.ts';
import { QueryCounter } from '../support/query-counter.ts';
import { Random } from '../support/random.ts';
import { startService, type TestService } from '../support/service.ts';
import { storedNetwork } from '../support/stored-state.ts';
import { at } from '../support/worked-network.ts';

let database: TestDatabase;
let both: readonly [TestService, TestService];

beforeAll(async () => {
  database = await createTestDatabase();
  both = [
    await startService({ database, network: ROOMY }),
    await startService({ database, now: at('Wed 12:00') }),
  ];
});

afterAll(async () => {
  for (const service of both) await service.stop();
  await database.drop();
});

/** A story of a pair with all that goes wrong. */
function storyOf(random: Random): readonly Omit<Scanned, 'tag'>[] {
  const odd: Omit<Scanned, 'tag'>[] = [
    { kind: 'ARRIVED', placeCode: 'A', at: 'Mon 12:00' },
    { kind: 'REPORTED_MISSING', placeCode: 'W', at: 'Mon 19:00' },
    { kind: 'FOUND', placeCode: 'W', at: 'Mon 19:30' },
    { kind: 'ARRIVED', placeCode: 'B', at: 'Mon 20:00' },
    { kind: 'WORK_STARTED', placeCode: 'W', at: 'Tue 09:20', skill: 'sole' },
    { kind: 'WORK_FINISHED', placeCode: 'W', at: 'Tue 09:40', skill: 'clean' },
    { kind: 'PUT_AWAY', placeCode: 'A', at: 'Tue 21:00', shelf: 'X' },
  ];
  return [
    ...random.sample(WAY, random.int(2, WAY.length)),
    ...random.sample(odd, random.int(0, 4)),
  ];
}

/** The scans in any order, some of them twice or thrice, in batches of any size. */
function batchesOf(scans: readonly Scanned[], random: Random): readonly (readonly Scanned[])[] {
  const many = scans.flatMap((one) => Array.from({ length: random.int(1, 3) }, () => one));
  const shuffled = random
    .sample(
      many.map((one) => ({ one })),
      many.length,
    )
    .map(({ one }) => one);
  const batches: Scanned[][] = [];
  while (shuffled.length > 0) batches.push(shuffled.splice(0, random.int(1, 6)));
  return batches;
}

/** All that scans make of an order, without what differs from order to order. */
async function outcomeOf(service: TestService, orderId: string, tags: readonly string[]) {
  const pairs = await Promise.all(tags.map((tag) => readPair(service, tag)));
  return {
    status: await statusOf(service, orderId),
    pairs: pairs.map((pair) => ({
      ...pair,
      id: null,
      tag: null,
      orderId: null,
      scans: pair!.scans.map((one) => ({ ...one, receivedAt: null })),
    })),
  };
}

/** The same ids for the same scans of two orders. */
const scansOf = (tags: readonly string[], stories: readonly (readonly Omit<Scanned, 'tag'>[])[]) =>
  tags.flatMap((tag, pair) =>
    stories[pair]!.map((step, n) => ({ ...step, tag, id: `scan-${pair}-${n}-of-it` })),
  );

describe('batches of scans', () => {
  it.each(Array.from({ length: 12 }, (_, seed) => ({ seed })))(
    'make the same pairs, discrepancies and order in any order and number, seed $seed',
    async ({ seed }) => {
      const random = new Random(seed);
      const [service] = both;
      const stories = [storyOf(random), storyOf(random)];
      const outcomes = [];
      for (let turn = 0; turn < 2; turn++) {
        const { order, tags } = await takenIn(service, { pairs: 2 });
        service.clock.set(at('Wed 12:00'));
        for (const batch of batchesOf(scansOf(tags, stories), random)) await scan(service, batch);
        outcomes.push(await outcomeOf(service, order.id, tags));
      }
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
    },
    120_000,
  );

  it('that overlap, sent to two processes at once, count once and never lock each other out', async () => {
    const random = new Random(77);
    const [service, other] = both;
    const orders = [];
    for (let n = 0; n < 12; n++) orders.push(await takenIn(service, { pairs: 2 }));
    service.clock.set(at('Wed 12:00'));
    const scans = orders.flatMap(({ tags }) => scansOf(tags, [WAY, WAY]));
    const sent = [...batchesOf(scans, random), ...batchesOf(scans, random)];
    const joined = Array.from({ length: 24 }, (_, n) =>
      sent.filter((__, at) => at % 24 === n).flat(),
    );
    const answers = await Promise.all(
      joined.map((batch, n) => scan(n % 2 === 0 ? service : other, batch)),
    );
    const applied = answers.flat().filter(({ outcome }) => outcome === 'APPLIED');
    expect(new Set(answers.flat().map(({ outcome }) => outcome))).toEqual(
      new Set(['APPLIED', 'REPEATED']),
    );
    expect(applied).toHaveLength(scans.length);
    for (const { order, tags } of orders) {
      const { status, pairs } = await outcomeOf(other, order.id, tags);
      expect(status).toBe('READY');
      for (const pair of pairs) {
        expect(pair).toMatchObject({ place: { kind: 'STORE', code: 'B' }, shelf: 'R2-14' });
        expect(pair.scans.flatMap(({ discrepancies }) => discrepancies)).toEqual([]);
      }
    }
    expect(await checkInvariants(service.db, await storedNetwork(service.db))).toEqual([]);
    const [locked] = await service.rows<{ deadlocks: number }>(
      `SELECT deadlocks::int FROM pg_stat_database WHERE datname = current_database()`,
    );
    expect(locked!.deadlocks).toBe(0);
  }, 120_000);

  it('take the same number of statements for one scan and for a hundred', async () => {
    const [service] = both;
    const one = await takenIn(service);
    const many = await Promise.all(
      Array.from({ length: 5 }, () => takenIn(service, { pairs: 20 })),
    );
    service.clock.set(at('Mon 13:55'));
    const onto = (tags: readonly string[]) =>
      tags.map((tag) => ({ ...WAY[0]!, tag, id: randomUUID() }));
    const counter = new QueryCounter(service.app);
    const few = await counter.during(() => scan(service, onto(one.tags)));
    const all = await counter.during(() => scan(service, onto(many.flatMap(({ tags }) => tags))));
    expect(few.length).toBeGreaterThan(5);
    expect(all).toEqual(few);
  });
});
