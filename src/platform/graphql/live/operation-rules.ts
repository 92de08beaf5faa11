import { GraphQLError, OperationTypeNode, type ValidationRule } from 'graphql';

const rule =
  (isRefused: (operation: OperationTypeNode) => boolean, message: string): ValidationRule =>
  (context) => ({
    OperationDefinition(node) {
      if (isRefused(node.operation))
        context.reportError(new GraphQLError(message, { nodes: node }));
      return undefined;
    },
  });

/** For requests, which have one answer. */
export const noSubscriptions = rule(
  (operation) => operation === OperationTypeNode.SUBSCRIPTION,
  'Subscriptions are served over WebSocket, by the protocol graphql-transport-ws.',
);

/** For live connections: what has one answer is asked over HTTP, with its own limits. */
export const onlySubscriptions = rule(
  (operation) => operation !== OperationTypeNode.SUBSCRIPTION,
  'Only subscriptions are served over WebSocket.',
);
