import { badInput } from '../../platform/graphql/errors.ts';
import type { SettingValues } from './account-store.ts';

/** `ChannelAccountInput` as it arrives. */
export interface ChannelAccountInput {
  readonly channel: string;
  readonly account: string;
  readonly settings: SettingValues;
  readonly costMinor: number;
  readonly currency?: string | null;
  readonly perSecond?: number | null;
}

/** Part of the address of its callbacks, and unlike its neighbours there. */
const ACCOUNT = /^[A-Za-z0-9_-]{1,64}$/;
const CURRENCY = /^[A-Z]{3}$/;

/** @throws GraphQLError BAD_USER_INPUT that names the field */
export function checkNewAccount({
  account,
  costMinor,
  currency,
  perSecond,
}: ChannelAccountInput): void {
  if (!ACCOUNT.test(account)) {
    throw badInput('An account has 1 to 64 of A-Z a-z 0-9 - _.', 'input.account');
  }
  if (costMinor < 0) throw badInput('A cost is not less than nothing.', 'input.costMinor');
  if (currency != null && !CURRENCY.test(currency)) {
    throw badInput('A currency is written as in CNY.', 'input.currency');
  }
  if (costMinor > 0 && currency == null) {
    throw badInput('Say in which currency the cost is.', 'input.currency');
  }
  if (perSecond != null && perSecond < 1) {
    throw badInput('At least one message a second.', 'input.perSecond');
  }
}
