import { OverdueFindings } from '../../src/features/findings/index.ts';
import { aBooking, bookOrder, newKey, type Asking, type OrderAnswer } from './bookings.ts';
import { scan } from './goods.ts';
import { receiveOrder } from './handovers.ts';
import type { TestService, Token } from './service.ts';
import { at } from './worked-network.ts';

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

export interface AtWork {
  readonly order: OrderAnswer;
  readonly tag: string;
}

/** An order that came to the workshop on Monday afternoon; it is Tuesday morning. */
export async function atWork(service: TestService, pairs = 1): Promise<AtWork> {
  service.clock.set(at('Mon 08:00'));
  const order = await bookOrder(service, aBooking({ pairs, pickUp: 'B Fri 12:00' }));
  service.clock.set(at('Mon 10:35'));
  const items = [{ item: 1, pairs }];
  const received = await receiveOrder(service, { orderId: order.id, items });
  service.clock.set(at('Tue 09:30'));
  const trip = { lineCode: 'A-W', departs: 'Mon 14:00' };
  const tags = received.pairs.map(({ tag }) => tag);
  await scan(
    service,
    tags.flatMap((tag) => [
      { tag, kind: 'LOADED', placeCode: 'A', at: 'Mon 14:00', trip, toCode: 'W' },
      { tag, kind: 'UNLOADED', placeCode: 'W', at: 'Mon 15:00', trip },
    ]),
  );
  return { order, tag: tags[0]! };
}

/** One pair with a finding that waits for the customer. */
export async function reported(
  service: TestService,
): Promise<AtWork & { readonly finding: FindingAnswer }> {
  const work = await atWork(service);
  const finding = await reportFinding(service, { tag: work.tag });
  if (finding.__typename !== 'Finding') throw new Error(finding.code);
  return { ...work, finding };
}

/** Of all events of an order, in order. */
export const kindsOf = async (service: TestService, orderId: string): Promise<string[]> =>
  (
    await service.rows<{ kind: string }>(
      `SELECT kind FROM event WHERE order_id = $1 ORDER BY version`,
      [orderId],
    )
  ).map(({ kind }) => kind);

/** What is to be done on a pair, in order. */
export const workOn = (service: TestService, tag: string) =>
  service.rows(
    `SELECT o.position, o.skill, o.origin, o.finding_id FROM pair_operation o JOIN pair p ON p.id = o.pair_id
      WHERE p.tag = $1 ORDER BY o.position`,
    [tag],
  );

/** What the job does. */
export const runOverdue = (service: TestService): Promise<number> =>
  service.app.get(OverdueFindings, { strict: false }).run();
