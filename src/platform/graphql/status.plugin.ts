import type { ApolloServerPlugin, GraphQLResponse } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';

const STATUS_OF_CODE: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['UNAUTHENTICATED', 401],
  ['FORBIDDEN', 403],
  [ApolloServerErrorCode.BAD_USER_INPUT, 400],
]);

/**
 * Gives an executed request its HTTP status: 200 as soon as one root field was answered, else what
 * its errors deserve (500 for a fault of ours). Requests that were never executed have theirs already.
 */
export const statusPlugin: ApolloServerPlugin = {
  requestDidStart: () =>
    Promise.resolve({
      willSendResponse: ({ response }) => {
        setStatus(response);
        return Promise.resolve();
      },
    }),
};

function setStatus(response: GraphQLResponse): void {
  if (response.body.kind !== 'single') return;
  const { data, errors } = response.body.singleResult;
  if (data === undefined || errors === undefined) return;
  const answered = data !== null && Object.values(data).some((value) => value !== null);
  const statuses = errors.map((error) => STATUS_OF_CODE.get(error.extensions?.['code']) ?? 500);
  response.http.status = answered ? 200 : Math.max(...statuses);
}
