import {
  GraphQLError,
  Kind,
  MaxIntrospectionDepthRule,
  type ASTVisitor,
  type FieldNode,
  type FragmentDefinitionNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

/** Longest query: names, braces, literals and so on each count one. */
export const MAX_TOKENS = 4000;

/** What one operation may ask for, fragments counted wherever they are spread. */
export const LIMITS = {
  /** Fields within fields. Questions about the schema have a limit of their own. */
  depth: 12,
  aliases: 30,
  rootFields: 10,
  directives: 20,
  fields: 1000,
} as const;

type Measure = keyof typeof LIMITS;
type Size = Readonly<Record<Measure, number>>;

const NOTHING: Size = { depth: 0, aliases: 0, rootFields: 0, directives: 0, fields: 0 };

const WORDS: Readonly<Record<Measure, string>> = {
  depth: 'levels of fields',
  aliases: 'aliases',
  rootFields: 'root fields',
  directives: 'directives',
  fields: 'fields',
};

/** Refuses, before anything runs, an operation that is larger than {@link LIMITS}. */
const sizeRule: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const measured = new Map<string, Size>();
  return {
    OperationDefinition(operation) {
      const size = sizeOf(operation, context, measured);
      for (const measure of Object.keys(LIMITS) as Measure[]) {
        if (size[measure] <= LIMITS[measure]) continue;
        context.reportError(
          new GraphQLError(`The operation has more than ${LIMITS[measure]} ${WORDS[measure]}.`, {
            nodes: operation,
          }),
        );
      }
      return false;
    },
  };
};

/** Run beside the rules of the specification. */
export const limitRules: readonly ValidationRule[] = [sizeRule, MaxIntrospectionDepthRule];

function sizeOf(
  node:
    | OperationDefinitionNode
    | FragmentDefinitionNode
    | FieldNode
    | { selectionSet: SelectionSetNode },
  context: ValidationContext,
  measured: Map<string, Size>,
): Size {
  const directives = 'directives' in node ? (node.directives?.length ?? 0) : 0;
  let size: Size = { ...NOTHING, directives };
  for (const selection of node.selectionSet?.selections ?? []) {
    if (selection.kind === Kind.FIELD) {
      size = sum(size, fieldSize(selection, context, measured));
    } else if (selection.kind === Kind.INLINE_FRAGMENT) {
      size = sum(size, sizeOf(selection, context, measured));
    } else {
      const spread = { ...NOTHING, directives: selection.directives?.length ?? 0 };
      size = sum(sum(size, spread), fragmentSize(selection.name.value, context, measured));
    }
  }
  return size;
}

function fieldSize(
  field: FieldNode,
  context: ValidationContext,
  measured: Map<string, Size>,
): Size {
  const inner = sizeOf(field, context, measured);
  const ofSchema = field.name.value === '__schema' || field.name.value === '__type';
  return {
    depth: ofSchema ? 1 : inner.depth + 1,
    aliases: inner.aliases + (field.alias === undefined ? 0 : 1),
    rootFields: 1,
    directives: inner.directives,
    fields: inner.fields + 1,
  };
}

/** Each fragment is measured once; one that spreads itself is another rule's error. */
function fragmentSize(name: string, context: ValidationContext, measured: Map<string, Size>): Size {
  const known = measured.get(name);
  if (known !== undefined) return known;
  measured.set(name, NOTHING);
  const fragment = context.getFragment(name);
  const size = fragment ? sizeOf(fragment, context, measured) : NOTHING;
  measured.set(name, size);
  return size;
}

function sum(a: Size, b: Size): Size {
  return {
    depth: Math.max(a.depth, b.depth),
    aliases: a.aliases + b.aliases,
    rootFields: a.rootFields + b.rootFields,
    directives: a.directives + b.directives,
    fields: a.fields + b.fields,
  };
}
