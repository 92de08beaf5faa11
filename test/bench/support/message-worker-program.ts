import { z } from 'zod';

import type { Channel } from '../../../src/channels/channel.ts';
import { Messenger } from '../../../src/features/deliveries/index.ts';
import { silentService } from './silent-service.ts';

/** Accepts everything at once; knows a repeat by its id, as it has no effect at all. */
const nothing: Channel = {
  descriptor: {
    name: 'log',
    reaches: 'any',
    audience: 'customer',
    capabilities: {
      idempotency: { is: 'key', windowSec: 86_400, sameBody: false },
      receipts: 'none',
      inbound: false,
      calendar: false,
      photo: false,
      approvedTemplates: false,
    },
    rates: [],
    timeoutMs: 1000,
    settings: [],
  },
  settings: z.looseObject({}),
  address: z.unknown(),
  addressKey: (address) => JSON.stringify(address),
  ways: () => [{ name: 'text', grant: null }],
  compose: (_, { content: { title, text } }) => ({
    ok: true,
    payload: text,
    shown: { title, text },
  }),
  send: () =>
    Promise.resolve({ outcome: 'accepted', providerRef: null, isDelivered: true } as const),
};

const app = await silentService(process.argv[2]!, [nothing]);
const messenger = app.get(Messenger, { strict: false });
process.on('message', (order) => {
  if (order === 'work') void messenger.run().then(() => process.send?.('done'));
  else void app.close().then(() => process.exit(0));
});
process.send?.('ready');
