import { newKey, type Asking } from './bookings.ts';
import type { Token } from './service.ts';

/** Any answer about a finding; fields of the other types are missing. */
export interface FindingAnswer {
  readonly __typename: string;
  readonly code: string;
  readonly id: string;
  readonly tag: string;
  readonly state: string;
  readonly readyIfApproved: string | null;
  readonly readyIfDeclined: string | null;
  readonly decideBy: string;
  readonly question: string | null;
  readonly decidedAs: string | null;
}

export const FINDING = `id orderId tag item workshopCode state explanation price { minor currency }
  operations { skill units dwellMinutes } photos { id } readyIfApproved readyIfDeclined reportedAt decideBy
  question askedAt decidedAt decidedAs`;

const RESULT = `__typename ... on Finding { ${FINDING} } ... on Refusal { code message }`;

/** A heel to be soled at workshop W, as headquarters, unless it is said otherwise. */
export async function reportFinding(
  service: Asking,
  input: { readonly tag: string } & Readonly<Record<string, unknown>>,
  token: Token = service.tokens.hq,
): Promise<FindingAnswer> {
  const text = `mutation ($input: ReportFindingInput!) { answer: reportFinding(input: $input) { ${RESULT} } }`;
  const full = {
    requestKey: newKey(),
    workshopCode: 'W',
    explanation: 'The heel is worn down.',
    priceMinor: 12_000,
    currency: 'CNY',
    operations: [{ skill: 'sole', units: 2, dwellMinutes: 600 }],
    ...input,
  };
  return (await service.data<{ answer: FindingAnswer }>(text, { input: full }, token)).answer;
}

export interface Deciding {
  readonly requestKey?: string;
  readonly findingId: string;
  readonly decision: 'APPROVE' | 'DECLINE' | 'ASK';
  readonly question?: string;
}

export async function decideFinding(
  service: Asking,
  input: Deciding,
  token: Token = service.tokens.hq,
): Promise<FindingAnswer> {
  const text = `mutation ($input: DecideFindingInput!) { answer: decideFinding(input: $input) {
    ${RESULT} ... on FindingDecided { state } ... on FindingDecidedTooLate { decideBy } } }`;
  const full = { requestKey: newKey(), ...input };
  return (await service.data<{ answer: FindingAnswer }>(text, { input: full }, token)).answer;
}

/** Null: no such order that the bearer of the token may see. */
export async function findingsOf(
  service: Asking,
  orderId: string,
  token: Token = service.tokens.hq,
): Promise<readonly FindingAnswer[] | null> {
  const text = `query ($id: ID!) { findings(orderId: $id) { ${FINDING} } }`;
  return (await service.data<{ findings: FindingAnswer[] | null }>(text, { id: orderId }, token))
    .findings;
}

export async function setHouseRules(
  service: Asking,
  input: Readonly<Record<string, unknown>>,
  token: Token = service.tokens.hq,
): Promise<object> {
  const text = `mutation ($input: HouseRulesInput!) { setHouseRules(input: $input) {
    partialHandOut findingDecideHours findingReminderHours findingDefault } }`;
  return (await service.data<{ setHouseRules: object }>(text, { input }, token)).setHouseRules;
}
