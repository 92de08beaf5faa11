import {
  getOperationAST,
  getVariableValues,
  GraphQLError,
  parse,
  specifiedRules,
  subscribe,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';

import { answerableError } from '../errors.ts';
import { limitRules, MAX_TOKENS } from '../limits.ts';
import { onlySubscriptions } from './operation-rules.ts';

const RULES = [...specifiedRules, ...limitRules, onlySubscriptions];
const MOST_ERRORS = 50;

/** What a subscription is run with, or why it is not, by the same rules as requests. */
export function liveOperation(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribePayload,
  hideSuggestions: boolean,
): ExecutionArgs | readonly GraphQLError[] {
  const document = read(query);
  if (document instanceof GraphQLError) return [document];
  const options = { maxErrors: MOST_ERRORS, hideSuggestions };
  const invalid = validate(schema, document, RULES, options);
  if (invalid.length > 0) return invalid.map(withCode('GRAPHQL_VALIDATION_FAILED'));

  const operation = getOperationAST(document, operationName);
  if (operation == null) {
    return [withCode('OPERATION_RESOLUTION_FAILURE')(new GraphQLError('Unknown operation.'))];
  }
  const definitions = operation.variableDefinitions ?? [];
  const given = getVariableValues(schema, definitions, variables ?? {}, { maxErrors: MOST_ERRORS });
  if (given.errors) return given.errors.map(withCode('BAD_USER_INPUT'));
  return {
    schema,
    document,
    ...(operationName == null ? {} : { operationName }),
    ...(variables == null ? {} : { variableValues: variables }),
  };
}

/** A subscription that cannot begin ends with an error, like one that cannot go on. */
export async function subscribeOrFail(
  args: ExecutionArgs,
): Promise<AsyncGenerator<ExecutionResult, void, void>> {
  const result = await subscribe(args);
  return Symbol.asyncIterator in result ? result : failing(result);
}

/** An error as the client sees it; a fault of ours is logged. */
export function shownError(error: GraphQLError): GraphQLFormattedError {
  const { extensions, ...rest } = answerableError(error.toJSON(), error);
  // How HTTP would answer means nothing here.
  const shown = Object.entries(extensions ?? {}).filter(([name]) => name !== 'http');
  return { ...rest, extensions: Object.fromEntries(shown) };
}

async function* failing({ errors }: ExecutionResult): AsyncGenerator<ExecutionResult, void, void> {
  const fault = errors?.[0] ?? new GraphQLError('The subscription has no events.');
  yield await Promise.reject<ExecutionResult>(fault);
}

function read(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return withCode('GRAPHQL_PARSE_FAILED')(error);
  }
}

const withCode =
  (code: string) =>
  ({ message, nodes, source, positions, path }: GraphQLError): GraphQLError =>
    new GraphQLError(message, { nodes, source, positions, path, extensions: { code } });
