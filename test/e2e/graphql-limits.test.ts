import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getIntrospectionQuery } from 'graphql';

import { startSampleApp, type SampleApp } from '../support/graphql/sample-app.ts';

let sample: SampleApp;
beforeAll(async () => {
  sample = await startSampleApp();
});
afterAll(async () => {
  await sample.close();
});

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const health = (alias: string): string => `${alias}: health { status }`;
describe('what is too large or malformed gets a 4xx', () => {
  it.each([
    { name: 'no query', body: {} },
    { name: 'an empty query', body: { query: '' } },
    { name: 'no GraphQL', body: { query: '{ health { status }' } },
    { name: 'an unknown field', body: { query: '{ heath }' } },
    { name: 'a number as query', body: { query: 7 } },
    { name: 'a text as variables', body: { query: '{ health { status } }', variables: 'x' } },
    {
      name: 'an unknown operation',
      body: { query: 'query A { health { status } }', operationName: 'B' },
    },
    { name: 'a list of requests', body: [{ query: '{ health { status } }' }] },
    { name: 'many tokens', body: { query: `{ health { ${times(4000, () => 'status')} } }` } },
    { name: 'many root fields', body: { query: `{ ${times(11, (i) => health(`a${i}`))} }` } },
    {
      name: 'many aliases',
      body: { query: `{ health { ${times(31, (i) => `a${i}: status`)} } }` },
    },
    {
      name: 'many directives',
      body: { query: `{ health { ${times(21, () => `status @include(if: true)`)} } }` },
    },
    {
      name: 'the same directive many times',
      body: { query: `{ health { status ${times(500, () => '@include(if: true)')} } }` },
    },
    {
      name: 'aliases by fragments',
      body: {
        query: `{ health { ...a ...a ...a ...a } } fragment a on Health { ${times(9, (i) => `b${i}: status`)} }`,
      },
    },
    {
      name: 'fields doubled by every fragment',
      body: {
        query: `{ health { ...f0 ...f0 } } ${times(40, (i) => `fragment f${i} on Health { ${i < 39 ? `...f${i + 1} ...f${i + 1}` : 'status'} }`)}`,
      },
    },
    {
      name: 'fragments in a circle',
      body: {
        query: '{ health { ...a } } fragment a on Health { ...b } fragment b on Health { ...a }',
      },
    },
    {
      name: 'a deep question about the schema',
      body: {
        query: `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
      },
    },
    {
      name: 'a bad instant',
      body: {
        query:
          '{ promise(input: { dropOffStoreCode: "S1", handedOverAt: "yesterday", pickUpStoreCode: "S1", items: [] }) { __typename } }',
      },
    },
    {
      name: 'a bad instant as variable',
      body: {
        query:
          'query ($at: DateTime!) { promise(input: { dropOffStoreCode: "S1", handedOverAt: $at, pickUpStoreCode: "S1", items: [] }) { __typename } }',
        variables: { at: '2026-02-30T00:00:00Z' },
      },
    },
  ])('$name', async ({ body }) => {
    const answer = await sample.post(body);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
    expect(answer.body.errors?.[0]?.message).toEqual(expect.any(String));
    expect(answer.body.errors?.[0]?.extensions['code']).not.toBe('INTERNAL_SERVER_ERROR');
    expect(answer.text).not.toMatch(/stack|node_modules/);
  });

  it.each([
    { name: 'malformed JSON', type: 'application/json', body: '{ "query": ', status: 400 },
    {
      name: 'a form',
      type: 'application/x-www-form-urlencoded',
      body: 'query={health{status}}',
      status: 415,
    },
    { name: 'XML', type: 'application/xml', body: '<a/>', status: 415 },
    { name: 'plain text', type: 'text/plain', body: '{"query":"{health{status}}"}', status: 400 },
    {
      name: 'more than 1 MB',
      type: 'application/json',
      body: `{"query":"${'x'.repeat(1_000_001)}"}`,
      status: 413,
    },
  ])('$name: $status', async ({ type, body, status }) => {
    const answer = await fetch(sample.url, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect(answer.status).toBe(status);
    const { errors } = (await answer.json()) as { errors: { message: string }[] };
    expect(errors[0]?.message).toEqual(expect.any(String));
  });

  it.each(['PUT', 'PATCH', 'DELETE'])('%s: 405', async (method) => {
    const answer = await fetch(sample.url, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, POST');
  });

  it('a mutation by GET: 405', async () => {
    const query = encodeURIComponent('mutation { importNetwork(input: {}) { __typename } }');
    const answer = await fetch(`${sample.url}?query=${query}`, {
      headers: { 'apollo-require-preflight': 'yes', authorization: 'Bearer hq-token' },
    });
    expect(answer.status).toBe(405);
  });

  it('a query by GET that any page could send: 400', async () => {
    const answer = await fetch(`${sample.url}?query={health{status}}`);
    expect(answer.status).toBe(400);
  });
});

describe('large requests', () => {
  const large = { query: '{ health { status } }', variables: { pad: 'x'.repeat(2_000_000) } };
  const hq = { authorization: 'Bearer hq-token' };

  it('are for headquarters', async () => {
    expect((await sample.post(large)).status).toBe(413);
    expect((await sample.post(large, { authorization: 'Bearer staff-token' })).status).toBe(413);
    expect((await sample.post(large, hq)).status).toBe(200);
  });

  it('end at 20 MB', async () => {
    const answer = await sample.post({ ...large, extensions: { pad: 'x'.repeat(20_000_000) } }, hq);
    expect(answer.status).toBe(413);
  });

  it('are counted when no length is declared', async () => {
    expect(await postInPieces(JSON.stringify({ query: '{ health { status } }' }))).toBe(200);
    expect(await postInPieces(JSON.stringify(large))).toBe(413);
  });
});

/** Sends `body` without a Content-Length. @returns the status */
function postInPieces(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      sample.url,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
      },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      },
    );
    sent.on('error', reject);
    sent.write(body.slice(0, body.length / 2));
    sent.end(body.slice(body.length / 2));
  });
}

describe('the schema may be asked for', () => {
  it('as the tools ask', async () => {
    const answer = await sample.post({
      query: getIntrospectionQuery({
        inputValueDeprecation: true,
        schemaDescription: true,
        specifiedByUrl: true,
        oneOf: true,
      }),
    });
    expect(answer.status).toBe(200);
    expect(answer.body.errors).toBeUndefined();
  });

  it('but not in production, nor guessed from suggestions', async () => {
    const closed = await startSampleApp(false);
    try {
      const asked = await closed.post({ query: '{ __schema { types { name } } }' });
      expect(asked.status).toBe(400);
      const guessed = await closed.post({ query: '{ healt { status } }' });
      expect(guessed.status).toBe(400);
      expect(guessed.text).not.toContain('health');
    } finally {
      await closed.close();
    }
  });
});
