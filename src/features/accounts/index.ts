export { reachesCustomers, type Account } from './account.ts';
export { AccountsModule } from './accounts.module.ts';
export { Accounts } from './accounts.service.ts';
export { Grants, type GrantEnd, type SettledGrant } from './grants.ts';
export { Rates, type Turns } from './rates.ts';
export { Receipts } from './receipts.ts';
export { addressOn, Recipients, type MessagePreference, type Recipient } from './recipients.ts';
export { SendContexts } from './send-contexts.ts';
export { standingAfter, Standings, type StandingChange } from './standings.ts';
