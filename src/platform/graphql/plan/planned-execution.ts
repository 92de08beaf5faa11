import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import {
  execute,
  getOperationAST,
  getVariableValues,
  OperationTypeNode,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import { conditionNames } from './collect-fields.ts';
import { planOperation, type OperationPlan } from './operation-plan.ts';
import { runPlan } from './run-plan.ts';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/** As in graphql-js: enough to see what is wrong, not enough to be flooded. */
const MOST_VARIABLE_ERRORS = 50;
/** Plans of one document; more than two conditions in all combinations are planned anew each time. */
const PLANS_A_DOCUMENT = 16;

export interface ExecutionRequest {
  readonly document: DocumentNode;
  readonly operationName?: string | null | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly context: unknown;
}

interface Planned {
  readonly conditions: readonly string[];
  readonly plans: Map<string, OperationPlan | undefined>;
}

/**
 * Executes requests against one schema, most of them by plans that are kept as long as their document is.
 *
 * Plans are objects, never generated program text: what a client writes into a query must not become
 * code.
 */
export class PlannedExecution {
  private readonly planned = new WeakMap<DocumentNode, Planned>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** @returns what `execute` of graphql-js returns for the same request, field by field */
  run(request: ExecutionRequest): Promise<ExecutionResult> | ExecutionResult {
    const { document, operationName, variables = {}, context } = request;
    const operation = getOperationAST(document, operationName);
    if (operation == null || operation.operation === OperationTypeNode.SUBSCRIPTION) {
      return this.runUnplanned(request);
    }

    const coerced = getVariableValues(this.schema, operation.variableDefinitions ?? [], variables, {
      maxErrors: MOST_VARIABLE_ERRORS,
    });
    if (coerced.errors) return { errors: coerced.errors };
    const plan = this.planOf(document, operation, coerced.coerced);
    return plan ? runPlan(plan, context, coerced.coerced) : this.runUnplanned(request);
  }

  private runUnplanned(request: ExecutionRequest): Promise<ExecutionResult> | ExecutionResult {
    return execute({
      schema: this.schema,
      document: request.document,
      contextValue: request.context,
      variableValues: request.variables,
      operationName: request.operationName,
    });
  }

  private planOf(
    document: DocumentNode,
    operation: OperationDefinitionNode,
    variables: Readonly<Record<string, unknown>>,
  ): OperationPlan | undefined {
    let planned = this.planned.get(document);
    if (planned === undefined) {
      planned = { conditions: conditionNames(document), plans: new Map() };
      this.planned.set(document, planned);
    }
    const values = planned.conditions.map((name) => variables[name]);
    // Null for a condition is an error, which graphql-js words better.
    if (values.includes(null)) return undefined;
    const key = `${operation.name?.value ?? ''} ${values.join()}`;
    if (planned.plans.has(key)) return planned.plans.get(key);

    const conditions = Object.fromEntries(
      planned.conditions.map((name, index) => [name, values[index] === true]),
    );
    const plan = planOperation(this.schema, document, operation, conditions);
    if (planned.plans.size < PLANS_A_DOCUMENT) planned.plans.set(key, plan);
    return plan;
  }

  /**
   * The place that Apollo Server has for another executor: everything before and after execution
   * (parsing, validation, plugins, the form of errors, statuses) stays its own.
   */
  asGateway(): Gateway {
    return {
      onSchemaLoadOrUpdate: (listener) => {
        listener({ apiSchema: this.schema, coreSupergraphSdl: '' });
        return () => undefined;
      },
      load: () =>
        Promise.resolve({
          executor: async ({ document, request, context }) =>
            (await this.run({ ...request, document, context })) as ExecutionResult<
              Record<string, unknown>,
              Record<string, unknown>
            >,
        }),
      stop: () => Promise.resolve(),
    };
  }
}
