import { z } from 'zod';

import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import { isSameSecret } from '../constant-time.ts';
import { hmacSha256 } from '../digest.ts';
import { meaningOf, permanentMeaning } from '../outcomes.ts';
import { readJson } from '../read-json.ts';
import { refusedCall } from '../receipt-callback.ts';
import { fromPartner } from './address.ts';
import { WHATSAPP_CODES } from './codes.ts';
import type { WhatsappSettings } from './settings.ts';

const WINDOW_SEC = 86_400;

const Status = z.object({
  id: z.string(),
  status: z.string(),
  timestamp: z.coerce.number(),
  biz_opaque_callback_data: z.string().nullish(),
  errors: z.array(z.object({ code: z.number() })).default([]),
});

const Said = z.object({
  id: z.string(),
  from: z.string(),
  timestamp: z.coerce.number(),
  type: z.string(),
  text: z.object({ body: z.string() }).optional(),
  button: z.object({ text: z.string() }).optional(),
});

const Value = z.object({
  metadata: z.object({ phone_number_id: z.string() }).optional(),
  statuses: z.array(Status).default([]),
  messages: z.array(Said).default([]),
});

const Update = z.object({
  entry: z.array(
    z.object({ changes: z.array(z.object({ field: z.string(), value: z.unknown() })) }),
  ),
});

/** `X-Hub-Signature-256` of a body. */
export const metaSignature = (appSecret: string, body: string | Uint8Array): string =>
  `sha256=${hmacSha256(appSecret, body).toString('hex')}`;

/** Reads receipts and what people wrote, or answers the question whether the address is ours. */
export function readWhatsappCallback(
  settings: WhatsappSettings,
  { method, url, headers, body }: CallbackRequest,
): CallbackOutcome {
  if (method === 'GET') return answerChallenge(settings, new URL(url).searchParams);
  if (method !== 'POST') return refusedCall(405, 'updates are posted');
  const given = headers['x-hub-signature-256'] ?? '';
  if (!isSameSecret(given, metaSignature(settings.appSecret, body))) {
    return refusedCall(401, 'not signed with the secret of the app');
  }
  const update = readJson(Buffer.from(body).toString('utf8'), Update);
  if (update === undefined) return refusedCall(400, 'not an update');
  const changes = update.entry.flatMap((entry) => entry.changes);
  const events = changes
    .filter(({ field }) => field === 'messages')
    .flatMap(({ value }) => eventsOf(settings, value));
  return { ok: true, events, reply: { status: 200, body: '' } };
}

function answerChallenge(
  { verifyToken }: WhatsappSettings,
  query: URLSearchParams,
): CallbackOutcome {
  const isAsked = query.get('hub.mode') === 'subscribe';
  if (!isAsked || !isSameSecret(query.get('hub.verify_token') ?? '', verifyToken)) {
    return refusedCall(403, 'not the verify token');
  }
  const reply = { status: 200, contentType: 'text/plain', body: query.get('hub.challenge') ?? '' };
  return { ok: true, events: [], reply };
}

/** Of one app several numbers may call here; what concerns another number is not ours. */
function eventsOf({ phoneNumberId }: WhatsappSettings, value: unknown): readonly ChannelEvent[] {
  const { metadata, statuses, messages } = Value.safeParse(value).data ?? NOTHING;
  if (metadata?.phone_number_id !== phoneNumberId) return [];
  return [...statuses.flatMap(receiptOf), ...messages.flatMap(saidEvents)];
}

const NOTHING: z.output<typeof Value> = { statuses: [], messages: [] };

const STATUSES = { sent: 'sent', delivered: 'delivered', read: 'read', failed: 'failed' } as const;

function receiptOf(said: z.output<typeof Status>): readonly ChannelEvent[] {
  const { id, status, timestamp, errors, biz_opaque_callback_data: deliveryId = null } = said;
  if (!Object.hasOwn(STATUSES, status)) return [];
  const code = errors[0] === undefined ? null : String(errors[0].code);
  const because = code === null ? undefined : permanentMeaning(meaningOf(WHATSAPP_CODES, code));
  const receipt = {
    is: 'receipt',
    dedupeKey: `${id}:${status}:${timestamp}`,
    at: timestamp * 1000,
    deliveryId,
    providerRef: id,
    status: STATUSES[status as keyof typeof STATUSES],
    code,
  } as const;
  return [because === undefined ? receipt : { ...receipt, because }];
}

const KINDS = {
  text: 'text',
  button: 'text',
  image: 'image',
  sticker: 'image',
  audio: 'voice',
  video: 'video',
  document: 'file',
  location: 'location',
} as const;

/** What a person wrote, which lets us write freely for a day. */
function saidEvents({
  id,
  from,
  timestamp,
  type,
  text,
  button,
}: z.output<typeof Said>): readonly ChannelEvent[] {
  const heading = { at: timestamp * 1000, addressKey: fromPartner(from) } as const;
  const kind = Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : 'event';
  const words = text?.body ?? button?.text ?? null;
  const inbound = { is: 'inbound', dedupeKey: id, ...heading, kind, text: words } as const;
  // Told by the provider, such as a changed number; not written by the person.
  if (type === 'system') return [inbound];
  const open = {
    grant: { is: 'window' },
    change: 'open',
    lastsSec: WINDOW_SEC,
    messages: null,
  } as const;
  return [inbound, { is: 'grant', dedupeKey: `${id}:window`, ...heading, ...open }];
}
