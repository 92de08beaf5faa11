import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import {
  execute,
  getOperationAST,
  parse,
  validate,
  GraphQLSchema,
  type DocumentNode,
  type ExecutionResult,
} from 'graphql';

import { planOperation } from '../../src/platform/graphql/plan/operation-plan.ts';
import { PlannedExecution } from '../../src/platform/graphql/plan/planned-execution.ts';
import { anyQuery, anyVariables } from '../support/graphql/random-query.ts';
import { trickySchema, type Calls } from '../support/graphql/tricky-schema.ts';

const tricky = trickySchema();
/** What can be asked can be ordered too. */
const schema = new GraphQLSchema({ ...tricky.toConfig(), mutation: tricky.getQueryType() });
const planned = new PlannedExecution(schema);

interface Outcome {
  readonly result: unknown;
  readonly calls: Calls;
}

/** What only the log sees, or what is worded by graphql-js after its own inner types. */
const OWN_WORDS = /^Abstract type .*$/;

function plain({ data, errors, ...rest }: ExecutionResult): unknown {
  expect(rest).toEqual({});
  return {
    data: JSON.stringify(data),
    errors: errors?.map(({ message, path, locations, extensions, nodes }) => ({
      message: message.replace(OWN_WORDS, 'no such type'),
      path,
      locations,
      extensions,
      nodes: nodes?.length,
    })),
  };
}

async function both(
  document: DocumentNode,
  variables: Readonly<Record<string, unknown>> = {},
  operationName?: string,
): Promise<readonly [Outcome, Outcome]> {
  const calls: Calls = [];
  const expected = plain(
    await execute({
      schema,
      document,
      variableValues: variables,
      operationName,
      contextValue: calls,
    }),
  );
  const ownCalls: Calls = [];
  const own = plain(await planned.run({ document, variables, operationName, context: ownCalls }));
  return [
    { result: own, calls: ownCalls },
    { result: expected, calls },
  ];
}

describe('what is planned is answered as by graphql-js', () => {
  it.each([
    { name: 'plain fields', query: '{ thing(id: 0) { name at mood method } }' },
    { name: 'aliases', query: '{ x: thing(id: 0) { y: name z: name } thing(id: 4) { name } }' },
    { name: 'the same field twice', query: '{ thing(id: 0) { name } thing(id: 0) { at name } }' },
    {
      name: 'fragments',
      query:
        '{ thing(id: 0) { ...f ...f ... { mood } } } fragment f on Thing { name ...g } fragment g on Named { name __typename }',
    },
    {
      name: 'a fragment of another type',
      query: '{ any(id: 0) { ... on Other { size } ... on Named { name } } }',
    },
    {
      name: 'a null that bubbles to the list item',
      query: '{ thing(id: 0) { children(first: 5) { name } } }',
    },
    { name: 'a null that bubbles to the root', query: '{ things(count: 5) { name } fail }' },
    {
      name: 'a null that bubbles up from a promise',
      query: '{ strict(id: 9) { name } thing(id: 0) { name } }',
    },
    {
      name: 'errors below what is null already',
      query: '{ strict(id: 1) { laterStrict children { later } numbersStrict } }',
    },
    { name: 'errors with codes', query: '{ fail }' },
    { name: 'thrown texts', query: '{ thing(id: 0) { broken } }' },
    { name: 'errors as values', query: '{ thing(id: 1) { maybe } }' },
    {
      name: 'bad leaves',
      query: '{ thing(id: 3) { at numbers } b: thing(id: 2) { mood } c: thing(id: 1) { numbers } }',
    },
    {
      name: 'what should be a list',
      query: '{ a: thing(id: 1) { noList } b: thing(id: 2) { noList } c: thing(id: 3) { noList } }',
    },
    {
      name: 'sets, promises in lists',
      query: '{ a: thing(id: 2) { numbers } b: thing(id: 3) { numbers } }',
    },
    {
      name: 'lists of lists',
      query: '{ a: thing(id: 0) { matrix } b: thing(id: 1) { matrix } c: thing(id: 2) { matrix } }',
    },
    { name: 'a mixed list', query: '{ everything { __typename ... on Named { name } } }' },
    { name: 'an unknown type', query: '{ any(id: 5) { __typename } }' },
    { name: 'the schema', query: '{ __schema { queryType { name } } __typename }' },
    { name: 'a type', query: '{ __type(name: "Thing") { fields { name } } }' },
    {
      name: 'inputs',
      query: '{ echo(shape: { label: "l", at: "2026-01-01T00:00:00+08:00" }, texts: "x") }',
    },
    { name: 'an alias that is a prototype', query: '{ thing(id: 0) { __proto__: name } }' },
    {
      name: 'text that looks like a program',
      query: '{ echo(texts: ["__MAGIC_DATE__process.exit()", "`${1}` \\" \\u2028"]) }',
    },
  ])('$name', async ({ query }) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const [own, expected] = await both(document);
    expect(own).toEqual(expected);
  });

  it.each([
    { name: 'missing', variables: {} },
    { name: 'of a wrong type', variables: { id: 'x', at: 'y', mood: 'WILD' } },
    { name: 'null', variables: { id: null } },
    { name: 'right', variables: { id: 1, at: '2026-01-01T00:00:00Z', extra: true } },
  ])('variables that are $name', async ({ variables }) => {
    const document = parse(
      'query ($id: Int!, $at: DateTime, $mood: Mood = CALM) { thing(id: $id, at: $at) { name } things(mood: $mood) { mood } }',
    );
    const [own, expected] = await both(document, variables);
    expect(own).toEqual(expected);
  });

  it.each([{ on: true }, { on: false }, { on: null }, {}])('conditions %j', async (variables) => {
    const document = parse(
      'query ($on: Boolean = true) { thing(id: 0) { name @include(if: $on) at @skip(if: $on) ... @include(if: $on) { mood } } }',
    );
    const [own, expected] = await both(document, variables);
    expect(own).toEqual(expected);
  });

  it.each(['A', 'B', 'C', undefined])('the operation %s of several', async (name) => {
    const document = parse('query A { thing(id: 0) { name } } query B { fail }');
    const [own, expected] = await both(document, {}, name);
    expect(own).toEqual(expected);
  });

  it('whatever is asked', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(anyQuery(schema), anyVariables, async (query, variables) => {
        const document = parse(query);
        fc.pre(validate(schema, document).every((error) => /never used/.test(error.message)));
        const [own, expected] = await both(document, variables);
        expect(own).toEqual(expected);
        compared++;
      }),
      { numRuns: 300, maxSkipsPerRun: 1000 },
    );
    expect(compared).toBe(300);
  });

  it('whatever is ordered', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(anyQuery(schema), anyVariables, async (query, variables) => {
        const document = parse(query.replace(/^\s*(query|(?=\{))/, 'mutation '));
        fc.pre(validate(schema, document).every((error) => /never used/.test(error.message)));
        const operation = getOperationAST(document)!;
        fc.pre(planOperation(schema, document, operation, {}) !== undefined);
        const [own, expected] = await both(document, variables);
        expect(own).toEqual(expected);
        compared++;
      }),
      { numRuns: 100, maxSkipsPerRun: 1000 },
    );
    expect(compared).toBe(100);
  });

  it.each([
    {
      text: '{ thing(id: 0) { name } any(id: 1) { ... on Other { size } } }',
      isPlanned: true,
    },
    { text: 'mutation { thing(id: 0) { name } }', isPlanned: true },
    { text: 'mutation { a: thing(id: 0) { name } b: thing(id: 1) { name } }', isPlanned: false },
  ])('$text by a plan, not by graphql-js itself: $isPlanned', ({ text, isPlanned }) => {
    const document = parse(text);
    const plan = planOperation(schema, document, getOperationAST(document)!, {});
    expect(plan !== undefined).toBe(isPlanned);
  });
});
