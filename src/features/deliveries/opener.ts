import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as newId } from 'uuid';

import type { PersonalRoute } from '../../core/messages/route.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { Recipients, type Account, type Recipient } from '../accounts/index.ts';
import { dismissalOf, personalRoute, satisfies, type Surroundings } from './choosing.ts';
import {
  DueMessages,
  type DueMessage,
  type EarlierDelivery,
  type OtherMessage,
} from './due-messages.ts';
import type { LeasedDelivery } from './leased-delivery.ts';
import { NextSteps, type NextStep } from './next-step.ts';
import type { DecidedMessage, PassedOver } from './opened-writer.ts';
import { firstStatus, Openings, type Decision } from './openings.ts';
import type { SurroundingsReader } from './surroundings.ts';

/** Most messages of one transaction. */
export const BATCH = 500;

/** What one round found due. */
export interface Opened {
  /** How many messages were looked at; none: nothing is due. */
  readonly looked: number;
  /** Leased to this process and to be sent. */
  readonly leased: readonly LeasedDelivery[];
  /** Until then some wait for their turn on an account with a limit; past: none. */
  readonly waitUntil: EpochMs;
}

/** What was read about the due messages of a round. */
interface Reading {
  readonly recipients: ReadonlyMap<string, Recipient>;
  readonly others: ReadonlyMap<string, readonly OtherMessage[]>;
  readonly earlier: ReadonlyMap<string, readonly EarlierDelivery[]>;
  readonly surroundings: Surroundings;
  readonly now: EpochMs;
}

/**
 * Turns due messages into deliveries: takes, looks at each again, chooses its step, writes all, in one
 * transaction. Whoever else looks at the same moment takes others.
 */
@Injectable()
export class Opener {
  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly due: DueMessages,
    private readonly recipients: Recipients,
    private readonly steps: NextSteps,
    private readonly openings: Openings,
  ) {}

  /** @param room how many more deliveries of an account this process can hold */
  async open(around: SurroundingsReader, room: (account: Account) => number): Promise<Opened> {
    const heldSinceMs = performance.now();
    const now = this.clock.now();
    return this.db.transaction(async (tx) => {
      const due = await this.due.take(tx, now, BATCH);
      if (due.length === 0) return { looked: 0, leased: [], waitUntil: 0 };
      const surroundings = await around.knowing(due.map(({ order }) => order));
      const reading = await this.read(tx, due, surroundings, now);
      const decisions: Decision[] = [];
      for (const message of due) decisions.push(await this.decide(tx, message, reading));
      const { leased: begun, waitUntil } = await this.openings.write(tx, decisions, room, now);
      const leased = begun.map((one) => ({ ...one, heldSinceMs }));
      return { looked: due.length, leased, waitUntil };
    });
  }

  private async read(
    tx: EntityManager,
    due: readonly DueMessage[],
    surroundings: Surroundings,
    now: EpochMs,
  ): Promise<Reading> {
    const customers = [...new Set(due.map(({ customerId }) => customerId))];
    const recipients = await this.recipients.of(tx, customers);
    const others = await this.due.others(tx, due, now);
    const earlier = await this.due.earlier(tx, due);
    return { recipients, others, earlier, surroundings, now };
  }

  private async decide(
    tx: EntityManager,
    message: DueMessage,
    { recipients, others, earlier, surroundings, now }: Reading,
  ): Promise<Decision> {
    const recipient = recipients.get(message.customerId)!;
    const ofOrder = others.get(message.order.id) ?? [];
    const route = personalRoute(message.kind, recipient, surroundings);
    const before = earlier.get(message.id) ?? [];
    if (before.some((one) => satisfies(one, route, message.kind, now))) {
      return ended(message, 'DONE', 'SATISFIED_BY_EARLIER_STEP');
    }
    const dismissal = dismissalOf(message, recipient, ofOrder, surroundings, now);
    if (dismissal?.is === 'ended') return ended(message, dismissal.state, dismissal.reason);
    if (dismissal !== null) return deferred(message, dismissal.until, dismissal.reason);
    const asking = { message, recipient, route, earlier: before, surroundings, now, newId };
    const next = await this.steps.find(tx, asking);
    if (next.targets.length === 0) return withoutTarget(message, before, next.passedOver, route);
    return opened(message, recipient, next, route);
  }
}

function ended(
  message: DueMessage,
  state: DecidedMessage['state'],
  reason: string,
  passedOver: readonly PassedOver[] = [],
): Decision {
  return { decided: { message, state, reason, dueAt: null, passedOver }, begun: [] };
}

function deferred(message: DueMessage, dueAt: EpochMs, reason: string): Decision {
  return { decided: { message, state: 'OWED', reason, dueAt, passedOver: [] }, begun: [] };
}

/** The end of the route: as the last step that was taken says, else as the first that could not be. */
function withoutTarget(
  message: DueMessage,
  before: readonly EarlierDelivery[],
  passedOver: readonly PassedOver[],
  route: PersonalRoute,
): Decision {
  const last = before.at(-1);
  if (last !== undefined) {
    const isWithProvider = last.status === 'ACCEPTED' || last.status === 'SENT';
    if (isWithProvider || last.status === 'DELIVERED') return ended(message, 'DONE', 'NO_RECEIPT');
    return ended(message, 'FAILED', last.reason ?? 'UNDELIVERED', passedOver);
  }
  const isOff = passedOver.length === 0 && (route.mode === 'broadcast' || route.steps.length === 0);
  if (isOff) return ended(message, 'SKIPPED', 'OPTED_OUT');
  const telling = passedOver.find(({ reason }) => reason !== 'NO_ADDRESS') ?? passedOver[0];
  return ended(message, 'FAILED', telling?.reason ?? 'NO_ADDRESS', passedOver);
}

function opened(
  message: DueMessage,
  recipient: Recipient,
  { targets, passedOver }: NextStep,
  route: PersonalRoute,
): Decision {
  const broadcast = route.mode === 'broadcast' ? route : null;
  const begun = targets.map(({ deliveryId: id, account, way, address, addressKey, ...target }) => ({
    delivery: {
      id,
      message,
      account,
      way: way.name,
      address,
      addressKey,
      grantId: target.grantId,
      status: firstStatus(account),
      parkedUntil: null,
    },
    leased: {
      id,
      fence: 1,
      message,
      recipient,
      account,
      way,
      address,
      addressKey,
      soFar: NOT_TRIED,
      content: null,
      grantId: target.grantId,
      broadcast,
      advance: target.advance,
    },
  }));
  return { decided: { message, state: 'OPEN', reason: null, dueAt: null, passedOver }, begun };
}

const NOT_TRIED = {
  status: 'CREATED',
  tries: 0,
  firstAttemptAt: null,
  lastAttemptAt: null,
  lookUps: 0,
  mayBeRepeated: false,
} as const;
