import type { ChannelDescriptor, Verified } from '../../channels/channel.ts';
import type { Result } from '../../core/result.ts';
import type { SeenAccount, SeenChannel } from './account-desk.service.ts';
import type { ChannelLink } from './links.ts';
import type { OwnAddressRow } from './own-addresses.service.ts';
import type { AccountName } from './receipts.ts';
import type { InvalidSettings, UnknownChannel, UnknownCustomer } from './refusals.ts';

type RefusalHere = InvalidSettings | UnknownChannel | UnknownCustomer;

/** A channel as GraphQL answers it. */
export function channelView({ channel, accounts }: SeenChannel, publicUrl: string) {
  const { name, reaches, audience, capabilities, settings } = channel.descriptor;
  return {
    name,
    reaches: reaches.toUpperCase(),
    audience: audience.toUpperCase(),
    capabilities: capabilitiesView(capabilities),
    settings,
    accounts: accounts.map((one) => accountView(one, publicUrl)),
  };
}

function accountView({ hasCallback, ...seen }: SeenAccount, publicUrl: string) {
  const callbackUrl = hasCallback ? `${publicUrl}/hooks/${seen.channel}/${seen.account}` : null;
  return { __typename: 'ChannelAccount' as const, ...seen, callbackUrl };
}

export const accountAnswer = (result: Result<SeenAccount, UnknownChannel>, publicUrl: string) =>
  result.ok ? accountView(result.value, publicUrl) : refusalView(result.error);

export function refusalView(refusal: RefusalHere) {
  const __typename = TYPES[refusal.code];
  return { __typename, ...refusal, message: MESSAGES[refusal.code] };
}

export function checkAnswer(result: Result<Verified, UnknownChannel>) {
  if (!result.ok) return refusalView(result.error);
  const verified = result.value;
  const __typename = 'ChannelAccountCheck' as const;
  if (verified.ok) return { __typename, works: true, failureCode: null, failure: null };
  return { __typename, works: false, failureCode: verified.code, failure: verified.message };
}

export function linkAnswer(
  { channel, account }: AccountName,
  result: Result<ChannelLink, UnknownChannel | UnknownCustomer>,
) {
  if (!result.ok) return refusalView(result.error);
  return { __typename: 'ChannelLink' as const, channel, account, ...result.value };
}

export const addressView = (row: OwnAddressRow) => ({
  __typename: 'ChannelAddress' as const,
  ...row,
});

export const addressAnswer = (result: Result<OwnAddressRow, InvalidSettings | UnknownChannel>) =>
  result.ok ? addressView(result.value) : refusalView(result.error);

function capabilitiesView({ idempotency, receipts, ...more }: ChannelDescriptor['capabilities']) {
  return { ...more, repeats: REPEATS[idempotency.is], receipts: receipts.toUpperCase() };
}

const REPEATS = { key: 'KEY', lookUp: 'LOOK_UP', replace: 'REPLACE', none: 'NONE' } as const;

const TYPES = {
  INVALID_SETTINGS: 'InvalidSettings',
  UNKNOWN_CHANNEL: 'UnknownChannel',
  UNKNOWN_ACCOUNT: 'UnknownChannel',
  UNKNOWN_CUSTOMER: 'UnknownCustomer',
} as const;

const MESSAGES: Readonly<Record<RefusalHere['code'], string>> = {
  INVALID_SETTINGS: 'Nothing was changed: some values do not fit the channel.',
  UNKNOWN_CHANNEL: 'There is no such channel for this.',
  UNKNOWN_ACCOUNT: 'The channel has no such account.',
  UNKNOWN_CUSTOMER: 'There is no such customer.',
};
