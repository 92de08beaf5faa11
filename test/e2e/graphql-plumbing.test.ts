import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printSchema } from 'graphql';
import { GraphQLSchemaHost } from '@nestjs/graphql';

import { undeclaredRootFields } from '../../src/platform/graphql/root-fields.ts';
import { startSampleApp, type SampleApp } from '../support/graphql/sample-app.ts';
import { SampleResolver, SECRET } from '../support/graphql/sample.resolver.ts';

let sample: SampleApp;
beforeAll(async () => {
  sample = await startSampleApp();
});
afterAll(async () => {
  await sample.close();
});

const asCaller = (token: string) => ({ authorization: `Bearer ${token}` });

describe('answers', () => {
  it('serves the schema with its sentences', () => {
    const schema = printSchema(sample.app.get(GraphQLSchemaHost, { strict: false }).schema);
    expect(schema).toContain('An instant, RFC 3339.');
    expect(schema).toContain('A half-open interval [start, end) of one store');
  });

  it('writes instants in UTC, from numbers and from dates', async () => {
    const answer = await sample.post({
      query: `query ($input: PromiseInput!) {
        promise(input: $input) { ... on Promise { readyBy earliestPickUp { start } } }
      }`,
      variables: {
        input: {
          dropOffStoreCode: 'S1',
          handedOverAt: '2026-03-01T09:00:00.250+08:00',
          pickUpStoreCode: 'S1',
          items: [{ description: 'AJ1', serviceCodes: ['CLEAN'] }],
        },
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({
      promise: {
        readyBy: '2026-03-01T01:00:00.000Z',
        earliestPickUp: { start: '2026-03-01T01:00:00.000Z' },
      },
    });
    expect(sample.app.get(SampleResolver).lastPromiseInput).toMatchObject({
      handedOverAt: Date.UTC(2026, 2, 1, 1, 0, 0, 250),
      items: [{ pairs: 1 }],
    });
  });

  it('tells members of a union apart by their __typename', async () => {
    const input = `{ dropOffStoreCode: "NONE", pickUpStoreCode: "S1", items: [], handedOverAt: "2026-03-01T00:00:00Z" }`;
    const answer = await sample.post({
      query: `{ promise(input: ${input}) { __typename ... on Refusal { code } } }`,
    });
    expect(answer.body.data).toEqual({
      promise: { __typename: 'NoPromise', code: 'NO_CONNECTION' },
    });
  });
});

describe('faults', () => {
  it.each([{ code: 'FAULT' }, { code: 'THROWS-TEXT' }, { code: 'BROKEN' }])(
    'tells nothing about a fault of ours: $code',
    async ({ code }) => {
      const answer = await sample.post({ query: `{ store(code: "${code}") { code name } }` });
      expect(answer.status).toBe(500);
      expect(answer.body.data).toEqual({ store: null });
      const error = answer.body.errors?.[0];
      expect(error?.message).toBe('Something went wrong on our side.');
      expect(Object.keys(error?.extensions ?? {}).sort()).toEqual(['code', 'reference']);
      expect(answer.text).not.toMatch(/password|stack|node_modules|\.ts/);
      expect(sample.faults.join('\n')).toContain(String(error?.extensions['reference']));
    },
  );

  it('writes the cause of a fault into the log', async () => {
    await sample.post({ query: '{ store(code: "FAULT") { code } }' });
    expect(sample.faults.at(-1)).toContain(SECRET);
    expect(sample.faults.at(-1)).toContain('at store');
  });

  it('answers 200 if another root field was answered', async () => {
    const answer = await sample.post({
      query: '{ good: store(code: "S1") { code } bad: store(code: "FAULT") { code } }',
    });
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ good: { code: 'S1' }, bad: null });
  });

  it('answers bad input with 400 and its place', async () => {
    const answer = await sample.post({
      query: `query ($codes: [ID!]!) {
        availability(storeCodes: $codes, kind: DROP_OFF, from: "2026-03-01", to: "2026-03-02") { store { code } }
      }`,
      variables: { codes: Array.from({ length: 51 }, (_, index) => `S${index}`) },
    });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.[0]).toMatchObject({
      message: 'At most 50 stores.',
      extensions: { code: 'BAD_USER_INPUT', inputPath: 'storeCodes' },
    });
  });
});

describe('sign-in', () => {
  const ORDER = { query: '{ order(id: "1") { id } }' };
  const IMPORT = { query: 'mutation { importNetwork(input: {}) { __typename } }' };

  it.each(['hq', 'staff', 'customer'])('knows %s by the token', async (role) => {
    const answer = await sample.post(ORDER, asCaller(`${role}-token`));
    expect(answer.body.data).toEqual({ order: { id: `1 of ${role}` } });
  });

  it.each([
    { name: 'nobody: sign in first', request: ORDER, headers: {}, status: 401 },
    { name: 'a wrong role', request: IMPORT, headers: asCaller('staff-token'), status: 403 },
    { name: 'the right role', request: IMPORT, headers: asCaller('hq-token'), status: 200 },
    {
      name: 'no rule declared, whoever calls',
      request: {
        query: `mutation { cancelOrder(input: { requestKey: "12345678", orderId: "1", expectedVersion: 1 }) { __typename } }`,
      },
      headers: asCaller('hq-token'),
      status: 403,
    },
  ])('$name: $status', async ({ request, headers, status }) => {
    const answer = await sample.post(request, headers);
    expect(answer.status).toBe(status);
  });

  it.each(['Bearer forged', 'Bearer ', 'Basic aHE6aHE=', 'hq-token'])(
    'refuses "%s" even for a public field',
    async (authorization) => {
      const answer = await sample.post({ query: '{ health { status } }' }, { authorization });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      expect(answer.body.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
    },
  );

  it('lists the operations that declare no rule', () => {
    expect(undeclaredRootFields(sample.app)).toEqual(['Mutation.cancelOrder']);
  });
});
