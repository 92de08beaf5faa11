import { z } from 'zod';

import { verifiedBy } from '../api-answer.ts';
import type {
  CallbackOutcome,
  CallbackRequest,
  Channel,
  ChannelDescriptor,
  Composed,
  OutgoingMessage,
  SendContext,
  SendOutcome,
  Verified,
  Way,
} from '../channel.ts';
import { bindingOf } from '../template-binding.ts';
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
const TEMPLATE: Way = { name: 'template', grant: null };

const Sent = z.object({ messages: z.tuple([z.object({ id: z.string() })]) });

/** WhatsApp by the Cloud API of Meta. */
export class WhatsappCloudChannel implements Channel<WhatsappSettings, string, WhatsappRequest> {
  readonly descriptor = DESCRIPTOR;
  readonly settings = WhatsappSettings;
  readonly address = WhatsappAddress;

  addressKey(address: string): string {
    return address;
  }

  ways({ templates }: WhatsappSettings, kind: string): readonly Way[] {
    return bindingOf(templates, kind) === undefined ? [TEXT_IN_WINDOW] : [TEXT_IN_WINDOW, TEMPLATE];
  }

  compose(settings: WhatsappSettings, message: OutgoingMessage<string>): Composed<WhatsappRequest> {
    return composeWhatsapp(settings, message);
  }

  async send(
    settings: WhatsappSettings,
    _message: OutgoingMessage<string>,
    payload: WhatsappRequest,
    context: SendContext,
  ): Promise<SendOutcome> {
    const call = { path: '/messages', body: JSON.stringify(payload) };
    const answer = await callGraph(settings, call, Sent, context);
    if (!answer.ok) return answer.failure;
    return { outcome: 'accepted', providerRef: answer.body.messages[0].id };
  }

  callback(settings: WhatsappSettings, request: CallbackRequest): CallbackOutcome {
    return readWhatsappCallback(settings, request);
  }

  async verify(settings: WhatsappSettings, context: SendContext): Promise<Verified> {
    return verifiedBy(await callGraph(settings, { path: '?fields=id' }, z.object({}), context));
  }
}
