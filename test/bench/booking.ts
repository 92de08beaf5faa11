import { BookingClient } from './support/booking.ts';
import { HOT_STORE } from './support/chain.ts';
import { ground, type Ground } from './support/ground.ts';
import { loadFor, type Load } from './support/load.ts';
import { measure, median, type Measure } from './support/measure.ts';
import { readMetrics } from './support/metrics.ts';
import { recordBookings, repeater, ReplayClient, type Transaction } from './support/replay.ts';
import { wishes } from './support/wishes.ts';

const RUNS = 3;
const SECONDS = 3;
const WARM_UP_SECONDS = 20;
const RECORDED = 150;
/** More than a second of replay commits on any machine of the day. */
const MOST_PER_SECOND = 4000;

interface Side {
  readonly load: Load;
  /** How often a booking was computed once more, for each that was carried out. */
  readonly againPercent: number;
  /** Of the service alone, for each booking. */
  readonly cpuMs: number;
}

let seed = 100;

/**
 * Orders booked per second through HTTP, against the limit: the statements of real bookings replayed
 * from prepared statements by bare connections at the same concurrency, one after the other. The limit
 * reads no usage, plans nothing and never meets a full bucket. Messages are owed and not sent: that is
 * the work of another process.
 */
export async function* run(): AsyncIterable<Measure> {
  const base = await ground();
  const service = await base.startService({ ROLE: 'api' });
  try {
    await book(base, service.url, 8, undefined, WARM_UP_SECONDS);
    for (const store of [undefined, HOT_STORE]) {
      const recorded = await recordBookings(base.databaseUrl, wished(base, store), RECORDED);
      for (const clients of [1, 8, 32]) {
        yield* await compare(base, service.url, clients, store, recorded);
      }
    }
  } finally {
    await service.stop();
  }
}

async function compare(
  base: Ground,
  url: string,
  clients: number,
  store: string | undefined,
  recorded: readonly Transaction[],
): Promise<readonly Measure[]> {
  const ours: Side[] = [];
  const limit: Load[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    ours.push(await book(base, url, clients, store, SECONDS));
    limit.push(await replay(base, clients, recorded));
  }
  const where = `booking, ${store === undefined ? 'many stores' : 'one store'}, ${clients} client${clients === 1 ? '' : 's'}`;
  const again = ours.map(({ againPercent }) => againPercent);
  const rate = (loads: readonly Load[]) => loads.map(({ perSecond }) => perSecond);
  return [
    measure(where, 'orders/s', rate(ours.map(({ load }) => load)), rate(limit)),
    measure(
      `${where}: median time`,
      'ms',
      ours.map(({ load }) => load.p50Ms),
      limit.map(({ p50Ms }) => p50Ms),
    ),
    measure(
      `${where}: processor time of the service`,
      'ms',
      ours.map(({ cpuMs }) => cpuMs),
    ),
    { ...measure(`${where}: computed again`, '%', again), spread: spreadOf(again) },
  ];
}

/** In the unit of the values: a share of a median near zero says nothing. */
const spreadOf = (values: readonly number[]): number =>
  Number((Math.max(...values) - Math.min(...values, median(values))).toPrecision(3));

async function book(
  base: Ground,
  url: string,
  clients: number,
  store: string | undefined,
  seconds: number,
): Promise<Side> {
  const all = Array.from(
    { length: clients },
    () => new BookingClient(url, base.token, wished(base, store)),
  );
  const before = await readMetrics(url, base.token);
  const load = await loadFor(
    seconds,
    all.map((client) => () => client.book()),
  );
  for (const client of all) client.close();
  const after = await readMetrics(url, base.token);
  const grown = (name: string) => after(name) - before(name);
  const done = Math.max(1, grown('welt_changes_total'));
  return {
    load,
    againPercent: (100 * grown('welt_changes_computed_again_total')) / done,
    cpuMs: (1000 * grown('process_cpu_seconds_total')) / done,
  };
}

/** A stream of its own for every client. */
function wished({ chain, network }: Ground, store: string | undefined) {
  seed += 1;
  return wishes(chain, network, Date.now(), {
    seed,
    ...(store === undefined ? {} : { only: store, days: 20 }),
  });
}

async function replay(
  base: Ground,
  clients: number,
  recorded: readonly Transaction[],
): Promise<Load> {
  const count = Math.min(clients * 400, MOST_PER_SECOND) * SECONDS;
  const repeaters = recorded.map(repeater);
  const prepared = Array.from({ length: count }, (_, at) => repeaters[at % repeaters.length]!());
  const transactions = prepared.values();
  const all = Array.from(
    { length: clients },
    () => new ReplayClient(base.databaseUrl, transactions),
  );
  await Promise.all(all.map((client) => client.connect()));
  const load = await loadFor(
    SECONDS,
    all.map((client) => () => client.replay()),
  );
  await Promise.all(all.map((client) => client.close()));
  return load;
}
