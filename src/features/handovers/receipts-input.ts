import type { SlotChoice } from '../../core/orders/order.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import { bookedFor, type CustomerInput } from '../customers/index.ts';
import { overLimitOf, type OverLimitInput } from '../orders/index.ts';
import { orderItems } from '../promises/index.ts';
import type { OrderName } from './counter-orders.ts';
import type { PairCondition } from './new-pairs.ts';
import type {
  ExaminedItem,
  ReceiveOrderRequest,
  ReceivingRequest,
} from './receive-order.service.ts';
import type { WalkInRequest } from './receive-walk-in.service.ts';

interface PairConditionInput {
  readonly condition?: string | null;
  readonly mediaIds?: readonly string[] | null;
}

interface CountedItemInput {
  readonly item?: number | null;
  readonly pairs: number;
  readonly description?: string | null;
  readonly serviceCodes?: readonly string[] | null;
  readonly priceMinor?: number | null;
  readonly conditions?: readonly PairConditionInput[] | null;
}

/** `ReceiptQuoteInput` as it arrives. */
export interface ReceiptQuoteInput {
  readonly orderId?: string | null;
  readonly ticketCode?: string | null;
  readonly storeCode: string;
  readonly items: readonly CountedItemInput[];
  readonly pickUp?: SlotChoice | null;
  readonly acceptElsewhere: boolean;
}

/** `ReceiveOrderInput` as it arrives. */
export interface ReceiveOrderInput extends ReceiptQuoteInput {
  readonly requestKey: string;
  readonly expectedVersion?: number | null;
}

/** `ReceiveWalkInInput` as it arrives. */
export interface ReceiveWalkInInput {
  readonly requestKey: string;
  readonly storeCode: string;
  readonly customer: CustomerInput;
  readonly items: readonly WalkInItemInput[];
  readonly pickUp: { readonly storeCode: string; readonly start?: number | null };
  readonly queueEntryId?: string | null;
  readonly overLimit?: OverLimitInput | null;
}

interface WalkInItemInput extends CountedItemInput {
  readonly description: string;
  readonly serviceCodes: readonly string[];
}

export const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const CONDITION = { what: 'A condition', least: 0, most: 1000 };
const MOST_PHOTOS = 10;
const MOST_PRICE_MINOR = 100_000_000;
const MOST_PAIRS = 100;
const MOST_ITEMS = 100;

/** @throws GraphQLError BAD_USER_INPUT, or FORBIDDEN: staff receive at their own store */
export function receivingRequest(input: ReceiptQuoteInput, caller: Caller): ReceivingRequest {
  checkStore(input.storeCode, caller);
  const { storeCode, pickUp } = input;
  return {
    ...orderName(input),
    caller: caller as SignedInCaller,
    storeCode,
    items: countedItems(input.items),
    pickUp: pickUp == null ? null : { storeCode: pickUp.storeCode, start: pickUp.start },
    acceptsElsewhere: input.acceptElsewhere,
  };
}

export function receiveOrderRequest(input: ReceiveOrderInput, caller: Caller): ReceiveOrderRequest {
  checkText(input.requestKey, REQUEST_KEY, 'requestKey');
  const { requestKey, expectedVersion = null } = input;
  return { ...receivingRequest(input, caller), requestKey, expectedVersion };
}

export function walkInRequest(input: ReceiveWalkInInput, caller: Caller): WalkInRequest {
  checkText(input.requestKey, REQUEST_KEY, 'requestKey');
  checkStore(input.storeCode, caller);
  const signedIn = caller as SignedInCaller;
  orderItems(input.items);
  return {
    caller: signedIn,
    requestKey: input.requestKey,
    storeCode: input.storeCode,
    customer: bookedFor(signedIn, input.customer),
    items: countedItems(input.items.map((item) => ({ ...item, item: null }))),
    pickUp: { storeCode: input.pickUp.storeCode, start: input.pickUp.start ?? null },
    queueEntryId: input.queueEntryId?.toLowerCase() ?? null,
    overLimit: overLimitOf(input.overLimit, caller),
  };
}

/** An order is named in one way. */
export function orderName(input: {
  readonly orderId?: string | null;
  readonly ticketCode?: string | null;
}): OrderName {
  const orderId = input.orderId?.toLowerCase() ?? null;
  const ticketCode = input.ticketCode ?? null;
  if ((orderId === null) === (ticketCode === null)) {
    throw badInput('Name the order by its id or by its ticket.', 'orderId');
  }
  return { orderId, ticketCode };
}

/** @throws GraphQLError FORBIDDEN unless the caller works at this store, or for headquarters */
export function checkStore(storeCode: string, caller: Caller): void {
  if (caller.role === 'staff' && !caller.stores.includes(storeCode)) {
    throw forbidden('This store is not yours.');
  }
}

function countedItems(items: readonly CountedItemInput[]): readonly ExaminedItem[] {
  if (items.length === 0 || items.length > MOST_ITEMS) {
    throw badInput(`There are 1 to ${MOST_ITEMS} items.`, 'items');
  }
  return items.map((input, index) => {
    const { item = null, pairs, description = null, serviceCodes = null } = input;
    const at = `items[${index}]`;
    if (pairs < 0 || pairs > MOST_PAIRS) {
      throw badInput(`An item has at most ${MOST_PAIRS} pairs.`, `${at}.pairs`);
    }
    if (item === null && (description === null || serviceCodes === null || pairs === 0)) {
      throw badInput('What was not booked needs a description, services and pairs.', at);
    }
    // The rules of a booked item hold for what is said anew of it.
    orderItems([
      { description: description ?? '-', serviceCodes: serviceCodes ?? ['-'], pairs: pairs || 1 },
    ]);
    const priceMinor = checkedPrice(input.priceMinor ?? null, at);
    const conditions = conditionsOf(input.conditions, pairs, index);
    return { item, pairs, description, serviceCodes, priceMinor, conditions };
  });
}

function checkedPrice(priceMinor: number | null, at: string): number | null {
  if (priceMinor !== null && (priceMinor < 0 || priceMinor > MOST_PRICE_MINOR)) {
    throw badInput(`A price is from 0 to ${MOST_PRICE_MINOR}.`, `${at}.priceMinor`);
  }
  return priceMinor;
}

function conditionsOf(
  conditions: readonly PairConditionInput[] | null | undefined,
  pairs: number,
  index: number,
): readonly PairCondition[] {
  const at = `items[${index}].conditions`;
  if ((conditions ?? []).length > pairs) throw badInput('There is one for each pair.', at);
  return (conditions ?? []).map(({ condition = null, mediaIds }) => {
    if (condition !== null) checkText(condition, CONDITION, at);
    const ids = [...new Set(mediaIds ?? [])];
    if (ids.length > MOST_PHOTOS) throw badInput(`A pair has at most ${MOST_PHOTOS}.`, at);
    return { condition, mediaIds: ids };
  });
}
