import { HttpClient } from './http-client.ts';
import { measure, quantile, type Measure } from './measure.ts';

const RUNS = 5;
/** Of each run, and of the warm-up: so long, but so many asks at least. */
const RUN_MS = 2500;
const LEAST_ASKS = 20;

/** A GraphQL request as it is posted. */
export const requestText = (query: string, variables: object = {}): string =>
  JSON.stringify({ query, variables });

const TRIVIAL = requestText('{ store(code: "X-QUIET") { code } }');

/**
 * How long one client waits for the answer, beside a trivial field of the same server asked in turns
 * with it: middle and 99th percentile.
 *
 * @param next the next request to send
 * @param token bearer token of both; left out: asked by nobody
 * @throws Error if an answer is none
 */
export async function againstTrivial(
  bench: string,
  serviceUrl: string,
  next: () => string,
  token?: string,
): Promise<readonly Measure[]> {
  const headers: Record<string, string> =
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client = new HttpClient(`${serviceUrl}/graphql`, headers);
  const times = { ours: [] as number[][], trivial: [] as number[][] };
  for (let turn = -1; turn < RUNS; turn++) {
    const [ours, trivial]: [number[], number[]] = [[], []];
    const until = performance.now() + RUN_MS;
    while (performance.now() < until || ours.length < LEAST_ASKS) {
      ours.push(await timed(client, next()));
      trivial.push(await timed(client, TRIVIAL));
    }
    // The first one is for the compiler.
    if (turn < 0) continue;
    times.ours.push(ours);
    times.trivial.push(trivial);
  }
  client.close();
  return [
    { name: 'p50', at: 0.5 },
    { name: 'p99', at: 0.99 },
  ].map(({ name, at }) => {
    const of = (runs: readonly number[][]) => runs.map((run) => quantile(run, at));
    return measure(`${bench}: ${name}`, 'ms', of(times.ours), of(times.trivial));
  });
}

async function timed(client: HttpClient, text: string): Promise<number> {
  const begin = performance.now();
  const { status, body } = await client.post(text);
  const took = performance.now() - begin;
  if (status !== 200 || body.includes('"errors"')) throw new Error(`no answer: ${status} ${body}`);
  return took;
}
