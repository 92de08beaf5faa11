import {
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule, HttpAdapterHost } from '@nestjs/core';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';

import { MetricsModule } from '../metrics/metrics.module.ts';
import { Metrics } from '../metrics/metrics.ts';
import { BearerTokens, type VerifyToken } from '../signin/bearer.ts';
import { SignInGuard } from '../signin/signin.guard.ts';
import { apolloOptions, GRAPHQL_PATH } from './apollo-options.ts';
import { FaultFilter } from './fault.filter.ts';
import { LiveConnections } from './live/live-connections.ts';
import { PlannedApolloDriver } from './planned.driver.ts';

export interface ApiOptions {
  readonly verifyToken: VerifyToken;
  /** Until when a verified token is good, epoch ms; left out: for ever. */
  readonly expiryOfToken?: (token: string) => number;
  /** Whether clients may ask for the schema, and see its names in error messages. Off in production. */
  readonly introspection: boolean;
}

/** How Nest gets hold of the {@link ApiOptions}. */
export type ApiOptionsSource = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<ApiOptions>, 'inject' | 'useFactory'>;

const API_OPTIONS = Symbol('API_OPTIONS');

/**
 * GraphQL at `/graphql`, over HTTP and for subscriptions over WebSocket, with sign-in: every root field is refused to everybody until its
 * resolver method declares an `Access` rule. Features bring the resolvers.
 */
@Module({})
export class ApiModule {
  static forRootAsync(source: ApiOptionsSource): DynamicModule {
    const options = ApiOptionsModule.from(source);
    return {
      module: ApiModule,
      imports: [
        DiscoveryModule,
        MetricsModule,
        options,
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: PlannedApolloDriver,
          imports: [options],
          inject: [API_OPTIONS, BearerTokens, Metrics],
          useFactory: (api: ApiOptions, bearers: BearerTokens, metrics: Metrics) =>
            apolloOptions(api.introspection, bearers, metrics),
        }),
      ],
      providers: [
        { provide: APP_GUARD, useClass: SignInGuard },
        { provide: APP_FILTER, useClass: FaultFilter },
        {
          provide: LiveConnections,
          inject: [API_OPTIONS, BearerTokens, GraphQLSchemaHost, HttpAdapterHost, Metrics],
          useFactory: liveConnections,
        },
      ],
      exports: [options],
    };
  }
}

/** Keeps the options and what is made from them in one place for both modules above. */
@Module({})
class ApiOptionsModule {
  static from({ imports = [], inject = [], useFactory }: ApiOptionsSource): DynamicModule {
    return {
      module: ApiOptionsModule,
      imports,
      providers: [
        { provide: API_OPTIONS, inject, useFactory },
        {
          provide: BearerTokens,
          inject: [API_OPTIONS],
          useFactory: (api: ApiOptions) =>
            new BearerTokens(api.verifyToken, () => Date.now(), api.expiryOfToken),
        },
      ],
      exports: [API_OPTIONS, BearerTokens],
    };
  }
}

function liveConnections(
  { introspection }: ApiOptions,
  bearers: BearerTokens,
  schemas: GraphQLSchemaHost,
  adapters: HttpAdapterHost,
  metrics: Metrics,
): LiveConnections {
  const options = { path: GRAPHQL_PATH, introspection };
  const live = new LiveConnections(options, bearers, schemas, adapters);
  metrics.gauge(
    { name: 'welt_live_connections', help: 'Clients that are connected for live updates.' },
    () => live.count,
  );
  return live;
}
