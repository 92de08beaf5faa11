import { describe, expect, it } from 'vitest';
import { buildSchema, parse, validate } from 'graphql';

import { LIMITS, limitRules } from '../../src/platform/graphql/limits.ts';

const schema = buildSchema('type Query { a: Query b: Int }');
const messages = (query: string): string[] =>
  validate(schema, parse(query), limitRules).map((error) => error.message);

const deep = (levels: number): string => (levels === 1 ? 'b' : `a { ${deep(levels - 1)} }`);
const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');

describe('an operation of the largest size passes, one larger does not', () => {
  it.each([
    { name: 'depth', query: (size: number) => `{ ${deep(size)} }` },
    {
      name: 'depth',
      query: (size: number) => `{ a { ...f } } fragment f on Query { ${deep(size - 1)} }`,
    },
    { name: 'depth', query: (size: number) => `{ ... on Query { ${deep(size)} } }` },
    { name: 'aliases', query: (size: number) => `{ a { ${times(size, (i) => `x${i}: b`)} } }` },
    { name: 'rootFields', query: (size: number) => `{ ${times(size, (i) => `x${i}: b`)} }` },
    {
      name: 'rootFields',
      query: (size: number) =>
        `{ ...f ${times(size - 1, () => 'b')} } fragment f on Query { x: b }`,
    },
    {
      name: 'directives',
      query: (size: number) => `{ a { ${times(size, () => 'b @skip(if: false)')} } }`,
    },
    {
      name: 'directives',
      query: (size: number) =>
        `{ b @skip(if: false) ...f } fragment f on Query { a { ${times(size - 1, () => 'b @skip(if: false)')} } }`,
    },
    { name: 'fields', query: (size: number) => `{ a { ${times(size - 1, () => 'b')} } }` },
  ] as const)('$name', ({ name, query }) => {
    const limit = LIMITS[name];
    expect(messages(query(limit))).toEqual([]);
    expect(messages(query(limit + 1)).join(' ')).toContain(`more than ${limit}`);
  });
});

it('measures a fragment that doubles forty times without walking it', () => {
  const fragments = times(
    40,
    (i) => `fragment f${i} on Query { ${i < 39 ? `...f${i + 1} ...f${i + 1}` : 'b'} }`,
  );
  expect(messages(`{ a { ...f0 } } ${fragments}`)).toEqual([
    `The operation has more than ${LIMITS.fields} fields.`,
  ]);
});

it('ends at fragments that spread each other', () => {
  expect(
    messages('{ ...f } fragment f on Query { a { ...g } } fragment g on Query { a { ...f } }'),
  ).toEqual([]);
});
