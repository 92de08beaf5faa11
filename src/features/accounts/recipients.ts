import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';

import { run } from '../../platform/database/statement.ts';
import type { Account } from './account.ts';

/** An address of a channel's own making, bound to a customer. */
export interface OwnAddress {
  readonly channel: string;
  readonly account: string;
  readonly address: unknown;
}

/** Why an address is not to be used, or that the person wants messages there again. */
export interface Standing {
  readonly channel: string;
  readonly account: string;
  readonly addressKey: string;
  readonly standing: 'INVALID' | 'WITHDRAWN' | 'GIVEN';
}

/** What a customer said they want; of one who has said nothing all is empty. */
export interface MessagePreference {
  /** In the order they like best; those not named come after. */
  readonly channels: readonly string[];
  readonly offChannels: readonly string[];
  readonly offKinds: readonly string[];
  readonly timeZone: string | null;
  /** Minutes of the day; both or none. Equal: never quiet. */
  readonly quietFrom: number | null;
  readonly quietTo: number | null;
}

/** A customer and all that says how they are reached. */
export interface Recipient {
  readonly customerId: string;
  readonly name: string | null;
  /** BCP 47. */
  readonly locale: string | null;
  readonly email: string | null;
  /** E.164. */
  readonly phone: string | null;
  readonly own: readonly OwnAddress[];
  readonly standings: readonly Standing[];
  readonly preference: MessagePreference;
}

/** Where a message to somebody goes on an account, or why nowhere. */
export type AddressChoice =
  | { readonly ok: true; readonly address: unknown; readonly addressKey: string }
  | { readonly ok: false; readonly reason: 'NO_ADDRESS' | 'ADDRESS_INVALID' | 'NO_CONSENT' };

/** Reads what is known of customers, any number of them in one statement. */
@Injectable()
export class Recipients {
  async of(
    db: DataSource | EntityManager,
    customerIds: readonly string[],
  ): Promise<ReadonlyMap<string, Recipient>> {
    if (customerIds.length === 0) return new Map();
    const rows = await run<Recipient>(db, SELECT, [customerIds]);
    return new Map(rows.map((row) => [row.customerId, row]));
  }
}

/** The address of a customer on an account. */
export function addressOn(recipient: Recipient, { channel, account }: Account): AddressChoice {
  const { name } = channel.descriptor;
  const given = givenAddress(recipient, channel.descriptor.reaches, name, account);
  if (given === undefined) return { ok: false, reason: 'NO_ADDRESS' };
  const parsed = channel.address.safeParse(given);
  if (!parsed.success) return { ok: false, reason: 'ADDRESS_INVALID' };
  const addressKey = channel.addressKey(parsed.data);
  const isHere = (one: Standing) =>
    one.channel === name && one.account === account && one.addressKey === addressKey;
  switch (recipient.standings.find(isHere)?.standing) {
    case 'INVALID':
      return { ok: false, reason: 'ADDRESS_INVALID' };
    case 'WITHDRAWN':
      return { ok: false, reason: 'NO_CONSENT' };
    default:
      return { ok: true, address: parsed.data, addressKey };
  }
}

/** `undefined`: there is none. */
function givenAddress(
  { email, phone, own }: Recipient,
  reaches: Account['channel']['descriptor']['reaches'],
  channel: string,
  account: string,
): unknown {
  switch (reaches) {
    case 'email':
      return email ?? undefined;
    case 'phone':
      return phone ?? undefined;
    case 'any':
      return email ?? phone ?? undefined;
    case 'own':
      return own.find((one) => one.channel === channel && one.account === account)?.address;
    case 'endpoint':
      return {};
  }
}

/** A customer may have several contacts of one kind; the first in order of the text stands for them. */
const SELECT = {
  name: 'recipients',
  text: `
    SELECT c.id AS "customerId", c.name, c.locale, k.email, k.phone,
           coalesce(a.own, '[]') AS own, coalesce(s.standings, '[]') AS standings,
           jsonb_build_object(
             'channels', coalesce(p.channels, '{}'), 'offChannels', coalesce(p.off_channels, '{}'),
             'offKinds', coalesce(p.off_kinds, '{}'), 'timeZone', p.time_zone,
             'quietFrom', p.quiet_from, 'quietTo', p.quiet_to) AS preference
      FROM customer c
      LEFT JOIN message_preference p ON p.customer_id = c.id
      LEFT JOIN LATERAL (
        SELECT min(value) FILTER (WHERE kind = 'email') AS email,
               min(value) FILTER (WHERE kind = 'phone') AS phone
          FROM contact WHERE customer_id = c.id) k ON true
      LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object(
                 'channel', channel, 'account', account, 'address', address)) AS own,
               array_agg(address_key) AS keys
          FROM channel_address WHERE customer_id = c.id) a ON true
      LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_build_object('channel', channel, 'account', account,
                 'addressKey', address_key, 'standing', standing)) AS standings
          FROM address_standing
         WHERE address_key = ANY (a.keys || k.email || k.phone)) s ON true
     WHERE c.id = ANY ($1::uuid[])`,
};
