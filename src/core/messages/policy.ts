import type { MinuteOfDay } from '../time/time.ts';
import type { MessageKind } from './kinds.ts';

/** From `from` until `to` on the wall clock, past midnight if `to` is not after `from`; equal: never. */
export interface QuietHours {
  readonly from: MinuteOfDay;
  readonly to: MinuteOfDay;
}

/** When the next step of a route is taken although this one was tried. */
export type Advance =
  /** The provider, the person or a missing address said no. */
  | { readonly on: 'rejected' }
  /** Tried as often as is useful. */
  | { readonly on: 'exhausted' }
  /** Nobody can tell whether it was sent. */
  | { readonly on: 'ambiguous' }
  /** No receipt said that it had come that far in time. */
  | { readonly on: 'noReceipt'; readonly of: 'delivered' | 'read'; readonly withinSec: number };

export interface RouteStep {
  readonly channel: string;
  /** null: the account named `default`. */
  readonly account: string | null;
  readonly advance: readonly Advance[];
}

/** How a message reaches a person: step after step until one does, or all at once. */
export type Route =
  | { readonly mode: 'fallback'; readonly steps: readonly RouteStep[] }
  /** Done when one target, or each that is not optional, has accepted it. */
  | {
      readonly mode: 'broadcast';
      readonly success: 'any' | 'all';
      readonly targets: readonly BroadcastTarget[];
    };

export interface BroadcastTarget {
  readonly channel: string;
  readonly account: string | null;
  readonly isOptional: boolean;
}

/** Reminder hours of one store that are not the chain's. */
export interface StoreHours {
  readonly dropOffReminderAt: MinuteOfDay | null;
  readonly pickUpReminderAt: MinuteOfDay | null;
}

/** What headquarters decide about messages. Times of day are the store's. */
export interface MessagePolicy {
  /** Language of customers who never said which they speak, BCP 47. */
  readonly locale: string;
  /** Where a customer sees and changes an order; `{id}` stands for the order. null: nowhere. */
  readonly orderLink: string | null;
  /** On the day before the drop-off. */
  readonly dropOffReminderAt: MinuteOfDay;
  /** A reminder of a drop-off never comes later than this before it. */
  readonly dropOffReminderLeastMin: number;
  /** On the day before the pick-up. */
  readonly pickUpReminderAt: MinuteOfDay;
  /** On the day: this long before the pick-up, but not before the store opens. */
  readonly pickUpDayLeadMin: number;
  /** After the end of a slot, until a visit counts as missed. */
  readonly graceMin: number;
  /** Days after the pick-up on which goods that lie ready are called to mind. Growing. */
  readonly overdueDays: readonly number[];
  readonly overdueAt: MinuteOfDay;
  /** null: there are none. */
  readonly quietHours: QuietHours | null;
  /** Kinds that nobody gets. */
  readonly off: readonly MessageKind[];
  readonly stores: Readonly<Record<string, StoreHours>>;
  /** Of kinds that have one of their own; the others go by `defaultRoute`. */
  readonly routes: Readonly<Partial<Record<MessageKind, Route>>>;
  /** null: every enabled account for customers, one after the other in the order of the channels' list. */
  readonly defaultRoute: Route | null;
}

/** What holds until headquarters say otherwise. */
export const DEFAULT_POLICY: MessagePolicy = {
  locale: 'en',
  orderLink: null,
  dropOffReminderAt: 18 * 60,
  dropOffReminderLeastMin: 120,
  pickUpReminderAt: 18 * 60,
  pickUpDayLeadMin: 180,
  graceMin: 15,
  overdueDays: [1, 3, 7, 14, 30],
  overdueAt: 10 * 60,
  quietHours: { from: 21 * 60, to: 8 * 60 },
  off: [],
  stores: {},
  routes: {},
  defaultRoute: null,
};
