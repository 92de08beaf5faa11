import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { DataSource } from 'typeorm';

import type { PairData } from '../../src/core/goods/pair.ts';
import type { TripName } from '../../src/core/goods/scan.ts';
import { spanOf } from '../../src/core/goods/trips.ts';
import type { Network } from '../../src/core/network/network.ts';
import type { PlanStep } from '../../src/core/promise/plan.ts';
import { MINUTE_MS } from '../../src/core/time/time.ts';
import { Goods } from '../../src/features/goods/index.ts';
import { ScanDesk, type SentScan } from '../../src/features/scans/index.ts';
import { ground } from './support/ground.ts';
import { measure, type Measure } from './support/measure.ts';
import { silentService } from './support/silent-service.ts';

const RUNS = 5;
const ORDERS = 300;
const PAIRS_EACH = 2;
const BATCH = 100;
const HQ = { role: 'hq', id: 'bench' } as const;

/** What is done with each pair, one after the other: three of five change its order too. */
const STEPS = [
  'ARRIVED',
  'LOADED',
  'UNLOADED',
  'WORK_STARTED',
  'WORK_FINISHED',
  'ARRIVED',
] as const;

interface Taken {
  readonly tags: readonly string[];
  readonly ride: PlanStep;
  readonly trip: TripName;
}

/**
 * Scans in batches of a hundred, each of another pair, from the vans and workshops of orders of the big
 * chain: with their pairs, orders, events and messages. Held against a loop that only inserts as many
 * scans, one statement and commit each, over one connection.
 */
export async function run(): Promise<readonly Measure[]> {
  const { databaseUrl, network } = await ground();
  const app = await silentService(databaseUrl);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const [ours, bare]: [number[], number[]] = [[], []];
  try {
    const desk = app.get(ScanDesk, { strict: false });
    const goods = app.get(Goods, { strict: false });
    for (let turn = 0; turn <= RUNS; turn++) {
      const orders = await received(client);
      const taken = orders.map((order) => takenOf(order, network, turn));
      await app.get(DataSource).transaction((tx) =>
        goods.create(
          tx,
          taken.flatMap(({ pairs }) => pairs),
        ),
      );
      const batches = STEPS.flatMap((kind, step) => inBatches(scansOf(taken, kind, step)));
      const rate = await timed(batches.length * BATCH, async () => {
        for (const batch of batches) {
          const answers = await desk.take(batch, HQ);
          const fault = answers.find(({ outcome }) => outcome !== 'APPLIED');
          if (fault !== undefined) throw new Error(JSON.stringify(fault));
        }
      });
      const pairIds = await idsOf(client, taken);
      const limit = await timed(pairIds.length, async () => {
        for (const id of pairIds) await client.query({ ...INSERT, values: [randomUUID(), id] });
      });
      // The first turn warms up.
      if (turn === 0) continue;
      ours.push(rate);
      bare.push(limit);
    }
  } finally {
    await client.end();
    await app.close();
  }
  return [measure('scan, batches of 100', 'scans/s', ours, bare)];
}

async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return (1000 * count) / (performance.now() - begin);
}

interface Order {
  readonly id: string;
  readonly promise: { readonly steps: readonly PlanStep[] };
}

/** Orders whose way begins with a ride to their workshop, made received past the counter. */
async function received(client: pg.Client): Promise<readonly Order[]> {
  const { rows } = await client.query<Order>(
    `UPDATE customer_order SET status = 'RECEIVED'
      WHERE id IN (SELECT id FROM customer_order
                    WHERE status = 'BOOKED' AND promise #>> '{steps,0,kind}' = 'RIDE'
                      AND promise #>> '{steps,1,kind}' = 'WORK' ORDER BY id LIMIT $1)
      RETURNING id, promise`,
    [ORDERS],
  );
  return rows;
}

function takenOf({ id, promise: { steps } }: Order, network: Network, turn: number) {
  const pairs = Array.from({ length: PAIRS_EACH }, (_, n) => pairOf(id, n + 1, turn, steps));
  const ride = steps[0]!;
  return { pairs, tags: pairs.map(({ tag }) => tag), ride, trip: tripOf(ride, network) };
}

/** Which trip a ride is of, by when it boards. */
function tripOf(ride: PlanStep, network: Network): TripName {
  const line = network.lines.get(ride.by!)!;
  const departs = line.stops
    .map(({ minutes }) => ride.start - minutes * MINUTE_MS)
    .find((start) => spanOf(line, start, ride) !== null);
  return { lineCode: line.code, departs: departs! };
}

function pairOf(
  orderId: string,
  number: number,
  turn: number,
  steps: readonly PlanStep[],
): PairData {
  const operation = { units: 1, dwellMin: 0, origin: 'SERVICE', findingId: null } as const;
  const untouched = { startedAt: null, finishedAt: null, workshopCode: null, shiftStart: null };
  return {
    id: randomUUID(),
    orderId,
    item: 1,
    number,
    tag: `bench-${turn}-${orderId}-${number}`,
    condition: null,
    place: { kind: 'STORE', code: steps[0]!.fromCode },
    since: Date.now(),
    shelf: null,
    operations: [{ ...operation, ...untouched, position: 1, skill: steps[1]!.by! }],
  };
}

function scansOf(
  taken: readonly Taken[],
  kind: (typeof STEPS)[number],
  step: number,
): readonly SentScan[] {
  return taken.flatMap(({ tags, ride, trip }) =>
    tags.map((tag) => ({
      id: randomUUID(),
      tag,
      kind,
      placeCode: step < 2 ? ride.fromCode : ride.toCode,
      trip: kind === 'LOADED' || kind === 'UNLOADED' ? trip : null,
      toCode: null,
      shelf: null,
      skill: null,
      operations: null,
      photos: [],
      at: Date.now(),
    })),
  );
}

function inBatches(scans: readonly SentScan[]): readonly (readonly SentScan[])[] {
  const count = Math.floor(scans.length / BATCH);
  return Array.from({ length: count }, (_, at) => scans.slice(at * BATCH, (at + 1) * BATCH));
}

async function idsOf(client: pg.Client, taken: readonly Taken[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT id FROM pair WHERE tag = ANY ($1::text[])`,
    [taken.flatMap(({ tags }) => tags)],
  );
  return rows.map(({ id }) => id);
}

const INSERT = {
  name: 'bench-insert-scan',
  text: `INSERT INTO scan (id, pair_id, kind, place_code, at, received_at, actor)
         VALUES ($1, $2, 'ARRIVED', 'X', now(), now(), 'bench')`,
};
