import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import { ruleOf, type MessageKind } from '../../core/messages/kinds.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { Clock } from '../../platform/clock.ts';
import { run } from '../../platform/database/statement.ts';
import type { Contact, CustomerCaller } from '../../platform/signin/caller.ts';
import { Accounts, Recipients, type MessagePreference } from '../accounts/index.ts';
import { Customers } from '../customers/index.ts';

/** What a customer wants, with the language of the words. */
export interface Wishes extends Omit<MessagePreference, 'offKinds'> {
  readonly offKinds: readonly MessageKind[];
  /** BCP 47; null: not known, or it stays. */
  readonly locale: string | null;
}

export type WishesRefusal =
  | { readonly code: 'UNKNOWN_CHANNEL' }
  | { readonly code: 'KIND_NOT_OPTIONAL'; readonly kinds: readonly MessageKind[] };

const NOTHING_SAID: Wishes = {
  ...{ channels: [], offChannels: [], offKinds: [], locale: null },
  ...{ timeZone: null, quietFrom: null, quietTo: null },
};

/** How customers want to be told. The only code that writes it. */
@Injectable()
export class Preferences {
  constructor(
    private readonly db: DataSource,
    private readonly accounts: Accounts,
    private readonly recipients: Recipients,
    private readonly customers: Customers,
    private readonly clock: Clock,
  ) {}

  async of({ contact }: CustomerCaller): Promise<Wishes> {
    const [row] = await run<{ id: string }>(this.db, CUSTOMER, [contact.kind, contact.value]);
    if (row === undefined) return NOTHING_SAID;
    const recipient = (await this.recipients.of(this.db, [row.id])).get(row.id)!;
    const offKinds = recipient.preference.offKinds as readonly MessageKind[];
    return { ...recipient.preference, offKinds, locale: recipient.locale };
  }

  async set(caller: CustomerCaller, wishes: Wishes): Promise<Result<Wishes, WishesRefusal>> {
    const { channels, offChannels, offKinds } = wishes;
    if (![...channels, ...offChannels].every((name) => this.isForCustomers(name))) {
      return refuse({ code: 'UNKNOWN_CHANNEL' });
    }
    const kinds = offKinds.filter((kind) => ruleOf(kind).isCritical);
    if (kinds.length > 0) return refuse({ code: 'KIND_NOT_OPTIONAL', kinds });
    await this.db.transaction((tx) => this.write(tx, caller.contact, wishes));
    return ok(await this.of(caller));
  }

  /**
   * What staff change so that somebody can be reached.
   *
   * @returns why nothing may be changed; null: it was
   */
  async mend(
    tx: EntityManager,
    customerId: string,
    contact: Contact | null,
    channel: string | null,
  ): Promise<'CONTACT_TAKEN' | 'UNKNOWN_CHANNEL' | null> {
    if (channel !== null && !this.isForCustomers(channel)) return 'UNKNOWN_CHANNEL';
    if (contact !== null && !(await this.customers.replaceContact(tx, customerId, contact))) {
      return 'CONTACT_TAKEN';
    }
    const now = new Date(this.clock.now());
    if (channel !== null) await run(tx, PREFER, [customerId, channel, now]);
    return null;
  }

  private async write(
    tx: EntityManager,
    { kind, value }: Contact,
    { channels, offChannels, offKinds, locale, timeZone, quietFrom, quietTo }: Wishes,
  ): Promise<void> {
    const now = this.clock.now();
    const details = { name: null, phone: null, email: null, locale, [kind]: value };
    const id = await this.customers.findOrCreate(tx, details, now);
    if (locale !== null) await this.customers.setLocale(tx, id, locale);
    const lists = [channels, offChannels, offKinds].map((list) => [...new Set(list)]);
    await run(tx, PUT, [id, ...lists, timeZone, quietFrom, quietTo, new Date(now)]);
  }

  private isForCustomers(name: string): boolean {
    const descriptor = this.accounts.channel(name)?.descriptor;
    return descriptor !== undefined && descriptor.audience !== 'staff';
  }
}

const CUSTOMER = {
  name: 'preference-customer',
  text: `SELECT customer_id AS id FROM contact WHERE kind = $1 AND value = $2`,
};

const PUT = {
  name: 'preference-put',
  text: `INSERT INTO message_preference (customer_id, channels, off_channels, off_kinds, time_zone,
                                         quiet_from, quiet_to, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (customer_id) DO UPDATE
            SET channels = excluded.channels, off_channels = excluded.off_channels,
                off_kinds = excluded.off_kinds, time_zone = excluded.time_zone,
                quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to,
                updated_at = excluded.updated_at`,
};

const PREFER = {
  name: 'preference-prefer',
  text: `INSERT INTO message_preference AS p (customer_id, channels, updated_at)
         VALUES ($1, ARRAY[$2::text], $3)
         ON CONFLICT (customer_id) DO UPDATE
            SET channels = array_prepend($2, array_remove(p.channels, $2)),
                off_channels = array_remove(p.off_channels, $2), updated_at = excluded.updated_at`,
};
