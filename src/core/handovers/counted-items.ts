import type { Network } from '../network/network.ts';
import type { OrderItem, Price } from '../orders/order.ts';
import { ok, refuse, type Result } from '../result.ts';

/** An item as it was counted at the counter. */
export interface CountedItem {
  /** Position of the booked item, from 1 on; null: it was not booked. */
  readonly item: number | null;
  /** Counted; 0: the customer brought none of it. */
  readonly pairs: number;
  /** Absent: as booked. */
  readonly description?: string | null;
  readonly serviceCodes?: readonly string[] | null;
  /** Of one pair, in the smallest unit of the currency of its services; absent: their list price. */
  readonly priceMinor?: number | null;
}

/** What was counted does not fit the order. */
export interface NotReceivable {
  readonly code:
    'UNKNOWN_ITEM' | 'ITEM_NOT_COUNTED' | 'NOTHING_HANDED_IN' | 'UNKNOWN_MEDIA' | 'UNKNOWN_ENTRY';
  /** Position of the item that it is about, from 1 on; null: all. */
  readonly item: number | null;
}

/**
 * The items of an order from now on, in the order of the booking, what was not booked behind. Each booked
 * item must have been counted once. Prices are frozen: what was agreed, else what the list says now.
 */
export function countedItems(
  booked: readonly OrderItem[],
  counted: readonly CountedItem[],
  network: Pick<Network, 'services'>,
): Result<readonly OrderItem[], NotReceivable> {
  const seen = new Map<number, CountedItem>();
  for (const entry of counted) {
    if (entry.item === null) continue;
    if (booked[entry.item - 1] === undefined || seen.has(entry.item)) {
      return refuse({ code: 'UNKNOWN_ITEM', item: entry.item });
    }
    seen.set(entry.item, entry);
  }
  const items: OrderItem[] = [];
  for (const [at, item] of booked.entries()) {
    const entry = seen.get(at + 1);
    if (entry === undefined) return refuse({ code: 'ITEM_NOT_COUNTED', item: at + 1 });
    items.push(agreed(item, entry, network));
  }
  const added = counted.filter(({ item }) => item === null);
  items.push(...added.map((entry) => agreed(NOTHING, entry, network)));
  const brought = items.filter(({ pairs }) => pairs > 0);
  return brought.length === 0 ? refuse({ code: 'NOTHING_HANDED_IN', item: null }) : ok(brought);
}

/** The list price of one pair, by currency in the order of the services. */
export function listPrice(
  serviceCodes: readonly string[],
  services: Network['services'],
): readonly Price[] {
  const sums = new Map<string, number>();
  for (const code of serviceCodes) {
    const service = services.get(code);
    if (service === undefined) continue;
    sums.set(service.currency, (sums.get(service.currency) ?? 0) + service.priceMinor);
  }
  return [...sums].map(([currency, minor]) => ({ minor, currency }));
}

const NOTHING: OrderItem = { description: '', serviceCodes: [], pairs: 0 };

function agreed(
  booked: OrderItem,
  { pairs, description, serviceCodes, priceMinor }: CountedItem,
  { services }: Pick<Network, 'services'>,
): OrderItem {
  const codes = serviceCodes ?? booked.serviceCodes;
  const listed = listPrice(codes, services);
  const wasAgreed = serviceCodes == null ? booked.price : null;
  const list = listed.length === 1 ? listed[0]! : null;
  const given =
    priceMinor == null || listed.length === 0
      ? null
      : { minor: priceMinor, currency: listed[0]!.currency };
  const price = given ?? wasAgreed ?? list;
  return {
    description: description ?? booked.description,
    serviceCodes: codes,
    pairs,
    ...(price === null ? {} : { price }),
  };
}
