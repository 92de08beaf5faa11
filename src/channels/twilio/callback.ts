import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { meaningOf, permanentMeaning } from '../outcomes.ts';
import { refusedCall } from '../receipt-callback.ts';
import { receiptStatusOf, TWILIO_CODES } from './codes.ts';
import type { TwilioSettings } from './settings.ts';
import { isSignedByTwilio } from './signature.ts';

const REPLY = { status: 200, contentType: 'text/xml', body: '<Response/>' };
const WINDOW_SEC = 86_400;
/** Words that Twilio itself acts on, unless the account has words of its own. */
const STOP_WORDS = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT']);
const START_WORDS = new Set(['START', 'YES', 'UNSTOP']);

/** Reads a receipt or what somebody wrote. Neither has a time of its own. */
export function readTwilioCallback(
  settings: TwilioSettings,
  { method, url, headers, body }: CallbackRequest,
  now: EpochMs,
): CallbackOutcome {
  if (method !== 'POST') return refusedCall(405, 'it posts forms');
  const form = new URLSearchParams(Buffer.from(body).toString('utf8'));
  const { search, searchParams } = new URL(url);
  const called = settings.publicCallbackUrl + search;
  const given = headers['x-twilio-signature'] ?? '';
  if (!isSignedByTwilio(settings.authToken, called, form, given)) {
    return refusedCall(401, 'not signed with the auth token of the account');
  }
  if (form.get('AccountSid') !== settings.accountSid) return refusedCall(403, 'another account');
  const receipt = receiptOf(form, searchParams.get('d'), now);
  const events = receipt === undefined ? saidEvents(settings, form, now) : [receipt];
  return { ok: true, events, reply: REPLY };
}

function receiptOf(
  form: URLSearchParams,
  deliveryId: string | null,
  at: EpochMs,
): ChannelEvent | undefined {
  const sid = form.get('MessageSid');
  const said = form.get('MessageStatus') ?? '';
  const status = receiptStatusOf(said);
  if (sid === null || status === undefined) return undefined;
  const code = form.get('ErrorCode');
  const because = code === null ? undefined : permanentMeaning(meaningOf(TWILIO_CODES, code));
  const receipt = {
    is: 'receipt',
    dedupeKey: `${sid}:${said}`,
    at,
    deliveryId,
    providerRef: sid,
    status,
    code,
  } as const;
  return because === undefined ? receipt : { ...receipt, because };
}

/** What a person wrote: to be read, as a sign that they may be written to, and as their wish. */
function saidEvents(
  { kind }: TwilioSettings,
  form: URLSearchParams,
  at: EpochMs,
): readonly ChannelEvent[] {
  const sid = form.get('MessageSid');
  const from = form.get('From');
  const text = form.get('Body');
  if (sid === null || from === null || text === null) return [];
  const addressKey = from.replace(/^whatsapp:/, '');
  const heading = { at, addressKey } as const;
  const events: ChannelEvent[] = [
    {
      is: 'inbound',
      dedupeKey: sid,
      ...heading,
      kind: kindOf(form),
      text: text === '' ? null : text,
    },
  ];
  if (kind === 'whatsapp') {
    const grant = {
      grant: { is: 'window' },
      change: 'open',
      lastsSec: WINDOW_SEC,
      messages: null,
    } as const;
    events.push({ is: 'grant', dedupeKey: `${sid}:window`, ...heading, ...grant });
  }
  const change = wishOf(form, text);
  if (change !== undefined)
    events.push({ is: 'consent', dedupeKey: `${sid}:consent`, ...heading, change });
  return events;
}

function wishOf(form: URLSearchParams, text: string): 'given' | 'withdrawn' | undefined {
  const word = (form.get('OptOutType') ?? text).trim().toUpperCase();
  if (STOP_WORDS.has(word)) return 'withdrawn';
  return START_WORDS.has(word) ? 'given' : undefined;
}

function kindOf(form: URLSearchParams): 'text' | 'image' | 'voice' | 'video' | 'file' | 'location' {
  if (form.get('Latitude') !== null) return 'location';
  const media = form.get('MediaContentType0');
  if (media === null) return 'text';
  const kinds = { image: 'image', audio: 'voice', video: 'video' } as const;
  const family = media.split('/')[0] ?? '';
  return Object.hasOwn(kinds, family) ? kinds[family as keyof typeof kinds] : 'file';
}
