import { z } from 'zod';

import type { EpochMs } from '../../core/time/time.ts';
import type { CallbackOutcome, CallbackRequest } from '../channel.ts';
import { isSameSecret } from '../constant-time.ts';
import { refusedCall } from '../receipt-callback.ts';
import { openEnvelope } from './envelope.ts';
import { readNotice } from './read-wechat.ts';
import { wechatSignature } from './signature.ts';

/** What an account was given to tell its provider from others. */
export interface CallbackSecrets {
  readonly callbackToken: string;
  readonly encodingAesKey?: string;
  /** The app id, or the corp id. */
  readonly ownId: string;
}

/** What was said, once it is known who said it. */
export type OpenedCallback =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly refused: CallbackOutcome };

/** A request that was signed longer ago is refused: whoever saw it could send it for ever. */
const TOLERANCE_MS = 15 * 60_000;

const Envelope = z.object({ Encrypt: z.string() });

const notOpened = (status: 400 | 401 | 403 | 405, reason: string): OpenedCallback => ({
  ok: false,
  refused: refusedCall(status, reason),
});

/** A request whose signature covers its query only: who sent it is known, not what was sent. */
export function openPlain(
  { callbackToken }: CallbackSecrets,
  { url, body }: CallbackRequest,
  now: EpochMs,
): OpenedCallback {
  const query = new URL(url).searchParams;
  const signed = [callbackToken, valueOf(query, 'timestamp'), valueOf(query, 'nonce')];
  if (!isSigned(query, 'signature', signed)) return notOpened(401, 'bad signature');
  if (!isFresh(query, now)) return notOpened(401, 'signed at another time');
  return { ok: true, text: Buffer.from(body).toString('utf8') };
}

/** A request with an encrypted body. */
export function openSafe(
  secrets: CallbackSecrets,
  { url, body }: CallbackRequest,
  now: EpochMs,
): OpenedCallback {
  const envelope = readNotice(Buffer.from(body).toString('utf8'), Envelope);
  if (envelope === undefined) return notOpened(400, 'no encrypted message');
  return openEncrypted(secrets, new URL(url).searchParams, envelope.Encrypt, now);
}

/** A value that was signed together with the query, and encrypted. */
export function openEncrypted(
  { callbackToken, encodingAesKey = '', ownId }: CallbackSecrets,
  query: URLSearchParams,
  encrypted: string,
  now: EpochMs,
): OpenedCallback {
  const signed = [callbackToken, valueOf(query, 'timestamp'), valueOf(query, 'nonce'), encrypted];
  if (!isSigned(query, 'msg_signature', signed)) return notOpened(401, 'bad signature');
  if (!isFresh(query, now)) return notOpened(401, 'signed at another time');
  const text = openEnvelope(encodingAesKey, encrypted, ownId);
  return text === undefined ? notOpened(403, 'encrypted for another') : { ok: true, text };
}

const valueOf = (query: URLSearchParams, name: string): string => query.get(name) ?? '';

const isSigned = (query: URLSearchParams, name: string, signed: readonly string[]): boolean =>
  isSameSecret(valueOf(query, name), wechatSignature(...signed));

const isFresh = (query: URLSearchParams, now: EpochMs): boolean =>
  Math.abs(Number(valueOf(query, 'timestamp')) * 1000 - now) <= TOLERANCE_MS;
