import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';

import type { GraphqlContext } from '../graphql/context.ts';
import type { Caller } from './caller.ts';

/** Who may call an operation. `public`: everybody, with or without a token. */
export type AccessRule = 'public' | 'customer' | 'staff' | 'hq';

export const ACCESS_RULES = Symbol('ACCESS_RULES');

/**
 * Declares who may call a root field. One without it is refused to everybody.
 *
 * It says which roles may ask at all; which stores and orders a caller may touch is the feature's to
 * decide, with {@link CurrentCaller}.
 */
export const Access = (
  ...rules: readonly [AccessRule, ...AccessRule[]]
): CustomDecorator<typeof ACCESS_RULES> => SetMetadata(ACCESS_RULES, rules);

/** The {@link Caller} of this request, as a parameter of a resolver method. */
export const CurrentCaller = createParamDecorator(
  (_: unknown, context: ExecutionContext): Caller =>
    // The arguments of a GraphQL resolver are (parent, arguments, context, info).
    context.getArgByIndex<GraphqlContext>(2).caller,
);
