import type { TestService, Token } from './service.ts';

const SETTINGS = `channel account version isEnabled isUsable settings secretsSet costMinor currency
  perSecond callbackUrl`;

/** Any answer about an account; fields of the other types are missing. */
export interface AccountAnswer {
  readonly __typename: string;
  readonly channel: string;
  readonly account: string;
  readonly version: number;
  readonly isEnabled: boolean;
  readonly isUsable: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secretsSet: readonly string[];
  readonly costMinor: number;
  readonly currency: string | null;
  readonly perSecond: number | null;
  readonly callbackUrl: string | null;
  readonly code: string;
  readonly problems: readonly { readonly path: string; readonly message: string }[];
}

export interface ChannelAnswer {
  readonly name: string;
  readonly reaches: string;
  readonly audience: string;
  readonly accounts: readonly AccountAnswer[];
}

export const SET_ACCOUNT = `mutation ($input: ChannelAccountInput!) {
  setChannelAccount(input: $input) {
    __typename ... on ChannelAccount { ${SETTINGS} } ... on Refusal { code message }
    ... on InvalidSettings { problems { path message } }
  }
}`;

export async function setAccount(
  service: TestService,
  input: {
    readonly channel: string;
    readonly account?: string;
    readonly settings: object;
  } & Partial<Record<'costMinor' | 'currency' | 'perSecond', unknown>>,
  token: Token = service.tokens.hq,
): Promise<AccountAnswer> {
  const data = await service.data<{ setChannelAccount: AccountAnswer }>(
    SET_ACCOUNT,
    { input },
    token,
  );
  return data.setChannelAccount;
}

export async function disableAccount(
  service: TestService,
  channel: string,
  account = 'default',
): Promise<AccountAnswer> {
  const data = await service.data<{ disableChannelAccount: AccountAnswer }>(
    `mutation ($channel: ID!, $account: ID!) {
      disableChannelAccount(channel: $channel, account: $account) {
        __typename ... on ChannelAccount { ${SETTINGS} } ... on Refusal { code message }
      }
    }`,
    { channel, account },
    service.tokens.hq,
  );
  return data.disableChannelAccount;
}

export async function readChannels(service: TestService): Promise<readonly ChannelAnswer[]> {
  const data = await service.data<{ channels: ChannelAnswer[] }>(
    `{ channels { name reaches audience capabilities { repeats receipts inbound calendar photo
         approvedTemplates } settings { name isSecret isRequired help }
         accounts { __typename ${SETTINGS} } } }`,
    {},
    service.tokens.hq,
  );
  return data.channels;
}

export interface LinkAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly expiresAt: string;
}

export async function linkChannel(
  service: TestService,
  input: { readonly channel: string; readonly account?: string; readonly contact?: string },
  token: Token,
): Promise<LinkAnswer> {
  const data = await service.data<{ linkChannel: LinkAnswer }>(
    `mutation ($input: LinkChannelInput!) {
      linkChannel(input: $input) {
        __typename ... on ChannelLink { code expiresAt } ... on Refusal { code message }
      }
    }`,
    { input },
    token,
  );
  return data.linkChannel;
}

export interface AddressAnswer {
  readonly __typename: string;
  readonly channel: string;
  readonly account: string;
  readonly since: string;
  readonly isUsable: boolean;
  readonly code: string;
}

export async function myAddresses(
  service: TestService,
  token: Token,
): Promise<readonly AddressAnswer[]> {
  const data = await service.data<{ myChannelAddresses: AddressAnswer[] }>(
    `{ myChannelAddresses { channel account since isUsable } }`,
    {},
    token,
  );
  return data.myChannelAddresses;
}
