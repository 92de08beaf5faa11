import type { Type } from '@nestjs/common';
import { Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { buildSchema } from 'graphql';

import { readSchemaFiles } from '../../../src/platform/graphql/schema-files.ts';
import { Access } from '../../../src/platform/signin/access.ts';

/** A resolver of every root field that `known` has no method for. It answers null to everybody. */
export function standInsFor(known: Type): Type {
  const schema = buildSchema(readSchemaFiles());
  class StandIns {
    readonly purpose = 'answers what the test does not ask';
  }
  for (const [type, answers] of [
    [schema.getQueryType(), Query],
    [schema.getMutationType(), Mutation],
    [schema.getSubscriptionType(), (field: string) => Subscription(field)],
  ] as const) {
    for (const name of Object.keys(type?.getFields() ?? {})) {
      if (name in known.prototype) continue;
      const method = { value: () => null, configurable: true, writable: true };
      Object.defineProperty(StandIns.prototype, name, method);
      answers(name)(StandIns.prototype, name, method);
      Access('public')(StandIns.prototype, name, method);
    }
  }
  Resolver()(StandIns);
  return StandIns;
}
