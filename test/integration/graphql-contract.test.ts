import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
  print,
  astFromValue,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';

import { readSchemaFiles } from '../../src/platform/graphql/schema-files.ts';
import { PROJECT_ROOT } from '../../src/platform/project-root.ts';

interface Entry {
  readonly what: string;
  readonly description: string | null | undefined;
}

const contractText = readFileSync(join(PROJECT_ROOT, 'test/support/contract/core.graphql'), 'utf8');

function typed(input: GraphQLArgument | GraphQLInputField): string {
  const value = astFromValue(input.defaultValue, input.type);
  return `${String(input.type)}${input.defaultValue === undefined || !value ? '' : ` = ${print(value)}`}`;
}

/** Path of everything a type declares -> its kind, type, default and description. */
function entriesOf(type: GraphQLNamedType): [string, Entry][] {
  const name = type.name;
  const own: [string, Entry] = [
    name,
    { what: type.constructor.name, description: type.description },
  ];
  if (isEnumType(type)) {
    return [
      own,
      ...type
        .getValues()
        .map((value): [string, Entry] => [
          `${name}.${value.name}`,
          { what: 'value', description: value.description },
        ]),
    ];
  }
  if (isUnionType(type)) {
    return [
      own,
      ...type
        .getTypes()
        .map((member): [string, Entry] => [
          `${name} | ${member.name}`,
          { what: 'member', description: undefined },
        ]),
    ];
  }
  if (isInputObjectType(type)) {
    return [
      own,
      ...Object.values(type.getFields()).map((field): [string, Entry] => [
        `${name}.${field.name}`,
        { what: typed(field), description: field.description },
      ]),
    ];
  }
  if (!isObjectType(type) && !isInterfaceType(type)) return [own];
  const interfaces = type
    .getInterfaces()
    .map((face): [string, Entry] => [
      `${name} implements ${face.name}`,
      { what: 'interface', description: undefined },
    ]);
  const fields = Object.values(type.getFields()).flatMap((field): [string, Entry][] => [
    [`${name}.${field.name}`, { what: String(field.type), description: field.description }],
    ...field.args.map((arg): [string, Entry] => [
      `${name}.${field.name}(${arg.name})`,
      { what: typed(arg), description: arg.description },
    ]),
  ]);
  return [own, ...interfaces, ...fields];
}

function entries(schema: GraphQLSchema): Map<string, Entry> {
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  return new Map(types.flatMap(entriesOf));
}

/** What `schema` lacks or says otherwise than `contract`; descriptions count where the contract has one. */
function departures(contract: GraphQLSchema, schema: GraphQLSchema): string[] {
  const built = entries(schema);
  return [...entries(contract)].flatMap(([path, wanted]) => {
    const found = built.get(path);
    if (found === undefined) return [`${path} is missing`];
    if (found.what !== wanted.what) return [`${path} is ${found.what}, not ${wanted.what}`];
    const changed = wanted.description != null && found.description !== wanted.description;
    return changed ? [`${path} has another description`] : [];
  });
}

/** Everything that can carry a description and has none that ends like a sentence. */
function undescribed(schema: GraphQLSchema): string[] {
  return [...entries(schema)]
    .filter(([path]) => !path.includes(' '))
    .filter(([, entry]) => !/\S[.?!]$/.test(entry.description ?? ''))
    .map(([path]) => path);
}

describe('schema/*.graphql', () => {
  const schema = buildSchema(readSchemaFiles());

  it('holds all of the contract, unchanged', () => {
    expect(departures(buildSchema(contractText), schema)).toEqual([]);
  });

  it('describes every type, field, argument, value and input field', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  it.each([
    { name: 'a field dropped', from: 'latitude: Float\n', to: '\n' },
    { name: 'a nullability changed', from: 'address: String\n', to: 'address: String!\n' },
    {
      name: 'a default changed',
      from: 'putAwayMinutes: Int! = 30',
      to: 'putAwayMinutes: Int! = 31',
    },
    { name: 'a member dropped', from: 'Network | InvalidNetwork', to: 'Network' },
    { name: 'a value dropped', from: 'CHECKED_IN', to: '' },
    { name: 'an interface dropped', from: 'type SlotFull implements Refusal', to: 'type SlotFull' },
    { name: 'a sentence changed', from: 'What was full', to: 'That was full' },
  ])('would tell $name', ({ from, to }) => {
    const spoilt = contractText.replace(from, to);
    expect(spoilt).not.toBe(contractText);
    expect(departures(buildSchema(contractText), buildSchema(spoilt))).not.toEqual([]);
  });

  it('would tell a missing description', () => {
    expect(undescribed(buildSchema('"A thing." type Query { one(two: Int): Int }'))).toEqual([
      'Query.one',
      'Query.one(two)',
    ]);
  });
});
