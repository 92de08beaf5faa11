import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import type pg from 'pg';
import { v7 as newId } from 'uuid';

import { BookingClient } from './support/booking.ts';
import { ground, withClient, type Ground } from './support/ground.ts';
import type { GuardRun } from './support/guard-worker-program.ts';
import { loadFor, type Load } from './support/load.ts';
import { measure, type Measure } from './support/measure.ts';
import { wishes } from './support/wishes.ts';

const ORDERS = 5_000;
const RUNS = 3;
const CLIENTS = 4;
const ALONE_SECONDS = 5;
const WARM_UP_SECONDS = 10;

/**
 * Trips are cancelled until 5,000 orders on the 500-store network have lost a ride: how many of them one
 * worker plans again per second, and how long bookings take in another process meanwhile, against how long
 * they take alone.
 */
export async function run(): Promise<readonly Measure[]> {
  const base = await ground();
  const service = await base.startService({ ROLE: 'api' });
  const worker = await startWorker(base.databaseUrl);
  const rates: number[] = [];
  const during: Load[] = [];
  const alone: Load[] = [];
  try {
    for (let turn = 0; turn < RUNS; turn++) {
      // Whoever books first after a change of the chain waits for it to be read.
      await book(base, service.url, WARM_UP_SECONDS);
      alone.push(await book(base, service.url, ALONE_SECONDS));
      await withClient(base.databaseUrl, (db) => cancelTrips(db, turn));
      const done = runOnce(worker);
      during.push(await book(base, service.url, ALONE_SECONDS, done));
      const { handled, ms } = await done;
      rates.push((1000 * handled) / ms);
    }
  } finally {
    worker.kill();
    await service.stop();
    await withClient(base.databaseUrl, liftAll);
  }
  const p99 = (loads: readonly Load[]) => loads.map(({ p99Ms }) => p99Ms);
  const p50 = (loads: readonly Load[]) => loads.map(({ p50Ms }) => p50Ms);
  return [
    measure('guard, one worker', 'orders/s', rates),
    measure(
      `guard, ${ORDERS} orders`,
      's',
      rates.map((rate) => ORDERS / rate),
    ),
    measure('guard, bookings meanwhile: median time', 'ms', p50(during), p50(alone)),
    measure('guard, bookings meanwhile: p99', 'ms', p99(during), p99(alone)),
  ];
}

async function startWorker(databaseUrl: string): Promise<ChildProcess> {
  const program = `support/guard-worker-program${extname(import.meta.filename)}`;
  const worker = fork(join(import.meta.dirname, program), [databaseUrl]);
  await once(worker, 'message');
  return worker;
}

async function runOnce(worker: ChildProcess): Promise<GuardRun> {
  worker.send('go');
  const [done] = (await once(worker, 'message')) as [GuardRun];
  return done;
}

/** For so long, or until `done` if that is given. */
async function book(
  { chain, network, token }: Ground,
  url: string,
  seconds: number,
  done?: Promise<unknown>,
): Promise<Load> {
  let isDone = false;
  void done?.then(() => (isDone = true));
  const clients = Array.from({ length: CLIENTS }, (_, at) => {
    const seed = Math.floor(performance.now()) * 10 + at;
    return new BookingClient(url, token, wishes(chain, network, Date.now(), { seed }));
  });
  const asks = clients.map((client) => async () => (isDone ? true : client.book()));
  const load = await loadFor(seconds, asks);
  for (const client of clients) client.close();
  return load;
}

interface RideRow {
  readonly resource: string;
  readonly start: Date;
  readonly owners: readonly string[];
}

/** Cancels the fullest trips of a date until they leave enough orders without their ride. */
async function cancelTrips(db: pg.Client, turn: number): Promise<void> {
  const { rows } = await db.query<RideRow>(RIDES, [turn + 2]);
  const trips = new Map<string, { code: string; start: Date; owners: Set<string> }>();
  for (const { resource, start, owners } of rows) {
    const code = resource.slice('ride:'.length, resource.indexOf('/'));
    const key = `${code} ${start.getTime()}`;
    const trip = trips.get(key) ?? { code, start, owners: new Set<string>() };
    for (const owner of owners) trip.owners.add(owner);
    trips.set(key, trip);
  }
  const fullest = [...trips.values()].sort((a, b) => b.owners.size - a.owners.size);
  const touched = new Set<string>();
  const cancelled = fullest.filter(({ owners }) => {
    if (touched.size >= ORDERS) return false;
    for (const owner of owners) if (touched.size < ORDERS) touched.add(owner);
    return true;
  });
  if (touched.size < ORDERS) throw new Error(`only ${touched.size} orders ride that day`);
  await db.query('BEGIN');
  await db.query(CANCEL, [
    cancelled.map(() => newId()),
    cancelled.map(({ code }) => code),
    cancelled.map(({ start }) => start),
  ]);
  await db.query('UPDATE chain SET version = version + 1');
  await db.query(ASK, [[...touched]]);
  await db.query('COMMIT');
}

async function liftAll(db: pg.Client): Promise<void> {
  await db.query(
    `UPDATE disruption SET lifted_at = now(), lifted_by = 'bench' WHERE lifted_at IS NULL`,
  );
  await db.query('UPDATE chain SET version = version + 1');
}

/** What rides in so many days, of orders that are not handed in yet. */
const RIDES = `
  SELECT each.resource, each.start, array_agg(c.owner_id::text) AS owners
    FROM appointment a JOIN claim c ON c.owner_id = a.order_id,
         unnest(c.resources, c.starts) AS each (resource, start)
   WHERE a.kind = 'DROP_OFF' AND a.status = 'BOOKED' AND each.resource LIKE 'ride:%'
     AND a.starts_at > now() + interval '1 day' AND a.starts_at < now() + interval '7 days'
     AND each.start > now() + make_interval(days => $1)
     AND each.start < now() + make_interval(days => $1 + 2)
   GROUP BY 1, 2`;

const CANCEL = `
  INSERT INTO disruption (id, kind, code, starts_at, created_at, created_by)
  SELECT id, 'CANCEL_TRIP', code, start, now(), 'bench'
    FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS given (id, code, start)`;

const ASK = `
  INSERT INTO replan (order_id, cause, since, due_at)
  SELECT id, 'TRIP_CHANGED', now(), now() FROM unnest($1::uuid[]) AS id
  ON CONFLICT (order_id) DO NOTHING`;
