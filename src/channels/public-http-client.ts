import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';

import { readBounded, type HttpClient, type HttpOutcome, type HttpRequest } from './http-client.ts';
import { isPublicAddress } from './public-address.ts';

/** Addresses of a host name, as text. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** What may be reached. Nothing that an account can set: tests let it be their own machine. */
export interface Reach {
  readonly resolve: Resolve;
  /** Private addresses, and plain HTTP. */
  readonly allowPrivate: boolean;
}

export const OPEN_INTERNET: Reach = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  allowPrivate: false,
};

/** Codes of requests that were not made because of where they would have gone. */
export const REFUSED_TARGETS: ReadonlySet<string> = new Set([
  'ADDRESS_NOT_PUBLIC',
  'NOT_HTTPS',
  'BAD_URL',
]);

/**
 * HTTP to addresses that strangers name. The name is resolved once, every address that it has must be
 * public, and the connection is made to one of those, so that no second answer of a name server counts.
 */
export class PublicHttpClient implements HttpClient {
  constructor(private readonly reach: Reach = OPEN_INTERNET) {}

  async request(request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
    if (signal.aborted) return notSent('DEADLINE');
    if (!URL.canParse(request.url)) return notSent('BAD_URL');
    const target = new URL(request.url);
    if (target.protocol !== 'https:' && !this.isPlain(target)) return notSent('NOT_HTTPS');
    const addresses = await this.addressesOf(target, signal);
    if (!Array.isArray(addresses)) return notSent(addresses.code);
    return exchange(request, target, addresses, signal);
  }

  private isPlain({ protocol }: URL): boolean {
    return this.reach.allowPrivate && protocol === 'http:';
  }

  private async addressesOf(
    { hostname }: URL,
    signal: AbortSignal,
  ): Promise<string[] | { readonly code: string }> {
    const host = hostname.replace(/^\[(.*)\]$/, '$1');
    try {
      const named = isIP(host) ? [host] : await unlessAborted(this.reach.resolve(host), signal);
      if (named.length === 0) return { code: 'ENOTFOUND' };
      const isFine = this.reach.allowPrivate || named.every(isPublicAddress);
      return isFine ? [...named] : { code: 'ADDRESS_NOT_PUBLIC' };
    } catch (error) {
      return { code: signal.aborted ? 'DEADLINE' : (codeOf(error) ?? 'ENOTFOUND') };
    }
  }
}

const notSent = (code: string): HttpOutcome => ({ is: 'notSent', code });
const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cleanUp = new AbortController();
  const aborted = once(signal, 'abort', { signal: cleanUp.signal }).then(() => {
    throw new Error('aborted');
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    cleanUp.abort();
  }
}

/** Answers the resolver's question with what was looked at already. */
const pinnedTo =
  (addresses: readonly string[]): LookupFunction =>
  (_host, options, answer) => {
    const known = addresses.map((address) => ({ address, family: isIP(address) }));
    if (options.all === true) answer(null, known);
    else answer(null, known[0]!.address, known[0]!.family);
  };

async function exchange(
  { method, headers, body }: HttpRequest,
  target: URL,
  addresses: readonly string[],
  signal: AbortSignal,
): Promise<HttpOutcome> {
  const isSecure = target.protocol === 'https:';
  const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const options: RequestOptions = {
    method,
    headers: { ...headers, ...length },
    agent: false,
    lookup: pinnedTo(addresses),
    signal,
  };
  const progress = { isConnected: false };
  try {
    const sent = (isSecure ? httpsRequest : httpRequest)(target, options);
    // An answer that breaks off is told by the answer; without a listener this would end the process.
    sent.on('error', () => undefined);
    sent.once('socket', (socket) => {
      socket.once(isSecure ? 'secureConnect' : 'connect', () => (progress.isConnected = true));
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return await read(response);
  } catch (error) {
    const code = signal.aborted ? 'TIMEOUT' : (codeOf(error) ?? 'NO_RESPONSE');
    return { is: progress.isConnected ? 'unknown' : 'notSent', code };
  }
}

async function read(response: IncomingMessage): Promise<HttpOutcome> {
  const text = await readBounded(response);
  if (text === null) return { is: 'unknown', code: 'RESPONSE_TOO_LARGE' };
  const headers = new Headers(
    Object.entries(response.headersDistinct).flatMap(([name, values = []]) =>
      values.map((value): [string, string] => [name, value]),
    ),
  );
  return { is: 'response', status: response.statusCode ?? 0, headers, text };
}
