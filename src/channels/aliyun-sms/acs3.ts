import { hmacSha256, sha256Hex } from '../digest.ts';

const ALGORITHM = 'ACS3-HMAC-SHA256';
const NO_BODY = sha256Hex('');

export interface Acs3Request {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** As in the `Host` header: with the port if it is not the usual one. */
  readonly host: string;
  readonly action: string;
  readonly version: string;
  /** `2026-11-22T01:02:03Z` */
  readonly date: string;
  /** Never used before. */
  readonly nonce: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface Acs3Signed {
  /** To be sent as it is: it is part of what was signed. */
  readonly queryString: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly canonicalHash: string;
  readonly signature: string;
}

/**
 * Signs a POST without a body whose parameters are in the query (RPC style).
 *
 * Source: Alibaba Cloud, "V3 request structure and signature".
 */
export function signAcs3(request: Acs3Request): Acs3Signed {
  const { accessKeyId, accessKeySecret, host, action, version, date, nonce, query } = request;
  const headers: Record<string, string> = {
    host,
    'x-acs-action': action,
    'x-acs-content-sha256': NO_BODY,
    'x-acs-date': date,
    'x-acs-signature-nonce': nonce,
    'x-acs-version': version,
  };
  const names = Object.keys(headers).sort();
  const queryString = encodedQuery(query);
  const headerLines = names.map((name) => `${name}:${headers[name]!}\n`).join('');
  const canonical = ['POST', '/', queryString, headerLines, names.join(';'), NO_BODY].join('\n');
  const canonicalHash = sha256Hex(canonical);
  const toSign = `${ALGORITHM}\n${canonicalHash}`;
  const signature = hmacSha256(accessKeySecret, toSign).toString('hex');
  const authorization = `${ALGORITHM} Credential=${accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`;
  return { queryString, headers: { ...headers, authorization }, canonicalHash, signature };
}

const encodedQuery = (query: Readonly<Record<string, string>>): string =>
  Object.keys(query)
    .sort()
    .map((name) => `${rfc3986(name)}=${rfc3986(query[name]!)}`)
    .join('&');

const rfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
