import { DataSource } from 'typeorm';

import { AccountStore } from '../../src/features/accounts/account-store.ts';
import { Accounts } from '../../src/features/accounts/index.ts';
import type { TestService } from './service.ts';

interface AccountParts {
  readonly account?: string;
  readonly isEnabled?: boolean;
  readonly costMinor?: number;
  readonly perSecond?: number | null;
}

/** Makes an account of a channel without settings, or changes it. */
export async function anAccount(
  { app, clock }: TestService,
  channel: string,
  parts: AccountParts = {},
): Promise<void> {
  const store = app.get(AccountStore, { strict: false });
  const { account = 'default', isEnabled = true, costMinor = 0, perSecond = null } = parts;
  const change = { channel, account, settings: {}, secrets: {}, isEnabled, costMinor, perSecond };
  const currency = costMinor > 0 ? 'CNY' : null;
  await app
    .get(DataSource, { strict: false })
    .transaction((tx) => store.put(tx, { ...change, currency }, clock.now()));
  app.get(Accounts, { strict: false }).forget();
}
