import { GraphQLError, Kind, type GraphQLScalarTypeConfig, type ValueNode } from 'graphql';

import type { EpochMs } from '../../core/time/time.ts';
import { writeInstant } from './instant-text.ts';
import { parseInstant } from './instant.ts';

/** The code of a scalar; its name and description are the schema's. */
type ScalarCode<In> = Required<
  Pick<GraphQLScalarTypeConfig<In, string>, 'serialize' | 'parseValue' | 'parseLiteral'>
>;

function instantOf(value: unknown): EpochMs {
  const instant = typeof value === 'string' ? parseInstant(value) : null;
  if (instant !== null) return instant;
  throw new GraphQLError('An instant is written as in 2026-03-01T10:30:00+08:00.');
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new GraphQLError('A text is needed here.');
}

const literalText = (node: ValueNode): unknown =>
  node.kind === Kind.STRING ? node.value : undefined;

/** Arguments arrive as epoch ms; answers may be epoch ms or a `Date`. */
const instant: ScalarCode<EpochMs> = {
  serialize: writeInstant,
  parseValue: instantOf,
  parseLiteral: (node) => instantOf(literalText(node)),
};

/** Any text: whoever knows the place judges it, and can say where in the input it stands. */
const lenientText: ScalarCode<string> = {
  serialize: textOf,
  parseValue: textOf,
  parseLiteral: (node) => textOf(literalText(node)),
};

/** The scalars that `schema/common.graphql` declares. */
export const scalars = {
  DateTime: instant,
  LocalDate: lenientText,
  LocalTime: lenientText,
  TimeZone: lenientText,
} as const;
