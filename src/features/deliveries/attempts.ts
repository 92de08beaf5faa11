import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { LookUpOutcome, SendOutcome } from '../../channels/channel.ts';
import { afterAttempt, afterLookUp, REASON_OF } from '../../core/messages/attempt.ts';
import { afterReceipt, isFailure } from '../../core/messages/receipt-rank.ts';
import { Clock } from '../../platform/clock.ts';
import { Claims } from './claims.ts';
import { goesAlone, rulesOf, type LeasedDelivery } from './leased-delivery.ts';
import { overEffect, putBack, recordOf, type DeliveryRecord } from './record.ts';
import { Sender } from './sender.ts';
import { DeliveryTurns } from './turns.ts';

/** A message that was opened this long ago is looked at again before it is sent. */
const FRESH_MS = 2000;
/** Longest that what one delivery was told holds up the others: an answer may be wrong, or ill meant. */
const MOST_PAUSE_MS = 5 * 60_000;

/** Makes attempts and says what is to be written of them. */
@Injectable()
export class Attempts {
  constructor(
    private readonly db: DataSource,
    private readonly claims: Claims,
    private readonly sender: Sender,
    private readonly turns: DeliveryTurns,
    private readonly clock: Clock,
  ) {}

  /** null: it is not this process's to make any more, and there is nothing to be written. */
  async make(leased: LeasedDelivery): Promise<DeliveryRecord | null> {
    const isFresh = performance.now() - leased.heldSinceMs < FRESH_MS;
    if (!isFresh && !(await this.claims.isOpen(leased.message.id))) {
      return putBack(leased, this.clock.now());
    }
    if (goesAlone(leased.account) && !(await this.claims.begin(leased))) return null;
    const made = await this.sender.attempt(leased);
    const { soFar } = leased;
    const tried = {
      ...soFar,
      tries: soFar.tries + 1,
      firstAttemptAt: soFar.firstAttemptAt ?? made.at,
      lastAttemptAt: made.at,
    };
    const now = this.clock.now();
    const next = afterAttempt(tried, made.outcome, rulesOf(leased), now, Math.random());
    await this.pause(leased, made.outcome, now);
    return recordOf(leased, next, made, now);
  }

  async lookUp(leased: LeasedDelivery): Promise<DeliveryRecord> {
    const said = await this.sender.lookUp(leased);
    const now = this.clock.now();
    const next = afterLookUp(leased.soFar, said.found, rulesOf(leased), now);
    const record = recordOf(leased, next, null, now);
    return said.found === true ? found(record, leased, said) : record;
  }

  private async pause(leased: LeasedDelivery, outcome: SendOutcome, now: number): Promise<void> {
    if (outcome.outcome !== 'temporary' || outcome.because !== 'rateLimit') return;
    if (outcome.retryAfterMs === null) return;
    const pauseMs = Math.min(outcome.retryAfterMs, MOST_PAUSE_MS);
    await this.turns.pause(this.db, leased.account, now + pauseMs);
  }
}

/** The provider has it, and may already know how far it came. */
function found(
  record: DeliveryRecord,
  leased: LeasedDelivery,
  { providerRef, status }: Extract<LookUpOutcome, { found: true }>,
): DeliveryRecord {
  const before = { status: 'ACCEPTED', engagement: [], reason: null } as const;
  const { state } = afterReceipt(before, { status, because: null });
  const hasReceipts = providerRef !== null && rulesOf(leased).hasReceipts;
  const known = { ...record, providerRef, hasReceipts, status: state.status, reason: state.reason };
  if (!isFailure(state.status)) return known;
  const message = overEffect(leased, 'rejected', state.reason ?? REASON_OF.content);
  return { ...known, message, nextAt: null, isOver: true };
}
