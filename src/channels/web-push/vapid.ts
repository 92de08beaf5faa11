import { createECDH, createPrivateKey, sign } from 'node:crypto';

import type { EpochMs } from '../../core/time/time.ts';

const HOUR_SEC = 3600;
/** Push services take no more than 24. */
const LASTS_SEC = 12 * HOUR_SEC;
const COORDINATE_BYTES = 32;

/** A pair of keys of P-256 in base64url: 65 bytes that begin with 4, and 32 bytes. */
export interface VapidKeys {
  readonly vapidPublicKey: string;
  readonly vapidPrivateKey: string;
}

/** Whether the public key is the one of the private key. */
export function isPair({ vapidPublicKey, vapidPrivateKey }: VapidKeys): boolean {
  try {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(vapidPrivateKey, 'base64url');
    return pair.getPublicKey('base64url') === vapidPublicKey;
  } catch {
    return false;
  }
}

/**
 * The header `authorization` for a push service: who sends, for twelve hours.
 *
 * @param subject how the push service can reach who sends: `mailto:` or an address
 * @param origin of the push service
 * Source: RFC 8292, sections 2 and 3.
 */
export function vapidAuthorization(
  keys: VapidKeys,
  subject: string,
  origin: string,
  now: EpochMs,
): string {
  const expiresSec = Math.floor(now / 1000) + LASTS_SEC;
  const claims = { aud: origin, exp: expiresSec, sub: subject };
  const content = `${encoded({ typ: 'JWT', alg: 'ES256' })}.${encoded(claims)}`;
  // JWT wants the two numbers as they are, not in the DER that is the default.
  const key = { key: privateKeyOf(keys), dsaEncoding: 'ieee-p1363' } as const;
  const signature = sign('sha256', Buffer.from(content), key).toString('base64url');
  return `vapid t=${content}.${signature}, k=${keys.vapidPublicKey}`;
}

const encoded = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');

function privateKeyOf({ vapidPublicKey, vapidPrivateKey }: VapidKeys) {
  const point = Buffer.from(vapidPublicKey, 'base64url').subarray(1);
  const [x, y] = [point.subarray(0, COORDINATE_BYTES), point.subarray(COORDINATE_BYTES)];
  const key = {
    kty: 'EC',
    crv: 'P-256',
    x: x.toString('base64url'),
    y: y.toString('base64url'),
    d: vapidPrivateKey,
  };
  return createPrivateKey({ key, format: 'jwk' });
}
