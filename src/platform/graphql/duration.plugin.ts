import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, type OperationDefinitionNode } from 'graphql';

import type { Metrics } from '../metrics/metrics.ts';

/** Measures every request that is executed, from its text to the value of its answer. */
export function durationPlugin(metrics: Metrics): ApolloServerPlugin {
  const observe = metrics.duration(
    { name: 'welt_graphql_operation_seconds', help: 'Time to answer an operation, by root field.' },
    ['kind', 'field'],
  );
  return {
    requestDidStart: () => {
      const begin = performance.now();
      return Promise.resolve({
        willSendResponse: ({ operation }) => {
          if (operation !== undefined) {
            const seconds = (performance.now() - begin) / 1000;
            observe({ kind: operation.operation, field: rootFieldOf(operation) }, seconds);
          }
          return Promise.resolve();
        },
      });
    },
  };
}

/** Its only root field; `several` if there are more or a fragment. The schema bounds what there is. */
function rootFieldOf({ selectionSet }: OperationDefinitionNode): string {
  const [only, ...others] = selectionSet.selections;
  return only?.kind === Kind.FIELD && others.length === 0 ? only.name.value : 'several';
}
