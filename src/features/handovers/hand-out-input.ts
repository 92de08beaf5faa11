import { readTag } from '../../core/handovers/tag.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import type { HandOutRequest } from './hand-out.service.ts';
import { checkStore, orderName, REQUEST_KEY } from './receipts-input.ts';

/** `HandOutInput` as it arrives. */
export interface HandOutInput {
  readonly requestKey: string;
  readonly orderId?: string | null;
  readonly ticketCode?: string | null;
  readonly storeCode: string;
  readonly expectedVersion?: number | null;
  readonly tags: readonly string[];
  readonly partial: boolean;
  readonly handedTo?: string | null;
}

const MOST_TAGS = 500;
const TAG = { what: 'A tag', least: 1, most: 40 };
const NAME = { what: 'A name', least: 1, most: 200 };

/** @throws GraphQLError BAD_USER_INPUT, or FORBIDDEN: staff hand out at their own store */
export function handOutRequest(input: HandOutInput, caller: Caller): HandOutRequest {
  const { requestKey, storeCode, expectedVersion = null, tags, handedTo = null } = input;
  checkText(requestKey, REQUEST_KEY, 'requestKey');
  checkStore(storeCode, caller);
  if (tags.length === 0 || tags.length > MOST_TAGS) {
    throw badInput(`There are 1 to ${MOST_TAGS} tags.`, 'tags');
  }
  for (const tag of tags) checkText(tag, TAG, 'tags');
  if (handedTo !== null) checkText(handedTo, NAME, 'handedTo');
  return {
    ...orderName(input),
    caller: caller as SignedInCaller,
    requestKey,
    storeCode,
    expectedVersion,
    tags: [...new Set(tags.map((tag) => readTag(tag) ?? tag))],
    isPartial: input.partial,
    handedTo,
  };
}
