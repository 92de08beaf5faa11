import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

import type { SendOutcome } from '../../src/channels/channel.ts';
import { Opener } from '../../src/features/deliveries/opener.ts';
import { Recorder } from '../../src/features/deliveries/recorder.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import {
  anAccount,
  aQuietOrder,
  deliver,
  deliveriesOf,
  loseWorker,
  messageOf,
  messengerOf,
  owe,
  setPolicy,
  startQuiet,
} from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const KEYED = new FakeChannel('keyed');
const ASKED = new FakeChannel('asked', {
  idempotency: { is: 'lookUp', afterSec: [30], isAuthoritative: true },
});
const ALONE = new FakeChannel('alone', { idempotency: { is: 'none' } });
const CHANNELS = [KEYED, ASKED, ALONE];
const ACCEPTED: SendOutcome = { outcome: 'accepted', providerRef: null };
const WORKERS = 3;
const MESSAGES = 2000;
/** Attempts of one process on one account. */
const AT_ONCE = 64;

let service: TestService;
let others: TestService[];
let orderId: string;

/** A call that is under way until it is answered. */
class Hanging {
  private readonly waiting: ((outcome: SendOutcome) => void)[] = [];

  readonly send = (): Promise<SendOutcome> => new Promise((done) => this.waiting.push(done));

  async begun(count = 1): Promise<void> {
    while (this.waiting.length < count) await new Promise(setImmediate);
  }

  answer(): void {
    for (const done of this.waiting.splice(0)) done(ACCEPTED);
  }
}

beforeAll(async () => {
  const network = workedNetwork({ counter: { visits: 200 } });
  service = await startService({ network, channels: CHANNELS });
  const { database } = service;
  others = [];
  for (let n = 1; n < WORKERS; n += 1) {
    others.push(await startService({ database, channels: CHANNELS }));
  }
  for (const channel of CHANNELS) await anAccount(service, channel.descriptor.name);
});

beforeEach(async () => {
  await startQuiet(service, CHANNELS);
  for (const { clock } of others) clock.set(service.clock.now());
  orderId = (await aQuietOrder(service)).id;
});

afterAll(async () => {
  for (const other of others) await other.stop();
  await service.stop();
});

async function go(channel: string): Promise<void> {
  const steps = [{ channel, account: null, advance: [] }];
  await setPolicy(service, { defaultRoute: { mode: 'fallback', steps } });
}

async function oweMany(count: number): Promise<void> {
  await service.rows(
    `INSERT INTO message (id, order_id, kind, occasion, order_version, state, planned_at, due_at,
                          useful_until, owed_at)
     SELECT gen_random_uuid(), $1, 'COLLECTED', n, 1, 'OWED', $2::timestamptz, $2, $2 + interval '6 hours', $2
       FROM generate_series(1, $3::integer) AS n`,
    [orderId, new Date(service.clock.now()), count],
  );
  await service.rows(
    `UPDATE event SET after = jsonb_set(after, '{status}', '"COLLECTED"') WHERE order_id = $1`,
    [orderId],
  );
}

/** One that works until nothing is due; awaiting it may take as long as what hangs. */
const workedBy = (worker: TestService): Promise<number> => deliver(worker);

describe('several workers', () => {
  it.each(['keyed', 'alone'])(
    'send each of many messages once, on a channel that is %s',
    async (channel) => {
      await go(channel);
      const count = channel === 'keyed' ? MESSAGES : 100;
      await oweMany(count);
      await Promise.all([service, ...others].map(workedBy));
      const sent = CHANNELS.flatMap((one) => one.sent.map(({ deliveryId }) => deliveryId));
      expect([sent.length, new Set(sent).size]).toEqual([count, count]);
      const rows = await service.rows(
        `SELECT state, count(*)::integer FROM message WHERE order_id = $1 GROUP BY state`,
        [orderId],
      );
      expect(rows).toEqual([{ state: 'DONE', count }]);
    },
  );

  it('share what one alone cannot hold, and do not wait for a channel that hangs', async () => {
    const hanging = new Hanging();
    await go('alone');
    ALONE.always = hanging.send;
    await oweMany(60);
    const slow = messengerOf(service).tick();
    await hanging.begun();
    await slow;
    await go('keyed');
    const id = await owe(service, orderId, { kind: 'COLLECTED', occasion: 'later' });
    await new Promise(setImmediate);
    const around = deliver(others[0]!);
    while (KEYED.sent.length === 0) await new Promise(setImmediate);
    ALONE.always = ACCEPTED;
    hanging.answer();
    await Promise.all([around, ...[service, ...others].map(workedBy)]);
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });
    expect(new Set(ALONE.sent.map(({ deliveryId }) => deliveryId)).size).toBe(60);
    expect(ALONE.sent).toHaveLength(60);
  });
});

describe('a worker that died', () => {
  it.each([
    ['keyed', 2, 'ACCEPTED'],
    ['asked', 1, 'ACCEPTED'],
  ])('is replaced within half a minute (%s)', async (channel, calls, status) => {
    await go(channel);
    const fake = CHANNELS.find(({ descriptor }) => descriptor.name === channel)!;
    fake.onLookUp = { found: true, providerRef: null, status: 'accepted' };
    const hanging = new Hanging();
    fake.answers(hanging.send);
    const id = await owe(service, orderId);
    const dead = messengerOf(service).run();
    await hanging.begun();
    const [other] = others;
    other!.clock.set(service.clock.now() + 19_000);
    await deliver(other!);
    expect(fake.sent).toHaveLength(1);
    const [before] = await deliveriesOf(service, id);
    await loseWorker(service, before!.id);
    for (let n = 0; n < 6; n += 1) {
      other!.clock.set(service.clock.now() + n * 15_000);
      await deliver(other!);
    }
    expect(fake.sent).toHaveLength(calls);
    const [after] = await deliveriesOf(service, id);
    expect(after).toMatchObject({ status });
    expect(after!.attempts[0]).toMatchObject({ outcome: 'ambiguous', code: 'WORKER_LOST' });
    expect(await messageOf(service, id)).toMatchObject({ state: 'DONE' });

    const { late } = service.app.get(Recorder, { strict: false });
    hanging.answer();
    await dead;
    expect(service.app.get(Recorder, { strict: false }).late).toBe(late + 1);
    expect(await deliveriesOf(service, id)).toEqual([after]);
  });

  it('is replaced before anything new is begun', async () => {
    await go('keyed');
    const hanging = new Hanging();
    KEYED.always = hanging.send;
    await oweMany(250);
    const dead = messengerOf(service).run();
    await hanging.begun(AT_ONCE);
    KEYED.always = ACCEPTED;
    await service.rows(
      `UPDATE delivery SET leased_until = clock_timestamp() - interval '1 second'
        WHERE leased_until IS NOT NULL`,
    );
    await owe(service, orderId, { kind: 'COLLECTED', occasion: 'later' });
    const [other] = others;
    const opener = other!.app.get(Opener, { strict: false });
    const open = opener.open.bind(opener);
    const lost: number[] = [];
    vi.spyOn(opener, 'open').mockImplementation(async (...given) => {
      const rows = await service.rows(
        `SELECT id FROM delivery WHERE leased_until < clock_timestamp()`,
      );
      lost.push(rows.length);
      return open(...given);
    });
    other!.clock.set(service.clock.now() + 30_000);
    await messengerOf(other!).tick();
    vi.restoreAllMocks();
    expect(new Set(lost)).toEqual(new Set([0]));
    hanging.answer();
    await dead;
  });

  it('has at most one message repeated where nobody can tell, and it is said so', async () => {
    await go('alone');
    const hanging = new Hanging();
    ALONE.answers(hanging.send);
    await oweMany(10);
    const dead = messengerOf(service).run();
    await hanging.begun();
    await service.rows(
      `UPDATE delivery SET leased_until = clock_timestamp() - interval '1 second'
        WHERE leased_until IS NOT NULL`,
    );
    const [other] = others;
    for (let n = 0; n < 6; n += 1) {
      other!.clock.set(service.clock.now() + 30_000 + n * 15_000);
      await deliver(other!);
    }
    hanging.answer();
    await dead;
    const calls = new Map<string, number>();
    for (const { deliveryId } of ALONE.sent) {
      calls.set(deliveryId, (calls.get(deliveryId) ?? 0) + 1);
    }
    expect([...calls.values()].sort()).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 2]);
    const repeated = await service.rows(
      `SELECT id FROM delivery WHERE may_be_repeated AND
      message_id IN (SELECT id FROM message WHERE order_id = $1)`,
      [orderId],
    );
    expect(repeated).toHaveLength(1);
  });

  it('leaves nothing to be sent of what was withdrawn meanwhile', async () => {
    await go('alone');
    const hanging = new Hanging();
    ALONE.answers(hanging.send);
    await oweMany(3);
    const dead = messengerOf(service).run();
    await hanging.begun();
    await service.rows(
      `UPDATE message SET state = 'WITHDRAWN', reason = 'NO_LONGER_TRUE' WHERE order_id = $1`,
      [orderId],
    );
    await service.rows(
      `UPDATE delivery SET leased_until = clock_timestamp() - interval '1 second'
        WHERE leased_until IS NOT NULL`,
    );
    const [other] = others;
    other!.clock.set(service.clock.now() + 30_000);
    await deliver(other!);
    hanging.answer();
    await dead;
    expect(ALONE.sent).toHaveLength(1);
    const rows = await service.rows(
      `SELECT d.status FROM delivery d JOIN message m ON m.id = d.message_id
        WHERE m.order_id = $1 ORDER BY 1`,
      [orderId],
    );
    expect(rows.map(({ status }) => status as string)).toEqual([
      ...['AMBIGUOUS', 'CANCELLED', 'CANCELLED'],
    ]);
  });
});
