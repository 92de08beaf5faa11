import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';

import { TAKE } from '../../src/features/capacity/ledger.ts';
import { ground } from './support/ground.ts';
import { loadFor } from './support/load.ts';
import { measure, type Measure } from './support/measure.ts';

const SECONDS = 3;
const RUNS = 3;
const BUCKETS = 10;
const FAR_LIMIT = 1_000_000_000;
/** Rows in the ledger to begin with: so many stores, each with its buckets, on so many days. */
const STORES = 2000;
const DAYS = 30;

/** One way to keep the database busy; answers transactions a second. */
type Burden = (clients: number) => Promise<number>;

/**
 * The claim statement alone, for ten buckets: of many stores, or with one of the ten the same for all.
 * Held against `pgbench -N` if this machine has it, both sides driven by it; else against a transaction
 * of as many small statements, both sides driven by the `pg` client.
 */
export async function run(): Promise<readonly Measure[]> {
  const { emptyDatabase } = await ground();
  const url = await emptyDatabase('claims');
  await fillLedger(url);
  const program = await pgbench();
  const { spread, hot, reference } =
    program === null ? ownBurdens(url) : await pgbenchBurdens(program, url);
  return [
    await compare('claim, 1 client', 1, spread, reference),
    await compare('claim, 8 clients', 8, spread, reference),
    await compare('claim, 32 clients', 32, spread, reference),
    await compare('claim, hot bucket, 8 clients', 8, hot, reference),
    await compare('claim, hot bucket, 32 clients', 32, hot, reference),
  ];
}

async function compare(bench: string, clients: number, burden: Burden, reference: Burden) {
  const ours: number[] = [];
  const limit: number[] = [];
  for (let turn = 0; turn < RUNS; turn++) {
    ours.push(await burden(clients));
    limit.push(await reference(clients));
  }
  return measure(bench, 'transactions/s', ours, limit);
}

async function fillLedger(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query(
    `INSERT INTO ledger (resource, start, taken)
     SELECT 'counter:' || store || '/' || bucket, timestamptz 'epoch' + make_interval(days => day), 1
       FROM generate_series(10000, 9999 + $1::int) AS store, generate_series(0, $2::int) AS bucket,
            generate_series(1, $3::int) AS day`,
    [STORES, BUCKETS - 1, DAYS],
  );
  await client.query('VACUUM (ANALYZE) ledger');
  await client.end();
}

// ---- driven by pgbench

async function pgbench(): Promise<string | null> {
  try {
    await promisify(execFile)('pgbench', ['--version']);
    return 'pgbench';
  } catch {
    return null;
  }
}

async function pgbenchBurdens(program: string, url: string) {
  const call = async (...args: readonly string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(program, [...args, url]);
    return stdout;
  };
  await call('--initialize', '--quiet', '--scale=20');
  const timed =
    (...what: readonly string[]): Burden =>
    async (clients) => {
      const common = [`--client=${clients}`, `--time=${SECONDS}`, '--protocol=prepared'];
      const printed = await call(...common, '--no-vacuum', ...what);
      return Number(/tps = ([\d.]+)/.exec(printed)?.[1]);
    };
  const scripted = (script: string): Burden => {
    return async (clients) => {
      const directory = mkdtempSync(join(tmpdir(), 'welt-bench-claim-'));
      try {
        const file = join(directory, 'claim.sql');
        writeFileSync(file, script);
        return await timed(`--file=${file}`)(clients);
      } finally {
        rmSync(directory, { recursive: true });
      }
    };
  };
  return {
    spread: scripted(claimScript(false)),
    hot: scripted(claimScript(true)),
    reference: timed('--skip-some-updates'),
  };
}

/** The service's own statement with its parameters filled in by the program. */
function claimScript(isHot: boolean): string {
  const names = Array.from({ length: BUCKETS }, (_, bucket) =>
    isHot && bucket === BUCKETS - 1 ? `'hot'` : `'counter:' || :store || '/${bucket}'`,
  );
  const same = (value: string): string =>
    `ARRAY[${Array.from({ length: BUCKETS }, () => value).join(', ')}]`;
  const resources = `ARRAY[${names.join(', ')}]`;
  const starts = same(`timestamptz 'epoch' + make_interval(days => :day)`);
  const values = [
    'gen_random_uuid()',
    resources,
    starts,
    same('1'),
    'gen_random_uuid()',
    resources,
    starts,
    same('1'),
    same(String(FAR_LIMIT)),
    'NULL',
  ];
  const statement = TAKE.text.replace(/\$(\d+)/g, (_, at: string) => values[Number(at) - 1]!);
  return [
    `\\set store random(10000, ${9999 + STORES})`,
    `\\set day random(1, ${DAYS})`,
    `${statement.replace(/\s+/g, ' ').trim()};`,
  ].join('\n');
}

// ---- driven by pg, where there is no pgbench

function ownBurdens(url: string) {
  return {
    spread: driven(url, (client) => claimOnce(client, false)),
    hot: driven(url, (client) => claimOnce(client, true)),
    reference: driven(url, smallTransaction),
  };
}

function driven(url: string, once: (client: pg.Client) => Promise<unknown>): Burden {
  return async (clients) => {
    const all = Array.from({ length: clients }, () => new pg.Client(url));
    await Promise.all(all.map((client) => client.connect()));
    const load = await loadFor(
      SECONDS,
      all.map((client) => async () => {
        await once(client);
        return true;
      }),
    );
    await Promise.all(all.map((client) => client.end()));
    return load.perSecond;
  };
}

function claimOnce(client: pg.Client, isHot: boolean): Promise<unknown> {
  const store = randomStore();
  const resources = Array.from({ length: BUCKETS }, (_, bucket) =>
    isHot && bucket === BUCKETS - 1 ? 'hot' : `counter:${store}/${bucket}`,
  );
  const starts = resources.map(() => new Date(randomDay() * 86_400_000));
  const ones = resources.map(() => 1);
  const limits = resources.map(() => FAR_LIMIT);
  const [owner, change] = [crypto.randomUUID(), crypto.randomUUID()];
  const taken = [resources, starts, ones];
  return client.query({ ...TAKE, values: [owner, ...taken, change, ...taken, limits, null] });
}

/** As `pgbench -N`: update one row, read it, append one row. */
async function smallTransaction(client: pg.Client): Promise<void> {
  const bucket = [`counter:${randomStore()}/0`, new Date(randomDay() * 86_400_000)];
  await client.query('BEGIN');
  await client.query({
    name: 'small-update',
    text: 'UPDATE ledger SET taken = taken + 1 WHERE resource = $1 AND start = $2',
    values: bucket,
  });
  await client.query({
    name: 'small-read',
    text: 'SELECT taken FROM ledger WHERE resource = $1 AND start = $2',
    values: bucket,
  });
  await client.query({
    name: 'small-append',
    text: `INSERT INTO claim (owner_id, resources, starts, amounts)
           VALUES (gen_random_uuid(), ARRAY[$1], ARRAY[$2::timestamptz], ARRAY[1])`,
    values: bucket,
  });
  await client.query('COMMIT');
}

const randomStore = (): number => 10_000 + Math.floor(Math.random() * STORES);
const randomDay = (): number => 1 + Math.floor(Math.random() * DAYS);
