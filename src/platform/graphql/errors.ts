import { randomUUID } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import { unwrapResolverError } from '@apollo/server/errors';
import { Logger } from '@nestjs/common';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';

import { isUnstorable } from '../database/database-errors.ts';

const log = new Logger('graphql');

/** Codes that this service answers on purpose. What carries none of these is a fault of ours. */
const ANSWERABLE: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'FORBIDDEN',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'UNAUTHENTICATED',
]);

/**
 * What was sent breaks a rule that the schema cannot state, such as a list that is too long.
 *
 * @param inputPath where in the arguments, for example `storeCodes` or `input.items[3].pairs`
 */
export function badInput(message: string, inputPath?: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: {
      code: 'BAD_USER_INPUT',
      ...(inputPath === undefined ? {} : { inputPath }),
      http: { status: 400 },
    },
  });
}

/** The token is malformed, expired or forged, or one is needed and none was sent. */
export function unauthenticated(message: string): GraphQLError {
  const headers = new HeaderMap([['www-authenticate', 'Bearer realm="welt"']]);
  return new GraphQLError(message, {
    extensions: { code: 'UNAUTHENTICATED', http: { status: 401, headers } },
  });
}

/** Known who calls, and they may not. */
export function forbidden(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'FORBIDDEN', http: { status: 403 } } });
}

/**
 * The error as the client sees it: what it can act on as it is; a fault of ours as a reference under
 * which the log has the cause, and nothing else about it.
 */
export function answerableError(
  formatted: GraphQLFormattedError,
  error: unknown,
): GraphQLFormattedError {
  const cause = unwrapResolverError(error);
  if (cause instanceof GraphQLError && ANSWERABLE.has(formatted.extensions?.['code'])) {
    return formatted;
  }
  const place = {
    ...(formatted.locations ? { locations: formatted.locations } : {}),
    ...(formatted.path ? { path: formatted.path } : {}),
  };
  if (isUnstorable(cause)) {
    const message = 'A text holds a character that cannot be stored.';
    return { ...place, message, extensions: { code: 'BAD_USER_INPUT' } };
  }
  const reference = randomUUID();
  const where = formatted.path?.join('.') ?? 'request';
  log.error(`${reference} at ${where}: ${describeFault(cause)}`);
  const message = 'Something went wrong on our side.';
  return { ...place, message, extensions: { code: 'INTERNAL_SERVER_ERROR', reference } };
}

/** Stack of a fault and of all that caused it. Leaves out other properties: they may be personal. */
function describeFault(fault: unknown): string {
  const stacks: string[] = [];
  for (let cause = fault; cause !== undefined && stacks.length < 5;) {
    stacks.push(cause instanceof Error ? (cause.stack ?? cause.message) : `thrown ${typeof cause}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return stacks.join('\ncaused by ');
}
