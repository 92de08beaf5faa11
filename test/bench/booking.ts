import { bookFor, wished, type Booked, type Wanted } from './support/booking-load.ts';
import { HOT_STORE } from './support/chain.ts';
import { ground, type Ground } from './support/ground.ts';
import { loadFor, type Load } from './support/load.ts';
import { measure, median, type Measure } from './support/measure.ts';
import { recordBookings, repeater, ReplayClient, type Transaction } from './support/replay.ts';

const RUNS = 5;
const SECONDS = 4;
/** A service at work has its code compiled: only after some thousands of bookings is it. */
const WARM_UP_SECONDS = 60;
const RECORDED = 150;
/** More than a second of replay commits on any machine of the day. */
const MOST_PER_SECOND = 4000;

interface Scene {
  readonly name: string;
  readonly terms: Wanted;
}

const SCENES: readonly Scene[] = [
  { name: 'many stores', terms: {} },
  { name: 'one store', terms: { only: HOT_STORE, days: 20 } },
];

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
    await bookFor(base, service.url, { clients: 8, seconds: WARM_UP_SECONDS });
    for (const scene of SCENES) {
      const wishes = wished(base, scene.terms);
      const recorded = await recordBookings(base.databaseUrl, wishes, RECORDED);
      for (const clients of [1, 8, 32]) {
        yield* await compare(base, service.url, clients, { ...scene, recorded });
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
  { name, terms, recorded }: Scene & { readonly recorded: readonly Transaction[] },
): Promise<readonly Measure[]> {
  const ours: Booked[] = [];
  const limit: Load[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    ours.push(await bookFor(base, url, { clients, seconds: SECONDS, ...terms }));
    limit.push(await replay(base, clients, recorded));
  }
  const where = `booking, ${name}, ${clients} client${clients === 1 ? '' : 's'}`;
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
