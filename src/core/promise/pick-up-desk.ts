import { shelfOf } from '../claims/resource.ts';
import type { Usage } from '../claims/usage.ts';
import { remainingOf } from '../counter/remaining.ts';
import {
  firstBookable,
  lastBookableDate,
  slotAt,
  slotsOf,
  type CounterSlot,
} from '../counter/slots.ts';
import type { Store } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { dateOfDay, dayNumber, localDayOf } from '../time/local-date.ts';
import { MINUTE_MS, type EpochMs, type TimeZone } from '../time/time.ts';
import { offsetMs } from '../time/zone-offset.ts';

export interface DeskQuestion {
  readonly store: Store;
  /** Of the visit. */
  readonly pairs: number;
  /** Those of them that arrive together. */
  readonly shelfPairs: number;
  readonly now: EpochMs;
  /** The slot that the customer wants; null: the first one that is free. */
  readonly pickUpStart: EpochMs | null;
  /** As if the shelf had no limit. */
  readonly ignoresShelf?: boolean;
}

/** Local dates on the store's shelf, as day numbers, both included. */
export interface ShelfDays {
  readonly first: number;
  readonly last: number;
}

/** What the pick-up store says to goods that arrive: is there a slot to collect them, and room till then? */
export class PickUpDesk {
  /** Arrivals after it are refused, whatever is taken. */
  readonly lastArrival: EpochMs;
  /** Some arrival was refused for nothing but the shelf. */
  isShelfInTheWay = false;

  private readonly lastReadyBy: EpochMs;
  private readonly firstStart: EpochMs;
  private readonly lastDay: number;
  /** Answers asked for lately: the first free slot of all ready-bys from `from` to its start. */
  private known: { readonly from: EpochMs; readonly slot: CounterSlot } | null = null;
  /** No slot is free from then on. */
  private noneFrom = Infinity;

  constructor(
    private readonly question: DeskQuestion,
    private readonly usage: Usage,
  ) {
    const { store, now, pickUpStart } = question;
    this.firstStart = firstBookable(store, now);
    this.lastDay = dayNumber(lastBookableDate(store, now));
    this.lastReadyBy = pickUpStart ?? instantOfDay(this.lastDay + 2, 0, store.timeZone);
    this.lastArrival = this.lastReadyBy - store.putAwayMin * MINUTE_MS;
  }

  /** The same desk as if the shelf had no limit. */
  withoutShelf(): PickUpDesk {
    return new PickUpDesk({ ...this.question, ignoresShelf: true }, this.usage);
  }

  /** Goods that came before now may have been ready before: they are ready now. */
  readyBy(arrival: EpochMs): EpochMs {
    const { store, now } = this.question;
    return Math.max(now, arrival + store.putAwayMin * MINUTE_MS);
  }

  /** Goods that arrive now are collected in a slot, and the shelf has room for them until its date. */
  accepts(arrival: EpochMs): boolean {
    if (arrival > this.lastArrival) return false;
    const readyBy = this.readyBy(arrival);
    if (readyBy > this.lastReadyBy) return false;
    const slot = this.slotFor(readyBy);
    if (slot === null) return false;
    if (this.question.ignoresShelf === true || this.hasShelf(this.shelfDays(readyBy, slot)))
      return true;
    this.isShelfInTheWay = true;
    return false;
  }

  /**
   * The first instant from `finish` on at which goods that need no ride can come. The answer for one
   * ready-by holds for every later one of its date that is accepted, so only midnights are tried.
   *
   * @returns Infinity: none
   */
  firstAccepted(finish: EpochMs): EpochMs {
    const { store } = this.question;
    let day = localDayOf(this.readyBy(finish), store.timeZone);
    for (let arrival = finish; arrival <= this.lastArrival; day++) {
      if (this.accepts(arrival)) return arrival;
      const midnight = instantOfDay(day + 1, 0, store.timeZone);
      arrival = Math.max(arrival, midnight - store.putAwayMin * MINUTE_MS);
    }
    return Infinity;
  }

  /** The first bookable slot from `readyBy` on; the wanted one if no other is free; null: none. */
  slotFor(readyBy: EpochMs): CounterSlot | null {
    const { store, pickUpStart } = this.question;
    const free = this.freeSlot(readyBy);
    if (free !== null || pickUpStart === null) return free;
    return readyBy <= pickUpStart ? slotAt(store, pickUpStart) : null;
  }

  /** The days on the shelf of goods that arrive at an instant for which there is a slot. */
  shelfDaysOf(arrival: EpochMs): ShelfDays {
    const readyBy = this.readyBy(arrival);
    return this.shelfDays(readyBy, this.slotFor(readyBy)!);
  }

  /** From the date of ready-by to that of the wanted slot, else of the first free one. */
  private shelfDays(readyBy: EpochMs, slot: CounterSlot): ShelfDays {
    const { store, pickUpStart } = this.question;
    return {
      first: localDayOf(readyBy, store.timeZone),
      last: localDayOf(pickUpStart ?? slot.start, store.timeZone),
    };
  }

  /** Those of the days on which the shelf has no room, by instant of their start. */
  fullShelfDays({ first, last }: ShelfDays): readonly EpochMs[] {
    const full: EpochMs[] = [];
    for (let day = first; day <= last; day++) {
      const start = instantOfDay(day, 0, this.question.store.timeZone);
      if (!this.hasShelfOn(start)) full.push(start);
    }
    return full;
  }

  private hasShelf({ first, last }: ShelfDays): boolean {
    const { store } = this.question;
    if (store.shelfPairs === null) return true;
    for (let day = first; day <= last; day++) {
      if (!this.hasShelfOn(instantOfDay(day, 0, store.timeZone))) return false;
    }
    return true;
  }

  private hasShelfOn(start: EpochMs): boolean {
    const { store, shelfPairs } = this.question;
    if (store.shelfPairs === null) return true;
    return this.usage.taken(shelfOf(store.code), start) + shelfPairs <= store.shelfPairs;
  }

  private freeSlot(readyBy: EpochMs): CounterSlot | null {
    const from = Math.max(readyBy, this.firstStart);
    const { known } = this;
    if (known !== null && known.from <= from && from <= known.slot.start) return known.slot;
    if (from >= this.noneFrom) return null;
    const slot = this.findSlot(from);
    if (slot === null) this.noneFrom = from;
    else this.known = { from, slot };
    return slot;
  }

  private findSlot(from: EpochMs): CounterSlot | null {
    const { timeZone } = this.question.store;
    const day = localDayOf(from, timeZone);
    // A clock set back at midnight shows yesterday's date again: slots of two dates can be out of order.
    const first = isSetBackAfter(from, timeZone) ? day - 1 : day;
    let best: CounterSlot | null = null;
    for (let at = first; at <= this.lastDay && best === null; at++) {
      best = this.findSlotOn(at, from);
      if (best === null || !isSetBackAfter(best.start - SET_BACK_MS, timeZone)) continue;
      const next = at < this.lastDay ? this.findSlotOn(at + 1, from) : null;
      if (next !== null && next.start < best.start) best = next;
    }
    return best;
  }

  private findSlotOn(day: number, from: EpochMs): CounterSlot | null {
    const { store, pairs } = this.question;
    const date = dateOfDay(day);
    for (const slot of slotsOf(store, date, date)) {
      if (slot.start < from) continue;
      if (remainingOf(store, slot, 'PICK_UP', pairs, this.usage) > 0) return slot;
    }
    return null;
  }
}

/** No clock is set back further. */
const SET_BACK_MS = 3 * 60 * MINUTE_MS;

function isSetBackAfter(instant: EpochMs, zone: TimeZone): boolean {
  return offsetMs(zone, instant) > offsetMs(zone, instant + SET_BACK_MS);
}
