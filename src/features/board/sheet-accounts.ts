import { DEFAULT_ACCOUNT } from '../../core/messages/route.ts';
import type { Account } from '../accounts/index.ts';

/** The channel that writes a file, where nobody has made an account for staff. */
const LOG = 'log';

/**
 * The groups of colleagues that get the sheets of a store: of each channel for staff the account that has
 * the code of the store as its name, else the one named `default`. Without any of them, the log.
 *
 * @param accounts that may be sent on
 */
export function sheetAccounts(accounts: readonly Account[], storeCode: string): readonly Account[] {
  const named = (name: string) => (account: Account) => account.account === name;
  const staff = accounts.filter(({ channel }) => channel.descriptor.audience === 'staff');
  const own = staff.filter(named(storeCode));
  const common = staff
    .filter(named(DEFAULT_ACCOUNT))
    .filter(({ channel }) => !own.some((one) => one.channel === channel));
  if (own.length + common.length > 0) return [...own, ...common];
  return accounts
    .filter(({ channel }) => channel.descriptor.name === LOG)
    .filter(named(DEFAULT_ACCOUNT));
}

/** Where an account for staff sends to: most know by their settings. */
export const staffAddress = ({ channel }: Account, storeCode: string): unknown =>
  channel.descriptor.reaches === 'endpoint' ? {} : `staff of ${storeCode}`;
