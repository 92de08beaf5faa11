import { openingAt, openingsByDay } from '../../core/hours/openings.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { Store } from '../../core/network/network.ts';
import { pairsOf, type AppointmentData, type OrderItem } from '../../core/orders/order.ts';
import { localDayOf } from '../../core/time/local-date.ts';
import type { Interval } from '../../core/time/interval.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { MessageDetails, MessageFacts } from './facts.ts';
import { careInWords, itemLines, itemsInWords, oneLine, stageInWords } from './goods.ts';
import type { StageWords } from './language.ts';
import type { Phrasebook } from './phrasebook.ts';
import type { TemplateValues } from './template.ts';
import type { TimeWords } from './time-words.ts';

const MOST_SLOTS = 3;
/** Beyond this a store is taken to be closed for good, and no opening is told. */
const OPENING_WITHIN_DAYS = 62;
const CODE = /^[A-Z][A-Z_]*$/;

/** The values of all variables for one message. Each is computed when a text asks for it. */
export class MessageValues implements TemplateValues {
  private readonly details: MessageDetails;
  private readonly itemsMeant: readonly OrderItem[];
  private readonly dropOffAt: Store;
  private readonly pickUpAt: Store;
  private readonly dropOffWords: TimeWords;
  private readonly pickUpWords: TimeWords;
  private knownItems: string | undefined;
  private knownStage: StageWords | undefined;
  private knownCollectable: EpochMs | undefined;

  /** @throws Error if a store of the order is not in the network */
  constructor(
    private readonly kind: MessageKind,
    private readonly facts: MessageFacts,
    private readonly book: Phrasebook,
  ) {
    const { order, network, details } = facts;
    this.details = details ?? {};
    const meant = (this.details.items ?? []).flatMap((at) => order.items[at] ?? []);
    this.itemsMeant = meant.length === 0 ? order.items : meant;
    this.dropOffAt = storeOf(network.stores, order.dropOff);
    this.pickUpAt = storeOf(network.stores, order.pickUp);
    this.dropOffWords = book.times(this.dropOffAt.timeZone);
    this.pickUpWords = book.times(this.pickUpAt.timeZone);
  }

  get customer(): string | null {
    const name = oneLine(this.facts.customer ?? '');
    return name === '' ? null : name;
  }

  get items(): string {
    return (this.knownItems ??= itemsInWords(this.itemsMeant, this.book));
  }

  get itemList(): string {
    return itemLines(this.itemsMeant, this.facts.network.services, this.book);
  }

  get pairs(): number {
    return pairsOf(this.itemsMeant);
  }

  get ticketCode(): string {
    return this.facts.order.ticketCode;
  }

  get dropOffStore(): string {
    return this.book.half(this.dropOffAt.name);
  }

  get dropOffPlace(): string {
    return this.place(this.dropOffAt);
  }

  get dropOffTime(): string {
    return this.dropOffWords.moment(this.facts.order.dropOff.start);
  }

  get dropOffSlot(): string {
    return this.slot(this.dropOffWords, this.facts.order.dropOff);
  }

  get pickUpStore(): string {
    return this.book.half(this.pickUpAt.name);
  }

  get pickUpPlace(): string {
    return this.place(this.pickUpAt);
  }

  get pickUpTime(): string {
    return this.pickUpWords.moment(this.facts.order.pickUp.start);
  }

  get pickUpSlot(): string {
    return this.slot(this.pickUpWords, this.facts.order.pickUp);
  }

  get pickUpHour(): string {
    return this.pickUpWords.hour(this.facts.order.pickUp.start);
  }

  get readyDay(): string {
    return this.pickUpWords.dayPart(this.collectable, this.facts.now);
  }

  get readyTime(): string {
    return this.pickUpWords.moment(this.collectable);
  }

  get isReady(): string {
    return this.facts.order.status === 'READY' ? 'yes' : 'no';
  }

  get link(): string | null {
    return this.facts.orderLink;
  }

  get stage(): string {
    return this.stageWords.name;
  }

  get stageNow(): string {
    return this.stageWords.now;
  }

  get reason(): string | null {
    const reason = oneLine(this.details.reason ?? '');
    if (!CODE.test(reason)) return reason === '' ? null : reason;
    const { reasons } = this.book.language;
    return Object.hasOwn(reasons, reason) ? reasons[reason]! : null;
  }

  get explanation(): string | null {
    const explanation = this.details.explanation?.trim() ?? '';
    return explanation === '' ? null : explanation;
  }

  get price(): string | null {
    const { priceMinor, currency } = this.details;
    return priceMinor == null || currency == null ? null : this.book.price(priceMinor, currency);
  }

  /** For templates of a provider that take a sign and digits alone; no text names it. */
  get amount(): string | null {
    const { priceMinor, currency } = this.details;
    return priceMinor == null || currency == null ? null : this.book.amount(priceMinor, currency);
  }

  get newReadyDay(): string | null {
    const { readyBy } = this.details;
    if (readyBy == null) return null;
    return this.pickUpWords.dayPart(this.collectableFrom(readyBy), this.facts.now);
  }

  get slots(): string | null {
    const slots = (this.details.slots ?? []).slice(0, MOST_SLOTS);
    if (slots.length === 0) return null;
    const words = this.visit === 'DROP_OFF' ? this.dropOffWords : this.pickUpWords;
    return slots.map((slot) => `• ${this.slot(words, slot)}`).join('\n');
  }

  get collectFrom(): string {
    const { now } = this.facts;
    const ready = this.isReady === 'yes' ? now : Math.max(now, this.readyBy);
    const from = this.collectableFrom(ready);
    return from === now ? this.book.language.openNow : this.pickUpWords.moment(from);
  }

  get collectUntil(): string {
    const { pickUp } = this.facts.order;
    const day = Math.max(pickUp.start, this.collectableFrom(this.facts.now));
    const closes = openingAt(this.pickUpAt, day)?.end ?? pickUp.end;
    return this.pickUpWords.moment(this.details.lastCollectBy ?? closes);
  }

  get visit(): string {
    if (this.kind === 'MISSED') return this.missed.kind;
    return this.details.visit ?? 'other';
  }

  get missedSlot(): string {
    const words = this.missed.kind === 'DROP_OFF' ? this.dropOffWords : this.pickUpWords;
    return this.slot(words, this.missed);
  }

  get missedPlace(): string {
    return this.missed.kind === 'DROP_OFF' ? this.dropOffPlace : this.pickUpPlace;
  }

  get overdueDays(): number {
    const { order, now } = this.facts;
    const { timeZone } = this.pickUpAt;
    const days = localDayOf(now, timeZone) - localDayOf(order.pickUp.start, timeZone);
    return this.details.overdueDay ?? Math.max(1, days);
  }

  get lastCollectBy(): string | null {
    const { lastCollectBy } = this.details;
    return lastCollectBy == null ? null : this.pickUpWords.date(lastCollectBy);
  }

  private get readyBy(): EpochMs {
    return this.facts.order.promise.readyBy;
  }

  private get collectable(): EpochMs {
    return (this.knownCollectable ??= this.collectableFrom(this.readyBy));
  }

  private get stageWords(): StageWords {
    return (this.knownStage ??= this.findStage());
  }

  private findStage(): StageWords {
    const { order, network } = this.facts;
    const { stage } = this.details;
    if (stage != null) return stageInWords(stage, network.services, this.book);
    if (this.kind === 'RECEIPT') return careInWords(this.itemsMeant, network.services, this.book);
    return this.book.language.stages[order.status];
  }

  /** The one that the event names, else the one that is next. */
  private get missed(): AppointmentData {
    const { order } = this.facts;
    const visit = this.details.visit ?? (order.status === 'BOOKED' ? 'DROP_OFF' : 'PICK_UP');
    return visit === 'DROP_OFF' ? order.dropOff : order.pickUp;
  }

  /** The first instant from `at` on at which the pick-up store is open. */
  private collectableFrom(at: EpochMs): EpochMs {
    if (openingAt(this.pickUpAt, at) !== null) return at;
    const day = localDayOf(at, this.pickUpAt.timeZone);
    const days = openingsByDay(this.pickUpAt, day, day + OPENING_WITHIN_DAYS);
    return days.flat().find(({ start }) => start >= at)?.start ?? at;
  }

  private place({ name, address }: Store): string {
    const place = this.book.half(name);
    return address === null ? place : this.book.phrase('place', { place, address });
  }

  private slot(words: TimeWords, { start, end }: Interval): string {
    return words.slot(start, end, (day, hours) => this.book.phrase('slot', { day, hours }));
  }
}

function storeOf(stores: ReadonlyMap<string, Store>, { storeCode }: AppointmentData): Store {
  const store = stores.get(storeCode);
  if (store === undefined) throw new Error(`the chain has no store ${storeCode}`);
  return store;
}
