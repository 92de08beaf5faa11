import 'reflect-metadata';
import type { LoggerService } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Module } from '@nestjs/common';

import { ApiModule } from '../../../src/platform/graphql/graphql.module.ts';
import { HEALTH_PROBE, type HealthProbe } from '../../../src/platform/http/health-route.ts';
import { createHttpApp } from '../../../src/platform/http/http-app.ts';
import type { Caller } from '../../../src/platform/signin/caller.ts';
import { listenBelowEphemeral } from '../listen.ts';
import { SampleResolver } from './sample.resolver.ts';
import { standInsFor } from './stand-ins.ts';

/** Tokens that the sample app takes for these callers; everything else is forged. */
export const CALLERS: Readonly<Record<string, Caller>> = {
  'hq-token': { role: 'hq', id: 'hq' },
  'staff-token': { role: 'staff', id: 'staff:S1', stores: ['S1'] },
  'customer-token': {
    role: 'customer',
    id: 'customer:mei@example.com',
    contact: { kind: 'email', value: 'mei@example.com' },
  },
};

export interface SampleApp {
  readonly app: NestFastifyApplication;
  /** Of `/graphql`. */
  readonly url: string;
  /** Everything written as an error so far. */
  readonly faults: readonly string[];
  /** What `/health` asks; a test may put another in its place. */
  readonly health: { probe: HealthProbe };
  post(body: object, headers?: Readonly<Record<string, string>>): Promise<SampleAnswer>;
  close(): Promise<void>;
}

export interface SampleAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: {
    readonly data?: Readonly<Record<string, unknown>> | null;
    readonly errors?: readonly {
      readonly message: string;
      readonly path?: readonly unknown[];
      readonly extensions: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** The real API module with resolvers that answer fixed data, on a free port. */
export async function startSampleApp(introspection = true): Promise<SampleApp> {
  const health: { probe: HealthProbe } = { probe: () => Promise.resolve(true) };

  @Module({
    imports: [
      ApiModule.forRootAsync({
        useFactory: () => ({ introspection, verifyToken }),
      }),
    ],
    providers: [
      SampleResolver,
      standInsFor(SampleResolver),
      { provide: HEALTH_PROBE, useValue: () => health.probe() },
    ],
  })
  class SampleModule {}

  const faults: string[] = [];
  const app = await createHttpApp(SampleModule, { logger: recording(faults) });
  await listenBelowEphemeral(app);
  const url = `${await app.getUrl()}/graphql`;
  return {
    app,
    url,
    faults,
    health,
    post: (body, headers) => post(url, body, headers),
    close: () => app.close(),
  };
}

export async function post(
  url: string,
  body: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<SampleAnswer> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    text,
    body: JSON.parse(text) as SampleAnswer['body'],
  };
}

function verifyToken(token: string): Caller {
  const caller = CALLERS[token];
  if (caller === undefined) throw new Error('forged');
  return caller;
}

function recording(faults: string[]): LoggerService {
  const ignore = (): void => undefined;
  return { log: ignore, warn: ignore, error: (message: unknown) => faults.push(String(message)) };
}
