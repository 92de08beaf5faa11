import { newKey, type Asking, type OrderAnswer, type PromiseAnswer } from './bookings.ts';
import type { Token } from './service.ts';

export interface MoneyAnswer {
  readonly minor: number;
  readonly currency: string;
}

/** Any answer of the counter; fields of the other types are missing. */
export interface CounterAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly message: string;
  readonly order: OrderAnswer & {
    readonly items: readonly { readonly price: MoneyAnswer | null }[];
  };
  readonly pairs: readonly {
    readonly tag: string;
    readonly number: number;
    readonly item: number;
    readonly description: string;
    readonly condition: string | null;
    readonly photos: readonly { readonly id: string }[];
  }[];
  readonly price: readonly MoneyAnswer[];
  readonly item: number | null;
  readonly store: { readonly code: string };
  readonly at: string;
  readonly currentVersion: number;
  readonly promise: PromiseAnswer;
  readonly pickUpStart: string;
  readonly isPickUpKept: boolean;
  readonly items: readonly { readonly description: string; readonly price: MoneyAnswer | null }[];
  readonly out: readonly string[];
  readonly left: readonly string[];
  readonly problems: readonly { readonly tag: string; readonly code: string }[];
}

export interface Counted {
  readonly item?: number | null;
  readonly pairs: number;
  readonly description?: string;
  readonly serviceCodes?: readonly string[];
  readonly priceMinor?: number;
  readonly conditions?: readonly { condition?: string; mediaIds?: readonly string[] }[];
}

export interface Receiving {
  readonly requestKey?: string;
  readonly orderId?: string;
  readonly ticketCode?: string;
  readonly storeCode?: string;
  readonly expectedVersion?: number;
  readonly items?: readonly Counted[];
  readonly pickUp?: { readonly storeCode: string; readonly start: string };
  readonly acceptElsewhere?: boolean;
}

const APPOINTMENT = 'id kind start end status store { code }';
const PROMISE = '__typename readyBy earliestPickUp { start end capacity remaining }';
const ORDER = `id ticketCode status version items { description serviceCodes pairs price { minor currency } }
  dropOff { ${APPOINTMENT} } pickUp { ${APPOINTMENT} } promise { ${PROMISE} }`;
const REFUSAL = `... on Refusal { code message } ... on WrongStore { store { code } }
  ... on VersionConflict { currentVersion }`;
const RECEIPT = `__typename ... on Receipt {
    order { ${ORDER} } pairs { tag number item description condition photos { id } } price { minor currency }
  } ${REFUSAL} ... on NotReceivable { item } ... on SlotFull { at }`;
const HANDED_OUT = `__typename ... on HandedOut { order { ${ORDER} } out left } ${REFUSAL}
  ... on HandOutStopped { problems { tag code } }`;

/** At store A, one pair of the first item, as headquarters, unless it is said otherwise. */
export function receiveOrder(
  service: Asking,
  input: Receiving,
  token: Token = service.tokens.hq,
): Promise<CounterAnswer> {
  const text = `mutation ($input: ReceiveOrderInput!) { answer: receiveOrder(input: $input) { ${RECEIPT} } }`;
  return answer(service, text, { requestKey: newKey(), ...received(input) }, token);
}

export function receiptQuote(
  service: Asking,
  input: Receiving,
  token: Token = service.tokens.hq,
): Promise<CounterAnswer> {
  const quote = `... on ReceiptQuote { items { description price { minor currency } }
    price { minor currency } promise { ${PROMISE} } pickUpStart isPickUpKept }`;
  const refusals = `${REFUSAL.replace(/\.\.\. on VersionConflict.*/s, '')} ... on NotReceivable { item }`;
  const text = `query ($input: ReceiptQuoteInput!) { answer: receiptQuote(input: $input) {
    __typename ${quote} ${refusals} } }`;
  return answer(service, text, received(input), token);
}

export interface WalkIn {
  readonly requestKey?: string;
  readonly storeCode?: string;
  readonly items?: readonly object[];
  readonly pickUp?: { readonly storeCode: string; readonly start?: string };
  readonly queueEntryId?: string;
  readonly overLimit?: { readonly reason: string };
}

/** At store A for Lin, to be collected at B as soon as it can be. */
export function receiveWalkIn(
  service: Asking,
  input: WalkIn = {},
  token: Token = service.tokens.hq,
): Promise<CounterAnswer> {
  const refusals = `... on Refusal { code message } ... on NotReceivable { item } ... on SlotFull { at }`;
  const receipt = RECEIPT.slice(0, RECEIPT.indexOf('... on Refusal'));
  const text = `mutation ($input: ReceiveWalkInInput!) { answer: receiveWalkIn(input: $input) {
    ${receipt} ${refusals} } }`;
  const full = {
    requestKey: newKey(),
    storeCode: 'A',
    customer: { name: 'Lin', phone: '+8613900139001' },
    items: [{ description: 'AJ1', serviceCodes: ['basic-clean'] }],
    pickUp: { storeCode: 'B' },
    ...input,
  };
  return answer(service, text, full, token);
}

export interface HandingOut {
  readonly requestKey?: string;
  readonly orderId?: string;
  readonly ticketCode?: string;
  readonly storeCode?: string;
  readonly expectedVersion?: number;
  readonly tags: readonly string[];
  readonly partial?: boolean;
  readonly handedTo?: string;
}

/** At store B. */
export function handOut(
  service: Asking,
  input: HandingOut,
  token: Token = service.tokens.hq,
): Promise<CounterAnswer> {
  const text = `mutation ($input: HandOutInput!) { answer: handOut(input: $input) { ${HANDED_OUT} } }`;
  return answer(service, text, { requestKey: newKey(), storeCode: 'B', ...input }, token);
}

const received = (input: Receiving) => ({
  storeCode: 'A',
  items: [{ item: 1, pairs: 1 }],
  ...input,
});

async function answer(
  service: Asking,
  text: string,
  input: object,
  token: Token,
): Promise<CounterAnswer> {
  return (await service.data<{ answer: CounterAnswer }>(text, { input }, token)).answer;
}
