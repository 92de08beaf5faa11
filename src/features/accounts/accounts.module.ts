import { Module } from '@nestjs/common';

import { CONFIG, type Config } from '../../platform/config/config.ts';
import { tokenSecret } from '../../platform/signin/token-secret.ts';
import { CustomersModule } from '../customers/index.ts';
import { AccountDesk } from './account-desk.service.ts';
import { AccountStore } from './account-store.ts';
import { AccountsResolver, AddressesResolver } from './accounts.resolver.ts';
import { Accounts } from './accounts.service.ts';
import { ChannelEvents } from './channel-events.ts';
import { FetchTold } from './fetch-told.ts';
import { Grants } from './grants.ts';
import { Hooks } from './hooks.ts';
import { JsonObjectScalar } from './json-object.scalar.ts';
import { Links } from './links.ts';
import { OwnAddresses } from './own-addresses.service.ts';
import { ProviderTokens } from './provider-tokens.ts';
import { Rates } from './rates.ts';
import { ReceiptApplier } from './receipt-applier.ts';
import { Receipts } from './receipts.ts';
import { Recipients } from './recipients.ts';
import { Sealer } from './sealer.ts';
import { SendContexts } from './send-contexts.ts';
import { SetAccount } from './set-account.service.ts';
import { Standings } from './standings.ts';

/** Accounts at providers, and how customers are reached on them. */
@Module({
  imports: [CustomersModule],
  providers: [
    AccountDesk,
    Accounts,
    AccountsResolver,
    AccountStore,
    AddressesResolver,
    ChannelEvents,
    FetchTold,
    Grants,
    Hooks,
    JsonObjectScalar,
    Links,
    OwnAddresses,
    ProviderTokens,
    Rates,
    ReceiptApplier,
    Receipts,
    Recipients,
    SendContexts,
    SetAccount,
    Standings,
    {
      provide: Sealer,
      inject: [CONFIG],
      useFactory: (config: Config) => new Sealer(() => tokenSecret(config)),
    },
  ],
  exports: [Accounts, Grants, Rates, Receipts, Recipients, SendContexts, Standings],
})
export class AccountsModule {}
