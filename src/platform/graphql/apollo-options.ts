import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
} from '@apollo/server/plugin/disabled';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import type { FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';

import type { Metrics } from '../metrics/metrics.ts';
import type { BearerTokens } from '../signin/bearer.ts';
import type { GraphqlContext } from './context.ts';
import { durationPlugin } from './duration.plugin.ts';
import { answerableError } from './errors.ts';
import { limitRules, MAX_TOKENS } from './limits.ts';
import { noSubscriptions } from './live/operation-rules.ts';
import { unansweredRootFields } from './root-fields.ts';
import { scalars } from './scalars.ts';
import { readSchemaFiles } from './schema-files.ts';
import { statusPlugin } from './status.plugin.ts';

export const GRAPHQL_PATH = '/graphql';

/** How the API is served: schema first, one request at a time, nothing internal in any answer. */
export function apolloOptions(
  introspection: boolean,
  bearers: BearerTokens,
  metrics: Metrics,
): Omit<ApolloDriverConfig, 'driver'> {
  return {
    path: GRAPHQL_PATH,
    typeDefs: readSchemaFiles(),
    resolvers: scalars,
    resolverValidationOptions: { requireResolversForResolveType: 'ignore' },
    transformSchema: refuseUnanswered,
    introspection,
    graphiql: false,
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: !introspection,
    persistedQueries: false,
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [...limitRules, noSubscriptions],
    plugins: [
      // Its hook on every field would cost more than all the rest of a request.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      statusPlugin,
      durationPlugin(metrics),
    ],
    formatError: answerableError,
    autoTransformHttpErrors: false,
    preserveHttpStatusForExecutionErrors: false,
    context: async (req: FastifyRequest): Promise<GraphqlContext> => ({
      req,
      caller: await bearers.callerOf(req.headers.authorization),
    }),
  };
}

/** @throws Error at start if the schema promises a root field that no resolver answers */
function refuseUnanswered(schema: GraphQLSchema): GraphQLSchema {
  const fields = unansweredRootFields(schema);
  if (fields.length > 0) throw new Error(`no resolver answers ${fields.join(', ')}`);
  return schema;
}
