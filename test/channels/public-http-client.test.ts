import { once } from 'node:events';
import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import getTLSOptions from 'smtp-server/lib/tls-options.js';

import { PublicHttpClient, type Resolve } from '../../src/channels/public-http-client.ts';
import { listening } from './fakes/fake-provider.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

describe('PublicHttpClient', () => {
  let server: Server;
  let port: number;
  let handle: Handler;
  let asked: string[];

  beforeEach(async () => {
    asked = [];
    handle = (_request, response) => response.end('hello');
    server = await listening((request, response) => {
      asked.push(
        `${request.method ?? ''} http://${request.headers.host ?? ''}${request.url ?? ''}`,
      );
      handle(request, response);
    });
    ({ port } = server.address() as AddressInfo);
  });

  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  const get = (url: string, signal = new AbortController().signal, resolve?: Resolve) =>
    new PublicHttpClient({
      resolve: resolve ?? (() => Promise.resolve(['127.0.0.1'])),
      allowPrivate: true,
    }).request({ method: 'GET', url }, signal);

  it('connects to what was looked at, and asks for the name', async () => {
    const names: string[] = [];
    const outcome = await get(`http://shop.invalid:${port}/in?a=1`, undefined, (name) => {
      names.push(name);
      return Promise.resolve(['127.0.0.1']);
    });
    expect(outcome).toMatchObject({ is: 'response', status: 200, text: 'hello' });
    expect(asked).toEqual([`GET http://shop.invalid:${port}/in?a=1`]);
    expect(names).toEqual(['shop.invalid']);
  });

  it.each([
    { named: 'one private address', answer: ['10.0.0.1'] },
    { named: 'a private one among public ones', answer: ['1.1.1.1', '2606:4700::1', '127.0.0.1'] },
    { named: 'a private one in the clothes of IPv6', answer: ['::ffff:127.0.0.1'] },
    { named: 'the metadata of a cloud', answer: ['169.254.169.254'] },
  ])('refuses a name that has $named', async ({ answer }) => {
    const client = new PublicHttpClient({
      resolve: () => Promise.resolve(answer),
      allowPrivate: false,
    });
    const request = { method: 'POST', url: `https://shop.invalid:${port}/`, body: 'x' } as const;
    expect(await client.request(request, new AbortController().signal)).toEqual({
      is: 'notSent',
      code: 'ADDRESS_NOT_PUBLIC',
    });
    expect(asked).toEqual([]);
  });

  it.each([
    ['https://127.0.0.1/', 'ADDRESS_NOT_PUBLIC'],
    ['https://2130706433/', 'ADDRESS_NOT_PUBLIC'],
    ['https://0x7f.1/', 'ADDRESS_NOT_PUBLIC'],
    ['https://[::1]/', 'ADDRESS_NOT_PUBLIC'],
    ['https://[::ffff:7f00:1]/', 'ADDRESS_NOT_PUBLIC'],
    ['https://localhost/', 'ADDRESS_NOT_PUBLIC'],
    ['http://example.com/', 'NOT_HTTPS'],
    ['ftp://example.com/', 'NOT_HTTPS'],
    ['file:///etc/passwd', 'NOT_HTTPS'],
    ['no address', 'BAD_URL'],
  ])('as built for accounts, refuses %s', async (url, code) => {
    const client = new PublicHttpClient();
    expect(await client.request({ method: 'GET', url }, new AbortController().signal)).toEqual({
      is: 'notSent',
      code,
    });
  });

  it('follows no redirect', async () => {
    handle = (_request, response) => response.writeHead(307, { location: '/elsewhere' }).end();
    expect(await get(`http://shop.invalid:${port}/`)).toMatchObject({
      is: 'response',
      status: 307,
    });
    expect(asked).toHaveLength(1);
  });

  it('counts a port where nobody listens as not sent', async () => {
    server.close();
    await once(server, 'close');
    expect(await get(`http://shop.invalid:${port}/`)).toEqual({
      is: 'notSent',
      code: 'ECONNREFUSED',
    });
  });

  it('counts a name that does not exist as not sent', async () => {
    const failing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await get('http://shop.invalid/', undefined, failing)).toEqual({
      is: 'notSent',
      code: 'ENOTFOUND',
    });
  });

  it('stops waiting for a name when the time is up', async () => {
    const controller = new AbortController();
    const outcome = get('http://shop.invalid/', controller.signal, () => {
      queueMicrotask(() => {
        controller.abort();
      });
      return new Promise(() => undefined);
    });
    expect(await outcome).toEqual({ is: 'notSent', code: 'DEADLINE' });
  });

  it('does not begin when the time is up already', async () => {
    expect(await get(`http://shop.invalid:${port}/`, AbortSignal.abort())).toEqual({
      is: 'notSent',
      code: 'DEADLINE',
    });
    expect(asked).toEqual([]);
  });

  it.each([
    {
      when: 'the connection is reset before an answer',
      answer: (_: IncomingMessage, response: ServerResponse) => response.socket?.resetAndDestroy(),
      code: 'ECONNRESET',
    },
    {
      when: 'the connection is reset within the answer',
      answer: (_: IncomingMessage, response: ServerResponse) => {
        response.writeHead(200, { 'content-length': '100' });
        response.write('begin', () => response.socket?.resetAndDestroy());
      },
      code: 'ECONNRESET',
    },
    {
      when: 'the answer is larger than an answer is',
      answer: (_: IncomingMessage, response: ServerResponse) => response.end('x'.repeat(300_000)),
      code: 'RESPONSE_TOO_LARGE',
    },
  ])('does not know what happened when $when', async ({ answer, code }) => {
    handle = answer;
    expect(await get(`http://shop.invalid:${port}/`)).toEqual({ is: 'unknown', code });
  });

  it('does not know what happened when the time is up before the answer', async () => {
    const controller = new AbortController();
    handle = () => {
      controller.abort();
    };
    expect(await get(`http://shop.invalid:${port}/`, controller.signal)).toEqual({
      is: 'unknown',
      code: 'TIMEOUT',
    });
  });

  it('sends nothing to a server that cannot prove its name', async () => {
    const secure = createSecureServer(getTLSOptions(), (_request, response) => response.end());
    const requests: unknown[] = [];
    secure.on('request', (request) => requests.push(request));
    for (let tries = 0; !secure.listening; tries++) {
      secure.listen(20_000 + Math.floor(Math.random() * 12_000), '127.0.0.1');
      await once(secure, 'listening').catch((error: unknown) => {
        if (tries === 20) throw error;
      });
    }
    const { port: securePort } = secure.address() as AddressInfo;
    const outcome = await get(`https://shop.invalid:${securePort}/`);
    secure.closeAllConnections();
    secure.close();
    await once(secure, 'close');
    expect(outcome).toMatchObject({ is: 'notSent', code: expect.stringMatching(/CERT/) });
    expect(requests).toEqual([]);
  });

  it('gives all of the body and the headers', async () => {
    let received = '';
    handle = (request, response) => {
      request.setEncoding('utf8');
      request.on('data', (part: string) => (received += part));
      request.on('end', () => response.setHeader('x-told', 'yes').end('好'));
    };
    const client = new PublicHttpClient({
      resolve: () => Promise.reject(new Error()),
      allowPrivate: true,
    });
    const outcome = await client.request(
      { method: 'POST', url: `http://127.0.0.1:${port}/`, body: '鞋' },
      new AbortController().signal,
    );
    expect(received).toBe('鞋');
    if (outcome.is !== 'response') throw new Error(outcome.code);
    expect(outcome.text).toBe('好');
    expect(outcome.headers.get('x-told')).toBe('yes');
  });
});
