import type { PromiseData } from '../../core/orders/order.ts';
import type { NoPlan } from '../../core/promise/plan.ts';

/** The GraphQL form of a promise. */
export const promiseView = (promise: PromiseData) => ({
  __typename: 'Promise' as const,
  ...promise,
});

export const noPromiseView = ({ code }: NoPlan) => ({
  __typename: 'NoPromise' as const,
  code,
  message: WORDS[code],
});

const WORDS: Readonly<Record<NoPlan['code'], string>> = {
  NO_CONNECTION: 'No line connects these places.',
  NO_SKILL: 'No workshop can do all of this work.',
  TOO_LARGE: 'This is more than a van, a shift or the shelf can ever take at once.',
  BEYOND_HORIZON: 'There is no way within the days that can be booked.',
};
