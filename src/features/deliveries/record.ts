import type { MessageContent, PermanentFailure, SendOutcome } from '../../channels/channel.ts';
import type { Next } from '../../core/messages/attempt.ts';
import { receiptNeed } from '../../core/messages/receipt-needs.ts';
import type { DeliveryStatus } from '../../core/messages/receipt-rank.ts';
import { advancesOn } from '../../core/messages/route.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { writeInstant } from '../../platform/graphql/instant-text.ts';
import {
  standingAfter,
  type GrantEnd,
  type SettledGrant,
  type StandingChange,
} from '../accounts/index.ts';
import type { LeasedDelivery } from './leased-delivery.ts';

/** One attempt as it was made. */
export interface MadeAttempt {
  readonly at: EpochMs;
  readonly outcome: SendOutcome;
  /** null: there were none, as they could not be put. */
  readonly content: MessageContent | null;
}

/** What is kept of an attempt. What the provider said is for staff and never leaves the service whole. */
export interface AttemptEntry {
  readonly at: string;
  readonly outcome: SendOutcome['outcome'];
  readonly because: string | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** What becomes of the message that a delivery is of. */
export interface MessageEffect {
  readonly state: 'OWED' | 'DONE' | 'FAILED' | 'SKIPPED';
  readonly reason: string | null;
}

/** All of it, while it may be sent again. */
export type KeptContent =
  MessageContent | Pick<MessageContent, 'kind' | 'locale' | 'title' | 'text'>;

/** What is written of a delivery, under the fence that its worker was given. */
export interface DeliveryRecord {
  readonly leased: Pick<LeasedDelivery, 'id' | 'fence' | 'broadcast'> & {
    readonly message: { readonly id: string; readonly step: number };
  };
  readonly status: DeliveryStatus;
  readonly reason: string | null;
  /** null: nothing more is to be done. */
  readonly nextAt: EpochMs | null;
  readonly lookUps: number;
  readonly mayBeRepeated: boolean;
  readonly attempt: AttemptEntry | null;
  readonly content: KeptContent | null;
  readonly providerRef: string | null;
  readonly costMinor: number;
  readonly currency: string | null;
  readonly isOver: boolean;
  readonly message: MessageEffect | null;
  readonly grant: SettledGrant | null;
  readonly standing: StandingChange | null;
  /** Receipts may be waiting for the reference. */
  readonly hasReceipts: boolean;
}

/** Of a delivery at which no attempt was made. */
export const NOTHING_NEW = {
  attempt: null,
  content: null,
  providerRef: null,
  costMinor: 0,
  currency: null,
  standing: null,
  hasReceipts: false,
} as const;

/** Of a delivery about which something was found out, by an attempt or otherwise. */
export function recordOf(
  leased: LeasedDelivery,
  next: Next,
  made: MadeAttempt | null,
  now: EpochMs,
): DeliveryRecord {
  switch (next.is) {
    case 'later': {
      const { status, at: nextAt, lookUps, mayBeRepeated } = next;
      const more = { reason: null, lookUps, mayBeRepeated, isOver: false };
      const attempt = made === null ? NOTHING_NEW : attemptPart(leased, made);
      return { ...attempt, ...more, leased, status, nextAt, message: null, grant: null };
    }
    case 'accepted':
      return acceptedRecord(leased, next.status, made, now);
    case 'over': {
      const { status, reason, because } = next;
      const grant = settled(leased, grantEnd(leased, next, made));
      const { lookUps, mayBeRepeated } = leased.soFar;
      const more = { reason, lookUps, mayBeRepeated, nextAt: null, isOver: true };
      const message = overEffect(leased, because, reason);
      const attempt = made === null ? NOTHING_NEW : attemptPart(leased, made);
      return { ...attempt, ...more, leased, status, message, grant };
    }
  }
}

/** The way of nearly all. */
function acceptedRecord(
  leased: LeasedDelivery,
  status: 'ACCEPTED' | 'DELIVERED',
  made: MadeAttempt | null,
  now: EpochMs,
): DeliveryRecord {
  const { account, soFar } = leased;
  const isDelivered = status === 'DELIVERED';
  const { message, nextAt } = acceptedEffect(leased, isDelivered, now);
  const attempt = made === null ? NOTHING_NEW : attemptPart(leased, made);
  return {
    leased,
    status,
    reason: null,
    nextAt,
    lookUps: soFar.lookUps,
    mayBeRepeated: soFar.mayBeRepeated,
    attempt: attempt.attempt,
    content: attempt.content,
    providerRef: attempt.providerRef,
    costMinor: account.costMinor,
    currency: account.currency,
    isOver: isDelivered,
    message,
    grant: settled(leased, 'CONSUMED'),
    standing: null,
    hasReceipts: attempt.hasReceipts,
  };
}

/** Of a delivery that ends although nothing was found out about it. */
export function cancelled(
  leased: LeasedDelivery,
  reason: string,
  message: MessageEffect | null,
): DeliveryRecord {
  const { lookUps, mayBeRepeated, status: before } = leased.soFar;
  const maybeSent = before === 'AMBIGUOUS' || before === 'SENDING';
  return {
    ...NOTHING_NEW,
    ...{ leased, lookUps, mayBeRepeated, message, reason, nextAt: null, isOver: true },
    status: maybeSent ? 'AMBIGUOUS' : 'CANCELLED',
    grant: settled(leased, maybeSent ? 'CONSUMED' : 'RELEASED'),
  };
}

/** Of a delivery that was leased and not worked on: as it was, to be looked at again at `nextAt`. */
export function putBack(
  leased: LeasedDelivery,
  nextAt: EpochMs,
  reason: string | null = null,
): DeliveryRecord {
  const { lookUps, mayBeRepeated, status } = leased.soFar;
  const more = { message: null, grant: null, isOver: false };
  return { ...NOTHING_NEW, ...more, leased, lookUps, mayBeRepeated, status, reason, nextAt };
}

/** What an accepted delivery makes of its message, and when to look for a receipt that did not come. */
export function acceptedEffect(
  { advance, broadcast }: Pick<LeasedDelivery, 'advance' | 'broadcast'>,
  isDelivered: boolean,
  now: EpochMs,
): { readonly message: MessageEffect | null; readonly nextAt: EpochMs | null } {
  if (broadcast !== null) return { message: null, nextAt: null };
  const need = receiptNeed(advance, { acceptedAt: now, isDelivered, isRead: false }, now);
  if (need.is === 'open') return { message: null, nextAt: need.until };
  return { message: { state: 'DONE', reason: null }, nextAt: null };
}

/** Back to be owed, if its route goes on after this; the next look finds out whether there is more of it. */
export function overEffect(
  { advance, broadcast }: Pick<LeasedDelivery, 'advance' | 'broadcast'>,
  because: 'rejected' | 'exhausted' | 'ambiguous',
  reason: string,
): MessageEffect | null {
  if (broadcast !== null) return null;
  if (advancesOn(advance, because)) return { state: 'OWED', reason: null };
  return { state: 'FAILED', reason };
}

type AttemptPart = Pick<
  DeliveryRecord,
  'attempt' | 'content' | 'providerRef' | 'costMinor' | 'currency' | 'standing' | 'hasReceipts'
>;

function attemptPart(leased: LeasedDelivery, { at, outcome, content }: MadeAttempt): AttemptPart {
  const { capabilities } = leased.account.channel.descriptor;
  const isAccepted = outcome.outcome === 'accepted';
  const providerRef = isAccepted ? outcome.providerRef : null;
  return {
    attempt: {
      at: writeInstant(at),
      outcome: outcome.outcome,
      because: 'because' in outcome ? outcome.because : null,
      code: isAccepted ? null : outcome.code,
      message: isAccepted ? null : outcome.message,
    },
    content: leased.content === null && content !== null ? kept(content, outcome) : null,
    providerRef,
    costMinor: 0,
    currency: null,
    standing: outcome.outcome === 'permanent' ? standingFrom(leased, outcome, at) : null,
    hasReceipts: providerRef !== null && capabilities.receipts === 'push',
  };
}

/** Without a grant it is the address that is refused, and with one the grant. */
function standingFrom(
  { account, addressKey, way }: LeasedDelivery,
  { because, code: reason }: PermanentFailure,
  at: EpochMs,
): StandingChange | null {
  if (because === 'consent' && way.grant !== null) return null;
  const standing = standingAfter(because);
  if (standing === null) return null;
  const channel = account.channel.descriptor.name;
  return { channel, account: account.account, addressKey, standing, reason, at };
}

/** What was accepted is never composed again: then only what a person has read of it is kept. */
function kept(content: MessageContent, { outcome }: SendOutcome): KeptContent {
  if (outcome !== 'accepted') return content;
  const { kind, locale, title, text } = content;
  return { kind, locale, title, text };
}

function settled({ grantId, id }: LeasedDelivery, end: GrantEnd): SettledGrant | null {
  return grantId === null ? null : { grantId, deliveryId: id, end };
}

function grantEnd(
  { way }: LeasedDelivery,
  { status }: { readonly status: DeliveryStatus },
  made: MadeAttempt | null,
): GrantEnd {
  if (status === 'AMBIGUOUS') return 'CONSUMED';
  const outcome = made?.outcome;
  const isRefused =
    outcome?.outcome === 'permanent' &&
    (outcome.because === 'window' || (outcome.because === 'consent' && way.grant !== null));
  return isRefused ? 'CLOSED' : 'RELEASED';
}
