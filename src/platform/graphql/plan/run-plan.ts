import {
  getArgumentValues,
  GraphQLError,
  locatedError,
  type ExecutionResult,
  type GraphQLResolveInfo,
} from 'graphql';

import type { LeafWriter } from './leaf-writer.ts';
import type { FieldPlan, ObjectPlan, OperationPlan, ValuePlan } from './operation-plan.ts';
import { isPlain, writePlain } from './plain-object.ts';

type MaybePromise<T> = T | Promise<T>;
type Path = GraphQLResolveInfo['path'];
type Variables = Readonly<Record<string, unknown>>;

const isPromise = (value: unknown): value is Promise<unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'then' in value &&
  typeof value.then === 'function';

/**
 * Answers a planned operation as graphql-js would: the same data, errors, order and calls of resolvers.
 *
 * It is faster because the plan has already collected the fields, and because a field that is only
 * read from its object costs neither arguments nor a resolve info nor a path.
 *
 * @param variables coerced
 */
export function runPlan(
  plan: OperationPlan,
  context: unknown,
  variables: Variables,
): MaybePromise<ExecutionResult> {
  const run = new Run(plan, context, variables);
  try {
    const data = run.object(plan.root, undefined, undefined);
    if (!isPromise(data)) return run.answer(data);
    return data.then(
      (settled) => run.answer(settled),
      (error: unknown) => run.failure(error),
    );
  } catch (error) {
    return run.failure(error);
  }
}

type Answered = Record<string, unknown>;

class Run {
  private readonly errors: GraphQLError[] = [];
  private readonly nulled = new Set<Path | undefined>();

  constructor(
    private readonly plan: OperationPlan,
    private readonly context: unknown,
    private readonly variables: Variables,
  ) {}

  answer(data: unknown): ExecutionResult {
    const known = data as Answered | null;
    return this.errors.length === 0 ? { data: known } : { errors: this.errors, data: known };
  }

  /** A field that may not be null failed, and so did all above it. */
  failure(error: unknown): ExecutionResult {
    this.note(error as GraphQLError, undefined);
    return this.answer(null);
  }

  object(plan: ObjectPlan, source: unknown, path: Path | undefined): MaybePromise<Answered> {
    const results: Answered = {};
    let waiting = false;
    try {
      for (const field of plan.fields) {
        const value = field.write && propertyOf(source, field.definition.name);
        if (field.write && isPlain(value)) {
          results[field.key] = this.leaf(field, field.write, value, path);
          continue;
        }
        const result = this.field(field, source, path);
        results[field.key] = result;
        if (isPromise(result)) waiting = true;
      }
    } catch (error) {
      if (!waiting) throw error;
      // Those under way may fail too: nobody must miss it.
      return settle(results).finally(() => {
        throw error;
      });
    }
    return waiting ? settle(results) : results;
  }

  private leaf(
    field: FieldPlan,
    write: LeafWriter,
    value: unknown,
    path: Path | undefined,
  ): unknown {
    try {
      return write(value);
    } catch (error) {
      return this.fieldFailed(error, field, pathOf(field, path));
    }
  }

  private field(field: FieldPlan, source: unknown, parentPath: Path | undefined): unknown {
    if (field.value.kind === 'typename') return field.parentType.name;
    const path = pathOf(field, parentPath);
    try {
      const result = this.resolve(field, source, path);
      const completed = isPromise(result)
        ? result.then((value) => this.complete(field.value, value, field, path))
        : this.complete(field.value, result, field, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => this.fieldFailed(error, field, path));
    } catch (error) {
      return this.fieldFailed(error, field, path);
    }
  }

  private resolve(field: FieldPlan, source: unknown, path: Path): unknown {
    const { definition, nodes } = field;
    const resolver = definition.resolve;
    const value = resolver ? undefined : propertyOf(source, definition.name);
    if (!resolver && typeof value !== 'function') return value;

    const node = nodes[0];
    if (node === undefined) throw new Error(`no node for ${field.key}`);
    const args = getArgumentValues(definition, node, this.variables);
    const info = this.infoOf(field, path);
    if (resolver) return resolver(source, args, this.context, info);
    return (source as Record<string, (...given: unknown[]) => unknown>)[definition.name]?.(
      args,
      this.context,
      info,
    );
  }

  private infoOf({ definition, nodes, parentType }: FieldPlan, path: Path): GraphQLResolveInfo {
    const { schema, fragments, operation } = this.plan;
    return {
      fieldName: definition.name,
      fieldNodes: nodes,
      returnType: definition.type,
      parentType,
      path,
      schema,
      fragments,
      rootValue: undefined,
      operation,
      variableValues: this.variables,
    };
  }

  private complete(plan: ValuePlan, value: unknown, field: FieldPlan, path: Path): unknown {
    if (value instanceof Error) throw value;
    if (value == null) {
      if (plan.nonNull) throw missing(field);
      return null;
    }
    switch (plan.kind) {
      case 'typename':
        return field.parentType.name;
      case 'leaf':
        return plan.write(value);
      case 'list':
        return this.list(plan.item, value, field, path);
      case 'object':
        return this.object(plan.object, value, path);
      case 'abstract':
        return this.object(concreteOf(plan, value), value, path);
    }
  }

  private list(plan: ValuePlan, value: unknown, field: FieldPlan, path: Path): unknown {
    if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) {
      const name = `${field.parentType.name}.${field.definition.name}`;
      throw new GraphQLError(`Expected Iterable, but did not find one for field "${name}".`);
    }
    let waiting = false;
    const items: unknown[] = [];
    const plain = plan.kind === 'object' ? plan.object.plain : undefined;
    for (const item of value as Iterable<unknown>) {
      const written = plain && writePlain(plain, item);
      if (written !== undefined) {
        items.push(written);
        continue;
      }
      const itemPath = { prev: path, key: items.length, typename: undefined };
      const result = this.item(plan, item, field, itemPath);
      if (isPromise(result)) waiting = true;
      items.push(result);
    }
    return waiting ? Promise.all(items) : items;
  }

  private item(plan: ValuePlan, item: unknown, field: FieldPlan, path: Path): unknown {
    try {
      const completed = isPromise(item)
        ? item.then((value) => this.complete(plan, value, field, path))
        : this.complete(plan, item, field, path);
      if (!isPromise(completed)) return completed;
      return completed.then(undefined, (error: unknown) => this.failed(error, plan, field, path));
    } catch (error) {
      return this.failed(error, plan, field, path);
    }
  }

  private fieldFailed(error: unknown, field: FieldPlan, path: Path): null {
    return this.failed(error, field.value, field, path);
  }

  /** @throws the error with its place if the value may not be null: whoever is above has failed too */
  private failed(error: unknown, plan: ValuePlan, field: FieldPlan, path: Path): null {
    const located = locatedError(error, field.nodes, keysOf(path));
    if (plan.nonNull) throw located;
    this.note(located, path);
    return null;
  }

  /** What fails below a place that is null already changes nothing and is not told. */
  private note(error: GraphQLError, path: Path | undefined): void {
    for (let place = path; place !== undefined; place = place.prev) {
      if (this.nulled.has(place)) return;
    }
    if (this.nulled.has(undefined)) return;
    this.nulled.add(path);
    this.errors.push(error);
  }
}

function propertyOf(source: unknown, name: string): unknown {
  const readable = (typeof source === 'object' && source !== null) || typeof source === 'function';
  return readable ? (source as Answered)[name] : undefined;
}

const missing = ({ parentType, definition }: FieldPlan): Error =>
  new Error(`Cannot return null for non-nullable field ${parentType.name}.${definition.name}.`);

function concreteOf(plan: ValuePlan & { kind: 'abstract' }, value: unknown): ObjectPlan {
  const name = propertyOf(value, '__typename');
  const object = typeof name === 'string' ? plan.objects.get(name) : undefined;
  if (object !== undefined) return object;
  throw new GraphQLError(
    `Abstract type "${plan.type.name}" got an object whose __typename is none of its own.`,
  );
}

const pathOf = ({ key, parentType }: FieldPlan, prev: Path | undefined): Path => ({
  prev,
  key,
  typename: parentType.name,
});

function keysOf(path: Path): (string | number)[] {
  const keys: (string | number)[] = [];
  for (let place: Path | undefined = path; place !== undefined; place = place.prev) {
    keys.push(place.key);
  }
  return keys.reverse();
}

/** The same object with every promise replaced by what it became. */
async function settle(results: Answered): Promise<Answered> {
  const keys = Object.keys(results);
  const values = await Promise.all(Object.values(results));
  return Object.fromEntries(keys.map((key, index) => [key, values[index]]));
}
