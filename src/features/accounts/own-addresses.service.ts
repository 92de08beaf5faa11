import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import type { Contact, CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { parseContact } from '../../platform/signin/contact.ts';
import { Customers } from '../customers/index.ts';
import type { SettingValues } from './account-store.ts';
import type { Account } from './account.ts';
import { Accounts } from './accounts.service.ts';
import { Links, type ChannelLink } from './links.ts';
import type { AccountName } from './receipts.ts';
import { invalidSettings, problemsOf, UNKNOWN_CUSTOMER, unknownChannel } from './refusals.ts';
import type { InvalidSettings, UnknownChannel, UnknownCustomer } from './refusals.ts';

/** An address of a customer on a channel that has addresses of its own. */
export interface OwnAddressRow {
  readonly channel: string;
  readonly account: string;
  readonly since: Date;
  readonly isUsable: boolean;
}

export interface LinkChannelInput extends AccountName {
  readonly contact?: string | null;
}

export interface ChannelAddressInput extends AccountName {
  readonly address: SettingValues;
}

/** Addresses that customers have on channels with addresses of their own. */
@Injectable()
export class OwnAddresses {
  constructor(
    private readonly db: DataSource,
    private readonly accounts: Accounts,
    private readonly customers: Customers,
    private readonly links: Links,
    private readonly clock: Clock,
  ) {}

  of({ contact }: CustomerCaller): Promise<readonly OwnAddressRow[]> {
    return run<OwnAddressRow>(this.db, MINE, [contact.kind, contact.value]);
  }

  /**
   * Staff make codes for customers of orders at their stores.
   *
   * @throws GraphQLError BAD_USER_INPUT if it is not said for whom, or by a customer who says it
   */
  async link(
    input: LinkChannelInput,
    caller: SignedInCaller,
  ): Promise<Result<ChannelLink, UnknownChannel | UnknownCustomer>> {
    const contact = contactFor(input, caller);
    const account = await this.account(input, ({ channel }) => channel.addressOf !== undefined);
    if (!account.ok) return account;
    return this.db.transaction(async (tx) => {
      const customerId = await this.customerFor(tx, contact, caller);
      if (customerId === null) return refuse(UNKNOWN_CUSTOMER);
      return ok(await this.links.create(tx, customerId, input, this.clock.now()));
    });
  }

  /** Only where nobody can write: elsewhere a code proves whose the address is. */
  async set(
    input: ChannelAddressInput,
    caller: CustomerCaller,
  ): Promise<Result<OwnAddressRow, InvalidSettings | UnknownChannel>> {
    const found = await this.account(input, ({ channel }) => channel.addressOf === undefined);
    if (!found.ok) return found;
    const { channel } = found.value;
    const parsed = channel.address.safeParse(input.address);
    if (!parsed.success) return refuse(invalidSettings(problemsOf(parsed.error, 'address')));
    const sender = { address: parsed.data, addressKey: channel.addressKey(parsed.data) };
    await this.db.transaction(async (tx) => {
      const customerId = (await this.customerFor(tx, caller.contact, caller))!;
      await this.links.bind(tx, input, customerId, sender, this.clock.now());
    });
    const mine = await this.of(caller);
    return ok(mine.find((one) => one.channel === input.channel && one.account === input.account)!);
  }

  /** @returns whether there was one */
  async remove({ channel, account }: AccountName, { contact }: CustomerCaller): Promise<boolean> {
    const rows = await run(this.db, REMOVE, [contact.kind, contact.value, channel, account]);
    return rows.length === 1;
  }

  /** An enabled account of a channel with addresses of its own that customers may link in this way. */
  private async account(
    { channel, account }: AccountName,
    isFit: (account: Account) => boolean,
  ): Promise<Result<Account, UnknownChannel>> {
    const known = this.accounts.channel(channel)?.descriptor;
    if (known?.reaches !== 'own' || known.audience === 'staff') {
      return refuse(unknownChannel('UNKNOWN_CHANNEL'));
    }
    const found = await this.accounts.get(channel, account);
    if (found?.isEnabled !== true) return refuse(unknownChannel('UNKNOWN_ACCOUNT'));
    return isFit(found) ? ok(found) : refuse(unknownChannel('UNKNOWN_CHANNEL'));
  }

  /** Customers who are not known yet become so; others are told of those alone whom they may see. */
  private async customerFor(
    tx: EntityManager,
    { kind, value }: Contact,
    caller: SignedInCaller,
  ): Promise<string | null> {
    if (caller.role === 'customer') {
      const nobody = { name: null, phone: null, email: null, locale: null };
      return this.customers.findOrCreate(tx, { ...nobody, [kind]: value }, this.clock.now());
    }
    const stores = caller.role === 'staff' ? caller.stores : null;
    const [row] = await run<{ customer_id: string }>(tx, VISIBLE, [kind, value, stores]);
    return row?.customer_id ?? null;
  }
}

function contactFor({ contact }: LinkChannelInput, caller: SignedInCaller): Contact {
  if (caller.role === 'customer') {
    if (contact != null) {
      throw badInput('Customers link for themselves: leave this out.', 'input.contact');
    }
    return caller.contact;
  }
  const parsed = contact == null ? undefined : parseContact(contact);
  if (parsed === undefined) {
    throw badInput('Say for whom: a phone as in +8613800138000, or an email.', 'input.contact');
  }
  return parsed;
}

const OWNER = `(SELECT customer_id FROM contact WHERE kind = $1 AND value = $2)`;

const MINE = {
  name: 'own-addresses',
  text: `SELECT a.channel, a.account, a.created_at AS since,
                coalesce(s.standing, 'GIVEN') = 'GIVEN' AS "isUsable"
           FROM channel_address a LEFT JOIN address_standing s USING (channel, account, address_key)
          WHERE a.customer_id = ${OWNER} ORDER BY a.channel, a.account`,
};

const REMOVE = {
  name: 'own-address-remove',
  text: `DELETE FROM channel_address
          WHERE customer_id = ${OWNER} AND channel = $3 AND account = $4 RETURNING channel`,
};

/** Headquarters see all; staff whoever has an order that begins or ends at a store of theirs. */
const VISIBLE = {
  name: 'own-address-customer',
  text: `SELECT p.customer_id FROM contact p
          WHERE p.kind = $1 AND p.value = $2 AND ($3::text[] IS NULL OR EXISTS (
            SELECT FROM customer_order o JOIN appointment a ON a.order_id = o.id
             WHERE o.customer_id = p.customer_id AND a.store_code = ANY ($3)))`,
};
