import { z } from 'zod';

import type { Channel, ChannelDescriptor, ChannelEvent } from '../../src/channels/channel.ts';

const Settings = z.strictObject({
  secret: z.string().min(4),
  otherSecret: z.string().optional(),
  label: z.string().regex(/^\w+$/).default('none'),
});
type Settings = z.output<typeof Settings>;

const Person = z.strictObject({ id: z.string().regex(/^\w+$/) });
type Person = z.output<typeof Person>;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'told',
  reaches: 'own',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'none' },
    receipts: 'push',
    inbound: true,
    calendar: false,
    photo: false,
    approvedTemplates: false,
  },
  rates: [{ scope: 'account', messages: 60, perSec: 1 }],
  timeoutMs: 5000,
  settings: [
    { name: 'secret', isSecret: true, isRequired: true, help: 'What calls are known by.' },
    { name: 'otherSecret', isSecret: true, isRequired: false, help: 'Nothing.' },
    { name: 'label', isSecret: false, isRequired: false, help: 'A word.' },
  ],
};

/**
 * A channel that believes whoever knows its secret, and applies the events that they name as JSON. What it
 * was called with is kept.
 */
export class ToldChannel implements Channel<Settings, Person, string> {
  readonly called: { readonly method: string; readonly url: string; readonly body: string }[] = [];
  readonly descriptor: ChannelDescriptor;
  readonly settings = Settings;
  readonly address = Person;

  constructor(parts: Partial<ChannelDescriptor> = {}) {
    this.descriptor = { ...DESCRIPTOR, ...parts };
  }

  addressKey({ id }: Person): string {
    return id;
  }

  addressOf(addressKey: string): Person {
    return { id: addressKey };
  }

  ways(): readonly { name: string; grant: null }[] {
    return [{ name: 'text', grant: null }];
  }

  compose: Channel<Settings, Person, string>['compose'] = (_settings, { content }) => ({
    ok: true,
    payload: content.text,
    shown: { title: null, text: content.text },
  });

  send: Channel<Settings, Person, string>['send'] = () =>
    Promise.resolve({ outcome: 'accepted', providerRef: null });

  callback: NonNullable<Channel<Settings>['callback']> = ({ secret }, request) => {
    const body = Buffer.from(request.body).toString('utf8');
    this.called.push({ method: request.method, url: request.url, body });
    if (request.headers['x-secret'] !== secret) {
      return { ok: false, status: 401, reason: 'not the secret' };
    }
    const events = body === '' ? [] : (JSON.parse(body) as ChannelEvent[]);
    return { ok: true, events, reply: { status: 202, contentType: 'text/x-told', body: 'taken' } };
  };

  verify: NonNullable<Channel<Settings>['verify']> = ({ label }) =>
    Promise.resolve(
      label === 'broken' ? { ok: false, code: 'E7', message: 'wrong label' } : { ok: true },
    );
}

/** One that nobody can write on: addresses are what a browser gives. */
export const browserChannel: Channel<object, Person, string> = {
  descriptor: {
    ...DESCRIPTOR,
    name: 'browser',
    capabilities: { ...DESCRIPTOR.capabilities, receipts: 'none', inbound: false },
    settings: [],
  },
  settings: z.strictObject({}),
  address: Person,
  addressKey: ({ id }) => id,
  ways: () => [{ name: 'text', grant: null }],
  compose: (_settings, { content }) => ({
    ok: true,
    payload: content.text,
    shown: { title: null, text: content.text },
  }),
  send: () => Promise.resolve({ outcome: 'accepted', providerRef: null }),
};
