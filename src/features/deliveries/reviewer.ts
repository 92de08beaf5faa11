import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { Recipients } from '../accounts/index.ts';
import { personalRoute } from './choosing.ts';
import { Claims } from './claims.ts';
import { DueMessages } from './due-messages.ts';
import { goesAlone, type LeasedDelivery } from './leased-delivery.ts';
import { putBack, type DeliveryRecord } from './record.ts';
import { review, withoutAccount, type Review } from './review.ts';
import type { SurroundingsReader } from './surroundings.ts';
import { DeliveryTurns } from './turns.ts';

/** What one look at the deliveries that are due came to. */
export interface Reviewed {
  readonly looked: number;
  /** Of them, those whose worker died. */
  readonly lost: number;
  readonly send: readonly LeasedDelivery[];
  readonly lookUp: readonly LeasedDelivery[];
  readonly records: readonly DeliveryRecord[];
  /** Until then some wait for their turn on an account with a limit; past: none. */
  readonly waitUntil: EpochMs;
}

const NOTHING: Reviewed = { looked: 0, lost: 0, send: [], lookUp: [], records: [], waitUntil: 0 };

/** Takes deliveries that are due again and decides about each. */
@Injectable()
export class Reviewer {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly claims: Claims,
    private readonly due: DueMessages,
    private readonly recipients: Recipients,
    private readonly turns: DeliveryTurns,
  ) {}

  /** @param full accounts (`channel/account`) that this process has no room for */
  async review(around: SurroundingsReader, full: readonly string[]): Promise<Reviewed> {
    const now = this.clock.now();
    const { accounts } = await around.current();
    const alone = [...accounts.values()].filter(goesAlone);
    const channels = [...new Set(alone.map(({ channel }) => channel.descriptor.name))];
    const claimed = await this.claims.claim(full, channels, now);
    if (claimed.length === 0) return NOTHING;
    const surroundings = await around.knowing(claimed.map(({ message }) => message.order));
    const customers = [...new Set(claimed.map(({ customerId }) => customerId))];
    const recipients = await this.recipients.of(this.db, customers);
    const earlier = await this.due.earlier(
      this.db,
      claimed.map(({ message }) => message),
    );
    const records: DeliveryRecord[] = [];
    const reviews: Review[] = [];
    for (const one of claimed) {
      const recipient = recipients.get(one.customerId)!;
      const route = personalRoute(one.message.kind, recipient, surroundings);
      const account = await surroundings.accountOf(one);
      if (account === null) {
        records.push(withoutAccount(one, route));
        continue;
      }
      const known = { recipient, route, account, earlier: earlier.get(one.message.id) ?? [] };
      reviews.push(review({ claimed: one, ...known, surroundings, now, random: Math.random() }));
    }
    const looked = { looked: claimed.length, lost: claimed.filter(({ isLost }) => isLost).length };
    return { ...looked, ...(await this.inTurn(reviews, records, now)) };
  }

  private async inTurn(
    reviews: readonly Review[],
    before: readonly DeliveryRecord[],
    now: EpochMs,
  ): Promise<Omit<Reviewed, 'looked' | 'lost'>> {
    const wanted = reviews.flatMap((one) => (one.is === 'send' ? [one.leased] : []));
    const waiting = await this.turns.waiting(this.db, wanted, now);
    const late = wanted.filter(({ id }) => waiting.has(id));
    const records = [
      ...before,
      ...reviews.flatMap((one) => (one.is === 'decided' ? [one.record] : [])),
      ...late.map((leased) => putBack(leased, waiting.get(leased.id)!, 'RATE_DEFERRED')),
    ];
    return {
      records,
      send: wanted.filter(({ id }) => !waiting.has(id)),
      lookUp: reviews.flatMap((one) => (one.is === 'lookUp' ? [one.leased] : [])),
      waitUntil: Math.max(0, ...waiting.values()),
    };
  }
}
