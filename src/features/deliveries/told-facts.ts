import { availableSlots } from '../../core/counter/remaining.ts';
import type { MessageKind } from '../../core/messages/kinds.ts';
import type { OrderData, SlotOffer } from '../../core/orders/order.ts';
import { pairsOf } from '../../core/orders/order.ts';
import type { World } from '../../core/orders/world.ts';
import { addDays, localDateOf } from '../../core/time/local-date.ts';
import type { EpochMs } from '../../core/time/time.ts';
import type { MessageDetails } from '../templates/index.ts';
import type { MessageHead } from './leased-delivery.ts';

const MOST_SLOTS = 3;
const DAYS_AHEAD = 14;

/** What a message tells beyond the order: what its event says, and what its occasion is. */
export function detailsOf(
  { kind, occasion, cause }: Pick<MessageHead, 'kind' | 'occasion' | 'cause'>,
  slots: readonly SlotOffer[],
): MessageDetails {
  const said = (cause.details ?? {}) as MessageDetails;
  const reason = cause.reason ?? said.reason ?? null;
  const visit = cause.moved ?? said.visit ?? visitOf(kind, occasion);
  const overdueDay = kind === 'OVERDUE' ? overdueDayOf(occasion) : null;
  const offered = said.slots ?? (slots.length > 0 ? slots : null);
  return { ...said, reason, visit, overdueDay, slots: offered };
}

/** The occasion of a missed visit begins with its kind. */
function visitOf(kind: MessageKind, occasion: string): 'DROP_OFF' | 'PICK_UP' | null {
  if (kind !== 'MISSED') return null;
  return occasion.startsWith('DROP_OFF:') ? 'DROP_OFF' : 'PICK_UP';
}

/** The occasion of an overdue order ends as in `+3d`. */
function overdueDayOf(occasion: string): number | null {
  const [, days] = /\+(\d+)d$/.exec(occasion) ?? [];
  return days === undefined ? null : Number(days);
}

/** The first slots at the pick-up store from when the order is ready: what a new promise offers. */
export function slotsToChoose(
  { network, usage }: Pick<World, 'network' | 'usage'>,
  order: OrderData,
  now: EpochMs,
): readonly SlotOffer[] {
  const store = network.stores.get(order.pickUp.storeCode);
  if (store === undefined) return [];
  const from = localDateOf(Math.max(order.promise.readyBy, now), store.timeZone);
  const pairs = pairsOf(order.items);
  const query = { kind: 'PICK_UP', from, to: addDays(from, DAYS_AHEAD), pairs, now } as const;
  return availableSlots(store, query, usage)
    .filter(({ slot }) => slot.start >= order.promise.readyBy)
    .slice(0, MOST_SLOTS)
    .map(({ slot, capacity, remaining }) => ({
      start: slot.start,
      end: slot.end,
      capacity,
      remaining,
    }));
}
