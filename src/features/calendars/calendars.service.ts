import { Inject, Injectable } from '@nestjs/common';
import { validate as isUuid } from 'uuid';

import type { Network, Store } from '../../core/network/network.ts';
import { instantAt } from '../../core/time/instant-at.ts';
import { addDays, localDateOf } from '../../core/time/local-date.ts';
import { DAY_MS, type EpochMs } from '../../core/time/time.ts';
import { Clock } from '../../platform/clock.ts';
import { CONFIG, type Config } from '../../platform/config/config.ts';
import type { CustomerCaller, SignedInCaller } from '../../platform/signin/caller.ts';
import { Capacity } from '../capacity/index.ts';
import { CalendarKeys, type CalendarScope } from './calendar-keys.ts';
import { feedText } from './ical.ts';
import { VisitReader } from './visit-reader.ts';
import { calendarWords } from './visit-words.ts';
import type { Visit } from './visit.ts';

/** How long what is over stays in a customer's calendar. */
const KEPT_MS = 30 * DAY_MS;

/** Calendars that programs subscribe to, and where they are. */
@Injectable()
export class Calendars {
  constructor(
    private readonly visits: VisitReader,
    private readonly capacity: Capacity,
    private readonly keys: CalendarKeys,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Null: there is no such store, or the caller is not of it. */
  async storeAddress(
    storeCode: string,
    locale: string | null,
    caller: SignedInCaller,
  ): Promise<string | null> {
    if (caller.role === 'staff' && !caller.stores.includes(storeCode)) return null;
    const { stores } = await this.capacity.lastSeen();
    if (!stores.has(storeCode)) return null;
    const path = `stores/${encodeURIComponent(storeCode)}`;
    return this.address(path, { of: 'store', storeCode }, locale);
  }

  /** Null: the caller has not booked anything yet. */
  async customerAddress({ contact }: CustomerCaller): Promise<string | null> {
    const customerId = await this.visits.customerOf(contact);
    if (customerId === null) return null;
    return this.address(`customers/${customerId}`, { of: 'customer', customerId }, null);
  }

  /**
   * The visits of a store, of yesterday and as far ahead as it can be booked.
   *
   * @param locale BCP 47, as in the address
   * @returns null: the key does not open it, or there is no such store
   */
  async ofStore(storeCode: string, key: string, locale: string | null): Promise<string | null> {
    if (!this.keys.opens(key, { of: 'store', storeCode })) return null;
    const { stores } = await this.capacity.lastSeen();
    const store = stores.get(storeCode);
    if (store === undefined) return null;
    const { from, to } = windowOf(store, this.clock.now());
    const visits = await this.visits.ofStore(storeCode, from, to);
    const words = calendarWords(locale);
    const events = visits.map((visit) => words.event(visit, store, 'store'));
    return feedText({ name: words.storeFeed(store), language: words.language, events });
  }

  /**
   * The visits of a customer's open orders, and of those that ended lately.
   *
   * @returns null: the key does not open it
   */
  async ofCustomer(customerId: string, key: string): Promise<string | null> {
    const opens = isUuid(customerId) && this.keys.opens(key, { of: 'customer', customerId });
    if (!opens) return null;
    const network = await this.capacity.lastSeen();
    const visits = await this.visits.ofCustomer(customerId, this.clock.now() - KEPT_MS);
    const words = calendarWords(await this.visits.localeOf(customerId));
    const events = visits.map((visit) => words.event(visit, storeOf(network, visit), 'customer'));
    return feedText({ name: words.myFeed, language: words.language, events });
  }

  private address(path: string, scope: CalendarScope, locale: string | null): string {
    const query = new URLSearchParams({ key: this.keys.keyOf(scope) });
    if (locale !== null) query.set('locale', locale);
    return `${this.config.PUBLIC_URL}/calendars/${path}.ics?${query.toString()}`;
  }
}

/** Stores are never taken out of the chain, so the one of an appointment is always there. */
const storeOf = ({ stores }: Network, { storeCode }: Visit): Store => stores.get(storeCode)!;

function windowOf(
  { timeZone, counter }: Store,
  now: EpochMs,
): { readonly from: EpochMs; readonly to: EpochMs } {
  const today = localDateOf(now, timeZone);
  return {
    from: instantAt(addDays(today, -1), 0, timeZone),
    to: instantAt(addDays(today, counter.horizonDays), 0, timeZone),
  };
}
