import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomBytes } from 'node:crypto';

import type { ChannelEvent } from '../../src/channels/channel.ts';
import { aBooking, bookOrder, MEI } from '../support/bookings.ts';
import {
  disableAccount,
  linkChannel,
  myAddresses,
  setAccount,
} from '../support/channel-accounts.ts';
import { callHook, HOOK_SECRET, tell } from '../support/hook-calls.ts';
import { startService, type TestService } from '../support/service.ts';
import { browserChannel, ToldChannel } from '../support/told-channel.ts';
import { workedNetwork } from '../support/worked-network.ts';

const PUBLIC_URL = 'https://welt.example.com/api';
const channel = new ToldChannel();

let service: TestService;
beforeAll(async () => {
  service = await startService({
    network: workedNetwork(),
    channels: [channel, browserChannel],
    env: { PUBLIC_URL },
  });
  await bookOrder(service, aBooking());
  await setAccount(service, { channel: 'told', settings: { secret: HOOK_SECRET } });
  await setAccount(service, { channel: 'browser', settings: {} });
});
afterAll(() => service.stop());
beforeEach(async () => {
  channel.called.length = 0;
  await service.rows('TRUNCATE channel_address, channel_link, address_standing, receipt');
});

const now = () => service.clock.now();
const mei = () => service.tokens.customer(MEI.email);
const KNOWN = { 'x-secret': HOOK_SECRET };

describe('a call of a provider', () => {
  it('reaches the channel as it came, under the public address', async () => {
    const body = Buffer.from('["\\u00e9", 1.0]\n');
    await callHook(service, 'told/default/a%2Fb?x=1&y=%20', {
      ...{ method: 'POST', body, headers: { 'content-type': 'application/x-odd' } },
    });
    expect(channel.called).toEqual([
      {
        method: 'POST',
        url: `${PUBLIC_URL}/hooks/told/default/a%2Fb?x=1&y=%20`,
        body: body.toString(),
      },
    ]);
  });

  it.each([
    { name: 'JSON', type: 'application/json' },
    { name: 'a form', type: 'application/x-www-form-urlencoded' },
    { name: 'XML', type: 'text/xml' },
    { name: 'what says nothing of itself', type: undefined },
  ])('may bring $name', async ({ type }) => {
    const headers = { ...KNOWN, ...(type === undefined ? {} : { 'content-type': type }) };
    const body = new TextEncoder().encode('[]');
    const answer = await callHook(service, 'told/default', { method: 'POST', headers, body });
    expect(answer).toEqual({
      status: 202,
      type: expect.stringContaining('text/x-told'),
      body: 'taken',
    });
  });

  it('may ask with GET', async () => {
    const answer = await callHook(service, 'told/default?echo=7', { headers: KNOWN });
    expect(answer.status).toBe(202);
    expect(channel.called).toEqual([expect.objectContaining({ method: 'GET', body: '' })]);
  });

  it.each([
    { name: 'of no channel', path: 'pigeon/default' },
    { name: 'of no account', path: 'told/other' },
    { name: 'of a channel that hears nothing', path: 'browser/default' },
  ])('about an account $name is answered 404', async ({ path }) => {
    const answer = await callHook(service, path, { method: 'POST', headers: KNOWN, body: '[]' });
    expect(answer.status).toBe(404);
  });

  it.each([
    { name: 'PUT', init: { method: 'PUT', body: '[]' }, status: 404 },
    { name: 'too much', init: { method: 'POST', body: 'x'.repeat(262_145) }, status: 413 },
  ])('with $name is refused before anybody reads it', async ({ init, status }) => {
    const answer = await callHook(service, 'told/default', { ...init, headers: KNOWN });
    expect(answer.status).toBe(status);
    expect(channel.called).toEqual([]);
  });

  it('about an account that is disabled is still taken', async () => {
    await disableAccount(service, 'told');
    expect((await tell(service, [])).status).toBe(202);
    await setAccount(service, { channel: 'told', settings: {} });
  });

  it('that fails is answered 500 with nothing of it applied, and can be made again', async () => {
    const good = withdrawn('mei', now());
    const bad = { is: 'receipt', dedupeKey: null } as unknown as ChannelEvent;
    expect((await tell(service, [good, bad])).status).toBe(500);
    expect(await standings()).toEqual([]);
    expect((await tell(service, [good])).status).toBe(202);
    expect(await standings()).toHaveLength(1);
  });
});

describe('a forged call', () => {
  it.each([
    { name: 'without the secret', headers: new Headers() },
    { name: 'with another one', headers: new Headers({ 'x-secret': `${HOOK_SECRET}x` }) },
  ])('$name is refused, and nothing of it is kept', async ({ headers }) => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    const events = [said(code), withdrawn('mei', now()), granted('forged')];
    const before = await counts();
    const answer = await callHook(service, 'told/default', {
      ...{ method: 'POST', headers, body: JSON.stringify(events) },
    });
    expect(answer).toMatchObject({ status: 401, body: 'Refused.\n' });
    expect(await counts()).toEqual(before);
  });
});

describe('a code', () => {
  it.each([
    { name: 'as it is', text: (code: string) => code },
    { name: 'after /start', text: (code: string) => `/start ${code}` },
    {
      name: 'as people write it',
      text: (code: string) => ` ${code.slice(0, 5).toLowerCase()} ${code.slice(5)}-\n`,
    },
  ])('sent $name makes the sender the customer’s, once', async ({ text }) => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    await tell(service, [said(text(code), 'u1')]);
    expect(await owners()).toEqual({ u1: MEI.email });
    await tell(service, [said(text(code), 'u2')]);
    expect(await owners()).toEqual({ u1: MEI.email });
    expect(await myAddresses(service, mei())).toMatchObject([{ channel: 'told', isUsable: true }]);
  });

  it('is of no use after half an hour, on another account, or with more around it', async () => {
    await setAccount(service, {
      channel: 'told',
      account: 'two',
      settings: { secret: HOOK_SECRET },
    });
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    await tell(service, [said(code)], 'two');
    await tell(service, [said(`my code is ${code}`)]);
    service.clock.advance(30 * 60_000);
    await tell(service, [said(code)]);
    expect(await owners()).toEqual({});
  });

  it('moves an address from one customer to another, and a customer to another address', async () => {
    const link = async (contact: string, sender: string) => {
      const { code } = await linkChannel(
        service,
        { channel: 'told' },
        service.tokens.customer(contact),
      );
      await tell(service, [said(code, sender)]);
    };
    await link(MEI.email, 'u1');
    await link('li@example.com', 'u1');
    expect(await owners()).toEqual({ u1: 'li@example.com' });
    await link('li@example.com', 'u2');
    expect(await owners()).toEqual({ u2: 'li@example.com' });
  });

  it('sent twice at the same moment links one sender', async () => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    await Promise.all(['u1', 'u2', 'u3', 'u4'].map((who) => tell(service, [said(code, who)])));
    expect(Object.values(await owners())).toEqual([MEI.email]);
  });

  it('is nothing to somebody who cannot be written to', async () => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    expect((await tell(service, [said(code, 'a group')])).status).toBe(202);
    expect(await owners()).toEqual({});
  });
});

describe('what a person wants', () => {
  it('is what was said last, however it is told', async () => {
    const [first, second, third] = [
      withdrawn('u1', now()),
      { ...withdrawn('u1', now() + 1), change: 'given' } as const,
      withdrawn('u1', now() + 2),
    ];
    await tell(service, [second]);
    await tell(service, [first]);
    expect(await standings()).toEqual([{ address_key: 'u1', standing: 'GIVEN' }]);
    await tell(service, [third, second, first]);
    expect(await standings()).toEqual([{ address_key: 'u1', standing: 'WITHDRAWN' }]);
  });

  it('is shown with the address', async () => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    await tell(service, [said(code, 'u1')]);
    await tell(service, [withdrawn('u1', now() + 1)]);
    expect(await myAddresses(service, mei())).toMatchObject([{ isUsable: false }]);
  });

  it('is granted once by one act', async () => {
    const grant = granted(randomBytes(4).toString('hex'));
    for (const events of [[grant, grant], [grant]]) await tell(service, events);
    const open = () =>
      service.rows(
        'SELECT remaining FROM channel_grant WHERE address_key = $1 AND closed_at IS NULL',
        [grant.addressKey],
      );
    expect(await open()).toEqual([{ remaining: 1 }]);
    await tell(service, [{ ...grant, dedupeKey: 'taken back', change: 'close' }]);
    expect(await open()).toEqual([]);
    await tell(service, [grant]);
    expect(await open()).toEqual([]);
  });
});

const said = (text: string, addressKey = 'u1'): ChannelEvent => ({
  ...{ is: 'inbound', dedupeKey: randomBytes(8).toString('hex'), at: now(), addressKey },
  ...{ kind: 'text', text },
});

const withdrawn = (addressKey: string, at: number) =>
  ({
    is: 'consent',
    dedupeKey: `${addressKey} ${at}`,
    at,
    addressKey,
    change: 'withdrawn',
  }) as const;

const granted = (addressKey: string): Extract<ChannelEvent, { is: 'grant' }> => ({
  ...{ is: 'grant', dedupeKey: `accept ${addressKey}`, at: now(), addressKey, change: 'open' },
  ...{ grant: { is: 'oneTime', templateId: 'T1' }, lastsSec: null, messages: 1 },
});

const standings = () =>
  service.rows('SELECT address_key, standing FROM address_standing ORDER BY address_key');

/** Whose each linked address is, by an email of theirs. */
async function owners(): Promise<Readonly<Record<string, string>>> {
  const rows = await service.rows<{ address_key: string; value: string }>(
    `SELECT address_key, value FROM channel_address a
       JOIN contact c ON c.customer_id = a.customer_id AND c.kind = 'email'`,
  );
  return Object.fromEntries(rows.map((row) => [row.address_key, row.value]));
}

async function counts(): Promise<unknown> {
  const [row] = await service.rows(
    `SELECT (SELECT count(*) FROM receipt) AS receipts, (SELECT count(*) FROM channel_link) AS links,
            (SELECT count(*) FROM channel_address) AS addresses,
            (SELECT count(*) FROM address_standing) AS standings,
            (SELECT count(*) FROM channel_grant) AS grants`,
  );
  return row;
}
