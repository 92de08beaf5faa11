import type { Decision } from '../../core/findings/finding.ts';
import { readTag } from '../../core/handovers/tag.ts';
import type { Operation } from '../../core/network/network.ts';
import { badInput, forbidden } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import type { Decider, DecideRequest } from './decide-finding.service.ts';
import type { ReportRequest } from './report-finding.service.ts';

interface FoundOperationInput {
  readonly skill: string;
  readonly units: number;
  readonly dwellMinutes: number;
}

/** `ReportFindingInput` as it arrives. */
export interface ReportFindingInput extends Omit<ReportRequest, 'caller' | 'operations'> {
  readonly operations: readonly FoundOperationInput[];
}

/** `DecideFindingInput` as it arrives. */
export interface DecideFindingInput {
  readonly requestKey: string;
  readonly findingId: string;
  readonly decision: Decision;
  readonly question?: string | null;
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const EXPLANATION = { what: 'An explanation', least: 1, most: 1000 };
const QUESTION = { what: 'A question', least: 1, most: 1000 };
const TAG = { what: 'A tag', least: 1, most: 40 };
const CURRENCY = /^[A-Z]{3}$/;
const MOST_PRICE_MINOR = 100_000_000;
const MOST_MEDIA = 10;
const MOST_OPERATIONS = 10;
const MOST_UNITS = 1000;
const MOST_DWELL_MIN = 20_160;

/** @throws GraphQLError BAD_USER_INPUT, or FORBIDDEN: staff report what they found at their own workshop */
export function reportRequest(input: ReportFindingInput, caller: Caller): ReportRequest {
  const { requestKey, tag, workshopCode, priceMinor, currency } = input;
  checkText(requestKey, REQUEST_KEY, 'requestKey');
  checkText(tag, TAG, 'tag');
  if (caller.role === 'staff' && !caller.stores.includes(workshopCode)) {
    throw forbidden('This workshop is not yours.');
  }
  const explanation = input.explanation.trim();
  checkText(explanation, EXPLANATION, 'explanation');
  if (priceMinor < 0 || priceMinor > MOST_PRICE_MINOR) {
    throw badInput(`A price is from 0 to ${MOST_PRICE_MINOR}.`, 'priceMinor');
  }
  if (!CURRENCY.test(currency)) throw badInput('A currency is written as in CNY.', 'currency');
  const mediaIds = [...new Set(input.mediaIds)];
  if (mediaIds.length > MOST_MEDIA) throw badInput(`At most ${MOST_MEDIA} pictures.`, 'mediaIds');
  return {
    caller: caller as SignedInCaller,
    requestKey,
    tag: readTag(tag) ?? tag,
    workshopCode,
    explanation,
    mediaIds,
    priceMinor,
    currency,
    operations: operationsOf(input.operations),
  };
}

/** @throws GraphQLError BAD_USER_INPUT */
export function decideRequest({ question, ...input }: DecideFindingInput): DecideRequest {
  checkText(input.requestKey, REQUEST_KEY, 'requestKey');
  const asked = question?.trim() ?? null;
  if ((input.decision === 'ASK') !== (asked !== null)) {
    throw badInput('A question goes with ASK, and with nothing else.', 'question');
  }
  if (asked !== null) checkText(asked, QUESTION, 'question');
  return { ...input, findingId: input.findingId.toLowerCase(), question: asked };
}

export function deciderOf(caller: Caller): Decider {
  const as = caller.role === 'customer' ? 'CUSTOMER' : 'STAFF';
  return { as, caller: caller as SignedInCaller };
}

function operationsOf(operations: readonly FoundOperationInput[]): readonly Operation[] {
  if (operations.length === 0 || operations.length > MOST_OPERATIONS) {
    throw badInput(`There are 1 to ${MOST_OPERATIONS} operations.`, 'operations');
  }
  return operations.map(({ skill, units, dwellMinutes: dwellMin }, index) => {
    const at = `operations[${index}]`;
    if (units < 1 || units > MOST_UNITS) {
      throw badInput(`There are 1 to ${MOST_UNITS} units.`, `${at}.units`);
    }
    if (dwellMin < 0 || dwellMin > MOST_DWELL_MIN) {
      throw badInput(`It is from 0 to ${MOST_DWELL_MIN} minutes.`, `${at}.dwellMinutes`);
    }
    return { skill, units, dwellMin };
  });
}
