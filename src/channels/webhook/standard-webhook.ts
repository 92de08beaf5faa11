import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';
const LEAST_BYTES = 24;
const MOST_BYTES = 64;

/** A key as Standard Webhooks writes it: 24 to 64 bytes in base64 after `whsec_`. */
export function isSigningSecret(text: string): boolean {
  if (!/^whsec_[A-Za-z0-9+/]+={0,2}$/.test(text)) return false;
  const { length } = keyOf(text);
  return length >= LEAST_BYTES && length <= MOST_BYTES;
}

const keyOf = (secret: string): Buffer =>
  Buffer.from(
    secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret,
    'base64',
  );

/**
 * One signature for the header `webhook-signature`.
 *
 * @param id without a dot in it
 * Source: Standard Webhooks 1.0.0, "Signature scheme", v1.
 */
export const signWebhook = (
  secret: string,
  id: string,
  timestampSec: number,
  body: string,
): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestampSec}.${body}`).digest('base64')}`;
