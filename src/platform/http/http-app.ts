import type { DynamicModule, LoggerService, NestApplicationOptions, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { CONFIG, type Config } from '../config/config.ts';
import { GRAPHQL_PATH } from '../graphql/apollo-options.ts';
import { Metrics } from '../metrics/metrics.ts';
import { BearerTokens } from '../signin/bearer.ts';
import { guardGraphqlRoute } from './graphql-route.ts';
import { addHealthRoute, HEALTH_PROBE, type HealthProbe } from './health-route.ts';
import { addMetricsRoute, measureRequests } from './metrics-route.ts';
import { addQueryPage, QUERY_PAGE_PATH } from './query-page.ts';
import { limitReceiveTime, MOST_RECEIVE_MS } from './receive-time.ts';

/** Time that a client has to send a request, so that a slow one cannot keep a connection for ever. */
const RECEIVE_MS = 30_000;

/** Headers of every answer that is not a page: it is data, and nobody's to keep. */
const DATA_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

export interface HttpAppOptions {
  readonly logger: LoggerService;
  /** What the query page shows first; default: a question about the service's health. */
  readonly firstQuery?: string;
}

/**
 * The service over HTTP, not yet listening: `/graphql`, a page to try queries in, `/metrics`, and
 * `/health`, which asks the provider of {@link HEALTH_PROBE}.
 *
 * Nest's own body parsers stay off: they would accept forms, which any page of another site can send.
 *
 * @param root the module that imports all that is to be served
 */
export async function createHttpApp(
  root: Type | DynamicModule,
  { logger, firstQuery = '{ health { status networkVersion } }' }: HttpAppOptions,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    logger: false,
    requestTimeout: MOST_RECEIVE_MS,
    http: { headersTimeout: RECEIVE_MS },
    forceCloseConnections: 'idle',
  });
  const server = adapter.getInstance();
  server.addHook('onRequest', (_request, reply, done) => {
    reply.headers(DATA_HEADERS);
    done();
  });
  limitReceiveTime(server, RECEIVE_MS);
  const callerOf = (header: string | undefined) =>
    app.get(BearerTokens, { strict: false }).callerOf(header);
  const metrics = () => app.get(Metrics, { strict: false });
  measureRequests(server, metrics);
  guardGraphqlRoute(server, GRAPHQL_PATH, QUERY_PAGE_PATH, callerOf);
  addQueryPage(server, GRAPHQL_PATH, firstQuery);
  server.get('/', (_request, reply) => reply.redirect(QUERY_PAGE_PATH));
  const isOpen = () => app.get<Config>(CONFIG, { strict: false }).METRICS === 'open';
  addMetricsRoute(server, { metrics, isOpen, callerOf });
  addHealthRoute(server, () => app.get<HealthProbe>(HEALTH_PROBE, { strict: false }));

  const options: NestApplicationOptions = { logger, bodyParser: false };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, options);
  return app;
}
