import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { DEFAULT_POLICY, type Route } from '../../src/core/messages/policy.ts';
import { DAY_MS } from '../../src/core/time/time.ts';
import { fillMessages } from '../bench/support/many-messages.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeProvider } from '../support/messages/fake-provider.ts';
import {
  buildWorkers,
  MessageWorker,
  type WorkerSettings,
} from '../support/messages/message-worker.ts';
import { anAccount, setPolicy } from '../support/messaging.ts';
import { until } from '../support/service-process.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore } from '../support/worked-network.ts';

const DUE = Number(process.env['CHAOS_MESSAGES'] ?? 5000);
const WORKERS = 3;
const KILL_EVERY_MS = 2000;
const KILLS = 4;
/** Pauses of minutes pass in seconds; leases go by the database's clock and do not. */
const SPEED = 10;
const LONGEST_MS = 180_000;
/** A lease of 20 s ends at most this long before somebody takes it over: 30 s after its worker died. */
const TAKEN_OVER_WITHIN_SEC = 10;
const KINDS = { keyed: 'ORDER_BOOKED', asked: 'MOVED', alone: 'RECEIPT' } as const;
/** Of all messages; one by one, so few. */
const ALONE_SHARE = 0.02;

let service: TestService;
let provider: FakeProvider;
let settings: WorkerSettings;
const begin = Date.now();

beforeAll(async () => {
  buildWorkers();
  provider = await FakeProvider.start();
  const channels = Object.keys(KINDS).map((name) => new FakeChannel(name));
  service = await startService({
    network: { stores: [aStore('X-QUIET'), aStore('X-STEADY')] },
    channels,
    now: begin,
  });
  for (const name of Object.keys(KINDS)) await anAccount(service, name);
  const routes = Object.fromEntries(
    Object.entries(KINDS).map(([channel, kind]): [string, Route] => [kind, only(channel)]),
  );
  await setPolicy(service, { ...DEFAULT_POLICY, quietHours: null, routes });
  settings = {
    ...{ databaseUrl: service.database.url, providerUrl: provider.url },
    ...{ begin, speed: SPEED },
  };
  await oweMany();
});

afterAll(async () => {
  await MessageWorker.killAll();
  await provider.stop();
  await service.stop();
});

const only = (channel: string): Route => ({
  mode: 'fallback',
  steps: [{ channel, account: null, advance: [] }],
});

async function oweMany(): Promise<void> {
  await fillMessages(service.database.url, { due: DUE, later: 0 }, begin);
  const share = Math.round(1 / ALONE_SHARE);
  await service.rows(
    `UPDATE message m SET kind = CASE WHEN n % $1 = 0 THEN $2 WHEN n % 2 = 0 THEN $3 ELSE kind END,
            useful_until = useful_until + interval '10 days'
       FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM message) AS numbered
      WHERE m.id = numbered.id`,
    [share, KINDS.alone, KINDS.asked],
  );
}

interface Progress {
  readonly waiting: number;
  /** Of the lease that ended first and that nobody took over since; negative: none has ended. */
  readonly overdueSec: number;
}

async function progress(): Promise<Progress> {
  const [row] = await service.rows<{ waiting: number; overdue: number | null }>(
    `SELECT (SELECT count(*)::integer FROM message WHERE state IN ('OWED', 'OPEN')) AS waiting,
            (SELECT extract(epoch FROM clock_timestamp() - min(leased_until))::float8
               FROM delivery WHERE leased_until IS NOT NULL) AS overdue`,
  );
  return { waiting: row!.waiting, overdueSec: row!.overdue ?? -1 };
}

/** Kills the one that has worked longest, and lets another one work in its place. */
async function killOne(working: MessageWorker[], spare: MessageWorker[]): Promise<boolean> {
  const index = working.findIndex(({ isWorking }) => isWorking);
  const next = index < 0 ? undefined : spare.pop();
  if (next === undefined) return false;
  const [victim] = working.splice(index, 1);
  await victim!.kill();
  working.push(next);
  void next.work().catch(() => undefined);
  return true;
}

interface Storm {
  readonly kills: number;
  readonly worstSec: number;
}

/** Works off everything that is due, while workers are killed. */
async function storm(): Promise<Storm> {
  const spare: MessageWorker[] = [];
  // Two at a time, as they are all computing.
  while (spare.length < WORKERS + KILLS) {
    spare.push(...(await Promise.all([1, 2].map(() => MessageWorker.load(settings)))));
  }
  const working = spare.splice(0, WORKERS);
  await Promise.all(working.map((worker) => worker.work()));
  let kills = 0;
  let worstSec = -Infinity;
  const end = Date.now() + LONGEST_MS;
  let nextKill = Date.now() + KILL_EVERY_MS;
  for (;;) {
    const { waiting, overdueSec } = await progress();
    worstSec = Math.max(worstSec, overdueSec);
    if (waiting === 0) break;
    if (Date.now() > end) throw new Error(`${waiting} messages still wait`);
    if (working.some(({ hasEnded }) => hasEnded)) throw new Error('a worker ended by itself');
    if (Date.now() >= nextKill && kills < KILLS) {
      nextKill = Date.now() + KILL_EVERY_MS;
      if (await killOne(working, spare)) kills += 1;
    }
    await new Promise((go) => setTimeout(go, 500));
  }
  await MessageWorker.killAll();
  return { kills, worstSec };
}

/** Repeats that no recorded silence of the provider explains. */
async function unexplainedRepeats(channel: string): Promise<number> {
  const rows = await service.rows<{ id: string; silences: number }>(
    `SELECT d.id, (SELECT count(*)::integer FROM jsonb_array_elements(d.attempts) AS a
                    WHERE a ->> 'outcome' = 'ambiguous' AND a ->> 'code' <> 'WORKER_LOST') AS silences
       FROM delivery d WHERE d.channel = $1`,
    [channel],
  );
  const timesOf = (id: string): number => provider.taken.get(id)?.times ?? 0;
  return rows.reduce((sum, { id, silences }) => sum + Math.max(0, timesOf(id) - 1 - silences), 0);
}

describe('workers that are killed, and a provider that misbehaves', () => {
  let kills = 0;
  let worstSec = 0;

  beforeAll(async () => {
    provider.faults = { refusing: 0.3, silent: 0.05 };
    ({ kills, worstSec } = await storm());
    provider.faults = { refusing: 0, silent: 0 };
  }, LONGEST_MS + 120_000);

  it('happen', () => {
    expect(kills).toBeGreaterThanOrEqual(3);
    expect(provider.refused).toBeGreaterThan(0.2 * DUE);
    expect(provider.silent).toBeGreaterThan(0.03 * DUE);
  });

  it('lose no message', async () => {
    const told = new Set([...provider.taken.values()].map(({ orderId }) => orderId));
    const rows = await service.rows<{ state: string; reason: string | null; kind: string }>(
      `SELECT DISTINCT state, reason, kind FROM message ORDER BY kind, state`,
    );
    expect({ told: told.size, rows }).toMatchObject({ told: DUE });
    // Of what nobody can know, staff are told.
    const known = rows.filter(({ reason, kind }) => kind !== KINDS.alone || reason === null);
    expect(known).toEqual(
      Object.values(KINDS)
        .toSorted()
        .map((kind) => ({ kind, state: 'DONE', reason: null })),
    );
    expect(rows.every(({ reason }) => reason === null || reason === 'NOBODY_KNOWS')).toBe(true);
  });

  it('tell nobody twice where the provider knows a repeat, or can be asked', () => {
    const byOrder = new Map<string, number>();
    for (const { channel, orderId, times } of provider.taken.values()) {
      if (channel === 'alone') continue;
      // By its key, a repeat is known and not passed on.
      const passedOn = channel === 'keyed' ? 1 : times;
      byOrder.set(orderId, (byOrder.get(orderId) ?? 0) + passedOn);
    }
    expect([...byOrder.values()].filter((times) => times !== 1)).toEqual([]);
  });

  it('tell at most one more for each kill where nobody can know', async () => {
    expect(await unexplainedRepeats('alone')).toBeLessThanOrEqual(kills);
    const repeated = [...provider.taken.values()].filter(
      ({ channel, times }) => channel === 'alone' && times > 1,
    );
    const admitted = await service.rows<{ id: string }>(
      `SELECT id FROM delivery WHERE channel = 'alone' AND may_be_repeated`,
    );
    const ids = new Set(admitted.map(({ id }) => id));
    expect(repeated.filter(({ key, times }) => times > 2 || !ids.has(key))).toEqual([]);
  });

  it('leave nothing of a dead worker longer than 30 seconds', () => {
    expect(worstSec).toBeLessThan(TAKEN_OVER_WITHIN_SEC);
  });
});

describe('a worker that was stopped for longer than its lease', () => {
  it('can write no more when it comes back', async () => {
    const [order] = await service.rows<{ id: string }>(`SELECT id FROM customer_order LIMIT 1`);
    await service.rows(`UPDATE message SET state = 'DONE' WHERE state = 'OWED'`);
    provider.isHolding = true;
    const sleeper = await MessageWorker.start(settings);
    await service.rows(
      `UPDATE message SET state = 'OWED', ended_at = NULL, step = 0, due_at = $2, owed_at = $2,
              kind = 'ORDER_BOOKED' WHERE order_id = $1`,
      [order!.id, new Date(begin)],
    );
    await service.rows(
      `DELETE FROM delivery WHERE message_id IN (SELECT id FROM message WHERE order_id = $1)`,
      [order!.id],
    );
    await until('the message is with the provider', () => provider.holding > 0);
    sleeper.signal('SIGSTOP');
    await service.rows(
      `UPDATE delivery SET leased_until = clock_timestamp() - interval '1 second'
        WHERE leased_until IS NOT NULL`,
    );
    provider.isHolding = false;
    const other = await MessageWorker.start(settings);
    await until('another has sent it', async () => (await progress()).waiting === 0);
    await other.kill();
    const sent = () =>
      service.rows(
        `SELECT d.*, m.state, m.ended_at AS message_ended_at FROM delivery d
           JOIN message m ON m.id = d.message_id WHERE m.order_id = $1`,
        [order!.id],
      );
    const before = await sent();
    expect(before).toMatchObject([{ status: 'ACCEPTED', state: 'DONE' }]);

    sleeper.signal('SIGCONT');
    provider.release();
    await until('it tried to write', async () => (await sleeper.late()) > 0);
    expect(await sent()).toEqual(before);
    await sleeper.kill();
  });
});

// A message stays of use for days of the fast clock.
expect(LONGEST_MS * SPEED).toBeLessThan(DAY_MS);
