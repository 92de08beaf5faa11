import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';

import type { PermanentFailure } from '../../channels/channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { run } from '../../platform/database/statement.ts';
import type { Standing } from './recipients.ts';

/** What happened to an address. */
export interface StandingChange extends Standing {
  /** The provider's code, or one of ours in capitals. */
  readonly reason: string;
  readonly at: EpochMs;
}

/** How a refusal by a provider changes the standing of the address; null: not at all. */
export function standingAfter(
  because: PermanentFailure['because'] | null | undefined,
): 'INVALID' | 'WITHDRAWN' | null {
  if (because === 'recipient') return 'INVALID';
  return because === 'consent' ? 'WITHDRAWN' : null;
}

/** Which addresses are not to be used, and since when. */
@Injectable()
export class Standings {
  /**
   * Keeps what happened last: what is told late or twice changes nothing. An address that somebody
   * withdrew does not become a merely invalid one.
   */
  async change(db: DataSource | EntityManager, changes: readonly StandingChange[]): Promise<void> {
    if (changes.length === 0) return;
    await run(db, CHANGE, [
      JSON.stringify(changes.map((change) => ({ ...change, at: new Date(change.at) }))),
    ]);
  }

  /** Somebody mended what was wrong: the addresses of a customer are tried again. */
  async restore(tx: EntityManager, customerId: string): Promise<void> {
    await run(tx, RESTORE, [customerId]);
  }

  /** As {@link restore}, for everybody on one account. */
  async restoreAll(tx: EntityManager, channel: string, account: string): Promise<void> {
    await run(tx, RESTORE_ALL, [channel, account]);
  }

  /** A message did arrive where these went: their addresses are not invalid. */
  async clear(db: DataSource | EntityManager, deliveryIds: readonly string[]): Promise<void> {
    if (deliveryIds.length > 0) await run(db, CLEAR, [deliveryIds]);
  }
}

/** Of several about one address the last; in one order for everybody. */
const CHANGE = {
  name: 'standing-change',
  text: `INSERT INTO address_standing AS s (channel, account, address_key, standing, reason, since)
         SELECT DISTINCT ON (channel, account, "addressKey")
                channel, account, "addressKey", standing, reason, at
           FROM jsonb_to_recordset($1::jsonb) AS given (channel text, account text,
                "addressKey" text, standing text, reason text, at timestamptz)
          ORDER BY channel, account, "addressKey", at DESC, standing DESC
         ON CONFLICT (channel, account, address_key) DO UPDATE
            SET standing = excluded.standing, reason = excluded.reason, since = excluded.since
          WHERE excluded.since > s.since
            AND NOT (s.standing = 'WITHDRAWN' AND excluded.standing = 'INVALID')`,
};

const CLEAR = {
  name: 'standing-clear',
  text: `DELETE FROM address_standing s USING delivery d
          WHERE d.id = ANY ($1::uuid[]) AND s.channel = d.channel AND s.account = d.account
            AND s.address_key = d.address_key AND s.standing = 'INVALID'`,
};

const RESTORE = {
  name: 'standing-restore',
  text: `DELETE FROM address_standing WHERE standing = 'INVALID' AND address_key IN (
           SELECT value FROM contact WHERE customer_id = $1
            UNION ALL SELECT address_key FROM channel_address WHERE customer_id = $1)`,
};

const RESTORE_ALL = {
  name: 'standing-restore-all',
  text: `DELETE FROM address_standing
          WHERE standing = 'INVALID' AND channel = $1 AND account = $2`,
};
