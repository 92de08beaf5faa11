import { mkdtempSync, chmodSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { afterEach, describe, expect, it } from 'vitest';
import pg from 'pg';

import { runningDatabase } from '../../src/platform/database/embedded/embedded-postgres.ts';
import { readPidFile } from '../../src/platform/database/embedded/postmaster.ts';
import { serverProcesses } from '../../src/platform/process-identity.ts';
import { bookOrder, type OrderAnswer } from '../support/bookings.ts';
import { checkInvariants, type Acknowledged } from '../support/invariants.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { Processes } from '../support/processes.ts';
import { aRaceBooking, raceChain } from '../support/race-network.ts';
import { until } from '../support/service-process.ts';
import { storedNetwork } from '../support/stored-state.ts';

const CUSTOMERS = 120;
/** Customers that keep sending at any moment. */
const AT_ONCE = 24;
const PATIENCE_MS = 90_000;
const PAUSE_MS = 50;
/** Counted round, so that it is the only one where there is but one. */
const LAST_STARTED = 2;

let cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

/** Customers, each of whom sends the same request until it is answered. */
class Customers {
  readonly answered = new Map<number, OrderAnswer>();
  failures = 0;

  constructor(private readonly processes: Processes) {}

  async sendAll(): Promise<void> {
    const waiting = Array.from({ length: CUSTOMERS }, (_, customer) => customer);
    const sender = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await this.sendOne(next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
  }

  /** @param turn which process it is sent to, counted round */
  send(customer: number, turn: number): Promise<OrderAnswer> {
    const client = this.processes.client(turn);
    const token = client.tokens.customer(`customer-${customer}@example.com`);
    return bookOrder(client, aRaceBooking('F', { key: `request-${customer}` }), token);
  }

  /** To the next process if one does not answer. */
  private async sendOne(customer: number): Promise<void> {
    const limit = Date.now() + PATIENCE_MS;
    for (let turn = customer; !this.answered.has(customer); turn += 1) {
      try {
        this.answered.set(customer, await this.send(customer, turn));
      } catch (fault) {
        if (Date.now() > limit) throw fault;
        this.failures += 1;
        await wait(PAUSE_MS);
      }
    }
  }

  get acknowledged(): readonly Acknowledged[] {
    return [...this.answered.values()].map((order) => ({ is: 'order', ...order }) as const);
  }
}

function poolOf(url: string): pg.Pool {
  const db = new pg.Pool({ connectionString: url, max: 2 });
  db.on('error', () => undefined);
  cleanUps.push(() => db.end());
  return db;
}

async function launch(count: number, env: NodeJS.ProcessEnv): Promise<Processes> {
  const processes = await Processes.start(count, env);
  cleanUps.push(() => processes.stop());
  await processes.client(0).import(raceChain('F'));
  return processes;
}

/** Nothing lost, nothing half, nothing twice, and the same answer again to everybody. */
async function expectAllThere(db: pg.Pool, customers: Customers): Promise<void> {
  expect(customers.answered.size).toBe(CUSTOMERS);
  const answers = [...customers.answered.values()];
  expect(answers.filter(({ __typename }) => __typename !== 'Order')).toEqual([]);
  const network = await storedNetwork(db);
  expect(await checkInvariants(db, network, { acknowledged: customers.acknowledged })).toEqual([]);
  const { rows } = await db.query(`SELECT count(*)::int AS orders FROM customer_order`);
  expect(rows).toEqual([{ orders: CUSTOMERS }]);
  for (let customer = 0; customer < CUSTOMERS; customer += 10) {
    expect(await customers.send(customer, LAST_STARTED)).toEqual(customers.answered.get(customer));
  }
}

describe('in the middle of bookings', () => {
  it('a process of the service is killed: another goes on, a new one takes its place', async () => {
    const database = await createTestDatabase();
    cleanUps.push(() => database.drop());
    const db = poolOf(database.url);
    const processes = await launch(2, { DATABASE_URL: database.url });
    const [victim] = processes.all;
    const customers = new Customers(processes);
    const sending = customers.sendAll();
    await until('some are answered', () => customers.answered.size >= 20);
    victim!.kill('SIGKILL');
    await victim!.ended;
    await Promise.all([processes.startOne(), sending]);
    expect(customers.failures).toBeGreaterThan(0);
    await expectAllThere(db, customers);
  }, 180_000);

  it('PostgreSQL is killed with all its processes: it comes back, and so does the service', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'welt-faults-'));
    chmodSync(directory, 0o711);
    const dataDir = join(directory, 'data');
    cleanUps.push(() => {
      const home = join(dataDir, 'postgres');
      rmSync(realpathSync(home), { recursive: true, force: true });
      rmSync(directory, { recursive: true, force: true });
    });
    const processes = await launch(1, { DATA_DIR: dataDir });
    const customers = new Customers(processes);
    const sending = customers.sendAll();
    await until('some are answered', () => customers.answered.size >= 20);
    const data = realpathSync(join(dataDir, 'postgres', 'data'));
    for (const pid of serverProcesses(data, readPidFile(data)?.pid)) process.kill(pid, 'SIGKILL');
    await sending;
    expect(customers.failures).toBeGreaterThan(0);
    expect(processes.all[0]!.output).toContain('PostgreSQL is gone');
    await expectAllThere(poolOf(runningDatabase(dataDir)!), customers);
  }, 180_000);
});
