import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { aBooking, bookOrder, expire, holdOrder, startOver } from '../support/bookings.ts';
import { QueryCounter } from '../support/query-counter.ts';
import { startService, type TestService, type Token } from '../support/service.ts';
import { workedNetwork } from '../support/worked-network.ts';

const MINUTE_MS = 60_000;

let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork() });
});
afterAll(() => service.stop());

async function read(of: TestService, token?: Token) {
  const bearer = await token;
  const answer = await fetch(new URL('/metrics', of.url), {
    headers: bearer === undefined ? {} : { authorization: `Bearer ${bearer}` },
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** The value of one metric as headquarters read it; undefined: there is none. */
async function value(metric: string, of = service): Promise<number | undefined> {
  const { text } = await read(of, of.tokens.hq);
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${metric} `));
  return line === undefined ? undefined : Number(line.slice(metric.length));
}

describe('who may read the metrics', () => {
  it.each([
    { who: 'headquarters', token: () => service.tokens.hq, status: 200 },
    { who: 'staff', token: () => service.tokens.staff('A'), status: 403 },
    { who: 'a customer', token: () => service.tokens.customer('mei@example.com'), status: 403 },
    { who: 'somebody with a forged token', token: () => 'forged', status: 401 },
    { who: 'nobody in particular', token: () => undefined, status: 401 },
  ])('$who: $status', async ({ token, status }) => {
    const answer = await read(service, token());
    expect(answer.status).toBe(status);
    expect(answer.text.includes('welt_')).toBe(status === 200);
    expect(answer.headers.has('www-authenticate')).toBe(status === 401);
  });

  it('everybody where they are open', async () => {
    const open = await startService({ database: service.database, env: { METRICS: 'open' } });
    const { status, headers, text } = await read(open);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(text).toContain('# TYPE welt_changes_total counter');
    await open.stop();
  });
});

describe('the metrics', () => {
  it('count what was carried out, in this process alone', async () => {
    const other = await startService({ database: service.database });
    const before = await value('welt_changes_total');
    expect(await bookOrder(service, aBooking())).toMatchObject({ __typename: 'Order' });
    expect(await value('welt_changes_total')).toBe(before! + 1);
    expect(await value('welt_changes_total', other)).toBe(0);
    await other.stop();
  });

  it('count what was computed again', async () => {
    const before = await value('welt_changes_computed_again_total');
    // Everybody plans the same last places before anybody has taken them.
    await Promise.all(Array.from({ length: 8 }, () => bookOrder(service, aBooking())));
    expect(await value('welt_changes_computed_again_total')).toBeGreaterThan(before!);
  });

  it('measure requests by route, and operations by root field', async () => {
    await service.ask('{ services { code } }');
    const { text } = await read(service, service.tokens.hq);
    expect(text).toMatch(/welt_http_request_seconds_count\{route="\/graphql",status="200"\} \d+/);
    expect(text).toContain(
      'welt_graphql_operation_seconds_count{kind="query",field="services"} 1\n',
    );
  });

  it('have no label that a caller can choose', async () => {
    await fetch(new URL('/no-such-page', service.url));
    await service.ask('query ByAnyName { anyAlias: services { code } nothing }');
    const { text } = await read(service, service.tokens.hq);
    expect(text).not.toMatch(/no-such-page|ByAnyName|anyAlias|nothing/);
  });
});

describe('welt_ledger_mismatched_buckets', () => {
  const METRIC = 'welt_ledger_mismatched_buckets';
  const ONE_BUCKET = `(resource, start) = (
    SELECT resource, start FROM ledger WHERE taken > 0 ORDER BY resource, start LIMIT 1)`;

  beforeAll(async () => {
    await startOver(service, workedNetwork());
    expect(await bookOrder(service, aBooking())).toMatchObject({ __typename: 'Order' });
    const hold = await holdOrder(service, aBooking());
    expect(hold).toMatchObject({ __typename: 'Hold' });
    await expire(service, hold.id);
    expect(await holdOrder(service, aBooking())).toMatchObject({ __typename: 'Hold' });
  });

  /** Looked at anew a minute later. */
  async function later(): Promise<number | undefined> {
    service.clock.advance(MINUTE_MS);
    return value(METRIC);
  }

  it('is 0 with orders, open holds and expired ones', async () => {
    expect(await later()).toBe(0);
  });

  it.each([
    { wrong: 'a sum that is too high', change: 'taken = taken + 1', back: 'taken - 1', count: 1 },
    { wrong: 'a sum that is too low', change: 'taken = taken - 1', back: 'taken + 1', count: 1 },
    { wrong: 'a sum that stands elsewhere', change: "resource = 'x'", back: 'taken', count: 2 },
  ])('counts $wrong', async ({ change, back, count }) => {
    const [bucket] = await service.rows<{ resource: string; start: Date }>(
      `SELECT resource, start FROM ledger WHERE ${ONE_BUCKET}`,
    );
    await service.rows(`UPDATE ledger SET ${change} WHERE ${ONE_BUCKET}`);
    expect(await later()).toBe(count);
    await service.rows(
      `UPDATE ledger SET resource = $1, taken = ${back}
        WHERE start = $2 AND resource = ANY (ARRAY[$1, 'x'])`,
      [bucket!.resource, bucket!.start],
    );
    expect(await later()).toBe(0);
  });

  it('counts what is kept in the claims of a hold that is over', async () => {
    await service.rows(`UPDATE hold SET ended_at = now() WHERE expires_at > now()`);
    expect(await later()).toBeGreaterThan(0);
    await service.rows(`UPDATE hold SET ended_at = NULL WHERE expires_at > now()`);
    expect(await later()).toBe(0);
  });

  it('is looked at once a minute, however often it is asked', async () => {
    await later();
    const counter = new QueryCounter(service.app);
    const sums = async (asking: () => Promise<unknown>) =>
      (await counter.during(asking)).filter((text) => text.includes('FULL JOIN')).length;
    expect(await sums(() => Promise.all([value(METRIC), value(METRIC)]))).toBe(0);
    service.clock.advance(MINUTE_MS);
    expect(await sums(() => Promise.all([value(METRIC), value(METRIC)]))).toBe(1);
  });

  it('is left out if it cannot be known, and all others are there', async () => {
    await service.rows('ALTER TABLE claim RENAME TO claim_away');
    expect(await later()).toBeUndefined();
    expect(await value('welt_changes_total')).toBeGreaterThan(0);
    await service.rows('ALTER TABLE claim_away RENAME TO claim');
    expect(await later()).toBe(0);
  });

  it('makes nobody wait for a long look, nor the end of the service', async () => {
    const other = await startService({ database: service.database });
    const keeper = new pg.Client(service.database.url);
    await keeper.connect();
    await keeper.query('BEGIN; LOCK TABLE claim');
    expect(await value(METRIC, other)).toBeUndefined();
    await other.stop();
    await keeper.end();
  });
});
