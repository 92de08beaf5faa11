import { Scalar, type CustomScalar } from '@nestjs/graphql';
import { GraphQLError, valueFromASTUntyped, type ValueNode } from 'graphql';

import type { SettingValues } from './account-store.ts';

function objectOf(value: unknown): SettingValues {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as SettingValues;
  }
  throw new GraphQLError('A JSON object is needed here.');
}

/** Settings differ from channel to channel; the channel's own schema checks them. */
@Scalar('JsonObject')
export class JsonObjectScalar implements CustomScalar<unknown, SettingValues> {
  serialize(value: unknown): unknown {
    return value;
  }

  parseValue(value: unknown): SettingValues {
    return objectOf(value);
  }

  parseLiteral(node: ValueNode): SettingValues {
    return objectOf(valueFromASTUntyped(node));
  }
}
