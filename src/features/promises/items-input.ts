import type { OrderItem } from '../../core/orders/order.ts';
import { badInput } from '../../platform/graphql/errors.ts';

/** `OrderItemInput` as it arrives. */
export interface OrderItemInput {
  readonly description: string;
  readonly serviceCodes: readonly string[];
  readonly pairs: number;
}

const MOST_ITEMS = 50;
const MOST_PAIRS = 100;
const MOST_SERVICES = 20;
const LONGEST_DESCRIPTION = 80;

/** @throws GraphQLError BAD_USER_INPUT that names the field */
export function orderItems(items: readonly OrderItemInput[]): readonly OrderItem[] {
  if (items.length === 0 || items.length > MOST_ITEMS) {
    throw badInput(`An order has 1 to ${MOST_ITEMS} items.`, 'items');
  }
  return items.map(({ description, serviceCodes, pairs }, index) => {
    const at = `items[${index}]`;
    const length = Array.from(description).length;
    if (length === 0 || length > LONGEST_DESCRIPTION) {
      throw badInput(
        `A description has 1 to ${LONGEST_DESCRIPTION} characters.`,
        `${at}.description`,
      );
    }
    if (serviceCodes.length === 0 || serviceCodes.length > MOST_SERVICES) {
      throw badInput(`An item has 1 to ${MOST_SERVICES} services.`, `${at}.serviceCodes`);
    }
    if (pairs < 1 || pairs > MOST_PAIRS) {
      throw badInput(`An item has 1 to ${MOST_PAIRS} pairs.`, `${at}.pairs`);
    }
    return { description, serviceCodes, pairs };
  });
}
