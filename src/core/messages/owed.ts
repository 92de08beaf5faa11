import type { Network } from '../network/network.ts';
import type { OrderEventFacts, OrderEventKind } from '../orders/events.ts';
import type { OrderData } from '../orders/order.ts';
import { MINUTE_MS, type EpochMs } from '../time/time.ts';
import { clockMessages, isPromiseBroken, type PlannedMessage } from './clock-messages.ts';
import { CLOCK_KINDS, ruleOf, type MessageKind } from './kinds.ts';
import type { MessagePolicy } from './policy.ts';
import { sendTime, spreadAfter } from './quiet-hours.ts';

/** Why a message is not sent although its kind is. */
export type NotOwedBecause = 'PAST_WHEN_OWED' | 'TOLD_WITH_DROP_OFF';

/** One message of an order, unique by its kind and occasion. */
export interface OwedMessage {
  readonly kind: MessageKind;
  /** What sets it apart from others of its kind: the version of an event, or a date at a store. */
  readonly occasion: string;
  readonly dueAt: EpochMs;
  /** Sending it later than this would be of no use. */
  readonly usefulUntil: EpochMs;
  /** null: it is to be sent. */
  readonly skip: NotOwedBecause | null;
}

/** What a change makes of an order's messages. */
export interface MessagePlan {
  readonly owed: readonly OwedMessage[];
  /** Kinds of which whatever is pending and not in `owed` is no longer true. */
  readonly recomputed: readonly MessageKind[];
}

/** Milliseconds, either sign, by cause: the same for the same cause, spread over some minutes. */
export type Spread = (kind: MessageKind, occasion: string) => number;

const HOUR_MS = 60 * MINUTE_MS;

/** The least time that news of a change stay of use, however near the visit is. */
const LEAST_USE_MS = 2 * HOUR_MS;

/** Events without an entry are news to nobody. */
const NEWS_OF: Readonly<Partial<Record<OrderEventKind, MessageKind>>> = {
  BOOKED: 'ORDER_BOOKED',
  MOVED: 'MOVED',
  CANCELLED: 'CANCELLED',
  RECEIVED: 'RECEIPT',
  PROGRESSED: 'PROGRESS',
  FINDING_REPORTED: 'FINDING',
  FINDING_REMINDED: 'FINDING',
  REPROMISED: 'NEW_PROMISE',
  READY: 'READY',
  COLLECTED: 'COLLECTED',
};

/** Of news that do not run out with a visit. */
const USE_MS: Readonly<Partial<Record<MessageKind, number>>> = {
  RECEIPT: 12 * HOUR_MS,
  PROGRESS: 6 * HOUR_MS,
  FINDING: 24 * HOUR_MS,
  READY: 24 * HOUR_MS,
  COLLECTED: 24 * HOUR_MS,
};

/**
 * All that is owed after an event: its own news, and the reminders that its order has from now on.
 *
 * @param order after the event
 */
export function messagesAfter(
  event: OrderEventFacts,
  order: OrderData,
  stores: Network['stores'],
  policy: MessagePolicy,
  spread: Spread,
): MessagePlan {
  const news = newsOf(event, order, stores, policy, spread);
  const reminders = messagesByClock(order, stores, policy, spread, event.at);
  const replaced = news === null ? [] : (ruleOf(news.kind).replaces as readonly MessageKind[]);
  const owed = news === null ? reminders : [news, ...reminders];
  // Of a new order nothing can be pending.
  const recomputed = event.kind === 'BOOKED' ? [] : [...replaced, ...CLOCK_KINDS];
  return { owed, recomputed };
}

/** What the order owes at times to come; what is past at `now` is skipped. */
export function messagesByClock(
  order: OrderData,
  stores: Network['stores'],
  policy: MessagePolicy,
  spread: Spread,
  now: EpochMs,
): readonly OwedMessage[] {
  return clockMessages(order, stores, policy)
    .filter(({ kind }) => !policy.off.includes(kind))
    .map((planned) => {
      const { kind, occasion, usefulUntil, zone } = planned;
      const spreadMs = spread(kind, occasion);
      const spreadAt = spreadOver(planned, spreadMs);
      const timely = { dueAt: spreadAt, usefulUntil, spreadMs };
      const dueAt = sendTime(timely, policy.quietHours, zone, now)?.at ?? spreadAt;
      const isPast = planned.isToldLate === true ? usefulUntil <= now : planned.dueAt < now;
      const skip = isPast ? 'PAST_WHEN_OWED' : planned.skip;
      return { kind, occasion, dueAt, usefulUntil, skip };
    });
}

/** Before or after its time, but neither too early nor so late that it is of no use when it is sent. */
function spreadOver({ dueAt, earliestAt, usefulUntil }: PlannedMessage, spreadMs: number): EpochMs {
  const shifted = dueAt + spreadMs;
  if (shifted >= earliestAt && shifted <= usefulUntil - MINUTE_MS) return shifted;
  if (dueAt < usefulUntil) return spreadAfter(dueAt, { usefulUntil, spreadMs });
  return Math.max(earliestAt, dueAt - Math.max(Math.abs(spreadMs), MINUTE_MS));
}

/** Null: nobody is to be told of this event. */
function newsOf(
  event: OrderEventFacts,
  order: OrderData,
  stores: Network['stores'],
  policy: MessagePolicy,
  spread: Spread,
): OwedMessage | null {
  const kind = NEWS_OF[event.kind];
  if (kind === undefined || policy.off.includes(kind)) return null;
  // A later ready-by that the booked pick-up still has room for concerns nobody.
  if (kind === 'NEW_PROMISE' && !isPromiseBroken(order)) return null;
  // There is nothing to promise: the customer is called.
  if (kind === 'NEW_PROMISE' && order.promise.choice?.isWithoutWay === true) return null;
  const occasion = `v${order.version}`;
  const usefulUntil = event.at + usefulFor(kind, order, event.at);
  const spreadMs = spread(kind, occasion);
  const { timeZone } = stores.get(order.pickUp.storeCode)!;
  const quiet = ruleOf(kind).isQuiet ? policy.quietHours : null;
  const timely = { dueAt: event.at, usefulUntil, spreadMs };
  const dueAt = sendTime(timely, quiet, timeZone, event.at)?.at ?? event.at;
  return { kind, occasion, dueAt, usefulUntil, skip: null };
}

function usefulFor(kind: MessageKind, order: OrderData, now: EpochMs): number {
  const visits = [order.dropOff.start, order.pickUp.start].filter((start) => start > now);
  const next = kind === 'NEW_PROMISE' ? order.pickUp.start : Math.min(...visits, Infinity);
  const untilVisit = Number.isFinite(next) ? next - now : 0;
  return USE_MS[kind] ?? Math.max(untilVisit, LEAST_USE_MS);
}
