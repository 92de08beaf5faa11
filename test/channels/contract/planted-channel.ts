import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

import type {
  CallbackOutcome,
  CallbackRequest,
  Channel,
  SendContext,
  SendOutcome,
} from '../../../src/channels/channel.ts';
import { fitText } from '../../../src/channels/fit-text.ts';
import type { HttpOutcome } from '../../../src/channels/http-client.ts';
import { PLAIN_MOST_CHARS } from '../fakes/plain-provider.ts';

/** What can be wrong with a channel. */
export type Plant =
  | 'throws when it gets no answer'
  | 'takes no answer for yes'
  | 'takes a reset for no'
  | 'takes what it cannot read for yes'
  | 'repeats on its own account'
  | 'tells its token'
  | 'tells what the provider says'
  | 'cuts characters'
  | 'sends what is too long'
  | 'believes forged receipts'
  | 'breaks on a bad receipt'
  | 'numbers receipts anew'
  | 'sends no key'
  | 'sends a key of its own'
  | 'reads ids as numbers'
  | 'takes unknown codes for yes'
  | 'keeps a refused token'
  | 'shares its token between accounts'
  | 'starts after the deadline'
  | 'ignores that time is up'
  | 'follows redirects'
  | 'takes any setting'
  | 'tells a bad setting'
  | 'composes by chance'
  | 'sends to somebody else'
  | 'sends when it is verified';

const Settings = z.strictObject({
  baseUrl: z.url(),
  account: z.string(),
  secret: z.string().max(60),
});
type Settings = z.output<typeof Settings>;
interface Payload {
  readonly to: string;
  readonly text: string;
}
type PlainChannel = Channel<Settings, string, Payload>;

/** A small channel that meets its contract, but for what was planted in it. */
export function plantedChannel(plant: Plant | null = null): Channel {
  const has = (asked: Plant) => asked === plant;
  let turns = 0;
  const channel: PlainChannel = {
    descriptor: DESCRIPTOR,
    settings: settingsOf(has),
    address: z.string().regex(/^\w+$/),
    addressKey: (address) => address,
    ways: () => [{ name: 'text', grant: null }],
    compose(_settings, { address, content }) {
      const chance = has('composes by chance') ? String(turns++) : '';
      const text = fitted(has, content.text) + chance;
      const to = has('sends to somebody else') ? 'nobody' : address;
      return { ok: true, payload: { to, text }, shown: { title: null, text } };
    },
    send: (settings, message, payload, context) =>
      sending(has, { settings, payload, context, deliveryId: message.deliveryId }),
    callback: (settings, request, now) => {
      const events = has('numbers receipts anew') ? turns++ : 0;
      return receipt(has, settings, request, now + events);
    },
    async verify(settings, context) {
      if (has('sends when it is verified')) {
        await sending(has, {
          settings,
          payload: { to: 'u1', text: 'x' },
          context,
          deliveryId: '1',
        });
      }
      const token = await tokenOf(settings, context, has).catch(() => null);
      return token === null ? { ok: false, code: 'SECRET', message: 'refused' } : { ok: true };
    },
  };
  return channel;
}

const DESCRIPTOR: PlainChannel['descriptor'] = {
  name: 'plain',
  reaches: 'own',
  audience: 'customer',
  capabilities: {
    idempotency: { is: 'key', windowSec: 3600, sameBody: false },
    receipts: 'push',
    inbound: false,
    calendar: false,
    photo: false,
    approvedTemplates: false,
  },
  rates: [],
  timeoutMs: 1000,
  settings: [
    { name: 'baseUrl', isSecret: false, isRequired: true, help: 'where the provider is' },
    { name: 'account', isSecret: false, isRequired: true, help: 'the name of the account' },
    { name: 'secret', isSecret: true, isRequired: true, help: 'what the provider gave' },
  ],
};

type Has = (asked: Plant) => boolean;

function settingsOf(has: Has): z.ZodType<Settings> {
  if (has('takes any setting')) return z.object(Settings.shape);
  if (!has('tells a bad setting')) return Settings;
  return Settings.extend({
    secret: z.custom<string>((value) => typeof value === 'string', {
      error: ({ input }) => `not a secret: ${String(input)}`,
    }),
  });
}

function fitted(has: Has, text: string): string {
  if (has('sends what is too long')) return text;
  return has('cuts characters') ? text.slice(0, PLAIN_MOST_CHARS) : fitText(text, PLAIN_MOST_CHARS);
}

interface Attempt {
  readonly settings: Settings;
  readonly payload: Payload;
  readonly context: SendContext;
  readonly deliveryId: string;
}

async function sending(has: Has, attempt: Attempt): Promise<SendOutcome> {
  const { settings, context } = attempt;
  const token = await tokenOf(settings, context, has).catch((reason: unknown) => reason as Error);
  if (token instanceof Error) return refusalOf(token.message);
  const answer = await posted(has, attempt, token);
  const outcome = outcomeOf(has, answer, token);
  if (has('repeats on its own account') && outcome.outcome === 'ambiguous') {
    return outcomeOf(has, await posted(has, attempt, token), token);
  }
  if (outcome.outcome === 'temporary' && outcome.because === 'token') {
    if (!has('keeps a refused token')) await context.tokens.invalidate(keyOf(settings, has), token);
  }
  return outcome;
}

const keyOf = ({ account }: Settings, has: Has): string =>
  has('shares its token between accounts') ? 'plain' : `plain:${account}`;

async function tokenOf(settings: Settings, context: SendContext, has: Has): Promise<string> {
  return context.tokens.get(keyOf(settings, has), async () => {
    const url = `${settings.baseUrl}/token?secret=${encodeURIComponent(settings.secret)}`;
    const answer = await context.http.request({ method: 'POST', url }, signalOf(has, context));
    if (answer.is !== 'response' || answer.status >= 500) throw new Error('PROVIDER');
    if (answer.status !== 200) throw new Error('SECRET');
    return JSON.parse(answer.text) as { token: string; expiresInSec: number };
  });
}

const signalOf = (has: Has, { signal }: SendContext): AbortSignal =>
  has('starts after the deadline') || (has('ignores that time is up') && !signal.aborted)
    ? new AbortController().signal
    : signal;

async function posted(has: Has, attempt: Attempt, token: string): Promise<HttpOutcome> {
  const { settings, payload, context, deliveryId } = attempt;
  const key = has('sends a key of its own') ? `${deliveryId}.${context.now()}` : deliveryId;
  const keyed: Record<string, string> = has('sends no key') ? {} : { 'idempotency-key': key };
  const url = `${settings.baseUrl}/messages`;
  const headers: Record<string, string> = { authorization: `Bearer ${token}`, ...keyed };
  const body = JSON.stringify(payload);
  const signal = signalOf(has, context);
  const answer = await context.http.request({ method: 'POST', url, headers, body }, signal);
  if (!has('follows redirects') || answer.is !== 'response' || answer.status !== 307) return answer;
  return context.http.request({ method: 'POST', url, headers, body }, signal);
}

function refusalOf(code: string): SendOutcome {
  return code === 'PROVIDER'
    ? { outcome: 'temporary', because: 'provider', retryAfterMs: null, code, message: 'no token' }
    : { outcome: 'permanent', because: 'configuration', code, message: 'the secret is refused' };
}

function outcomeOf(has: Has, answer: HttpOutcome, token: string): SendOutcome {
  if (answer.is !== 'response') return unanswered(has, answer);
  const { status, text } = answer;
  const message = has('tells what the provider says') ? text : 'the provider refused it';
  if (status >= 500) {
    return { outcome: 'temporary', because: 'provider', retryAfterMs: null, code: 'DOWN', message };
  }
  if (status === 401) {
    const told = has('tells its token') ? `${token} was refused` : message;
    const code = 'TOKEN';
    return { outcome: 'temporary', because: 'token', retryAfterMs: null, code, message: told };
  }
  if (status !== 200 && !has('takes unknown codes for yes')) {
    return { outcome: 'permanent', because: 'content', code: `STATUS_${status}`, message };
  }
  return accepted(has, text);
}

function unanswered(has: Has, { is, code }: Exclude<HttpOutcome, { is: 'response' }>): SendOutcome {
  if (is === 'unknown' && has('throws when it gets no answer')) throw new Error(code);
  if (is === 'unknown' && has('takes no answer for yes')) {
    return { outcome: 'accepted', providerRef: null };
  }
  return is === 'notSent' || has('takes a reset for no')
    ? { outcome: 'temporary', because: 'provider', retryAfterMs: null, code, message: 'not sent' }
    : { outcome: 'ambiguous', code, message: 'no answer' };
}

function accepted(has: Has, text: string): SendOutcome {
  const id = /"id":(\d+)/.exec(text)?.[1];
  if (id === undefined && !has('takes what it cannot read for yes')) {
    return has('takes unknown codes for yes')
      ? { outcome: 'accepted', providerRef: null }
      : { outcome: 'ambiguous', code: 'BAD_RESPONSE', message: 'no id' };
  }
  const providerRef = has('reads ids as numbers') ? String(Number(id)) : (id ?? null);
  return { outcome: 'accepted', providerRef };
}

function receipt(
  has: Has,
  { secret }: Settings,
  { headers, body }: CallbackRequest,
  now: number,
): CallbackOutcome {
  const expected = createHmac('sha256', secret).update(body).digest();
  const given = Buffer.from(headers['x-signature'] ?? '', 'hex');
  const isGenuine = given.length === expected.length && timingSafeEqual(given, expected);
  if (has('breaks on a bad receipt')) JSON.parse(Buffer.from(body).toString());
  if (!isGenuine && !has('believes forged receipts')) {
    return { ok: false, status: 401, reason: 'bad signature' };
  }
  const ref = /"id":"(\d+)"/.exec(Buffer.from(body).toString())?.[1];
  if (ref === undefined) return { ok: false, status: 400, reason: 'no receipt' };
  const dedupeKey = has('numbers receipts anew') ? `${ref}:${now}` : `${ref}:delivered`;
  return {
    ok: true,
    events: [
      {
        is: 'receipt',
        dedupeKey,
        at: now,
        deliveryId: null,
        providerRef: ref,
        status: 'delivered',
        code: null,
      },
    ],
    reply: { status: 200, body: 'ok' },
  };
}
