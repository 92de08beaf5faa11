import type { MessageKind } from '../../core/messages/kinds.ts';
import { writeInstant } from '../../platform/graphql/instant-text.ts';
import type { MessageFacts } from './facts.ts';
import type { MessageValues } from './message-values.ts';
import type { Phrasebook } from './phrasebook.ts';

const ABOUT_THE_DROP_OFF: ReadonlySet<MessageKind> = new Set([
  ...(['ORDER_BOOKED', 'DROP_OFF_REMINDER', 'RECEIPT'] as const),
]);

/**
 * What approved templates and programs may pick from.
 *
 * `…Time` is in words; `…DateTime` and `amount` are in the forms that WeChat asks for; `…At` is RFC 3339
 * in UTC. `store` is the one that the message is about. `price`, `amount`, `link` and `slots` are there only
 * if the message has them.
 */
export function fieldsOf(
  kind: MessageKind,
  facts: MessageFacts,
  values: MessageValues,
  book: Phrasebook,
): Readonly<Record<string, string>> {
  const { order, network } = facts;
  const { readyBy } = order.promise;
  const dropOff = network.stores.get(order.dropOff.storeCode)!;
  const pickUp = network.stores.get(order.pickUp.storeCode)!;
  const isDropOff =
    ABOUT_THE_DROP_OFF.has(kind) || (kind === 'MISSED' && values.visit === 'DROP_OFF');
  const store = isDropOff ? dropOff : pickUp;
  const pickUpTimes = book.times(pickUp.timeZone);
  return {
    orderId: order.id,
    ticketCode: order.ticketCode,
    customer: values.customer ?? book.language.somebody,
    items: values.items,
    pairs: String(values.pairs),
    stage: values.stage,
    store: book.half(store.name),
    storeAddress: store.address ?? book.half(store.name),
    dropOffStore: values.dropOffStore,
    dropOffTime: values.dropOffTime,
    dropOffDateTime: book.times(dropOff.timeZone).forWeChat(order.dropOff.start),
    dropOffAt: writeInstant(order.dropOff.start),
    pickUpStore: values.pickUpStore,
    pickUpTime: values.pickUpTime,
    pickUpDateTime: pickUpTimes.forWeChat(order.pickUp.start),
    pickUpAt: writeInstant(order.pickUp.start),
    readyBy: values.readyDay,
    readyTime: values.readyTime,
    readyDateTime: pickUpTimes.forWeChat(readyBy),
    readyAt: writeInstant(readyBy),
    reason: values.reason ?? book.language.noReason,
    ...present('price', values.price),
    ...present('amount', values.amount),
    ...present('slots', values.slots),
    ...present('link', values.link),
  };
}

const present = (name: string, value: string | null) => (value === null ? {} : { [name]: value });
