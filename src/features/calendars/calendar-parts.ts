import { Inject, Injectable } from '@nestjs/common';

import type { CalendarPart } from '../../channels/channel.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { Network } from '../../core/network/network.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import { messageText } from './ical.ts';
import { calendarWords } from './visit-words.ts';
import { visitsOf } from './visit.ts';

/** What goes with each kind of message; with the others goes nothing. */
const METHODS: Partial<Readonly<Record<MessageKind, 'PUBLISH' | 'CANCEL'>>> = {
  ORDER_BOOKED: 'PUBLISH',
  MOVED: 'PUBLISH',
  CANCELLED: 'CANCEL',
};

/** The appointments of an order, to be put into the customer's own calendar. */
@Injectable()
export class CalendarParts {
  private readonly organizerUri: string;

  constructor(@Inject(CONFIG) { PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>) {
    this.organizerUri = `mailto:no-reply@${new URL(PUBLIC_URL).hostname}`;
  }

  /**
   * Visits are published, not requested: nobody reads answers to a request, and a request speaks of one
   * visit only (RFC 5546 section 3.2.2). Who publishes is the store of the drop-off, in a cancellation
   * too: calendars take one from nobody else.
   *
   * @param stores has those of the order
   * @param locale BCP 47; null: not known
   * @param now when it is said
   * @returns null: nothing goes with this kind of message, or no visit is left to tell of
   */
  of(
    kind: MessageKind,
    order: OrderData,
    stores: Network['stores'],
    locale: string | null,
    now: EpochMs,
  ): CalendarPart | null {
    const method = METHODS[kind];
    if (method === undefined) return null;
    const wanted = method === 'CANCEL' ? 'CANCELLED' : 'BOOKED';
    const words = calendarWords(locale);
    const events = visitsOf(order, now)
      .filter(({ status }) => status === wanted)
      .map((visit) => words.event(visit, stores.get(visit.storeCode)!, 'customer'));
    if (events.length === 0) return null;
    const name = stores.get(order.dropOff.storeCode)!.name;
    const organizer = { name, uri: this.organizerUri };
    return { method, content: messageText(method, organizer, events) };
  }
}
