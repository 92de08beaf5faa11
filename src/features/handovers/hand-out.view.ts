import type { PairData } from '../../core/goods/pair.ts';
import type { HandOutProblem, HandOutProblemCode } from '../../core/handovers/hand-out.ts';
import type { OrderData } from '../../core/orders/order.ts';
import type { RequestKeyReused } from '../../core/orders/refusals.ts';
import type { Result } from '../../core/result.ts';
import { orderRefusalView, orderView } from '../orders/index.ts';
import type { HandOutSheet } from './hand-out-sheets.ts';
import type { HandOutRefusal } from './hand-out.service.ts';
import { wrongStoreView } from './receipts.view.ts';

/** An order and its pairs after a hand-out. */
export interface HandedOutOrder {
  readonly order: OrderData;
  readonly pairs: readonly PairData[];
}

/** The GraphQL answer to `handOut`. */
export function handOutAnswer(result: Result<HandedOutOrder, HandOutRefusal | RequestKeyReused>) {
  if (!result.ok) return refusalView(result.error);
  const { order, pairs } = result.value;
  const isOut = ({ place }: PairData): boolean => place.kind === 'CUSTOMER';
  return {
    __typename: 'HandedOut' as const,
    order: orderView(order),
    out: pairs.filter(isOut).map(({ tag }) => tag),
    left: pairs.filter((pair) => !isOut(pair)).map(({ tag }) => tag),
  };
}

/** The GraphQL form of a sheet; null stays null. */
export const sheetView = (sheet: HandOutSheet | null) =>
  sheet === null ? null : { ...sheet, order: orderView(sheet.order) };

function refusalView(refusal: HandOutRefusal | RequestKeyReused) {
  switch (refusal.code) {
    case 'WRONG_STORE':
      return wrongStoreView(refusal);
    case 'PARTIAL_NOT_ALLOWED': {
      const message = 'The goods of an order go out all together.';
      return { __typename: 'PartialNotAllowed' as const, ...refusal, message };
    }
    case 'HAND_OUT_STOPPED': {
      const problems = refusal.problems.map((problem) => ({ ...problem, message: says(problem) }));
      const { message } = problems[0]!;
      return { __typename: 'HandOutStopped' as const, code: refusal.code, message, problems };
    }
    default:
      return orderRefusalView(refusal);
  }
}

const says = ({ code, tag }: HandOutProblem): string => `${tag}: ${PROBLEMS[code]}`;

const PROBLEMS: Readonly<Record<HandOutProblemCode, string>> = {
  UNKNOWN_TAG: 'no pair has this tag.',
  WRONG_PAIR: 'this pair is another customer’s.',
  ALREADY_HANDED_OUT: 'the customer has this pair already.',
  MISSING: 'nobody knows where this pair is.',
  NOT_HERE: 'this pair is not at this store.',
  NOT_DECIDED: 'the customer has not decided yet on what was found on this pair.',
  NOT_READY: 'the work on this pair is not done.',
  LEFT_BEHIND: 'this pair of the order was not scanned.',
};
