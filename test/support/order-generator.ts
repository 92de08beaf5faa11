import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { Random } from './random.ts';

export interface GeneratedItem {
  readonly description: string;
  readonly serviceCodes: readonly string[];
  readonly pairs: number;
}

/** What a customer would like, without instants: the user of the stream finds slots for it. */
export interface GeneratedOrder {
  readonly dropOffStoreCode: string;
  /** Days after today, on the drop-off store's calendar. */
  readonly dropOffDay: number;
  /** Which of that day's slots, as a share in [0, 1) of their number. */
  readonly dropOffShare: number;
  readonly pickUpStoreCode: string;
  /** Days after today, on the pick-up store's calendar. */
  readonly pickUpDay: number;
  readonly pickUpShare: number;
  readonly items: readonly GeneratedItem[];
  readonly customer: { readonly name: string; readonly email: string };
}

export interface OrderStreamTerms {
  readonly seed: number;
  /** Drop-offs are spread over the days 1 to this one. */
  readonly days: number;
  /** Share of orders that are collected elsewhere than they were handed in; 0.4 if left out. */
  readonly elsewhere?: number;
  /** Days between drop-off and pick-up, least and most; 5 and 9 if left out. */
  readonly turnaroundDays?: readonly [least: number, most: number];
}

const SHOES = ['AJ1', 'Chelsea boots', 'White sneakers', 'Suede loafers', 'Oxfords', 'Trail shoes'];

/** An endless stream of orders on `network`; equal terms give equal streams. */
export function* generateOrders(
  network: NetworkInput,
  terms: OrderStreamTerms,
): Generator<GeneratedOrder, never> {
  const random = new Random(terms.seed);
  const stores = (network.stores ?? []).map((store) => store.code);
  const services = (network.services ?? []).map((service) => service.code);
  const [least, most] = terms.turnaroundDays ?? [5, 9];
  for (let index = 0; ; index++) {
    const dropOffStoreCode = random.pick(stores);
    const dropOffDay = random.int(1, terms.days);
    const elsewhere = random.chance(terms.elsewhere ?? 0.4);
    yield {
      dropOffStoreCode,
      dropOffDay,
      dropOffShare: random.next(),
      pickUpStoreCode: elsewhere ? random.pick(stores) : dropOffStoreCode,
      pickUpDay: dropOffDay + random.int(least, most),
      pickUpShare: random.next(),
      items: Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => item(services, random)),
      customer: { name: `Customer ${index}`, email: `customer-${index}@example.com` },
    };
  }
}

function item(services: readonly string[], random: Random): GeneratedItem {
  return {
    description: random.pick(SHOES),
    serviceCodes: [random.pick(services)],
    pairs: random.pick([1, 1, 1, 1, 2, 3]),
  };
}
