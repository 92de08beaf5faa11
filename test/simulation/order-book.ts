import type { VisitKind } from '../../src/core/counter/remaining.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import type { Random } from '../support/random.ts';

export interface SimItem {
  readonly description: string;
  readonly serviceCodes: readonly string[];
  readonly pairs: number;
}

/** A visit as its customer knows it. */
export interface SimVisit {
  readonly id: string;
  readonly kind: VisitKind;
  readonly storeCode: string;
  readonly start: EpochMs;
  readonly end: EpochMs;
}

/** A pair as it really is: what the service knows of it is what it was told. */
export interface SimPair {
  readonly tag: string;
  readonly order: SimOrder;
  /** Code of a store or workshop, name of a van, or `CUSTOMER`. */
  at: string;
  /** Where the last scan by its own time says that it is; scans that are kept back count too. */
  told: { readonly at: EpochMs; readonly id: string; readonly place: string };
  /**
   * Something went wrong with it, so that its scans need not fit together until it rides again as a
   * manifest lists it.
   */
  isAstray: boolean;
  /** Scans of it that are still in scanners that are offline. */
  unsent: number;
  /** In the middle of an operation, or of being looked for. */
  isBusy: boolean;
}

/** What a customer was told, as the channel had it. */
export interface Told {
  readonly kind: string;
  readonly at: EpochMs;
  /** The pick-up that the message names. */
  readonly pickUpAt: EpochMs;
}

export interface SimOrder {
  readonly no: number;
  readonly id: string;
  readonly ticketCode: string;
  readonly contact: string;
  /** Of this customer alone: what they do depends on nobody else. */
  readonly random: Random;
  readonly bookedAt: EpochMs;
  readonly isWalkIn: boolean;
  items: readonly SimItem[];
  dropOff: SimVisit;
  pickUp: SimVisit;
  state: 'BOOKED' | 'WITH_US' | 'COLLECTED' | 'CANCELLED';
  pairs: SimPair[];
  readonly told: Told[];
  /** They were told that the pick-up cannot be, and have not chosen another. */
  mustChoose: boolean;
  /** They come, or are in a store, right now. */
  isComing: boolean;
  /** They never come again by themselves. */
  hasGivenUp: boolean;
  /** When its customer came to know of the pick-up that is booked now. */
  pickUpSince: EpochMs;
  /** Raised with every new plan, so that what belongs to the old one does nothing. */
  plan: number;
}

/** All orders of a simulation, and all pairs. */
export class OrderBook {
  readonly all: SimOrder[] = [];
  readonly byId = new Map<string, SimOrder>();
  readonly pairs = new Map<string, SimPair>();
  private readonly places = new Map<string, Set<SimPair>>();

  add(order: SimOrder): void {
    this.all.push(order);
    this.byId.set(order.id, order);
  }

  addPair(pair: SimPair): void {
    this.pairs.set(pair.tag, pair);
    pair.order.pairs.push(pair);
    this.here(pair.at).add(pair);
  }

  /** Really at a place, in the order in which they came. */
  at(place: string): readonly SimPair[] {
    return [...(this.places.get(place) ?? [])];
  }

  put(pair: SimPair, place: string): void {
    this.here(pair.at).delete(pair);
    pair.at = place;
    this.here(place).add(pair);
  }

  private here(place: string): Set<SimPair> {
    const known = this.places.get(place);
    if (known !== undefined) return known;
    const made = new Set<SimPair>();
    this.places.set(place, made);
    return made;
  }
}

export const pairsIn = (items: readonly SimItem[]): number =>
  items.reduce((sum, { pairs }) => sum + pairs, 0);
