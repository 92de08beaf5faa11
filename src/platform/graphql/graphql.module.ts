import {
  Module,
  type DynamicModule,
  type FactoryProvider,
  type ModuleMetadata,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, DiscoveryModule } from '@nestjs/core';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';

import { MetricsModule } from '../metrics/metrics.module.ts';
import { Metrics } from '../metrics/metrics.ts';
import { BearerTokens, type VerifyToken } from '../signin/bearer.ts';
import { SignInGuard } from '../signin/signin.guard.ts';
import { apolloOptions } from './apollo-options.ts';
import { FaultFilter } from './fault.filter.ts';
import { PlannedApolloDriver } from './planned.driver.ts';

export interface ApiOptions {
  readonly verifyToken: VerifyToken;
  /** Whether clients may ask for the schema, and see its names in error messages. Off in production. */
  readonly introspection: boolean;
}

/** How Nest gets hold of the {@link ApiOptions}. */
export type ApiOptionsSource = Pick<ModuleMetadata, 'imports'> &
  Pick<FactoryProvider<ApiOptions>, 'inject' | 'useFactory'>;

const API_OPTIONS = Symbol('API_OPTIONS');

/**
 * GraphQL over HTTP at `/graphql`, with sign-in: every root field is refused to everybody until its
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
          useFactory: (api: ApiOptions) => new BearerTokens(api.verifyToken, () => Date.now()),
        },
      ],
      exports: [API_OPTIONS, BearerTokens],
    };
  }
}
