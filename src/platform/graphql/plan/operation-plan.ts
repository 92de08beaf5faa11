import {
  isAbstractType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  OperationTypeNode,
  TypeNameMetaFieldDef,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLAbstractType,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';

import { collectFields, type Conditions } from './collect-fields.ts';
import { leafWriter, type LeafWriter } from './leaf-writer.ts';
import type { PlainField } from './plain-object.ts';

/** An operation with all decided that does not depend on data: which fields, of which types, in which order. */
export interface OperationPlan {
  readonly schema: GraphQLSchema;
  readonly operation: OperationDefinitionNode;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly root: ObjectPlan;
}

export interface ObjectPlan {
  readonly type: GraphQLObjectType;
  readonly fields: readonly FieldPlan[];
  /** The same fields if there are none but those that are read and written as they are. */
  readonly plain: readonly PlainField[] | undefined;
}

export interface FieldPlan {
  /** In the answer: the alias, or the field's name. */
  readonly key: string;
  readonly definition: GraphQLField<unknown, unknown>;
  readonly nodes: readonly FieldNode[];
  readonly parentType: GraphQLObjectType;
  readonly value: ValuePlan;
  /** Of a field that is read from its object as it is: writes a value that is there. Else undefined. */
  readonly write: LeafWriter | undefined;
}

/** How a value is completed, by the kind of its type. */
export type ValuePlan = { readonly nonNull: boolean } & (
  | { readonly kind: 'typename' }
  | { readonly kind: 'leaf'; readonly write: LeafWriter }
  | { readonly kind: 'list'; readonly item: ValuePlan }
  | { readonly kind: 'object'; readonly object: ObjectPlan }
  | {
      readonly kind: 'abstract';
      readonly type: GraphQLAbstractType;
      readonly objects: ReadonlyMap<string, ObjectPlan>;
    }
);

/** Thrown where the plan cannot do what graphql-js does; the caller then leaves the query to it. */
class NotPlannable extends Error {}

/**
 * Plans a query, or a mutation of one root field: several have to wait for each other.
 *
 * @param document validated against `schema`
 * @param conditions values of the variables that stand in `@skip` and `@include`
 * @returns undefined for what is better left to graphql-js: other mutations, subscriptions, questions
 *   about the schema, and schemas that decide the type of an object by a function
 */
export function planOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  conditions: Conditions,
): OperationPlan | undefined {
  const type = schema.getRootType(operation.operation);
  if (operation.operation === OperationTypeNode.SUBSCRIPTION || type == null) return undefined;
  const fragments = fragmentsOf(document);
  const planner = new Planner(schema, fragments, conditions);
  try {
    const root = planner.object(type, [operation]);
    const isSerial = operation.operation === OperationTypeNode.MUTATION && root.fields.length > 1;
    return isSerial ? undefined : { schema, operation, fragments, root };
  } catch (error) {
    if (error instanceof NotPlannable) return undefined;
    throw error;
  }
}

function fragmentsOf(document: DocumentNode): Record<string, FragmentDefinitionNode> {
  const fragments = Object.create(null) as Record<string, FragmentDefinitionNode>;
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments[definition.name.value] = definition;
  }
  return fragments;
}

function plainFields(fields: readonly FieldPlan[]): readonly PlainField[] | undefined {
  const plain = fields.flatMap(({ key, definition: { name }, write }) =>
    write === undefined ? [] : [{ key, name, write }],
  );
  return plain.length === fields.length ? plain : undefined;
}

class Planner {
  constructor(
    private readonly schema: GraphQLSchema,
    private readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>,
    private readonly conditions: Conditions,
  ) {}

  object(
    type: GraphQLObjectType,
    parents: readonly (FieldNode | OperationDefinitionNode)[],
  ): ObjectPlan {
    if (type.isTypeOf) throw new NotPlannable();
    const { schema, fragments, conditions } = this;
    const collected = collectFields({ schema, fragments, conditions, type }, parents);
    const fields = [...collected].map(([key, nodes]) => this.field(type, key, nodes));
    return { type, fields, plain: plainFields(fields) };
  }

  private field(
    parentType: GraphQLObjectType,
    key: string,
    nodes: readonly [FieldNode, ...FieldNode[]],
  ): FieldPlan {
    const name = nodes[0].name.value;
    const isTypename = name === TypeNameMetaFieldDef.name;
    const definition = isTypename ? TypeNameMetaFieldDef : parentType.getFields()[name];
    // As a key of an ordinary object `__proto__` would be its prototype.
    if (definition === undefined || key === '__proto__') throw new NotPlannable();
    const value: ValuePlan = isTypename
      ? { kind: 'typename', nonNull: true }
      : this.value(definition.type, nodes);
    const isPlain = value.kind === 'leaf' && definition.resolve === undefined;
    const write = isPlain ? value.write : undefined;
    return { key, definition, nodes, parentType, value, write };
  }

  private value(type: GraphQLOutputType, nodes: readonly FieldNode[]): ValuePlan {
    const nonNull = isNonNullType(type);
    const inner = nonNull ? type.ofType : type;
    if (isLeafType(inner)) return { kind: 'leaf', nonNull, write: leafWriter(inner) };
    if (isListType(inner)) return { kind: 'list', nonNull, item: this.value(inner.ofType, nodes) };
    if (isObjectType(inner)) return { kind: 'object', nonNull, object: this.object(inner, nodes) };
    if (!isAbstractType(inner) || inner.resolveType) throw new NotPlannable();
    const objects = this.schema
      .getPossibleTypes(inner)
      .map((member): [string, ObjectPlan] => [member.name, this.object(member, nodes)]);
    return { kind: 'abstract', nonNull, type: inner, objects: new Map(objects) };
  }
}
