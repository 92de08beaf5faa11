import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import type { Channel, ChannelEvent, FetchedEvents } from '../../src/channels/channel.ts';
import { aBooking, bookOrder, MEI } from '../support/bookings.ts';
import { linkChannel, myAddresses, setAccount } from '../support/channel-accounts.ts';
import { callHook, HOOK_SECRET, tell } from '../support/hook-calls.ts';
import { startService, type TestService } from '../support/service.ts';
import { ToldChannel } from '../support/told-channel.ts';
import { workedNetwork } from '../support/worked-network.ts';

/** Says only that there is something; what there is, is fetched from the cursor on. */
class FetchingChannel extends ToldChannel {
  readonly waiting: ChannelEvent[] = [];
  readonly askedFrom: (string | null)[] = [];
  isDown = false;

  readonly fetchTold: NonNullable<Channel['fetchTold']> = (_settings, cursor) => {
    this.askedFrom.push(cursor);
    const told: FetchedEvents = this.isDown
      ? { ok: false, code: 'DOWN', message: 'not now' }
      : {
          ok: true,
          events: this.waiting.slice(Number(cursor ?? 0)),
          cursor: this.waiting.length === 0 ? cursor : String(this.waiting.length),
        };
    return Promise.resolve(told);
  };
}

const channel = new FetchingChannel();
let service: TestService;
beforeAll(async () => {
  service = await startService({ network: workedNetwork(), channels: [channel] });
  await bookOrder(service, aBooking());
  await setAccount(service, { channel: 'told', settings: { secret: HOOK_SECRET } });
});
afterAll(() => service.stop());
beforeEach(async () => {
  channel.waiting.length = 0;
  channel.askedFrom.length = 0;
  channel.isDown = false;
  await service.db.query(
    'TRUNCATE channel_cursor, channel_address, channel_grant, grant_entry, delivery',
  );
});

const mei = () => service.tokens.customer(MEI.email);

const said = (text: string): ChannelEvent => ({
  ...{ is: 'inbound', dedupeKey: text, at: service.clock.now(), addressKey: 'mei' },
  ...{ kind: 'text', text },
});

describe('what a provider only announces', () => {
  it('is fetched from where the last time ended, and takes effect once', async () => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    channel.waiting.push(said(code));
    expect((await tell(service, [])).status).toBe(202);
    expect(await myAddresses(service, mei())).toHaveLength(1);

    expect((await tell(service, [])).status).toBe(202);
    expect(channel.askedFrom).toEqual([null, '1']);
  });

  it('is fetched with the next call if it could not be, which does not fail for that', async () => {
    const { code } = await linkChannel(service, { channel: 'told' }, mei());
    channel.waiting.push(said(code));
    channel.isDown = true;
    expect((await tell(service, [])).status).toBe(202);
    expect(await myAddresses(service, mei())).toEqual([]);

    channel.isDown = false;
    await tell(service, []);
    expect(await myAddresses(service, mei())).toHaveLength(1);
  });

  it('moves the cursor once when many calls come at the same moment', async () => {
    channel.waiting.push(said('one'), said('two'));
    await Promise.all(Array.from({ length: 10 }, () => tell(service, [])));
    await tell(service, []);
    expect(channel.askedFrom.at(-1)).toBe('2');
  });

  it('is not fetched for a forged call', async () => {
    const init = { method: 'POST', body: '[]', headers: { 'x-secret': 'not it' } };
    expect((await callHook(service, 'told/default', init)).status).toBe(401);
    expect(channel.askedFrom).toEqual([]);
  });
});
