import type { MessageContent, Way } from '../../channels/channel.ts';
import type { AttemptRules, DeliverySoFar } from '../../core/messages/attempt.ts';
import { ruleOf, type MessageKind } from '../../core/messages/kinds.ts';
import type { Advance } from '../../core/messages/policy.ts';
import type { PersonalRoute } from '../../core/messages/route.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { Account, Recipient } from '../accounts/index.ts';

/** How long a delivery is one worker's. A dead worker's deliveries are taken over this much later. */
export const LEASE_SEC = 20;

/** No attempt starts later than this after its lease began: it is over before the lease is. */
export const LATEST_START_MS = (LEASE_SEC * 1000) / 2;

/** What is owed, as far as sending it goes. */
export interface MessageHead {
  readonly id: string;
  readonly kind: MessageKind;
  readonly occasion: string;
  readonly step: number;
  readonly usefulUntil: EpochMs;
  readonly order: OrderData;
  readonly cause: MessageCause;
}

/** What the event that caused a message says beyond the order. */
export interface MessageCause {
  readonly reason: string | null;
  readonly details: object | null;
  /** Which appointment the event moved. */
  readonly moved: 'DROP_OFF' | 'PICK_UP' | null;
}

/** A delivery that this process may work on until its lease ends. */
export interface LeasedDelivery {
  readonly id: string;
  readonly fence: number;
  /** By `performance.now()`, from before the lease began. */
  readonly heldSinceMs: number;
  readonly message: MessageHead;
  readonly recipient: Recipient;
  readonly account: Account;
  readonly way: Way;
  readonly address: unknown;
  readonly addressKey: string;
  readonly soFar: DeliverySoFar;
  /** The words of the first attempt; null before it. */
  readonly content: MessageContent | null;
  /** Reserved for it and not yet settled. */
  readonly grantId: string | null;
  /** The route, if it sends to all its targets at once. */
  readonly broadcast: Broadcast | null;
  /** When the next step of the route is taken. */
  readonly advance: readonly Advance[];
}

export type Broadcast = Extract<PersonalRoute, { mode: 'broadcast' }>;

/** What decides about the attempts of a delivery. */
export function rulesOf({
  account,
  message,
  way,
}: Pick<LeasedDelivery, 'account' | 'message' | 'way'>): AttemptRules {
  const { capabilities } = account.channel.descriptor;
  return {
    repeats: capabilities.idempotency,
    hasReceipts: capabilities.receipts === 'push',
    guarantee: ruleOf(message.kind).guarantee,
    usefulUntil: message.usefulUntil,
    usesOneGrant: way.grant?.is === 'oneTime',
  };
}

/** Nobody could tell whether an attempt that was not recorded was made: such go one after the other. */
export const goesAlone = ({ channel }: Account): boolean =>
  channel.descriptor.capabilities.idempotency.is === 'none';

export const placeOf = ({ channel, account }: Account): string =>
  `${channel.descriptor.name}/${account}`;
