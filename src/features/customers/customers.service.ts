import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { Contact } from '../../platform/signin/caller.ts';

/** Somebody as a booking names them: at least one of phone (E.164) and email (lower case). */
export interface CustomerDetails {
  readonly name: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly locale: string | null;
}

interface ContactRow {
  readonly kind: string;
  readonly customer_id: string;
  readonly has_name: boolean;
}

/** The only code that writes people's names and addresses. */
@Injectable()
export class Customers {
  /**
   * The customer known by the phone, else by the email, else a new one. A contact that nobody has yet
   * becomes theirs; one that is somebody else's stays where it is. A name and a language that are told
   * for the first time are kept; ones that are known stay.
   *
   * Two bookings of one new customer at once: contacts are inserted in one order (email, then phone) by
   * everybody, so the second waits for the first and then finds it.
   */
  async findOrCreate(tx: EntityManager, details: CustomerDetails, now: EpochMs): Promise<string> {
    const { email, phone } = details;
    const known = await this.find(tx, email, phone);
    const hasBoth = known.length === [email, phone].filter((value) => value !== null).length;
    const owner = ownerOf(known);
    if (owner !== undefined) {
      const { customer_id: id, has_name: hasName } = owner;
      if (!hasBoth) await this.addContacts(tx, id, email, phone);
      if (!hasName && details.name !== null) await this.keepName(tx, id, details);
      return id;
    }
    const id = newId();
    await run(tx, INSERT_CUSTOMER, [id, details.name, details.locale, new Date(now)]);
    const added = await this.addContacts(tx, id, email, phone);
    if (added > 0) return id;
    await run(tx, DELETE_CUSTOMER, [id]);
    return ownerOf(await this.find(tx, email, phone))!.customer_id;
  }

  /**
   * Puts a contact in the place of all that the customer has of its kind.
   *
   * @returns false: it is somebody else's, and nothing was changed
   */
  async replaceContact(
    tx: EntityManager,
    customerId: string,
    { kind, value }: Contact,
  ): Promise<boolean> {
    const rows = await run(tx, CLAIM_CONTACT, [kind, value, customerId]);
    if (rows.length === 0) return false;
    await run(tx, DELETE_OTHERS, [kind, value, customerId]);
    return true;
  }

  /** The language in which they are told, whatever was known before. */
  async setLocale(tx: EntityManager, customerId: string, locale: string): Promise<void> {
    await run(tx, SET_LOCALE, [customerId, locale]);
  }

  private find(tx: EntityManager, email: string | null, phone: string | null) {
    return run<ContactRow>(tx, FIND_CONTACTS, [email, phone]);
  }

  private async addContacts(
    tx: EntityManager,
    customerId: string,
    email: string | null,
    phone: string | null,
  ): Promise<number> {
    const rows = await run(tx, INSERT_CONTACTS, [customerId, email, phone]);
    return rows.length;
  }

  private async keepName(
    tx: EntityManager,
    customerId: string,
    { name, locale }: CustomerDetails,
  ): Promise<void> {
    await run(tx, KEEP_NAME, [customerId, name, locale]);
  }
}

function ownerOf(known: readonly ContactRow[]): ContactRow | undefined {
  return known.find((contact) => contact.kind === 'phone') ?? known[0];
}

const FIND_CONTACTS = {
  name: 'customer-find',
  text: `SELECT p.kind, p.customer_id, c.name IS NOT NULL AS has_name
           FROM contact p JOIN customer c ON c.id = p.customer_id
          WHERE (p.kind = 'email' AND p.value = $1) OR (p.kind = 'phone' AND p.value = $2)`,
};

const KEEP_NAME = {
  name: 'customer-keep-name',
  text: `UPDATE customer SET name = $2, locale = coalesce(locale, $3)
          WHERE id = $1 AND name IS NULL`,
};

const INSERT_CUSTOMER = {
  name: 'customer-insert',
  text: `INSERT INTO customer (id, name, locale, created_at) VALUES ($1, $2, $3, $4)`,
};

/** Also if it is theirs already; a row of somebody else is left alone and not returned. */
const CLAIM_CONTACT = {
  name: 'customer-claim-contact',
  text: `INSERT INTO contact AS p (kind, value, customer_id) VALUES ($1, $2, $3)
         ON CONFLICT (kind, value) DO UPDATE SET customer_id = excluded.customer_id
          WHERE p.customer_id = excluded.customer_id
         RETURNING kind`,
};

const DELETE_OTHERS = {
  name: 'customer-delete-other-contacts',
  text: `DELETE FROM contact WHERE kind = $1 AND value <> $2 AND customer_id = $3`,
};

const SET_LOCALE = {
  name: 'customer-set-locale',
  text: `UPDATE customer SET locale = $2 WHERE id = $1 AND locale IS DISTINCT FROM $2`,
};

const DELETE_CUSTOMER = {
  name: 'customer-delete',
  text: `DELETE FROM customer WHERE id = $1`,
};

const INSERT_CONTACTS = {
  name: 'customer-contacts',
  text: `INSERT INTO contact (kind, value, customer_id)
         SELECT kind, value, $1
           FROM (VALUES ('email', $2::text), ('phone', $3::text)) AS given (kind, value)
          WHERE value IS NOT NULL ORDER BY kind
         ON CONFLICT DO NOTHING RETURNING kind`,
};
