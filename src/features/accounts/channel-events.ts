import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

import type { ChannelEvent } from '../../channels/channel.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import type { Account } from './account.ts';
import { Grants } from './grants.ts';
import { Links } from './links.ts';
import { Receipts, type AccountName } from './receipts.ts';
import { Standings, type StandingChange } from './standings.ts';

type EventOf<Is extends ChannelEvent['is']> = Extract<ChannelEvent, { is: Is }>;

/**
 * Applies what a provider told, once, whatever the order and however often it is told: all of one call in
 * one transaction, so that a call that failed can be made again.
 */
@Injectable()
export class ChannelEvents {
  constructor(
    private readonly db: DataSource,
    private readonly receipts: Receipts,
    private readonly grants: Grants,
    private readonly standings: Standings,
    private readonly links: Links,
    private readonly clock: Clock,
  ) {}

  /** @param first done in the same transaction before; false: the events are applied already */
  async apply(
    account: Account,
    events: readonly ChannelEvent[],
    first: (tx: EntityManager) => Promise<boolean> = () => Promise.resolve(true),
  ): Promise<void> {
    const now = this.clock.now();
    const name = { channel: account.channel.descriptor.name, account: account.account };
    const unknown = await this.db.transaction(async (tx) => {
      if (!(await first(tx))) return [];
      for (const event of only(events, 'grant')) await this.grant(tx, name, event);
      await this.standings.change(
        tx,
        only(events, 'consent').map((event) => standingBy(name, event)),
      );
      for (const { addressKey, text } of only(events, 'inbound')) {
        if (text !== null) await this.links.use(tx, account, addressKey, text, now);
      }
      return this.receipts.take(tx, name, only(events, 'receipt'), now);
    });
    // Whoever wrote a reference meanwhile did not see these receipts, nor did they see the reference.
    await this.receipts.applyOf(name, unknown);
  }

  private async grant(
    tx: EntityManager,
    name: AccountName,
    { addressKey, grant, change, dedupeKey, at, messages, lastsSec }: EventOf<'grant'>,
  ): Promise<void> {
    const place = { ...name, addressKey, grant };
    if (change === 'close') {
      await this.grants.close(tx, place, 'TAKEN_BACK', at);
      return;
    }
    const expiresAt: EpochMs | null = lastsSec === null ? null : at + lastsSec * 1000;
    await this.grants.open(tx, { ...place, dedupeKey, messages, at, expiresAt });
  }
}

function only<Is extends ChannelEvent['is']>(
  events: readonly ChannelEvent[],
  is: Is,
): readonly EventOf<Is>[] {
  return events.filter((event): event is EventOf<Is> => event.is === is);
}

const standingBy = (
  name: AccountName,
  { addressKey, change, at }: EventOf<'consent'>,
): StandingChange => ({
  ...name,
  addressKey,
  standing: change === 'given' ? 'GIVEN' : 'WITHDRAWN',
  reason: 'PERSON',
  at,
});
