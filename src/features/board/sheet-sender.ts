import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { OutgoingMessage, SendOutcome } from '../../channels/channel.ts';
import {
  afterAttempt,
  whenDue,
  type AttemptRules,
  type DeliverySoFar,
} from '../../core/messages/attempt.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { Accounts, Rates, SendContexts, type Account } from '../accounts/index.ts';
import { staffAddress } from './sheet-accounts.ts';
import { SheetRecords, type LeasedSending } from './sheet-records.ts';
import { sheetContent } from './sheet-words.ts';

/** Over well before the lease is. */
const LONGEST_MS = 20_000;

const NO_ACCOUNT: SendOutcome = {
  outcome: 'permanent',
  because: 'configuration',
  code: 'NO_ACCOUNT',
  message: 'the account is gone or disabled',
};

/**
 * Sends the sheets that are due, under a lease each and outside of any transaction. Where the provider
 * knows a repeat by its key nobody gets a sheet twice; where it does not, one that nobody can tell about
 * is sent once more at most.
 */
@Injectable()
export class SheetSender {
  private readonly log = new Logger('board');

  constructor(
    private readonly db: DataSource,
    private readonly records: SheetRecords,
    private readonly accounts: Accounts,
    private readonly rates: Rates,
    private readonly contexts: SendContexts,
    private readonly clock: Clock,
  ) {}

  /** Works until nothing is due. @returns how many sendings were looked at */
  async run(): Promise<number> {
    for (let all = 0; ;) {
      const leased = await this.records.lease(this.clock.now());
      if (leased.length === 0) return all;
      await Promise.all(leased.map((one) => this.look(one)));
      all += leased.length;
    }
  }

  private async look(leased: LeasedSending): Promise<void> {
    const account = await this.accounts.get(leased.channel, leased.account);
    const now = this.clock.now();
    const soFar = withLostAttempt(leased.soFar, now);
    const rules = rulesOf(leased, account);
    const doing = whenDue(soFar, rules, now, Math.random());
    if (doing.is === 'decided') {
      await this.records.record(leased, { next: doing.next, soFar, code: null }, now);
      return;
    }
    const turn = account === null ? null : await this.turn(account, now);
    if (turn === null) await this.attempt(leased, account, soFar, rules);
    else await this.records.putOff(leased, turn);
  }

  private async attempt(
    leased: LeasedSending,
    account: Account | null,
    before: DeliverySoFar,
    rules: AttemptRules,
  ): Promise<void> {
    const at = this.clock.now();
    const outcome = await this.send(leased, account, before.firstAttemptAt ?? at);
    const soFar = {
      ...before,
      tries: before.tries + 1,
      firstAttemptAt: before.firstAttemptAt ?? at,
      lastAttemptAt: at,
    };
    const next = afterAttempt(soFar, outcome, rules, this.clock.now(), Math.random());
    const code = outcome.outcome === 'accepted' ? null : outcome.code;
    await this.records.record(leased, { next, soFar, code }, this.clock.now());
  }

  /** What a channel throws is a fault of ours: nobody knows whether it was sent. */
  private async send(
    leased: LeasedSending,
    account: Account | null,
    firstAttemptAt: EpochMs,
  ): Promise<SendOutcome> {
    if (account?.isEnabled !== true) return NO_ACCOUNT;
    const { channel, settings } = account;
    const message: OutgoingMessage<unknown> = {
      deliveryId: leased.id,
      firstAttemptAt,
      address: staffAddress(account, leased.storeCode),
      way: channel.ways(settings, sheetContent(leased.text).kind)[0]?.name ?? '',
      content: sheetContent(leased.text),
      usefulUntil: leased.usefulUntil,
    };
    try {
      const composed = channel.compose(settings, message);
      if (!composed.ok) return composed.error;
      const deadline = AbortSignal.timeout(Math.min(channel.descriptor.timeoutMs, LONGEST_MS));
      return await channel.send(settings, message, composed.payload, this.contexts.of(deadline));
    } catch (fault) {
      this.log.error(fault, `day sheet ${leased.id} on ${leased.channel}`);
      return { outcome: 'ambiguous', code: 'CHANNEL_FAULT', message: 'the channel failed' };
    }
  }

  /** Null: it may go now; else when it may ask again. */
  private async turn(account: Account, now: EpochMs): Promise<EpochMs | null> {
    const { perSecond } = account;
    if (perSecond === null) return null;
    const place = { channel: account.channel.descriptor.name, account: account.account };
    const { waitUntil } = await this.rates.take(this.db, place, perSecond, 1, now);
    return waitUntil[0] ?? null;
  }
}

/** A worker that died over an attempt may have made it. */
function withLostAttempt(soFar: DeliverySoFar, now: EpochMs): DeliverySoFar {
  if (soFar.status !== 'SENDING') return soFar;
  const { tries, firstAttemptAt } = soFar;
  return { ...soFar, tries: tries + 1, firstAttemptAt: firstAttemptAt ?? now, lastAttemptAt: now };
}

/** Channels for staff tell at once what became of a message, and cannot be asked. */
function rulesOf({ usefulUntil }: LeasedSending, account: Account | null): AttemptRules {
  const repeats = account?.channel.descriptor.capabilities.idempotency ?? { is: 'none' };
  return {
    repeats: repeats.is === 'lookUp' ? { is: 'none' } : repeats,
    hasReceipts: false,
    guarantee: 'atLeastOnce',
    usefulUntil,
    usesOneGrant: false,
  };
}
