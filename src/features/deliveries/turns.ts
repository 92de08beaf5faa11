import { Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { Rates, type Account } from '../accounts/index.ts';
import { placeOf } from './leased-delivery.ts';

/** A delivery that is to be sent on an account. */
interface Wanted {
  readonly id: string;
  readonly account: Account;
}

/** Keeps to the limits of accounts. */
@Injectable()
export class DeliveryTurns {
  constructor(private readonly rates: Rates) {}

  /** By delivery: until when it has to wait for its turn; those that are missing have it now. */
  async waiting(
    db: DataSource | EntityManager,
    wanted: readonly Wanted[],
    now: EpochMs,
  ): Promise<ReadonlyMap<string, EpochMs>> {
    const waiting = new Map<string, EpochMs>();
    for (const [account, ids] of idsByLimitedAccount(wanted)) {
      const name = { channel: account.channel.descriptor.name, account: account.account };
      const turns = await this.rates.take(db, name, account.perSecond!, ids.length, now);
      turns.waitUntil.forEach((until, at) => waiting.set(ids[turns.granted + at]!, until));
    }
    return waiting;
  }

  /** The provider has said that it is too much: nothing more goes out on the account until then. */
  async pause(db: DataSource, account: Account, until: EpochMs): Promise<void> {
    if (account.perSecond === null) return;
    const name = { channel: account.channel.descriptor.name, account: account.account };
    await this.rates.pause(db, name, until);
  }
}

/** In one order for everybody, as each locks the account's row. */
function idsByLimitedAccount(
  wanted: readonly Wanted[],
): readonly (readonly [Account, readonly string[]])[] {
  const ids = new Map<Account, string[]>();
  for (const { account, id } of wanted) {
    if (account.perSecond === null) continue;
    const known = ids.get(account);
    if (known === undefined) ids.set(account, [id]);
    else known.push(id);
  }
  return [...ids].sort(([a], [b]) => (placeOf(a) < placeOf(b) ? -1 : 1));
}
