import { slotsOf } from '../../../src/core/counter/slots.ts';
import type { NetworkInput } from '../../../src/core/network/network-input.ts';
import type { Network } from '../../../src/core/network/network.ts';
import type { SlotChoice } from '../../../src/core/orders/order.ts';
import type { Wish } from '../../../src/core/orders/wish.ts';
import { addDays, localDateOf } from '../../../src/core/time/local-date.ts';
import type { EpochMs } from '../../../src/core/time/time.ts';
import { generateOrders, type GeneratedOrder } from '../../support/order-generator.ts';

/** A wish with the customer who has it. */
export interface CustomersWish extends Wish {
  readonly customer: { readonly name: string; readonly email: string };
}

export interface WishTerms {
  readonly seed: number;
  /** All orders at this one store; else spread over all generated ones. */
  readonly only?: string;
  /** Drop-offs from tomorrow over so many days; 50 if left out. */
  readonly days?: number;
  /** So many customers take turns; 10,000 if left out. */
  readonly customers?: number;
}

/** Orders that somebody may want at `now`; whether there is room for them is not looked at. */
export function* wishes(
  chain: NetworkInput,
  network: Network,
  now: EpochMs,
  terms: WishTerms,
): Generator<CustomersWish, never> {
  const { seed, only, days = 50, customers = 10_000 } = terms;
  const stores = chain.stores!.filter(({ code }) =>
    only === undefined ? !code.startsWith('X-') : code === only,
  );
  let number = seed * 1_000_003;
  for (const order of generateOrders({ ...chain, stores }, { seed, days })) {
    const dropOff = slotOf(network, now, order, 'dropOff');
    const pickUp = slotOf(network, now, order, 'pickUp');
    if (dropOff === null || pickUp === null) continue;
    const email = `customer-${number++ % customers}@example.com`;
    yield { dropOff, pickUp, items: order.items, customer: { name: 'Some Customer', email } };
  }
  throw new Error('the stream of orders has no end');
}

function slotOf(
  network: Network,
  now: EpochMs,
  order: GeneratedOrder,
  visit: 'dropOff' | 'pickUp',
): SlotChoice | null {
  const storeCode = order[`${visit}StoreCode`];
  const store = network.stores.get(storeCode)!;
  const date = addDays(localDateOf(now, store.timeZone), order[`${visit}Day`]);
  const slots = slotsOf(store, date, date);
  const slot = slots[Math.floor(order[`${visit}Share`] * slots.length)];
  return slot === undefined ? null : { storeCode, start: slot.start };
}
