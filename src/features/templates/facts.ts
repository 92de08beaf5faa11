import type { CalendarPart } from '../../channels/channel.ts';
import type { VisitKind } from '../../core/counter/remaining.ts';
import type { Network } from '../../core/network/network.ts';
import type { OrderData, SlotOffer } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';

/** What the words of a message are made of. */
export interface MessageFacts {
  /** At the version that the message is about. */
  readonly order: OrderData;
  /** Name of the customer; null: not known. */
  readonly customer: string | null;
  /** Has the stores of the order. */
  readonly network: Pick<Network, 'stores' | 'services'>;
  /** Of the event that caused the message; the words are right without them. */
  readonly details?: MessageDetails | null;
  readonly orderLink: string | null;
  /** Goes with what makes, moves or ends appointments, and with nothing else. */
  readonly calendar?: CalendarPart | null;
  readonly now: EpochMs;
}

/** What an event says beyond the order as it is after it. */
export interface MessageDetails {
  /**
   * Why. A code in capitals (see `reasons` of a language) becomes words, or nothing if no language knows
   * it; anything else was written by a person and is passed on.
   */
  readonly reason?: string | null;
  /** Of a finding: what it would cost, in the smallest unit of `currency` (ISO 4217). */
  readonly priceMinor?: number | null;
  readonly currency?: string | null;
  readonly explanation?: string | null;
  /** When the goods would be ready if the customer approves a finding. */
  readonly readyBy?: EpochMs | null;
  readonly photoUrl?: string | null;
  /** At the store of the visit, to choose from instead of the booked one; the first three are told. */
  readonly slots?: readonly Pick<SlotOffer, 'start' | 'end'>[] | null;
  /** Code of a service or skill, or a status of an order. */
  readonly stage?: string | null;
  /** Positions of the items that it is about; left out: all. */
  readonly items?: readonly number[] | null;
  /** Which appointment was missed or moved, or cannot be as it is booked. */
  readonly visit?: VisitKind | null;
  /** Days since the pick-up. */
  readonly overdueDay?: number | null;
  /** Until when the store keeps the goods. */
  readonly lastCollectBy?: EpochMs | null;
}
