import { whenDue, type DeliverySoFar, type Doing, type Next } from '../../core/messages/attempt.ts';
import { ruleOf } from '../../core/messages/kinds.ts';
import { isStillTrue } from '../../core/messages/clock-messages.ts';
import { receiptNeed } from '../../core/messages/receipt-needs.ts';
import { isFailure } from '../../core/messages/receipt-rank.ts';
import { advanceOf, type PersonalRoute } from '../../core/messages/route.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { Account, Recipient } from '../accounts/index.ts';
import { quietDismissal, satisfies, type Surroundings } from './choosing.ts';
import type { ClaimedDelivery } from './claims.ts';
import type { EarlierDelivery } from './due-messages.ts';
import { rulesOf, type LeasedDelivery } from './leased-delivery.ts';
import {
  cancelled,
  NOTHING_NEW,
  overEffect,
  putBack,
  recordOf,
  type DeliveryRecord,
  type MadeAttempt,
} from './record.ts';

/** What a worker does with a delivery that it took over. */
export type Review =
  | { readonly is: 'send' | 'lookUp'; readonly leased: LeasedDelivery }
  | { readonly is: 'decided'; readonly record: DeliveryRecord };

/** What a review looks at. */
export interface Reviewing {
  readonly claimed: ClaimedDelivery;
  readonly account: Account;
  readonly recipient: Recipient;
  readonly route: PersonalRoute;
  /** Deliveries of the same message, this one among them. */
  readonly earlier: readonly EarlierDelivery[];
  readonly surroundings: Surroundings;
  readonly now: EpochMs;
  readonly random: number;
}

/** Decides from what is stored; nothing is remembered from before. */
export function review(reviewing: Reviewing): Review {
  const { claimed, now } = reviewing;
  const leased = leasedFrom(reviewing);
  if (hasAnswer(claimed)) return decided(answered(claimed, leased, now));
  const dismissal = dismissed(reviewing, leased);
  if (dismissal !== null) return decided(dismissal);
  const doing = doingFor(reviewing, leased);
  if (doing.is === 'decided') {
    return decided(recordOf(leased, doing.next, lostAttempt(reviewing), now));
  }
  if (doing.is === 'lookUp') return { is: 'lookUp', leased };
  if (!reviewing.account.isEnabled) return decided(recordOf(leased, NO_ACCOUNT, null, now));
  const quiet = quietDismissal(claimed.message, reviewing.recipient, reviewing.surroundings, now);
  if (quiet?.is === 'deferred') return decided(putBack(leased, quiet.until, quiet.reason));
  if (quiet !== null) return decided(recordOf(leased, TOO_LATE, null, now));
  return { is: 'send', leased };
}

/** Of a delivery whose account is no longer there or cannot be used as it is. */
export function withoutAccount(claimed: ClaimedDelivery, route: PersonalRoute): DeliveryRecord {
  const { id, fence, status, lookUps, mayBeRepeated, step, grantId } = claimed;
  const broadcast = route.mode === 'broadcast' ? route : null;
  const leased = { id, fence, broadcast, message: { id: claimed.message.id, step } };
  const maybeSent = status === 'SENDING' || status === 'AMBIGUOUS';
  const advance = advanceOf(route, claimed, claimed.message.kind);
  const because = maybeSent ? 'ambiguous' : 'rejected';
  const reason = maybeSent ? 'NOBODY_KNOWS' : 'CONFIGURATION';
  const end = maybeSent ? 'CONSUMED' : 'RELEASED';
  const grant = grantId === null ? null : ({ grantId, deliveryId: id, end } as const);
  const over = {
    ...NOTHING_NEW,
    leased,
    lookUps,
    mayBeRepeated,
    nextAt: null,
    isOver: true,
    grant,
  };
  if (hasAnswer(claimed)) return { ...over, status, reason: claimed.reason, message: null };
  const message = overEffect({ advance, broadcast }, because, reason);
  return { ...over, status: maybeSent ? 'AMBIGUOUS' : 'FAILED', reason, message };
}

const decided = (record: DeliveryRecord): Review => ({ is: 'decided', record });

const NO_ACCOUNT: Next = {
  is: 'over',
  status: 'FAILED',
  because: 'rejected',
  reason: 'CONFIGURATION',
};

const TOO_LATE: Next = {
  is: 'over',
  status: 'EXPIRED',
  because: 'exhausted',
  reason: 'EXPIRED_BEFORE_SEND',
};

function leasedFrom(reviewing: Reviewing): LeasedDelivery {
  const { claimed, account, recipient, route } = reviewing;
  const { id, fence, heldSinceMs, wayName, address, addressKey, content, grantId } = claimed;
  // The step of the delivery, as its message may have gone on to another.
  const message = { ...claimed.message, step: claimed.step };
  const ways = account.channel.ways(account.settings, ruleOf(message.kind).name);
  const way = ways.find(({ name }) => name === wayName) ?? { name: wayName, grant: null };
  return {
    ...{ id, fence, heldSinceMs, message, recipient, account, way, address, addressKey },
    ...{ content, grantId, soFar: soFarOf(reviewing) },
    broadcast: route.mode === 'broadcast' ? route : null,
    advance: advanceOf(route, claimed, claimed.message.kind),
  };
}

/** What its worker died over counts as an attempt. */
function soFarOf({ claimed, now }: Reviewing): DeliverySoFar {
  const { attempts, firstAttemptAt, lookUps, mayBeRepeated } = claimed;
  const lostAt = lostAttemptAt(claimed, now);
  const last = attempts.at(-1);
  return {
    status: isOpen(claimed.status) ? claimed.status : 'CREATED',
    tries: attempts.length + (lostAt === null ? 0 : 1),
    firstAttemptAt: firstAttemptAt ?? lostAt,
    lastAttemptAt: lostAt ?? (last === undefined ? null : Date.parse(last.at)),
    lookUps,
    mayBeRepeated,
  };
}

/** A first attempt cannot have been made before the delivery was there; of a later one only the end is known. */
function lostAttemptAt(
  { status, attempts, createdAt }: ClaimedDelivery,
  now: EpochMs,
): EpochMs | null {
  if (status !== 'SENDING') return null;
  return attempts.length === 0 ? createdAt : now;
}

const isOpen = (status: string): status is DeliverySoFar['status'] =>
  status === 'CREATED' || status === 'SENDING' || status === 'RETRYING' || status === 'AMBIGUOUS';

const hasAnswer = ({ status }: ClaimedDelivery): boolean => !isOpen(status);

/** What receipts made of a delivery that the provider has. */
function answered(
  { status, reason, isRead, attempts, createdAt }: ClaimedDelivery,
  leased: LeasedDelivery,
  now: EpochMs,
): DeliveryRecord {
  const { lookUps, mayBeRepeated } = leased.soFar;
  const grant =
    leased.grantId === null
      ? null
      : { grantId: leased.grantId, deliveryId: leased.id, end: 'CONSUMED' as const };
  const same = { ...NOTHING_NEW, leased, status, reason, lookUps, mayBeRepeated, grant };
  if (isFailure(status)) {
    const message = overEffect(leased, 'rejected', reason ?? 'UNDELIVERED');
    return { ...same, nextAt: null, isOver: true, message };
  }
  const isDelivered = status === 'DELIVERED';
  if (leased.broadcast !== null)
    return { ...same, nextAt: null, isOver: isDelivered, message: null };
  const acceptedAt = Date.parse(attempts.at(-1)?.at ?? new Date(createdAt).toISOString());
  const need = receiptNeed(leased.advance, { acceptedAt, isDelivered, isRead }, now);
  switch (need.is) {
    case 'met':
      return {
        ...same,
        nextAt: null,
        isOver: isDelivered,
        message: { state: 'DONE', reason: null },
      };
    case 'open':
      return { ...same, nextAt: need.until, isOver: false, message: null };
    case 'missed': {
      const message = { state: 'OWED' as const, reason: 'NO_RECEIPT' };
      return { ...same, reason: 'NO_RECEIPT', nextAt: null, isOver: false, message };
    }
  }
}

/** Null: it is still to be worked on. */
function dismissed(reviewing: Reviewing, leased: LeasedDelivery): DeliveryRecord | null {
  const { claimed, route, earlier, surroundings, now } = reviewing;
  const { message, messageState: state } = claimed;
  const isItsTurn = message.step === claimed.step || route.mode === 'broadcast';
  const isWanted = state === 'OPEN' || (state === 'DONE' && route.mode === 'broadcast');
  if (!isWanted || !isItsTurn) {
    return cancelled(leased, state === 'DONE' ? 'SATISFIED' : 'STALE_EVENT', null);
  }
  const others = earlier.filter(
    (one) => one.channel !== claimed.channel || one.account !== claimed.account,
  );
  if (route.mode === 'fallback' && others.some((one) => satisfies(one, route, message.kind, now))) {
    const reason = 'SATISFIED_BY_EARLIER_STEP';
    return cancelled(leased, reason, { state: 'DONE', reason });
  }
  // Of one that may have been sent only what is known of it matters.
  if (leased.soFar.status === 'AMBIGUOUS' || leased.soFar.status === 'SENDING') return null;
  if (isStillTrue(message.kind, message.order, surroundings.policy, now)) return null;
  return cancelled(leased, 'STALE_EVENT', { state: 'SKIPPED', reason: 'STALE_EVENT' });
}

function doingFor({ now, random }: Reviewing, leased: LeasedDelivery): Doing {
  return whenDue(leased.soFar, rulesOf(leased), now, random);
}

/** Kept with the attempts, so that they are counted and seen. */
function lostAttempt({ claimed, now }: Reviewing): MadeAttempt | null {
  const at = lostAttemptAt(claimed, now);
  if (at === null) return null;
  const outcome = {
    outcome: 'ambiguous',
    code: 'WORKER_LOST',
    message: 'nobody recorded it',
  } as const;
  return { at, outcome, content: null };
}
