import {
  isAbstractType,
  Kind,
  typeFromAST,
  visit,
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** Values of the variables that decide about `@skip` and `@include`. */
export type Conditions = Readonly<Record<string, boolean>>;

export interface Collecting {
  readonly schema: GraphQLSchema;
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>;
  readonly conditions: Conditions;
  /** The object type that the fields are of. */
  readonly type: GraphQLObjectType;
}

type Collected = Map<string, [FieldNode, ...FieldNode[]]>;

/** Names of the variables that stand in a `@skip` or `@include` anywhere in `document`. */
export function conditionNames(document: DocumentNode): readonly string[] {
  const names = new Set<string>();
  visit(document, {
    Directive(directive) {
      const value = conditionOf(directive);
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names].sort();
}

/**
 * Fields by their key in the answer, in the order of the query, with fragments opened and what is
 * skipped left out. The same key asked for twice is one field with several nodes.
 *
 * Source: GraphQL specification, section 6.3.2, "Field collection".
 */
export function collectFields(
  collecting: Collecting,
  parents: readonly { readonly selectionSet?: SelectionSetNode | undefined }[],
): Collected {
  const collected: Collected = new Map();
  const spread = new Set<string>();
  for (const { selectionSet } of parents) {
    if (selectionSet) collectInto(collected, spread, collecting, selectionSet);
  }
  return collected;
}

function collectInto(
  collected: Collected,
  spread: Set<string>,
  collecting: Collecting,
  selectionSet: SelectionSetNode,
): void {
  for (const selection of selectionSet.selections) {
    if (!isIncluded(selection, collecting.conditions)) continue;
    if (selection.kind === Kind.FIELD) {
      const key = selection.alias?.value ?? selection.name.value;
      const nodes = collected.get(key);
      if (nodes === undefined) collected.set(key, [selection]);
      else nodes.push(selection);
      continue;
    }
    const fragment = opened(selection, spread, collecting);
    if (fragment && appliesTo(fragment, collecting)) {
      collectInto(collected, spread, collecting, fragment.selectionSet);
    }
  }
}

/** A named fragment is opened once for each object, however often it is spread. */
function opened(
  selection: Exclude<SelectionNode, FieldNode>,
  spread: Set<string>,
  { fragments }: Collecting,
): InlineFragmentNode | FragmentDefinitionNode | undefined {
  if (selection.kind === Kind.INLINE_FRAGMENT) return selection;
  const name = selection.name.value;
  if (spread.has(name)) return undefined;
  spread.add(name);
  return fragments[name];
}

function appliesTo(
  { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
  { schema, type }: Collecting,
): boolean {
  if (typeCondition === undefined) return true;
  const condition = typeFromAST(schema, typeCondition);
  if (condition === type) return true;
  return isAbstractType(condition) && schema.isSubType(condition, type);
}

/** Left out by `@skip`, whatever `@include` says; or by `@include`. */
function isIncluded(selection: SelectionNode, conditions: Conditions): boolean {
  return (selection.directives ?? []).every((directive) => {
    const value = conditionOf(directive);
    if (value === undefined) return true;
    const holds =
      value.kind === Kind.VARIABLE
        ? conditions[value.name.value] === true
        : value.kind === Kind.BOOLEAN && value.value;
    return directive.name.value === 'skip' ? !holds : holds;
  });
}

function conditionOf(directive: DirectiveNode) {
  const { name, arguments: given } = directive;
  if (name.value !== 'skip' && name.value !== 'include') return undefined;
  return given?.find((argument) => argument.name.value === 'if')?.value;
}
