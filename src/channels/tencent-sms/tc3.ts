import { hmacSha256, sha256Hex } from '../digest.ts';

const ALGORITHM = 'TC3-HMAC-SHA256';

export interface Tc3Request {
  readonly secretId: string;
  readonly secretKey: string;
  /** As in the `Host` header: with the port if it is not the usual one. */
  readonly host: string;
  readonly service: string;
  readonly timestampSec: number;
  /** To the byte as in the `Content-Type` header. */
  readonly contentType: string;
  readonly body: string;
}

/**
 * Signs a POST to `/`: its type, host and body, as the provider's own library does.
 *
 * @returns the `Authorization` header
 * Source: Tencent Cloud, "Signature method v3".
 */
export function signTc3(request: Tc3Request): string {
  const { secretId, secretKey, host, service, timestampSec, contentType, body } = request;
  const date = new Date(timestampSec * 1000).toISOString().slice(0, 10);
  const headerLines = `content-type:${contentType}\nhost:${host}\n`;
  const names = 'content-type;host';
  const canonical = ['POST', '/', '', headerLines, names, sha256Hex(body)].join('\n');
  const scope = `${date}/${service}/tc3_request`;
  const toSign = [ALGORITHM, timestampSec, scope, sha256Hex(canonical)].join('\n');
  const dateKey = hmacSha256(`TC3${secretKey}`, date);
  const key = hmacSha256(hmacSha256(dateKey, service), 'tc3_request');
  const signature = hmacSha256(key, toSign).toString('hex');
  return `${ALGORITHM} Credential=${secretId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
}
