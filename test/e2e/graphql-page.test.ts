import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { startSampleApp, type SampleApp } from '../support/graphql/sample-app.ts';

let sample: SampleApp;
let origin: string;
beforeAll(async () => {
  sample = await startSampleApp();
  origin = new URL(sample.url).origin;
});
afterAll(async () => {
  await sample.close();
});

const get = (path: string, accept = '*/*') =>
  fetch(`${origin}${path}`, { headers: { accept }, redirect: 'manual' });

describe('the page to try queries in', () => {
  it.each([
    { path: '/', accept: '*/*' },
    { path: '/graphql', accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
  ])('is where $path leads a browser', async ({ path, accept }) => {
    const answer = await get(path, accept);
    expect([302, 303]).toContain(answer.status);
    expect(answer.headers.get('location')).toBe('/try/');
  });

  it('names no other host, and everything that it loads is served', async () => {
    const html = await (await get('/try/')).text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(links).toContain('/try/');
    expect(links).toContain('main.js');
    for (const link of links) {
      expect(link).not.toMatch(/^(https?:)?\/\//);
      const answer = await get(new URL(link, `${origin}/try/`).pathname);
      expect({ link, status: answer.status }).toEqual({ link, status: 200 });
    }
  });

  it('may run its own files only', async () => {
    const headers = (await get('/try/')).headers;
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('starts with a query and a place for a token', async () => {
    const script = await (await get('/try/welt-options.js')).text();
    expect(script).toContain('/graphql');
    expect(script).toContain('health');
    expect(script).toContain('Authorization');
  });

  it.each(['/try/../package.json', '/try/..%2f..%2fpackage.json', '/try/nothing.js'])(
    'has nothing else: %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );
});

describe('/health', () => {
  it.each([
    { name: 'well', probe: () => Promise.resolve(true), status: 200 },
    { name: 'not well', probe: () => Promise.resolve(false), status: 503 },
    { name: 'a probe that fails', probe: () => Promise.reject(new Error('gone')), status: 503 },
  ])('$name: $status', async ({ probe, status }) => {
    sample.health.probe = probe;
    const answer = await get('/health');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });
});
