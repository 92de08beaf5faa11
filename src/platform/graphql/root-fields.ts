import 'reflect-metadata';
import type { INestApplicationContext } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { GraphQLObjectType, GraphQLSchema } from 'graphql';

import { ACCESS_RULES } from '../signin/access.ts';

/** Metadata under which @nestjs/graphql keeps the type of a resolver method and the field it answers. */
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
const ROOT_TYPES: ReadonlySet<unknown> = new Set(['Query', 'Mutation', 'Subscription']);

function rootTypes(schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type != null,
  );
}

/** Root fields, as `Query.store`, that the schema promises and nobody answers. */
export function unansweredRootFields(schema: GraphQLSchema): readonly string[] {
  return rootTypes(schema).flatMap((type) =>
    Object.values(type.getFields())
      .filter((field) => field.resolve === undefined && field.subscribe === undefined)
      .map((field) => `${type.name}.${field.name}`),
  );
}

/**
 * Root fields, as `Query.store`, whose resolver method declares no access rule. The guard refuses
 * them to everybody.
 */
export function undeclaredRootFields(app: INestApplicationContext): readonly string[] {
  const scanner = new MetadataScanner();
  const instances = app
    .get(DiscoveryService, { strict: false })
    .getProviders()
    .map((wrapper) => wrapper.instance as object | null)
    .filter((instance) => instance !== null && typeof instance === 'object');
  return instances.flatMap((instance) => {
    const prototype = Object.getPrototypeOf(instance) as Record<string, object> | null;
    return scanner
      .getAllMethodNames(prototype)
      .map((name) => prototype?.[name])
      .filter((method): method is object => method !== undefined && isUndeclared(instance, method))
      .map(nameOfField);
  });
}

function isUndeclared(instance: object, method: object): boolean {
  return (
    ROOT_TYPES.has(Reflect.getMetadata(RESOLVER_TYPE, method)) &&
    !Reflect.hasMetadata(ACCESS_RULES, method) &&
    !Reflect.hasMetadata(ACCESS_RULES, instance.constructor)
  );
}

function nameOfField(method: object): string {
  const named: unknown = Reflect.getMetadata(RESOLVER_NAME, method);
  const field = typeof named === 'string' ? named : (method as { name: string }).name;
  return `${String(Reflect.getMetadata(RESOLVER_TYPE, method))}.${field}`;
}
