import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { Metrics, Observe } from '../metrics/metrics.ts';
import type { Caller } from '../signin/caller.ts';

export const METRICS_PATH = '/metrics';

/** What the route asks for when it is used, as the application is made after it. */
export interface MetricsSource {
  readonly metrics: () => Metrics;
  /** Whether everybody who can reach the port may read. */
  readonly isOpen: () => boolean;
  /** @throws on a header that does not prove who calls */
  readonly callerOf: (authorization: string | undefined) => Promise<Caller>;
}

/** `GET /metrics` for Prometheus: for headquarters, or for everybody where it is open. */
export function addMetricsRoute(server: FastifyInstance, source: MetricsSource): void {
  server.get(METRICS_PATH, async (request, reply) => {
    const status = source.isOpen() ? 200 : await statusFor(request, source);
    if (status !== 200) return refuse(reply, status);
    const metrics = source.metrics();
    return reply.type(metrics.contentType).send(await metrics.text());
  });
}

/** Measures every request to the end of its answer, by the route that it took. */
export function measureRequests(server: FastifyInstance, metrics: () => Metrics): void {
  let observe: Observe<'route' | 'status'> | undefined;
  server.addHook('onResponse', (request, reply, done) => {
    observe ??= metrics().duration(
      { name: 'welt_http_request_seconds', help: 'Time from a request to the end of its answer.' },
      ['route', 'status'],
    );
    const route = request.routeOptions.url ?? 'none';
    observe({ route, status: String(reply.statusCode) }, reply.elapsedTime / 1000);
    done();
  });
}

async function statusFor(
  request: FastifyRequest,
  { callerOf }: MetricsSource,
): Promise<200 | 401 | 403> {
  try {
    const { role } = await callerOf(request.headers.authorization);
    if (role === 'hq') return 200;
    return role === 'anonymous' ? 401 : 403;
  } catch {
    return 401;
  }
}

function refuse(reply: FastifyReply, status: 401 | 403): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="welt"');
  const message =
    status === 401 ? 'This needs a token of headquarters.' : 'Your role may not do this.';
  return reply.code(status).send({ message });
}
