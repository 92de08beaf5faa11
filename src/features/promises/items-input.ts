import type { OrderItem } from '../../core/orders/order.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';

/** `OrderItemInput` as it arrives. */
export interface OrderItemInput {
  readonly description: string;
  readonly serviceCodes: readonly string[];
  readonly pairs: number;
}

const MOST_ITEMS = 50;
const MOST_PAIRS = 100;
const MOST_SERVICES = 20;
const DESCRIPTION = { what: 'A description', least: 1, most: 80 };

/** @throws GraphQLError BAD_USER_INPUT that names the field */
export function orderItems(items: readonly OrderItemInput[]): readonly OrderItem[] {
  if (items.length === 0 || items.length > MOST_ITEMS) {
    throw badInput(`An order has 1 to ${MOST_ITEMS} items.`, 'items');
  }
  return items.map(({ description, serviceCodes, pairs }, index) => {
    const at = `items[${index}]`;
    checkText(description, DESCRIPTION, `${at}.description`);
    if (serviceCodes.length === 0 || serviceCodes.length > MOST_SERVICES) {
      throw badInput(`An item has 1 to ${MOST_SERVICES} services.`, `${at}.serviceCodes`);
    }
    if (pairs < 1 || pairs > MOST_PAIRS) {
      throw badInput(`An item has 1 to ${MOST_PAIRS} pairs.`, `${at}.pairs`);
    }
    return { description, serviceCodes, pairs };
  });
}
