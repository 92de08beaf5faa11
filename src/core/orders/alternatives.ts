import { availableSlots, type VisitKind } from '../counter/remaining.ts';
import type { Store } from '../network/network.ts';
import { addDays, localDateOf } from '../time/local-date.ts';
import type { EpochMs } from '../time/time.ts';
import type { SlotOffer } from './order.ts';
import { planFor, servesPickUp, type CheckedWish } from './wish.ts';
import type { World } from './world.ts';

const MOST_ALTERNATIVES = 5;
/** Plans tried at most, so that a refusal costs no more than a few milliseconds. */
const MOST_TRIES = 40;
const DAYS_BEFORE = 2;
const DAYS_AFTER = 7;

/**
 * Up to five other slots for one visit of a wish, nearest to the one asked for first (the earlier of
 * two as near), each of which could be booked now with the rest of the wish as it is. Whether the slot of
 * the other visit is full as well is not looked at: it has other slots of its own.
 */
export function otherSlots(
  world: World,
  checked: CheckedWish,
  kind: VisitKind,
): readonly SlotOffer[] {
  const { store, slot: asked } = kind === 'DROP_OFF' ? checked.dropOff : checked.pickUp;
  const out: SlotOffer[] = [];
  let tries = 0;
  for (const offer of nearest(
    freeSlots(world, store, kind, asked.start, checked.pairs),
    asked.start,
  )) {
    if (out.length === MOST_ALTERNATIVES || tries === MOST_TRIES) break;
    if (offer.start === asked.start) continue;
    tries += 1;
    if (fits(world, checked, kind, offer)) out.push(offer);
  }
  return out;
}

function freeSlots(
  world: World,
  store: Store,
  kind: VisitKind,
  around: EpochMs,
  pairs: number,
): readonly SlotOffer[] {
  const date = localDateOf(around, store.timeZone);
  const from = addDays(date, -DAYS_BEFORE);
  const to = addDays(date, DAYS_AFTER);
  const query = { kind, from, to, pairs, now: world.now };
  return availableSlots(store, query, world.usage).map(({ slot, capacity, remaining }) => ({
    start: slot.start,
    end: slot.end,
    capacity,
    remaining,
  }));
}

function nearest(offers: readonly SlotOffer[], to: EpochMs): readonly SlotOffer[] {
  const distance = (offer: SlotOffer): number => Math.abs(offer.start - to);
  return [...offers].sort((a, b) => distance(a) - distance(b) || a.start - b.start);
}

function fits(world: World, checked: CheckedWish, kind: VisitKind, offer: SlotOffer): boolean {
  const slot = {
    ...offer,
    numbers: checked[kind === 'DROP_OFF' ? 'dropOff' : 'pickUp'].slot.numbers,
  };
  const tried =
    kind === 'DROP_OFF'
      ? { ...checked, dropOff: { ...checked.dropOff, slot } }
      : { ...checked, pickUp: { ...checked.pickUp, slot } };
  const { store, slot: wanted } = tried.pickUp;
  const planned = planFor(world, tried, wanted.start);
  return planned.ok && servesPickUp(planned.value, store, wanted.start);
}
