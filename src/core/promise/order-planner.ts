import { normalLimitedClaims, type LimitedClaim } from '../claims/claim.ts';
import type { Usage } from '../claims/usage.ts';
import type { Store } from '../network/network.ts';
import { instantOfDay } from '../time/instant-at.ts';
import { localDayOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import type { Coverage } from './coverage.ts';
import { inOrder, wayDelays } from './delays.ts';
import type { FoundWay, WayQuestion } from './found-way.ts';
import { PickUpDesk, type ShelfDays } from './pick-up-desk.ts';
import type { Plan, PlanDelay } from './plan.ts';
import { shelfClaims, stepsInOrder, stepsOf, wayClaims } from './steps.ts';
import { storeDelays } from './store-delays.ts';
import type { Timetable } from './timetable.ts';
import type { WayFinder } from './way-finder.ts';

/** Goods of an order that are in one place, or will be. Without workshops: no work is left. */
export type Goods = Omit<WayQuestion, 'desk'>;

/** A request with its stores and workshops found. */
export interface OrderQuestion {
  readonly goods: readonly Goods[];
  readonly store: Store;
  readonly now: EpochMs;
  readonly coverage: Coverage;
}

/** The pick-up that the shelf must last for; null: the first one that is free. */
type PickUp = EpochMs | null;

/** The way of some of the goods, in what the others ahead of them leave. */
interface Part {
  readonly goods: Goods;
  readonly desk: PickUpDesk;
  readonly way: FoundWay;
  readonly readyBy: EpochMs;
  readonly shelf: ShelfDays;
  readonly delays: readonly PlanDelay[];
}

/**
 * The plan of an order whose goods may be in several places.
 *
 * Each group of goods goes by the best way that is left by those ahead of it in the order stated, so the
 * order as a whole may be ready sooner by another order of its groups. It is ready with the last of them.
 * Without a wished pick-up, the first free slot from the ready-by of all counts as wished if the shelf can
 * hold all of the goods until its date, else the first free slot of each later date is tried in turn.
 */
export class OrderPlanner {
  constructor(
    private readonly timetable: Timetable,
    private readonly finder: WayFinder,
    private readonly usage: Usage,
  ) {}

  /** For the pick-up that is wished for if that can be met, else for the first one that can. */
  find(question: OrderQuestion, wished: PickUp): Plan | null {
    if (wished === null) return this.forFirst(question);
    const parts = this.inTurn(question, wished);
    if (parts !== null) return this.planOf(question, parts, wished);
    return this.forFirst(question, this.shelfInTheWay(question, wished));
  }

  private forFirst(question: OrderQuestion, fullShelfDates: readonly EpochMs[] = []): Plan | null {
    const parts = this.inTurn(question, null);
    if (parts === null) return null;
    const plan = this.planOf(question, parts, null, fullShelfDates);
    if (parts.length === 1 || this.hasRoom(plan.claims)) return plan;
    const { timeZone } = question.store;
    const { desk } = parts[0]!;
    const passed = [...fullShelfDates, ...this.shelfInTheWay(question, plan.earliestPickUp.start)];
    let slot = desk.slotFor(plan.readyBy);
    while (slot !== null) {
      const together = this.inTurn(question, slot.start);
      if (together !== null) return this.planOf(question, together, slot.start, passed);
      const midnight = instantOfDay(localDayOf(slot.start, timeZone) + 1, 0, timeZone);
      slot = desk.slotFor(Math.max(midnight, slot.start + 1));
    }
    return null;
  }

  /** null: there is no way for some of the goods. */
  private inTurn(question: OrderQuestion, pickUp: PickUp, index = 0): readonly Part[] | null {
    const part = this.part(question, question.goods[index]!, pickUp);
    if (part === null) return null;
    if (index === question.goods.length - 1) return [part];
    const others = this.usage.withAlso(claimsOf(question.store, part, part.shelf.last), () =>
      this.inTurn(question, pickUp, index + 1),
    );
    return others === null ? null : [part, ...others];
  }

  private part(question: OrderQuestion, goods: Goods, pickUp: PickUp): Part | null {
    const desk = this.deskOf(question, goods.load.pairs, pickUp);
    const way = this.wayOf(question, goods, desk);
    if (way === null) return null;
    const { store } = question;
    const passed = desk.isShelfInTheWay ? this.passedShelf(goods, desk, way) : [];
    return {
      goods,
      desk,
      way,
      readyBy: desk.readyBy(way.arrival),
      shelf: desk.shelfDaysOf(way.arrival),
      delays: [
        ...wayDelays(this.timetable, way, goods),
        ...passed.map((at): PlanDelay => ({ kind: 'SHELF_FULL', code: store.code, at })),
      ],
    };
  }

  private wayOf({ coverage }: OrderQuestion, goods: Goods, desk: PickUpDesk): FoundWay | null {
    const hasWork = goods.load.skills.length > 0;
    const question = { ...goods, desk };
    return hasWork
      ? this.finder.find(question, coverage)
      : this.finder.findDirect(question, coverage);
  }

  private planOf(
    question: OrderQuestion,
    parts: readonly Part[],
    pickUp: PickUp,
    fullShelfDates: readonly EpochMs[] = [],
  ): Plan {
    const { store, now } = question;
    const { readyBy, desk } = parts.reduce((a, b) => (b.readyBy > a.readyBy ? b : a));
    const slot = desk.slotFor(readyBy)!;
    const last = localDayOf(pickUp ?? slot.start, store.timeZone);
    const wait = { store, usage: this.usage, now, pairs: pairsOf(question), readyBy, slot };
    return {
      readyBy,
      earliestPickUp: slot,
      steps: stepsInOrder(parts.map((part) => stepsOf(part.way, store, part.readyBy))),
      delays: inOrder([
        ...parts.flatMap(({ delays }) => delays),
        ...storeDelays({ ...wait, fullShelfDates }),
      ]),
      claims: normalLimitedClaims(parts.flatMap((part) => claimsOf(store, part, last))),
    };
  }

  private hasRoom(claims: readonly LimitedClaim[]): boolean {
    return claims.every(
      ({ resource, start, amount, limit }) =>
        limit === null || this.usage.taken(resource, start) + amount <= limit,
    );
  }

  /** The dates on which a full shelf kept goods out that the way could have brought sooner. */
  private passedShelf(goods: Goods, shelfDesk: PickUpDesk, way: FoundWay): readonly EpochMs[] {
    const desk = shelfDesk.withoutShelf();
    const arrival = this.finder.arrivalFrom({ ...goods, desk }, way);
    if (arrival >= way.arrival) return [];
    const first = desk.shelfDaysOf(arrival).first;
    return desk.fullShelfDays({ first, last: desk.shelfDaysOf(way.arrival).first - 1 });
  }

  /** The full dates of the shelf that alone keep goods from being ready for the wanted pick-up. */
  private shelfInTheWay(question: OrderQuestion, pickUp: EpochMs): readonly EpochMs[] {
    const dates: EpochMs[] = [];
    for (const goods of question.goods) {
      const desk = this.deskOf(question, goods.load.pairs, pickUp).withoutShelf();
      const way = this.wayOf(question, goods, desk);
      if (way === null) return [];
      dates.push(...desk.fullShelfDays(desk.shelfDaysOf(way.arrival)));
    }
    return dates;
  }

  private deskOf(question: OrderQuestion, shelfPairs: number, pickUpStart: PickUp): PickUpDesk {
    const { store, now } = question;
    const pairs = pairsOf(question);
    return new PickUpDesk({ store, pairs, shelfPairs, now, pickUpStart }, this.usage);
  }
}

function pairsOf({ goods }: OrderQuestion): number {
  return goods.reduce((pairs, { load }) => pairs + load.pairs, 0);
}

/** @param last day number of the date until which the goods are on the shelf */
function claimsOf(store: Store, { goods, way, shelf }: Part, last: number): LimitedClaim[] {
  const { pairs } = goods.load;
  return [...wayClaims(way, pairs), ...shelfClaims(store, { first: shelf.first, last }, pairs)];
}
