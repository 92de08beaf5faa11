import type { VisitKind } from '../../core/counter/remaining.ts';
import type { Store } from '../../core/network/network.ts';
import { itemsInWords, phrasebookOf, wordingFor } from '../templates/index.ts';
import type { CalendarEvent } from './ical.ts';
import type { Visit } from './visit.ts';

/** The words of calendars in one language. */
interface VisitWords {
  /** What the customer does. */
  readonly mine: Readonly<Record<VisitKind, (items: string) => string>>;
  /** What the store does. */
  readonly theirs: Readonly<Record<VisitKind, (items: string) => string>>;
  readonly ticket: (code: string) => string;
  readonly myFeed: string;
  readonly storeFeed: (store: string) => string;
}

const ENGLISH: VisitWords = {
  mine: {
    DROP_OFF: (items) => `Drop off shoes: ${items}`,
    PICK_UP: (items) => `Collect shoes: ${items}`,
  },
  theirs: {
    DROP_OFF: (items) => `Drop-off: ${items}`,
    PICK_UP: (items) => `Pick-up: ${items}`,
  },
  ticket: (code) => `Ticket code: ${code}`,
  myFeed: 'Shoe care',
  storeFeed: (store) => `Visits at ${store}`,
};

const CHINESE: VisitWords = {
  mine: {
    DROP_OFF: (items) => `送鞋：${items}`,
    PICK_UP: (items) => `取鞋：${items}`,
  },
  theirs: {
    DROP_OFF: (items) => `收鞋：${items}`,
    PICK_UP: (items) => `交付：${items}`,
  },
  ticket: (code) => `取件码：${code}`,
  myFeed: '鞋履护理',
  storeFeed: (store) => `${store}的到店预约`,
};

/** By the locale of the language; one that is not here is written in English. */
const WORDS: Readonly<Record<string, VisitWords>> = { en: ENGLISH, 'zh-CN': CHINESE };

/** Whom a calendar is for: it says what they do. */
export type Reader = 'customer' | 'store';

const SEQUENCE_OF_THE_FIRST_VERSION = 1;

/** @param locale BCP 47; null: not known */
export function calendarWords(locale: string | null) {
  const wording = wordingFor(locale);
  const book = phrasebookOf(wording);
  const words = WORDS[wording.language.locale] ?? ENGLISH;
  const placeOf = ({ name, address }: Store): string =>
    [book.half(name), address].filter((part) => part !== null).join(', ');

  return {
    language: wording.language.locale,
    myFeed: words.myFeed,
    storeFeed: (store: Store): string => words.storeFeed(book.half(store.name)),
    event(visit: Visit, store: Store, reader: Reader): CalendarEvent {
      const items = itemsInWords(visit.items, book);
      const does = reader === 'store' ? words.theirs : words.mine;
      return {
        uid: visit.id,
        sequence: visit.version - SEQUENCE_OF_THE_FIRST_VERSION,
        changedAt: visit.changedAt,
        start: visit.start,
        end: visit.end,
        isCancelled: visit.status === 'CANCELLED',
        summary: does[visit.kind](items),
        location: placeOf(store),
        description: words.ticket(visit.ticketCode),
      };
    },
  };
}
