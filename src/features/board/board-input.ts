import { isLocalDate } from '../../core/time/local-date.ts';
import type { LocalDate } from '../../core/time/time.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import type { Caller } from '../../platform/signin/caller.ts';

/** A date at a store, as it arrives. */
export interface StoreDate {
  readonly storeCode: string;
  readonly date: LocalDate;
}

const FIRST_DATE = '1970-01-01';
const LAST_DATE = '8999-12-31';

/** @throws GraphQLError FORBIDDEN if it is not the caller's store, BAD_USER_INPUT if it is no date */
export function checkStoreDate({ storeCode, date }: StoreDate, caller: Caller): void {
  if (caller.role === 'staff' && !caller.stores.includes(storeCode)) {
    throw forbidden('This is not a store of yours.');
  }
  if (!isLocalDate(date)) throw badInput('A date is written as in 2026-03-01.', 'date');
  if (date < FIRST_DATE || date > LAST_DATE) {
    throw badInput(`A date is from ${FIRST_DATE} to ${LAST_DATE}.`, 'date');
  }
}
