import type { NotReceivable } from '../../core/handovers/counted-items.ts';
import type { WrongStore } from '../../core/handovers/receive.ts';
import type { Price } from '../../core/orders/order.ts';
import type { Result } from '../../core/result.ts';
import { mediaView } from '../media/index.ts';
import { orderRefusalView, orderView, type OrderRefusal } from '../orders/index.ts';
import { promiseView } from '../promises/index.ts';
import type { Quote } from './receive-order.service.ts';
import type { Receipt } from './receipts.ts';

type ReceiptRefusal = OrderRefusal | NotReceivable | WrongStore;

/** The GraphQL answer to goods that were handed in. */
export const receiptAnswer = (result: Result<Receipt, ReceiptRefusal>) =>
  result.ok ? receiptView(result.value) : receiptRefusalView(result.error);

/** The GraphQL answer to `receiptQuote`. */
export const quoteAnswer = (
  result: Result<Quote & { readonly price: readonly Price[] }, ReceiptRefusal>,
) => {
  if (!result.ok) return receiptRefusalView(result.error);
  const { order, price, isPickUpKept } = result.value;
  return {
    __typename: 'ReceiptQuote' as const,
    items: order.items,
    price,
    promise: promiseView(order.promise),
    pickUpStart: order.pickUp.start,
    isPickUpKept,
  };
};

const receiptView = ({ order, pairs, price }: Receipt) => ({
  __typename: 'Receipt' as const,
  order: orderView(order),
  pairs: pairs.map(({ photos, ...pair }) => ({ ...pair, photos: photos.map(mediaView) })),
  price,
});

function receiptRefusalView(refusal: ReceiptRefusal) {
  switch (refusal.code) {
    case 'WRONG_STORE':
      return wrongStoreView(refusal);
    case 'UNKNOWN_ITEM':
    case 'ITEM_NOT_COUNTED':
    case 'NOTHING_HANDED_IN':
    case 'UNKNOWN_MEDIA':
    case 'UNKNOWN_ENTRY':
      return { __typename: 'NotReceivable' as const, ...refusal, message: COUNTED[refusal.code] };
    default:
      return orderRefusalView(refusal);
  }
}

/** The store itself is looked up by the field. */
export const wrongStoreView = (refusal: WrongStore) => ({
  __typename: 'WrongStore' as const,
  ...refusal,
  message: 'This visit is booked at another store.',
});

const COUNTED: Readonly<Record<NotReceivable['code'], string>> = {
  UNKNOWN_ITEM: 'The order has no such item, or it was counted twice.',
  ITEM_NOT_COUNTED: 'A booked item was not counted: say 0 if none of it came.',
  NOTHING_HANDED_IN: 'No pair was handed in.',
  UNKNOWN_ENTRY: 'Nobody without an order has this place in the line of the store.',
  UNKNOWN_MEDIA: 'A picture is not one that was uploaded for this order.',
};
