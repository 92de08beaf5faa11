import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { DataSource } from 'typeorm';

import type { ReceiptStatus } from '../../src/channels/channel.ts';
import { Receipts } from '../../src/features/accounts/index.ts';
import { setAccount } from '../support/channel-accounts.ts';
import { aDelivery, aMessage, readDelivery, type DeliveryParts } from '../support/deliveries.ts';
import { aReceipt, HOOK_SECRET, tell } from '../support/hook-calls.ts';
import { startService, type TestService } from '../support/service.ts';
import { ToldChannel } from '../support/told-channel.ts';
import { workedNetwork } from '../support/worked-network.ts';

let service: TestService;
let done: string;
beforeAll(async () => {
  service = await startService({ network: workedNetwork(), channels: [new ToldChannel()] });
  for (const account of ['default', 'two']) {
    await setAccount(service, { channel: 'told', account, settings: { secret: HOOK_SECRET } });
  }
  done = await aMessage(service);
});
afterAll(() => service.stop());

const now = () => service.clock.now();
const delivery = (parts: DeliveryParts = {}, message = done) => aDelivery(service, message, parts);
const read = (id: string) => readDelivery(service, id);

/** Tells statuses of one delivery, each in a call of its own. */
async function told(deliveryId: string, ...statuses: readonly ReceiptStatus[]): Promise<void> {
  for (const [index, status] of statuses.entries()) {
    const receipt = aReceipt(status, { at: now() + index, deliveryId });
    expect((await tell(service, [receipt])).status).toBe(202);
  }
}

describe('receipts', () => {
  it.each<{ told: ReceiptStatus[]; status: string; reason?: string; read?: boolean }>([
    { told: ['sent'], status: 'SENT' },
    { told: ['sent', 'delivered'], status: 'DELIVERED' },
    { told: ['delivered', 'sent', 'accepted'], status: 'DELIVERED' },
    { told: ['read'], status: 'DELIVERED', read: true },
    { told: ['read', 'delivered', 'read'], status: 'DELIVERED', read: true },
    { told: ['delivered', 'read'], status: 'DELIVERED', read: true },
    { told: ['sent', 'failed'], status: 'FAILED', reason: 'UNDELIVERED' },
    { told: ['undelivered', 'sent'], status: 'UNDELIVERED', reason: 'UNDELIVERED' },
    { told: ['delivered', 'failed'], status: 'DELIVERED' },
    { told: ['failed', 'delivered'], status: 'DELIVERED', reason: 'DELIVERED_AFTER_FAILURE' },
  ])('$told make a delivery $status', async (row) => {
    const id = await delivery();
    await told(id, ...row.told);
    expect(await read(id)).toMatchObject({
      status: row.status,
      reason: row.reason ?? null,
      engagement: row.read === true ? ['read'] : [],
      is_late: false,
    });
  });

  it('end the same in any order, one by one or together, told twice or once', async () => {
    const statuses = fc.array(
      fc.constantFrom<ReceiptStatus>('accepted', 'sent', 'failed', 'delivered', 'read'),
      { minLength: 1, maxLength: 6 },
    );
    await fc.assert(
      fc.asyncProperty(statuses, fc.boolean(), async (all, isTogether) => {
        const id = await delivery();
        const receipts = all.map((status) => aReceipt(status, { at: now(), deliveryId: id }));
        const calls = isTogether ? [[...receipts, ...receipts]] : receipts.map((one) => [one, one]);
        for (const call of calls) await tell(service, call);
        const best = all.some((status) => status === 'delivered' || status === 'read')
          ? 'DELIVERED'
          : ['FAILED', 'SENT', 'ACCEPTED'].find((status) => all.includes(LOWER[status]!))!;
        const { status, engagement } = await read(id);
        expect({ status, engagement }).toEqual({
          status: best,
          engagement: all.includes('read') ? ['read'] : [],
        });
      }),
      { numRuns: 25 },
    );
  });

  it('are kept once and applied once, by ten calls at the same moment', async () => {
    const id = await delivery();
    const receipts = (['sent', 'delivered', 'read'] as const).map((status) =>
      aReceipt(status, { at: now(), deliveryId: id }),
    );
    const calls = Array.from({ length: 10 }, (_, place) =>
      tell(service, place % 2 === 0 ? receipts : [...receipts].reverse()),
    );
    for (const { status } of await Promise.all(calls)) expect(status).toBe(202);
    const rows = await service.rows('SELECT status FROM receipt WHERE delivery_id = $1', [id]);
    expect(rows).toHaveLength(3);
    expect(await read(id)).toMatchObject({ status: 'DELIVERED', engagement: ['read'] });
  });

  it('touch deliveries of their own account alone', async () => {
    const id = await delivery({ account: 'two', providerRef: 'ref-of-two' });
    const receipt = { at: now(), deliveryId: id, providerRef: 'ref-of-two' };
    await tell(service, [aReceipt('delivered', receipt)]);
    expect(await read(id)).toMatchObject({ status: 'ACCEPTED' });
    await tell(service, [aReceipt('delivered', receipt)], 'two');
    expect(await read(id)).toMatchObject({ status: 'DELIVERED' });
  });

  it('of what nobody knows are answered, kept and no more', async () => {
    const stray = aReceipt('failed', { at: now(), deliveryId: 'no-uuid', providerRef: 'stray' });
    expect(await tell(service, [stray])).toMatchObject({ status: 202 });
    const rows = await service.rows(`SELECT delivery_id FROM receipt WHERE provider_ref = 'stray'`);
    expect(rows).toEqual([{ delivery_id: null }]);
  });

  it('are found by the reference of the provider', async () => {
    const id = await delivery({ providerRef: '1029457500870543736' });
    await tell(service, [aReceipt('sent', { at: now(), providerRef: '1029457500870543736' })]);
    expect(await read(id)).toMatchObject({ status: 'SENT' });
  });

  it.each(['applyPending', 'applyMissed'] as const)(
    'that came before the reference was known are applied later (%s)',
    async (how) => {
      const providerRef = `early-${how}`;
      await tell(service, [aReceipt('delivered', { at: now(), providerRef })]);
      const id = await delivery({ providerRef });
      expect(await read(id)).toMatchObject({ status: 'ACCEPTED' });
      const receipts = service.app.get(Receipts, { strict: false });
      const db = service.app.get(DataSource);
      const apply = () =>
        how === 'applyMissed'
          ? receipts.applyMissed()
          : db.transaction((tx) => receipts.applyPending(tx, [id]));
      expect(await apply()).toBe(1);
      expect(await read(id)).toMatchObject({ status: 'DELIVERED' });
      expect(await apply()).toBe(0);
    },
  );

  it('of a step whose route has gone on are late, and change nothing but their delivery', async () => {
    const message = await aMessage(service, 'OPEN', 1);
    const [first, second] = [
      await delivery({ step: 0, status: 'SENT' }, message),
      await delivery({ step: 1, status: 'SENT' }, message),
    ];
    await told(first, 'delivered');
    expect(await read(first)).toMatchObject({ status: 'DELIVERED', is_late: true });
    expect(await read(second)).toMatchObject({ status: 'SENT', is_late: false });
    const rows = await service.rows('SELECT state, step FROM message WHERE id = $1', [message]);
    expect(rows).toEqual([{ state: 'OPEN', step: 1 }]);
  });
});

describe('the worker', () => {
  const later = () => new Date(now() + 900_000);

  it.each<{ status: string; told: ReceiptStatus; state?: string; waits?: boolean; looks: boolean }>(
    [
      { status: 'AMBIGUOUS', told: 'sent', state: 'OPEN', waits: true, looks: true },
      { status: 'AMBIGUOUS', told: 'failed', state: 'OPEN', waits: true, looks: true },
      { status: 'AMBIGUOUS', told: 'delivered', state: 'FAILED', looks: true },
      { status: 'ACCEPTED', told: 'sent', state: 'OPEN', waits: true, looks: false },
      { status: 'ACCEPTED', told: 'delivered', state: 'OPEN', waits: true, looks: true },
      { status: 'DELIVERED', told: 'read', state: 'OPEN', waits: true, looks: true },
      { status: 'ACCEPTED', told: 'delivered', looks: false },
      { status: 'ACCEPTED', told: 'failed', looks: true },
      { status: 'DELIVERED', told: 'failed', looks: false },
    ],
  )('$status told $told looks at it: $looks', async (row) => {
    const message = row.state === undefined ? done : await aMessage(service, row.state);
    const nextAt = row.waits === true ? later() : null;
    const id = await delivery({ status: row.status, nextAt }, message);
    await told(id, row.told);
    const { next_at: next } = await read(id);
    expect(next?.getTime()).toBe(row.looks ? now() : nextAt?.getTime());
  });
});

describe('a failure', () => {
  it.each([
    { because: 'recipient', standing: 'INVALID', reason: 'ADDRESS_INVALID' },
    { because: 'consent', standing: 'WITHDRAWN', reason: 'NO_CONSENT' },
    { because: 'content', standing: undefined, reason: 'CONTENT_REFUSED' },
  ] as const)('because of $because makes the address $standing', async (row) => {
    const addressKey = `of-${row.because}`;
    const id = await delivery({ addressKey });
    const { because } = row;
    await tell(service, [aReceipt('failed', { at: now(), deliveryId: id, because, code: '9' })]);
    expect(await read(id)).toMatchObject({ status: 'FAILED', reason: row.reason });
    const rows = await service.rows<{ standing: string }>(
      'SELECT standing FROM address_standing WHERE address_key = $1',
      [addressKey],
    );
    expect(rows.map(({ standing }) => standing)).toEqual(
      row.standing === undefined ? [] : [row.standing],
    );
  });

  it('that turns out to be none leaves nothing behind', async () => {
    const addressKey = 'of-mistake';
    const id = await delivery({ addressKey });
    const standing = () =>
      service.rows('SELECT FROM address_standing WHERE address_key = $1', [addressKey]);
    const failed = { at: now(), deliveryId: id, because: 'recipient' } as const;
    await tell(service, [aReceipt('failed', failed)]);
    expect(await standing()).toHaveLength(1);
    await told(id, 'delivered');
    expect(await standing()).toHaveLength(0);
    await tell(service, [aReceipt('failed', failed)]);
    expect(await standing()).toHaveLength(0);
  });

  it('because the window is closed closes it', async () => {
    const window = {
      ...({ is: 'grant', grant: { is: 'window' }, change: 'open', messages: null } as const),
      ...{ dedupeKey: 'w1', at: now() - 1000, addressKey: 'of-window', lastsSec: 86_400 },
    };
    await tell(service, [window]);
    const open = () =>
      service.rows(
        `SELECT FROM channel_grant WHERE address_key = 'of-window' AND closed_at IS NULL`,
      );
    expect(await open()).toHaveLength(1);
    const id = await delivery({ addressKey: 'of-window' });
    const told = { at: now(), deliveryId: id, because: 'window', code: '131047' } as const;
    await tell(service, [aReceipt('failed', told)]);
    expect(await open()).toHaveLength(0);
    expect(await read(id)).toMatchObject({ reason: 'WINDOW_CLOSED' });
  });
});

const LOWER: Readonly<Record<string, ReceiptStatus>> = {
  FAILED: 'failed',
  SENT: 'sent',
  ACCEPTED: 'accepted',
};
