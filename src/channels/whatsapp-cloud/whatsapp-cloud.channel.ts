import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type { Channel, ChannelDescriptor, Way } from '../channel.ts';
import { templateWays } from '../fill-template.ts';
import { WhatsappAddress } from './address.ts';
import { readWhatsappCallback } from './callback.ts';
import { callGraph } from './graph-api.ts';
import { composeWhatsapp, type WhatsappRequest } from './request.ts';
import { WHATSAPP_FIELDS, WhatsappSettings } from './settings.ts';

const DESCRIPTOR: ChannelDescriptor = {
  name: 'whatsapp-cloud',
  reaches: 'phone',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'none' },
    receipts: 'push',
    inbound: true,
    calendar: false,
    photo: true,
    // Only outside the window: no kind of message needs one.
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 10_000,
  settings: WHATSAPP_FIELDS,
};

const TEXT_IN_WINDOW: Way = { name: 'text', grant: { is: 'window' } };

const Sent = z.object({ messages: z.tuple([z.object({ id: z.string() })]) });

/** WhatsApp by the Cloud API of Meta. */
export const whatsappCloudChannel: Channel<WhatsappSettings, string, WhatsappRequest> = {
  descriptor: DESCRIPTOR,
  settings: WhatsappSettings,
  address: WhatsappAddress,
  addressKey: (person) => person,
  ways: ({ templates }, kind) => [TEXT_IN_WINDOW, ...templateWays(templates, kind)],
  compose: composeWhatsapp,

  send: async (settings, _message, payload, context) => {
    const call = { path: '/messages', body: JSON.stringify(payload) };
    const answer = await callGraph(settings, call, Sent, context);
    if (!answer.ok) return answer.failure;
    return { outcome: 'accepted', providerRef: answer.body.messages[0].id };
  },

  callback: readWhatsappCallback,

  verify: async (settings, context) =>
    verifiedBy(await callGraph(settings, { path: '?fields=id' }, z.object({}), context)),
};
