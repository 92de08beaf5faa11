/** One request to a provider. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

export interface HttpResponse {
  readonly is: 'response';
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What became of a request. Only a complete response is one. */
export type HttpOutcome =
  | HttpResponse
  /** It failed before any byte of it left: nothing can have happened. */
  | { readonly is: 'notSent'; readonly code: string }
  /** It was written, at least in part, and no complete response came: it may have been processed. */
  | { readonly is: 'unknown'; readonly code: string };

/** HTTP for channels: follows no redirect, reads no more of a response than it must, never throws. */
export interface HttpClient {
  request(request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome>;
}

/** A larger response is read to here and counts as incomplete. */
const MOST_BYTES = 256 * 1024;

/** Codes of a connection that was never made. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_INVALID_URL',
]);

/** {@link HttpClient} by the platform's own `fetch`. */
export class FetchHttpClient implements HttpClient {
  async request(
    { method, url, headers = {}, body }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpOutcome> {
    if (signal.aborted) return { is: 'notSent', code: 'DEADLINE' };
    try {
      const init = { method, headers, redirect: 'manual', signal } as const;
      const response = await fetch(url, body === undefined ? init : { ...init, body: bytes(body) });
      const text = await readBounded(response.body as AsyncIterable<Uint8Array> | null);
      if (text === null) return { is: 'unknown', code: 'RESPONSE_TOO_LARGE' };
      return { is: 'response', status: response.status, headers: response.headers, text };
    } catch (error) {
      return failureOf(error);
    }
  }
}

const bytes = (body: string | Uint8Array): Uint8Array<ArrayBuffer> =>
  typeof body === 'string' ? new TextEncoder().encode(body) : new Uint8Array(body);

/** The body of a response as text; null if it is larger than an answer of a provider can be. */
export async function readBounded(body: AsyncIterable<Uint8Array> | null): Promise<string | null> {
  if (body === null) return '';
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MOST_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function failureOf(error: unknown): HttpOutcome {
  const { name, cause } = error as Error & { cause?: { code?: string; message?: string } };
  if (name === 'TimeoutError' || name === 'AbortError') return { is: 'unknown', code: 'TIMEOUT' };
  const code = cause?.code ?? (error as { code?: string }).code;
  if (cause?.message === 'bad port') return { is: 'notSent', code: 'BAD_PORT' };
  if (code !== undefined && NEVER_CONNECTED.has(code)) return { is: 'notSent', code };
  return { is: 'unknown', code: code ?? 'NO_RESPONSE' };
}
