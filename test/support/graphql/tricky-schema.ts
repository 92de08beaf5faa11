import {
  buildSchema,
  GraphQLError,
  isObjectType,
  isScalarType,
  type GraphQLFieldResolver,
  type GraphQLSchema,
} from 'graphql';

import { scalars } from '../../../src/platform/graphql/scalars.ts';

const SDL = `
  scalar DateTime
  enum Mood { CALM BUSY }
  interface Named { name: String! }
  input Shape { width: Int! = 2, label: String, at: DateTime }
  union Any = Thing | Other
  type Query {
    things(count: Int! = 3, mood: Mood): [Thing!]!
    thing(id: Int!, at: DateTime): Thing
    strict(id: Int!): Thing!
    any(id: Int!): Any
    named(id: Int!): Named
    everything: [Any]
    fail: String
    echo(shape: Shape, texts: [String!]): String
  }
  type Thing implements Named {
    name: String!
    at: DateTime
    atStrict: DateTime!
    mood: Mood
    maybe: String
    method(text: String = "none"): String
    later: Int
    laterStrict: Int!
    numbers: [Int]
    numbersStrict: [Int!]!
    noList: [Int]
    parent: Thing
    children(first: Int = 2): [Thing]
    strictChildren: [Thing!]
    matrix: [[Int!]]
    broken: String
  }
  type Other implements Named { name: String! size: Int! next: Any }
`;

type Data = Readonly<Record<string, unknown>>;

const FIRST = Date.UTC(2026, 0, 1);
const pick = <T>(values: readonly T[], index: number): T => values[index % values.length] as T;
const soon = <T>(value: T): Promise<T> => Promise.resolve(value);
/** Often nobody asks for it, so its failure must not count as unhandled. */
function fails(message: string): Promise<never> {
  const failed = Promise.reject(new Error(message));
  failed.catch(() => undefined);
  return failed;
}

/** Data in which something is wrong in many places, the same for the same number. */
function thing(id: number): Data {
  return {
    __typename: 'Thing',
    id,
    name: pick([`thing ${id}`, `thing ${id}`, `thing ${id}`, null, undefined], id),
    at: pick([FIRST + id, new Date(FIRST + id), null, 'no instant'], id),
    atStrict: pick([FIRST + id, new Date(FIRST), 'no instant', FIRST, null], id + 1),
    mood: pick(['CALM', 'BUSY', 'WILD', null], id),
    maybe: pick(['yes', new Error('an error as value'), null, 7], id),
    method: ({ text }: { text: string }) => `${text} ${id}`,
    later: pick([soon(id), fails(`later ${id}`), soon(null)], id),
    laterStrict: pick([soon(id), fails(`strictly later ${id}`), soon(null)], id),
    numbers: pick([[1, 2], [1, 'x', null], new Set([3]), [soon(4), fails('item')]], id),
    numbersStrict: pick([[1], [1, null], [soon(2), soon(null)], null], id),
    noList: pick([[1], 'text', 5, {}], id),
    matrix: pick([[[1, 2], []], [[1, null], [2]], [null]], id),
  };
}

const other = (id: number): Data => ({
  __typename: pick(['Other', 'Other', 'Nothing'], id),
  id,
  name: `other ${id}`,
  size: pick([id, null], id),
});

const either = (id: number): Data => (id % 2 === 0 ? thing(id) : other(id));

/** Calls of resolvers, in order, as text. */
export type Calls = string[];

// Items of lists that bear no null are promises: where one fails at once while another fails later,
// graphql-js 16 lets the later failure go unhandled.
const resolvers: Readonly<Record<string, GraphQLFieldResolver<Data | undefined, Calls>>> = {
  'Query.things': (_, { count }: { count: number }) =>
    soon(Array.from({ length: count }, (__, index) => soon(thing(index)))),
  'Query.thing': (_, { id }: { id: number }) => (id === 9 ? null : thing(id)),
  'Query.strict': (_, { id }: { id: number }) => soon(id === 9 ? null : thing(id)),
  'Query.any': (_, { id }: { id: number }) => either(id),
  'Query.named': (_, { id }: { id: number }) => soon(either(id)),
  'Query.everything': () => [either(0), soon(either(1)), fails('an item'), either(4), other(2)],
  'Query.fail': () => {
    throw new GraphQLError('on purpose', { extensions: { code: 'SPECIAL' } });
  },
  'Query.echo': (_, args) => JSON.stringify(args),
  'Thing.parent': (source, __, ___, info) =>
    Number(source?.['id']) > 3
      ? fails(`parent at ${info.path.key}`)
      : thing(Number(source?.['id']) + 1),
  'Thing.children': (source, { first }: { first: number }) =>
    soon(Array.from({ length: first }, (__, index) => thing(Number(source?.['id']) + index))),
  'Thing.strictChildren': (source) => [Number(source?.['id']), 2, 3].map((id) => soon(thing(id))),
  'Thing.broken': () => {
    throw 'a text' as unknown as Error;
  },
  'Other.next': (source) => either(Number(source?.['id']) + 1),
};

/** A schema whose data is wrong in every way that execution has to answer. */
export function trickySchema(): GraphQLSchema {
  const schema = buildSchema(SDL);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isScalarType(type) && type.name === 'DateTime') Object.assign(type, scalars.DateTime);
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolver = resolvers[`${type.name}.${field.name}`];
      if (resolver === undefined) continue;
      field.resolve = (source: Data | undefined, args, calls: Calls, info) => {
        const { fieldName, parentType, path, variableValues } = info;
        calls.push(JSON.stringify([parentType.name, fieldName, path, args, variableValues]));
        return resolver(source, args, calls, info);
      };
    }
  }
  return schema;
}
