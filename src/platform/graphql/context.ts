import type { FastifyRequest } from 'fastify';

import type { Caller } from '../signin/caller.ts';

/** What every resolver of one request shares. */
export interface GraphqlContext {
  /** Of a request over HTTP; a subscription has none. */
  readonly req?: FastifyRequest;
  readonly caller: Caller;
}
