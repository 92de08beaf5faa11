import { z } from 'zod';

import type {
  Channel,
  ChannelDescriptor,
  MessageContent,
  OutgoingMessage,
  SendOutcome,
} from '../channel.ts';
import { fitText } from '../fit-text.ts';
import type { HttpOutcome } from '../http-client.ts';
import { jsonBytes } from '../json-bytes.ts';
import { failed, retryAfterMs, unanswered, type Meaning } from '../outcomes.ts';
import {
  OPEN_INTERNET,
  PublicHttpClient,
  REFUSED_TARGETS,
  type Reach,
} from '../public-http-client.ts';
import { WEBHOOK_FIELDS, webhookSettings, type WebhookSettings } from './settings.ts';
import { signWebhook } from './standard-webhook.ts';

/** What Standard Webhooks advises a body to stay below. */
const MOST_BYTES = 20_000;
/** How long receivers should remember ids: longer than any message is tried. */
const IDS_KEPT_SEC = 259_200;

const DESCRIPTOR: ChannelDescriptor = {
  name: 'webhook',
  reaches: 'endpoint',
  audience: 'both',
  capabilities: {
    idempotency: { is: 'key', windowSec: IDS_KEPT_SEC, sameBody: false },
    receipts: 'sync',
    inbound: false,
    calendar: true,
    photo: true,
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 20_000,
  settings: WEBHOOK_FIELDS,
};

/** Nothing: where messages go is a setting of the account. */
const EndpointAddress = z.strictObject({});
type EndpointAddress = z.output<typeof EndpointAddress>;

/**
 * Messages to a program of the chain, as Standard Webhooks 1.0.0 has it.
 *
 * @param reach only tests let it reach another place than the open internet
 */
export function webhookChannel(
  reach: Reach = OPEN_INTERNET,
): Channel<WebhookSettings, EndpointAddress, string> {
  const http = new PublicHttpClient(reach);
  return {
    descriptor: DESCRIPTOR,
    settings: webhookSettings(reach.allowPrivate ? /^https?$/ : /^https$/),
    address: EndpointAddress,
    addressKey: () => 'endpoint',
    ways: () => [{ name: 'event', grant: null }],
    compose: (_settings, message) => composed(message),

    send: async (settings, { deliveryId }, body, { now, signal }) => {
      const headers = signedHeaders(settings, deliveryId, Math.floor(now() / 1000), body);
      const request = { method: 'POST', url: settings.url, headers, body } as const;
      return outcomeOf(await http.request(request, signal), now());
    },
  };
}

/** Signed with both secrets while one takes the place of the other. */
function signedHeaders(
  { secret, previousSecret }: WebhookSettings,
  id: string,
  timestampSec: number,
  body: string,
): Readonly<Record<string, string>> {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret];
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestampSec),
    'webhook-signature': secrets.map((key) => signWebhook(key, id, timestampSec, body)).join(' '),
  };
}

function composed(
  message: OutgoingMessage<EndpointAddress>,
): ReturnType<Channel<WebhookSettings, EndpointAddress, string>['compose']> {
  const { content } = message;
  const left = MOST_BYTES - Buffer.byteLength(bodyOf(message, { ...content, text: '' }));
  const text = fitText(content.text, Math.max(0, left), jsonBytes);
  const payload = bodyOf(message, { ...content, text });
  if (Buffer.byteLength(payload) > MOST_BYTES || (text === '' && content.text !== '')) {
    const said = `the message has more than ${MOST_BYTES} bytes without its text`;
    const error = {
      outcome: 'permanent',
      because: 'content',
      code: 'TOO_LARGE',
      message: said,
    } as const;
    return { ok: false, error };
  }
  return { ok: true, payload, shown: { title: content.title, text } };
}

/** The same on every attempt, to the byte. */
const bodyOf = (
  { deliveryId, firstAttemptAt }: OutgoingMessage<EndpointAddress>,
  { kind, ...data }: MessageContent,
): string =>
  JSON.stringify({
    type: kind,
    timestamp: new Date(firstAttemptAt).toISOString(),
    data: { deliveryId, ...data },
  });

function outcomeOf(response: HttpOutcome, now: number): SendOutcome {
  if (response.is !== 'response') {
    if (!REFUSED_TARGETS.has(response.code)) return unanswered(response);
    return failed('configuration', {
      code: response.code,
      message: 'the target is not on the open internet, or not https',
    });
  }
  const { status, headers } = response;
  if (status >= 200 && status < 300) {
    return { outcome: 'accepted', providerRef: null, isDelivered: true };
  }
  return failed(meaningOf(status), {
    code: `HTTP_${status}`,
    message: wordsFor(status),
    retryAfterMs: retryAfterMs(headers, now),
  });
}

/** Only 2xx is a yes. Receivers are programs under repair: whatever is not final may be over later. */
function meaningOf(status: number): Meaning {
  if (status === 410) return 'recipient';
  if (status === 429) return 'rateLimit';
  if (status === 401 || status === 403) return 'configuration';
  return 'provider';
}

const wordsFor = (status: number): string =>
  status === 401 || status === 403
    ? 'the receiver refuses the signature: the secret is another one, or one of the clocks is wrong'
    : `the receiver answered with status ${status}`;
