import { describe, expect, it } from 'vitest';

import { CHANNELS } from '../../src/channels/channels.ts';

const EXAMPLES = { email: 'mei@example.com', phone: '+8613800138000', any: 'mei@example.com' };

const named = CHANNELS.map((channel) => ({ name: channel.descriptor.name, channel }));

describe('every channel', () => {
  it('is there once', () => {
    expect(named.length).toBeGreaterThan(10);
    expect(new Set(named.map(({ name }) => name)).size).toBe(named.length);
  });

  it.each(named)('$name has contacts as they are for keys of addresses', ({ channel }) => {
    const { reaches } = channel.descriptor;
    if (reaches === 'own') return;
    // Standings are looked up by the contacts of a customer.
    const given = reaches === 'endpoint' ? {} : EXAMPLES[reaches];
    const address = channel.address.parse(given);
    expect(channel.addressKey(address)).toBe(reaches === 'endpoint' ? 'endpoint' : given);
  });

  it.each(named)('$name knows the address of who writes, if it is not a contact', ({ channel }) => {
    const { reaches, capabilities } = channel.descriptor;
    const isNeeded = reaches === 'own' && capabilities.inbound;
    expect(channel.addressOf !== undefined || !isNeeded).toBe(true);
  });

  it.each(named)('$name can be called back if it says so', ({ channel }) => {
    const { receipts, inbound } = channel.descriptor.capabilities;
    expect(channel.callback !== undefined).toBe(receipts === 'push' || inbound);
  });
});
