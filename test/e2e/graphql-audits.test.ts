import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditServer } from 'graphql-http';

import { startSampleApp, type SampleApp } from '../support/graphql/sample-app.ts';

/**
 * Where the service knowingly does otherwise than recommended.
 *
 * GET without a header that browsers ask leave for is refused (CSRF prevention); and a request that
 * cannot be executed gets a 4xx status whatever media type the client accepts, so that no log, proxy
 * or client takes it for a success.
 */
const CHOSEN = [
  'notice 5A70 MAY accept application/x-www-form-urlencoded formatted GET requests',
  'notice 6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  'notice D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'warn 572B SHOULD use 200 status code on document parsing failure when accepting application/json',
  'warn 7B9B SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
  'warn FDE2 SHOULD use 200 status code on document validation failure when accepting application/json',
];

let sample: SampleApp;
beforeAll(async () => {
  sample = await startSampleApp();
});
afterAll(async () => {
  await sample.close();
});

it('passes the audits of GraphQL over HTTP', async () => {
  const results = await auditServer({ url: sample.url });
  const remarks = results
    .filter((result) => result.status !== 'ok')
    .map((result) => `${result.status} ${result.id} ${result.name}`);
  expect(remarks.sort()).toEqual(CHOSEN);
  expect(results.length).toBeGreaterThan(50);
});
