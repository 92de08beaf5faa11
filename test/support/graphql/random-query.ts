import fc from 'fast-check';
import {
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLSchema,
} from 'graphql';

/** Values for arguments, literal or by a variable that every random query declares. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  id: ['0', '1', '2', '3', '4', '5', '9', '$id'],
  count: ['0', '2', '5', '$count'],
  first: ['1', '3', '$count', 'null'],
  at: ['"2026-01-01T08:00:00+08:00"', '$at', 'null'],
  mood: ['CALM', '$mood'],
  text: ['"a"', '$text', 'null'],
  texts: ['["a", "b"]', '[$word]', '"one"'],
  shape: ['{ width: 3 }', '{ label: $text }', '{}', '{ at: $at, width: $count }', '$shape'],
};

export const DECLARED =
  '($id: Int! = 4, $count: Int! = 2, $at: DateTime, $mood: Mood, $text: String, $word: String! = "w", $shape: Shape, $on: Boolean!, $off: Boolean! = false)';

/** Variables that fit {@link DECLARED}, some left out, some null. */
export const anyVariables = fc.record(
  {
    id: fc.integer({ min: 0, max: 6 }),
    count: fc.integer({ min: 0, max: 3 }),
    at: fc.constantFrom('2026-03-01T00:00:00Z', null),
    mood: fc.constantFrom('BUSY', null),
    text: fc.constantFrom('t', null),
    word: fc.constant('word'),
    shape: fc.constantFrom({ label: 'l' }, { width: 9 }, null),
    on: fc.boolean(),
    off: fc.boolean(),
  },
  { requiredKeys: ['on'] },
);

/** A random query over `schema`: valid but for fields that do not merge, which validation tells. */
export function anyQuery(schema: GraphQLSchema): fc.Arbitrary<string> {
  const query = schema.getQueryType();
  const thing = schema.getType('Thing');
  if (!query || !isObjectType(thing)) throw new Error('no root');
  return fc
    .tuple(selections(schema, query, 4), selections(schema, thing, 2))
    .map(([root, shared]) => {
      const fragment = root.includes('...Shared') ? ` fragment Shared on Thing ${shared}` : '';
      return `query Q${DECLARED} ${root}${fragment.replaceAll('...Shared', 'name')}`;
    });
}

function selections(
  schema: GraphQLSchema,
  type: GraphQLCompositeType,
  levels: number,
): fc.Arbitrary<string> {
  const own = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const members = isObjectType(type) ? [] : schema.getPossibleTypes(type);
  const choices = [
    fc.constant('__typename'),
    ...own
      .filter((field) => levels > 1 || !isCompositeType(getNamedType(field.type)))
      .map((field) => selection(schema, field, levels)),
    ...(type.name === 'Thing' || members.length > 0 ? [conditional(fc.constant('...Shared'))] : []),
    ...members.map((member) =>
      selections(schema, member, levels - 1).map((inner) => `... on ${member.name} ${inner}`),
    ),
  ];
  return fc
    .array(fc.oneof(...choices), { minLength: 1, maxLength: 4 })
    .map((parts) => `{ ${parts.join(' ')} }`);
}

function selection(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  levels: number,
): fc.Arbitrary<string> {
  const inner = getNamedType(field.type);
  const nested = isCompositeType(inner) ? selections(schema, inner, levels - 1) : fc.constant('');
  const given = fc.tuple(
    ...field.args.map((argument) => {
      const values = fc.constantFrom(...(ARGUMENTS[argument.name] ?? ['0']));
      const text = values.map((value) => `${argument.name}: ${value}`);
      const required = String(argument.type).endsWith('!') && argument.defaultValue === undefined;
      return required ? text : fc.option(text, { nil: '' });
    }),
  );
  const alias = fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 3 });
  const parts = fc.tuple(alias, given, nested).map(([name, args, below]) => {
    const written = args.filter((text) => text !== '').join(', ');
    return `${name === undefined ? '' : `${name}: `}${field.name}${written === '' ? '' : `(${written})`}|${below}`;
  });
  return conditional(parts.map((text) => text)).map((text) => text.replace('|', ' '));
}

/** Adds `@skip` or `@include` now and then, in front of a selection set where there is one. */
function conditional(selected: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const directive = fc.constantFrom(
    '',
    '',
    '',
    ' @include(if: $on)',
    ' @skip(if: $off)',
    ' @skip(if: true)',
    ' @include(if: true) @skip(if: $on)',
  );
  return fc.tuple(selected, directive).map(([text, condition]) => {
    const bar = text.indexOf('|');
    return bar < 0 ? text + condition : `${text.slice(0, bar)}${condition}${text.slice(bar)}`;
  });
}
