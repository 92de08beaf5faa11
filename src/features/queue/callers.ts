import { forbidden } from '../../platform/graphql/errors.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';

/** Whether the line of a store is the caller's to run. */
export const isStaffOf = (caller: Caller, storeCode: string): boolean =>
  caller.role === 'hq' || (caller.role === 'staff' && caller.stores.includes(storeCode));

/** @throws GraphQLError FORBIDDEN: staff run the lines of their own stores */
export function staffOf(caller: Caller, storeCode: string): SignedInCaller {
  if (isStaffOf(caller, storeCode)) return caller as SignedInCaller;
  throw forbidden('This store is not yours.');
}
