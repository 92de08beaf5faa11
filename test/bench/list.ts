import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { env } from 'node:process';

import { HttpClient } from './support/http-client.ts';
import { loadFor } from './support/load.ts';
import { measure, type Measure } from './support/measure.ts';

const CLIENTS = 16;
const SECONDS = 3;
const RUNS = 5;
const WARM_UPS = 5000;

const QUERY = JSON.stringify({
  query: `query ($codes: [ID!]!) {
    availability(storeCodes: $codes, kind: DROP_OFF, from: "2026-03-01", to: "2026-03-03") {
      slots { start end capacity remaining }
    }
  }`,
  variables: { codes: ['S1'] },
});

/**
 * 100 slots through the API module (HTTP, sign-in guard, validation, execution, scalars; fixed data in
 * place of the chain) against a bare server that writes the same objects as JSON. Both servers are
 * processes of their own, as in production, asked in turns.
 */
export async function run(): Promise<Measure[]> {
  const graphql = await start('graphql');
  const answer = await answerOf(graphql.url);
  const slots = (JSON.parse(answer) as { data: { availability: { slots: unknown[] }[] } }).data;
  if (slots.availability[0]?.slots.length !== 100) throw new Error(`not 100 slots: ${answer}`);
  const bare = await start('bare', answer);
  try {
    const ours: number[] = [];
    const reference: number[] = [];
    await warmUp(graphql.url);
    await warmUp(bare.url);
    for (let i = 0; i < RUNS; i++) {
      ours.push(await requestsASecond(graphql.url));
      reference.push(await requestsASecond(bare.url));
    }
    return [measure('list', 'requests/s', ours, reference)];
  } finally {
    graphql.process.kill();
    bare.process.kill();
  }
}

async function start(...given: string[]): Promise<{ process: ChildProcess; url: string }> {
  const file = join(import.meta.dirname, `support/list-server${extname(import.meta.filename)}`);
  const process = fork(file, given, { env: { ...env, NODE_ENV: 'production' } });
  const [url] = (await once(process, 'message')) as [string];
  return { process, url };
}

async function answerOf(url: string): Promise<string> {
  const client = new HttpClient(url);
  const { body } = await client.post(QUERY);
  client.close();
  return body;
}

/** So many requests that the engine has compiled what it will compile. */
async function warmUp(url: string): Promise<void> {
  const client = new HttpClient(url);
  for (let i = 0; i < WARM_UPS; i++) await client.post(QUERY);
  client.close();
}

async function requestsASecond(url: string): Promise<number> {
  const clients = Array.from({ length: CLIENTS }, () => new HttpClient(url));
  const { perSecond } = await loadFor(
    SECONDS,
    clients.map((client) => async () => {
      const { status, body } = await client.post(QUERY);
      if (status !== 200 || !body.startsWith('{"data"')) throw new Error(`${status} ${body}`);
      return true;
    }),
  );
  for (const client of clients) client.close();
  return perSecond;
}
