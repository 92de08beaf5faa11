import { mkdtempSync, chmodSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { runningDatabase } from '../../src/platform/database/embedded/embedded-postgres.ts';
import { readPidFile } from '../../src/platform/database/embedded/postmaster.ts';
import { serverProcesses } from '../../src/platform/process-identity.ts';
import { bookOrder, type OrderAnswer } from '../support/bookings.ts';
import { checkInvariants, type Acknowledged } from '../support/invariants.ts';
import { createTestDatabase } from '../support/postgres.ts';
import { Processes, type ServiceClient } from '../support/processes.ts';
import { aRaceBooking, raceChain } from '../support/race-network.ts';
import { until } from '../support/service-process.ts';
import { storedNetwork } from '../support/stored-state.ts';

const CUSTOMERS = 120;
/** Customers that keep sending at any moment. */
const AT_ONCE = 24;

let cleanUps: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  cleanUps = [];
});

/** Customers, each of whom sends the same request until it is answered. */
class Customers {
  readonly answered = new Map<number, OrderAnswer>();
  failures = 0;

  constructor(private readonly client: (customer: number) => ServiceClient) {}

  async sendAll(): Promise<void> {
    const waiting = Array.from({ length: CUSTOMERS }, (_, customer) => customer);
    const sender = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await this.sendOne(next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, sender));
  }

  /** As once more after the answer was lost. */
  send(customer: number): Promise<OrderAnswer> {
    const client = this.client(customer);
    const token = client.tokens.customer(`customer-${customer}@example.com`);
    return bookOrder(client, aRaceBooking('F', { key: `request-${customer}` }), token);
  }

  private async sendOne(customer: number): Promise<void> {
    await until(`customer ${customer} is answered`, async () => {
      try {
        this.answered.set(customer, await this.send(customer));
        return true;
      } catch {
        this.failures += 1;
        return false;
      }
    });
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
    expect(await customers.send(customer)).toEqual(customers.answered.get(customer));
  }
}

describe('in the middle of bookings', () => {
  it('a process of the service is killed: another goes on, a new one takes its place', async () => {
    const database = await createTestDatabase();
    cleanUps.push(() => database.drop());
    const db = poolOf(database.url);
    const processes = await launch(2, { DATABASE_URL: database.url });
    const [victim] = processes.all;
    let successor: ServiceClient | undefined;
    const customers = new Customers((customer) =>
      customer % 2 === 0 && successor !== undefined ? successor : processes.client(customer % 2),
    );
    const sending = customers.sendAll();
    await until('some are answered', () => customers.answered.size >= 20);
    victim!.kill('SIGKILL');
    await victim!.ended;
    await processes.startOne();
    successor = processes.client(2);
    await sending;
    expect(customers.failures).toBeGreaterThan(0);
    await expectAllThere(db, customers);
  }, 120_000);

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
    const customers = new Customers(() => processes.client(0));
    const sending = customers.sendAll();
    await until('some are answered', () => customers.answered.size >= 20);
    const data = realpathSync(join(dataDir, 'postgres', 'data'));
    for (const pid of serverProcesses(data, readPidFile(data)?.pid)) process.kill(pid, 'SIGKILL');
    await sending;
    expect(customers.failures).toBeGreaterThan(0);
    expect(processes.all[0]!.output).toContain('PostgreSQL is gone');
    await expectAllThere(poolOf(runningDatabase(dataDir)!), customers);
  }, 120_000);
});
