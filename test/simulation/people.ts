import { openingAt, openings } from '../../src/core/hours/openings.ts';
import { addDays, localDateOf } from '../../src/core/time/local-date.ts';
import type { EpochMs } from '../../src/core/time/time.ts';
import { HOUR, MINUTE, type Ground } from './ground.ts';
import { AVAILABILITY, ORDER_NOW } from './operations.ts';
import type { SimItem, SimOrder, SimVisit } from './order-book.ts';

/** An order as the service answers it. */
export interface OrderSeen {
  readonly __typename: string;
  readonly code?: string;
  readonly id: string;
  readonly ticketCode: string;
  readonly status: string;
  readonly version: number;
  readonly dropOff: VisitSeen;
  readonly pickUp: VisitSeen;
  readonly items: readonly SimItem[];
  readonly promise: {
    readonly readyBy: string;
    readonly earliestPickUp: { readonly start: string };
  };
  readonly proposals: readonly { readonly start: string }[];
  readonly proposalsFor: SimVisit['kind'] | null;
}

interface VisitSeen {
  readonly id: string;
  readonly kind: SimVisit['kind'];
  readonly start: string;
  readonly end: string;
  readonly status: string;
  readonly store: { readonly code: string };
}

export const visitFrom = ({ id, kind, start, end, store }: VisitSeen): SimVisit => ({
  ...{ id, kind, storeCode: store.code },
  start: Date.parse(start),
  end: Date.parse(end),
});

/** As its customer sees it. @throws Error if they do not */
export async function seen({ api }: Ground, { id, contact }: SimOrder): Promise<OrderSeen> {
  const { order } = await api.read<{ order: OrderSeen | null }>(
    ORDER_NOW,
    { id },
    api.customer(contact),
  );
  if (order === null) throw new Error(`nobody of ${contact} sees order ${id}`);
  return order;
}

/** Starts of the slots that can be booked from `from` on, on so many dates. */
export async function slotsFrom(
  { api, network }: Ground,
  asked: { storeCode: string; kind: SimVisit['kind']; from: EpochMs; days: number; pairs: number },
): Promise<readonly EpochMs[]> {
  const { storeCode, kind, from, days, pairs } = asked;
  const date = localDateOf(from, network.stores.get(storeCode)!.timeZone);
  const { availability } = await api.read<{
    availability: readonly { slots: readonly { start: string }[] }[];
  }>(AVAILABILITY, {
    ...{ storeCodes: [storeCode], kind, from: date, to: addDays(date, days - 1), pairs },
  });
  return availability[0]!.slots.map(({ start }) => Date.parse(start)).filter((at) => at >= from);
}

/** The nearest time from `at` on at which the store is open for some minutes more. */
export function openTime({ network }: Ground, storeCode: string, at: EpochMs): EpochMs {
  const store = network.stores.get(storeCode)!;
  const now = openingAt(store, at);
  if (now !== null && at <= now.end - 20 * MINUTE) return at;
  const date = localDateOf(at, store.timeZone);
  const next = openings(store, addDays(date, -1), addDays(date, 7)).find(({ start }) => start > at);
  return next === undefined ? at + 24 * HOUR : next.start + 10 * MINUTE;
}
