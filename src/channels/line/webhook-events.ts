import { z } from 'zod';

import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import { isSameSecret } from '../constant-time.ts';
import { hmacSha256 } from '../digest.ts';
import { readJson } from '../read-json.ts';
import { refusedCall } from '../receipt-callback.ts';
import type { LineSettings } from './settings.ts';

const Source = z.object({ type: z.string(), userId: z.string().optional() });

const WebhookEvent = z.object({
  type: z.string(),
  webhookEventId: z.string(),
  timestamp: z.number(),
  source: Source.optional(),
  message: z.object({ type: z.string(), text: z.string().optional() }).optional(),
});
type WebhookEvent = z.output<typeof WebhookEvent>;

const Callback = z.object({ events: z.array(WebhookEvent) });

type Inbound = Extract<ChannelEvent, { is: 'inbound' }>;

const KINDS = new Map<string, Inbound['kind']>([
  ['text', 'text'],
  ['image', 'image'],
  ['audio', 'voice'],
  ['video', 'video'],
  ['file', 'file'],
  ['location', 'location'],
]);

/** What LINE signs a callback with: the body as it came, not as it would be written again. */
export const lineSignature = (channelSecret: string, body: string | Uint8Array): string =>
  hmacSha256(channelSecret, body).toString('base64');

/** Reads a callback. LINE sends one without events to see whether the address works. */
export function readCallback(
  { channelSecret }: LineSettings,
  { method, headers, body }: CallbackRequest,
): CallbackOutcome {
  const signature = headers['x-line-signature'] ?? '';
  if (!isSameSecret(signature, lineSignature(channelSecret, body))) {
    return refusedCall(401, 'the signature is not of this channel');
  }
  if (method !== 'POST') return refusedCall(405, 'events are posted');
  const callback = readJson(Buffer.from(body).toString('utf8'), Callback);
  if (callback === undefined) return refusedCall(400, 'not a list of events');
  return { ok: true, events: callback.events.flatMap(eventsOf), reply: { status: 200, body: '' } };
}

/** Only what is said to the account alone counts: in a group anybody could speak for others. */
function eventsOf(event: WebhookEvent): readonly ChannelEvent[] {
  const { type, webhookEventId: dedupeKey, timestamp: at, source, message } = event;
  if (source?.type !== 'user' || source.userId === undefined) return [];
  const common = { dedupeKey, at, addressKey: source.userId };
  switch (type) {
    case 'follow':
      return [{ is: 'consent', ...common, change: 'given' }];
    case 'unfollow':
      return [{ is: 'consent', ...common, change: 'withdrawn' }];
    case 'message': {
      const kind = KINDS.get(message?.type ?? '') ?? 'event';
      return [{ is: 'inbound', ...common, kind, text: message?.text ?? null }];
    }
    default:
      return [];
  }
}
