import { isLocalDate } from '../../core/time/local-date.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import type { Caller } from '../../platform/signin/caller.ts';

/** A date at a store, as it arrives. */
export interface StoreDate {
  readonly storeCode: string;
  readonly date: LocalDate;
}

/** @throws GraphQLError FORBIDDEN if it is not the caller's store, BAD_USER_INPUT if it is no date */
export function checkStoreDate({ storeCode, date }: StoreDate, caller: Caller): void {
  if (caller.role === 'staff' && !caller.stores.includes(storeCode)) {
    throw forbidden('This is not a store of yours.');
  }
  if (!isLocalDate(date)) throw badInput('A date is written as in 2026-03-01.', 'date');
}
