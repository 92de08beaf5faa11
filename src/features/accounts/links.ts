import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Channel } from '../../channels/channel.ts';
import { MINUTE_MS, type EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { Account } from './account.ts';
import type { AccountName } from './receipts.ts';
import { Standings } from './standings.ts';

/** What a customer sends on a channel to be known there. */
export interface ChannelLink {
  readonly code: string;
  readonly expiresAt: EpochMs;
}

const LASTS_MS = 30 * MINUTE_MS;
/** Without signs that are read as others. */
const SIGNS = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
const LENGTH = 10;
const CODE = new RegExp(`^[${SIGNS}]{${LENGTH}}$`);
/** What an app puts before the code when a link with it is opened. */
const START = /^\/start\s+/i;

/**
 * Codes that bind an address on a channel to a customer: made for the customer who is signed in, sent by
 * whoever has the address, and good once. Nobody can guess one of 10^14 within the half hour that it lasts.
 */
@Injectable()
export class Links {
  constructor(private readonly standings: Standings) {}

  /** A customer has one at a time for each account. */
  async create(
    tx: EntityManager,
    customerId: string,
    { channel, account }: AccountName,
    now: EpochMs,
  ): Promise<ChannelLink> {
    const code = Array.from({ length: LENGTH }, () => SIGNS[randomInt(SIGNS.length)]).join('');
    const expiresAt = now + LASTS_MS;
    await run(tx, CREATE, [code, customerId, channel, account, new Date(expiresAt)]);
    return { code, expiresAt };
  }

  /**
   * Binds the address that sent a text to the customer whose code it is. An address that was bound to
   * somebody else leaves them: it belongs to who has it now.
   *
   * @returns whether the text was such a code
   */
  async use(
    tx: EntityManager,
    { channel, account }: Account,
    addressKey: string,
    text: string,
    now: EpochMs,
  ): Promise<boolean> {
    const code = codeIn(text);
    const address = code === null ? undefined : senderOf(channel, addressKey);
    if (address === undefined) return false;
    const name = channel.descriptor.name;
    const values = [code, name, account, new Date(now)];
    const [link] = await run<{ customer_id: string }>(tx, USE, values);
    if (link === undefined) return false;
    const sender = { address, addressKey };
    await this.bind(tx, { channel: name, account }, link.customer_id, sender, now);
    return true;
  }

  /** Makes an address a customer's and nobody else's, and says that they want messages there. */
  async bind(
    tx: EntityManager,
    { channel, account }: AccountName,
    customerId: string,
    { address, addressKey }: { readonly address: unknown; readonly addressKey: string },
    now: EpochMs,
  ): Promise<void> {
    await run(tx, LOCK_ADDRESS, [`${channel}/${account}/${addressKey}`]);
    await run(tx, UNBIND, [customerId, channel, account, addressKey]);
    await run(tx, BIND, [
      ...[customerId, channel, account, JSON.stringify(address), addressKey],
      new Date(now),
    ]);
    const given = { standing: 'GIVEN', reason: 'LINKED', at: now } as const;
    await this.standings.change(tx, [{ channel, account, addressKey, ...given }]);
  }
}

/** `undefined`: nobody that a message could be sent to, as a group. */
function senderOf(channel: Channel, addressKey: string): unknown {
  try {
    const parsed = channel.address.safeParse(channel.addressOf?.(addressKey));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** As people write it: in small letters, with spaces or hyphens. */
function codeIn(text: string): string | null {
  const code = text.trim().replace(START, '').replace(/[\s-]/g, '').toUpperCase();
  return CODE.test(code) ? code : null;
}

const CREATE = {
  name: 'link-create',
  text: `INSERT INTO channel_link (code, customer_id, channel, account, expires_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (customer_id, channel, account) DO UPDATE
            SET code = excluded.code, expires_at = excluded.expires_at`,
};

const USE = {
  name: 'link-use',
  text: `DELETE FROM channel_link
          WHERE code = $1 AND channel = $2 AND account = $3 AND expires_at > $4
      RETURNING customer_id`,
};

/** Two customers may claim one address at once: the second takes it over. */
const LOCK_ADDRESS = {
  name: 'address-lock',
  text: `SELECT pg_advisory_xact_lock(7103, hashtext($1))`,
};

const UNBIND = {
  name: 'address-unbind',
  text: `DELETE FROM channel_address
          WHERE channel = $2 AND account = $3 AND address_key = $4 AND customer_id <> $1`,
};

const BIND = {
  name: 'address-bind',
  text: `INSERT INTO channel_address (customer_id, channel, account, address, address_key, created_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (customer_id, channel, account) DO UPDATE
            SET address = excluded.address, address_key = excluded.address_key,
                created_at = excluded.created_at`,
};
