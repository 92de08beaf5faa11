import type { Ambiguous, PermanentFailure, TemporaryFailure } from './channel.ts';
import { fitText } from './fit-text.ts';
import type { HttpOutcome, HttpResponse } from './http-client.ts';

export type Failure = TemporaryFailure | PermanentFailure | Ambiguous;

/** What a provider's code says about the message that was to be sent. */
export type Meaning = TemporaryFailure['because'] | PermanentFailure['because'] | 'ambiguous';

/** Meanings by code. A name that ends in `*` stands for all codes that begin so; an exact one goes before it. */
export type CodeTable = Readonly<Record<string, Meaning>>;

/** What a provider said when it did not take a message. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly retryAfterMs?: number | null;
  readonly field?: string;
}

const MOST_MESSAGE_CHARS = 300;

/** `undefined` for a code that is in no documentation. */
export function meaningOf(table: CodeTable, code: string): Meaning | undefined {
  if (Object.hasOwn(table, code)) return table[code];
  const family = Object.keys(table).find(
    (name) => name.endsWith('*') && code.startsWith(name.slice(0, -1)),
  );
  return family === undefined ? undefined : table[family];
}

/** Why a failed receipt will not be different next time; undefined if that is not known. */
export const permanentMeaning = (
  meaning: Meaning | undefined,
): PermanentFailure['because'] | undefined => {
  const isOther =
    meaning === 'provider' ||
    meaning === 'rateLimit' ||
    meaning === 'token' ||
    meaning === 'ambiguous';
  return isOther ? undefined : meaning;
};

/** A failure of the meaning; what the provider said is cut to a length that a record can hold. */
export function failed(meaning: Meaning, refused: Refused): Failure {
  const { code, retryAfterMs = null, field } = refused;
  const message = fitText(refused.message, MOST_MESSAGE_CHARS);
  switch (meaning) {
    case 'ambiguous':
      return { outcome: 'ambiguous', code, message };
    case 'provider':
    case 'rateLimit':
    case 'token':
      return { outcome: 'temporary', because: meaning, retryAfterMs, code, message };
    default: {
      const failure = { outcome: 'permanent', because: meaning, code, message } as const;
      return field === undefined ? failure : { ...failure, field };
    }
  }
}

/** Of a request that got no complete response. */
export const unanswered = ({ is, code }: Exclude<HttpOutcome, HttpResponse>): Failure =>
  is === 'notSent'
    ? failed('provider', { code, message: 'the provider could not be reached' })
    : failed('ambiguous', { code, message: 'no complete answer came' });

/** Of a response that says it went well and cannot be read. */
export const badResponse = (): Failure =>
  failed('ambiguous', { code: 'BAD_RESPONSE', message: 'the answer could not be read' });

/**
 * What a status means when nothing better is known: of a code in no documentation, or of a response
 * that no provider but something in front of it wrote.
 *
 * @param repeatIsSafe the provider drops a repeat, so that an answer that got lost does no harm
 */
export function meaningOfStatus(status: number, repeatIsSafe: boolean): Meaning {
  if (status === 502 || status === 504) return repeatIsSafe ? 'provider' : 'ambiguous';
  if (status >= 500) return 'provider';
  if (status === 429) return 'rateLimit';
  if (status === 401 || status === 403) return 'configuration';
  return status >= 300 && status < 400 ? 'configuration' : 'content';
}

/** Of a provider that refused: by its code, or by the status for a code that is in no documentation. */
export const refusedWith = (table: CodeTable, status: number, refused: Refused): Failure =>
  failed(meaningOf(table, refused.code) ?? meaningOfStatus(status, false), refused);

/** Of a response that is no success and tells nothing but its status. */
export function refusedByStatus({ status, headers }: HttpResponse, now: number): Failure {
  const meaning = meaningOfStatus(status, false);
  const pause = meaning === 'rateLimit' ? retryAfterMs(headers, now) : null;
  const message = `the provider answered with status ${status}`;
  return failed(meaning, { code: `HTTP_${status}`, message, retryAfterMs: pause });
}

/** The pause that a `Retry-After` header asks for: seconds, or an HTTP date. `null` without a readable one. */
export function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after');
  if (value === null) return null;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1000;
  const until = Date.parse(value);
  return Number.isNaN(until) ? null : Math.max(0, until - now);
}

/** What a provider said, without the values that must not be told; providers repeat what they were sent. */
export const withoutSecrets = (said: string, secrets: readonly (string | undefined)[]): string =>
  secrets
    .flatMap((secret) => (secret ? [secret, encodeURIComponent(secret)] : []))
    .reduce((rest, secret) => rest.replaceAll(secret, '(secret)'), said);
