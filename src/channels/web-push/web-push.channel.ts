import type { EpochMs } from '../../core/time/time.ts';
import type {
  Channel,
  ChannelDescriptor,
  MessageContent,
  OutgoingMessage,
  SendContext,
  SendOutcome,
} from '../channel.ts';
import { sha256Hex } from '../digest.ts';
import { fitText } from '../fit-text.ts';
import type { HttpOutcome } from '../http-client.ts';
import { jsonBytes } from '../json-bytes.ts';
import { failed, meaningOfStatus, retryAfterMs, unanswered, type Meaning } from '../outcomes.ts';
import {
  OPEN_INTERNET,
  PublicHttpClient,
  REFUSED_TARGETS,
  type Reach,
} from '../public-http-client.ts';
import { encryptForBrowser, MOST_PAYLOAD_BYTES, newOneTimeKeys } from './push-encryption.ts';
import {
  pushSubscription,
  WEB_PUSH_FIELDS,
  WebPushSettings,
  type PushSubscription,
} from './settings.ts';
import { vapidAuthorization } from './vapid.ts';

/** Longer than this push services keep nothing. */
const MOST_TTL_SEC = 2_419_200;
/** A notification shows one line of it. */
const MOST_TITLE_BYTES = 200;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'web-push',
  reaches: 'own',
  audience: 'both',
  capabilities: {
    idempotency: { is: 'replace' },
    receipts: 'none',
    inbound: false,
    calendar: false,
    photo: false,
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 15_000,
  settings: WEB_PUSH_FIELDS,
};

type WebPush = Channel<WebPushSettings, PushSubscription, string>;

/**
 * Notifications of browsers. A page has to show them: its service worker gets the payload as JSON with
 * `title`, `body`, `link`, `kind`, `lang` and `tag`, and should use the tag as the notification's, so
 * that a repeat replaces what is on the screen already.
 *
 * @param reach only tests let it reach another place than the open internet
 */
export function webPushChannel(reach: Reach = OPEN_INTERNET): WebPush {
  const http = new PublicHttpClient(reach);
  return {
    descriptor: DESCRIPTOR,
    settings: WebPushSettings,
    address: pushSubscription(reach.allowPrivate ? /^https?$/ : /^https$/),
    // Whoever knows an endpoint can send to it, so the key does not say it.
    addressKey: ({ endpoint }) => `${new URL(endpoint).host}/${sha256Hex(endpoint)}`,
    ways: () => [{ name: 'notification', grant: null }],
    compose: (_settings, message) => composed(message),
    send: (settings, message, payload, context) =>
      push(http, settings, message, { payload, context }),
  };
}

function composed({
  deliveryId,
  content,
}: OutgoingMessage<PushSubscription>): ReturnType<WebPush['compose']> {
  const title = fitText(content.title, MOST_TITLE_BYTES, jsonBytes);
  const bodiless = payloadOf(content, deliveryId, { title, text: '' });
  const left = MOST_PAYLOAD_BYTES - Buffer.byteLength(bodiless);
  const text = fitText(content.short, Math.max(0, left), jsonBytes);
  if (left < 0) {
    const message = 'the link is too long for a notification';
    const error = { outcome: 'permanent', because: 'content', code: 'TOO_LARGE', message } as const;
    return { ok: false, error };
  }
  const payload = payloadOf(content, deliveryId, { title, text });
  return { ok: true, payload, shown: { title, text } };
}

const payloadOf = (
  { kind, locale, link }: MessageContent,
  deliveryId: string,
  { title, text }: { readonly title: string; readonly text: string },
): string =>
  JSON.stringify({ title, body: text, link, kind, lang: locale, tag: topicOf(deliveryId) });

/** What a later copy replaces an earlier one by: at most 32 characters that need no escape. */
const topicOf = (deliveryId: string): string => deliveryId.replaceAll('-', '').slice(0, 32);

async function push(
  http: PublicHttpClient,
  settings: WebPushSettings,
  { address, deliveryId, usefulUntil }: OutgoingMessage<PushSubscription>,
  { payload, context }: { readonly payload: string; readonly context: SendContext },
): Promise<SendOutcome> {
  const now = context.now();
  const body = encrypted(payload, address);
  if (body === null) {
    return failed('recipient', { code: 'BAD_KEY', message: 'the key of the browser is none' });
  }
  const { origin } = new URL(address.endpoint);
  const headers = {
    'content-type': 'application/octet-stream',
    'content-encoding': 'aes128gcm',
    ttl: String(ttlSec(usefulUntil, now)),
    urgency: 'normal',
    topic: topicOf(deliveryId),
    authorization: vapidAuthorization(settings, settings.subject, origin, now),
  };
  const request = { method: 'POST', url: address.endpoint, headers, body } as const;
  return outcomeOf(await http.request(request, context.signal), now);
}

function encrypted(payload: string, { keys }: PushSubscription): Buffer | null {
  try {
    return encryptForBrowser(payload, keys, newOneTimeKeys());
  } catch {
    return null;
  }
}

const ttlSec = (usefulUntil: EpochMs, now: EpochMs): number =>
  Math.min(MOST_TTL_SEC, Math.max(0, Math.floor((usefulUntil - now) / 1000)));

function outcomeOf(response: HttpOutcome, now: EpochMs): SendOutcome {
  if (response.is !== 'response') {
    if (!REFUSED_TARGETS.has(response.code)) return unanswered(response);
    return failed('recipient', {
      code: response.code,
      message: 'the endpoint is not on the open internet',
    });
  }
  const { status, headers } = response;
  if (status >= 200 && status < 300) return { outcome: 'accepted', providerRef: null };
  return failed(meaningOf(status), {
    code: `HTTP_${status}`,
    message: `the push service answered with status ${status}`,
    retryAfterMs: retryAfterMs(headers, now),
  });
}

/** Source: RFC 8030, sections 5 and 7.3; RFC 8292, section 4.2. */
function meaningOf(status: number): Meaning {
  if (status === 404 || status === 410) return 'recipient';
  if (status === 400) return 'configuration';
  return meaningOfStatus(status, false);
}
