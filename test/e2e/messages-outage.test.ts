import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DateTime } from 'luxon';

import { fillMessages } from '../bench/support/many-messages.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { anAccount, deliver } from '../support/messaging.ts';
import { startService, type TestService } from '../support/service.ts';
import { aStore, at, ZONE } from '../support/worked-network.ts';

const DUE = 10_000;
const PER_SECOND = 150;
const HOUR = 3_600_000;
const SECOND = 1000;
const TICK_MS = 50;
const ELSEWHERE = 'America/New_York';

/** All was due then, and nobody worked for three hours. */
const DUE_AT = at('Mon 17:59') + 40 * SECOND;
const BACK_AT = DUE_AT + 3 * HOUR;

const MAIL = new FakeChannel('mail');

interface Sent {
  readonly orderId: string;
  readonly kind: string;
  readonly at: number;
  readonly zone: string;
}

let service: TestService;
const sent: Sent[] = [];

/** A quarter each: quiet and soon of no use, quiet, of no use any more, and not quiet. */
const TURN_INTO_KINDS = `
  UPDATE message m
     SET kind = (ARRAY['PROGRESS', 'FINDING', 'RECEIPT', 'RECEIPT'])[1 + n % 4],
         useful_until = due_at + (ARRAY['6 h', '24 h', '175 min', '12 h'])[1 + n % 4]::interval
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM message) AS numbered
   WHERE m.id = numbered.id`;

/** Of each fourth progress there is a later one. */
const TELL_AGAIN = `
  INSERT INTO message (id, order_id, kind, occasion, order_version, state, planned_at, due_at,
                       useful_until, owed_at)
  SELECT gen_random_uuid(), order_id, kind, 'later', order_version, state, planned_at, due_at,
         useful_until + interval '1 minute', owed_at
    FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM message WHERE kind = 'PROGRESS') AS p
   WHERE n % 4 = 0`;

/** Each tenth customer sleeps in another zone. */
const LIVE_ELSEWHERE = `
  INSERT INTO message_preference (customer_id, time_zone, updated_at)
  SELECT id, '${ELSEWHERE}', now()
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM customer) AS c WHERE n % 10 = 0`;

beforeAll(async () => {
  service = await startService({
    network: { stores: [aStore('X-QUIET'), aStore('X-STEADY')] },
    channels: [MAIL],
    now: DUE_AT,
  });
  await anAccount(service, 'mail', { perSecond: PER_SECOND });
  await fillMessages(service.database.url, { due: DUE, later: 0 }, DUE_AT);
  for (const statement of [TURN_INTO_KINDS, TELL_AGAIN, LIVE_ELSEWHERE]) {
    await service.rows(statement);
  }
  const elsewhere = new Set(
    (
      await service.rows<{ value: string }>(
        `SELECT value FROM contact c JOIN message_preference p ON p.customer_id = c.customer_id`,
      )
    ).map(({ value }) => value),
  );
  MAIL.always = ({ content: { kind, fields }, address }) => {
    const zone = elsewhere.has(address as string) ? ELSEWHERE : ZONE;
    sent.push({ orderId: fields['orderId']!, kind, at: service.clock.now(), zone });
    return { outcome: 'accepted', providerRef: null };
  };
  await workFrom(BACK_AT);
  await workFrom(at('Tue 08:00'));
  await workFrom(at('Tue 20:00'));
}, 240_000);

afterAll(() => service.stop());

/** Until nothing is due for a minute. */
async function workFrom(instant: number): Promise<void> {
  for (let now = instant; ; now += TICK_MS) {
    service.clock.set(now);
    await deliver(service);
    const [row] = await service.rows<{ waits: boolean }>(
      `SELECT EXISTS (SELECT FROM message WHERE state = 'OWED' AND due_at < $1) AS waits`,
      [new Date(now + 60 * SECOND)],
    );
    if (!row!.waits) return;
  }
}

const isQuiet = ({ kind }: Sent): boolean => kind !== 'order.received';

describe('after three hours in which nobody worked', () => {
  it('no second of any account sees more than its limit', () => {
    const times = sent.map((one) => one.at).sort((a, b) => a - b);
    const most = times.map((end, i) => i + 1 - times.findIndex((time) => time > end - SECOND));
    expect(Math.max(...most)).toBeLessThanOrEqual(PER_SECOND);
    // And the limit is used.
    const within = times.filter((time) => time >= BACK_AT && time < BACK_AT + 10 * SECOND).length;
    expect(within).toBeGreaterThan(0.8 * 10 * PER_SECOND);
  });

  it('nobody is woken', () => {
    const awake = sent
      .filter(isQuiet)
      .map((one) => DateTime.fromMillis(one.at, { zone: one.zone }));
    expect(awake.filter(({ hour }) => hour >= 21 || hour < 8)).toEqual([]);
    // Some had to wait for their morning, and somebody elsewhere was told at the same moment.
    const atNight = at('Mon 21:00');
    expect(sent.filter((one) => isQuiet(one) && one.at > at('Tue 07:59')).length).toBeGreaterThan(
      0,
    );
    const elsewhere = sent.filter(({ zone, at: time }) => zone === ELSEWHERE && time > atNight);
    expect(elsewhere.some((one) => isQuiet(one) && one.at < at('Tue 07:59'))).toBe(true);
  });

  it('what is of no use any more is not sent, and all the rest is', async () => {
    const rows = await service.rows<{
      kind: string;
      state: string;
      reason: string | null;
      n: number;
    }>(
      `SELECT kind, state, reason, count(*)::integer AS n FROM message
        GROUP BY kind, state, reason ORDER BY kind, state, reason`,
    );
    const count = (kind: string, state: string, reason: string | null = null): number =>
      rows.find((row) => row.kind === kind && row.state === state && row.reason === reason)?.n ?? 0;
    expect(count('FINDING', 'DONE')).toBe(DUE / 4);
    expect(count('RECEIPT', 'DONE')).toBe(DUE / 4);
    expect(count('RECEIPT', 'SKIPPED', 'EXPIRED_BEFORE_SEND')).toBe(DUE / 4);
    expect(count('PROGRESS', 'SKIPPED', 'MERGED')).toBe(DUE / 16);
    const progress = [
      count('PROGRESS', 'DONE'),
      count('PROGRESS', 'SKIPPED', 'EXPIRED_BEFORE_SEND'),
    ];
    expect(progress[0]! + progress[1]!).toBe(DUE / 4);
    expect(Math.min(...progress)).toBeGreaterThan(0);
    expect(sent).toHaveLength(
      rows.filter(({ state }) => state === 'DONE').reduce((s, r) => s + r.n, 0),
    );
  });

  it('nothing is sent past its use', async () => {
    const late = await service.rows(
      `SELECT d.id FROM delivery d JOIN message m ON m.id = d.message_id
        WHERE d.first_attempt_at >= m.useful_until`,
    );
    expect(late).toEqual([]);
  });

  it('nobody is told the same twice', () => {
    const told = sent.map(({ orderId, kind }) => `${orderId} ${kind}`);
    expect(new Set(told).size).toBe(told.length);
  });
});
