import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';

import type { GraphqlContext } from '../graphql/context.ts';
import { forbidden, unauthenticated } from '../graphql/errors.ts';
import { ACCESS_RULES, type AccessRule } from './access.ts';
import { ANONYMOUS, type Caller } from './caller.ts';

/** Lets a call through only if its {@link Access} rule names the caller's role. No rule: nobody. */
@Injectable()
export class SignInGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws GraphQLError with code UNAUTHENTICATED (sign in first) or FORBIDDEN (it would not help) */
  canActivate(context: ExecutionContext): boolean {
    const rules = this.reflector.getAllAndOverride<readonly AccessRule[] | undefined>(
      ACCESS_RULES,
      [context.getHandler(), context.getClass()],
    );
    if (rules?.includes('public')) return true;
    const caller = callerOf(context);
    if (rules !== undefined && caller.role !== 'anonymous' && rules.includes(caller.role)) {
      return true;
    }
    if (caller.role === 'anonymous') throw unauthenticated('This needs a bearer token.');
    throw forbidden('Your role may not do this.');
  }
}

/** Only GraphQL requests carry a caller; elsewhere nobody is known. */
function callerOf(context: ExecutionContext): Caller {
  if (context.getType<string>() !== 'graphql') return ANONYMOUS;
  return context.getArgByIndex<GraphqlContext>(2).caller;
}
