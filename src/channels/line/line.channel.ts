import { z } from 'zod';

import type { Channel, ChannelDescriptor, MessageContent, SendOutcome } from '../channel.ts';
import { utf16Units } from '../fit-text.ts';
import type { HttpResponse } from '../http-client.ts';
import { badResponse, unanswered } from '../outcomes.ts';
import { asParagraphs } from '../paragraphs.ts';
import { readJson } from '../read-json.ts';
import { refused, requestOf } from './messaging-api.ts';
import { LINE_FIELDS, LineAddress, LineSettings } from './settings.ts';
import { readCallback } from './webhook-events.ts';

const MOST_CHARS = 5000;
const MOST_URL_CHARS = 2000;
const KEY_LASTS_SEC = 86_400;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'line',
  reaches: 'own',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'key', windowSec: KEY_LASTS_SEC, sameBody: false },
    receipts: 'none',
    inbound: true,
    calendar: false,
    photo: true,
    approvedTemplates: false,
  },
  rates: [{ scope: 'account', messages: 2000, perSec: 1 }],
  timeoutMs: 15_000,
  settings: LINE_FIELDS,
};

const Sent = z.object({ sentMessages: z.array(z.object({ id: z.string() })).min(1) });

/** Messages of a LINE official account. Somebody who blocked it is told by an event, not by the answer. */
export const lineChannel: Channel<LineSettings, LineAddress, string> = {
  descriptor: DESCRIPTOR,
  settings: LineSettings,
  address: LineAddress,
  addressKey: ({ userId }) => userId,
  addressOf: (userId) => ({ userId }),
  ways: () => [{ name: 'text', grant: null }],

  compose: (_settings, { address, content }) => {
    const text = asParagraphs(content, MOST_CHARS, utf16Units);
    const messages = [{ type: 'text', text }, ...imagesOf(content)];
    const payload = JSON.stringify({ to: address.userId, messages });
    return { ok: true, payload, shown: { title: null, text } };
  },

  send: async (settings, { deliveryId }, body, { http, signal, now }) => {
    const headers = { 'content-type': 'application/json', 'x-line-retry-key': deliveryId };
    const request = requestOf(settings, {
      method: 'POST',
      path: '/v2/bot/message/push',
      headers,
      body,
    });
    const response = await http.request(request, signal);
    if (response.is !== 'response') return unanswered(response);
    return acceptedBy(response) ?? refused(response, settings, now());
  },

  callback: readCallback,

  verify: async (settings, { http, signal, now }) => {
    const request = requestOf(settings, { method: 'GET', path: '/v2/bot/info' });
    const response = await http.request(request, signal);
    if (response.is === 'response' && response.status === 200) return { ok: true };
    const { code, message } =
      response.is === 'response' ? refused(response, settings, now()) : unanswered(response);
    return { ok: false, code, message };
  },
};

/** undefined: it did not take the message. */
function acceptedBy({ status, text, headers }: HttpResponse): SendOutcome | undefined {
  const providerRef = readJson(text, Sent)?.sentMessages[0]!.id ?? null;
  if (status === 409 && headers.has('x-line-accepted-request-id')) {
    return { outcome: 'accepted', providerRef, isRepeat: true };
  }
  if (status !== 200) return undefined;
  return providerRef === null ? badResponse() : { outcome: 'accepted', providerRef };
}

function imagesOf({ photo }: MessageContent): readonly Readonly<Record<string, string>>[] {
  if (photo === null || !photo.url.startsWith('https://')) return [];
  if (photo.url.length > MOST_URL_CHARS) return [];
  return [{ type: 'image', originalContentUrl: photo.url, previewImageUrl: photo.url }];
}
