import { newKey } from './bookings.ts';
import type { TestService, Token } from './service.ts';
import { when } from './worked-network.ts';

export interface DisruptionAnswer {
  readonly __typename: string;
  readonly id: string;
  readonly partCode: string;
  readonly code: string;
  readonly liftedAt: string | null;
}

/** Those that stand. */
export async function disruptions(
  service: TestService,
  token: Token = service.tokens.hq,
): Promise<readonly DisruptionAnswer[]> {
  const query = `{ disruptions { id kind partCode from to skill units delayMinutes reason } }`;
  return (await service.data<{ disruptions: DisruptionAnswer[] }>(query, {}, token)).disruptions;
}

export const APPLY = `mutation ($input: ApplyDisruptionInput!) { applyDisruption(input: $input) {
  __typename ... on Disruption { id partCode from to units delayMinutes } ... on Refusal { code message } } }`;

export interface ReportTerms {
  readonly requestKey?: string;
  readonly token?: Token;
}

export async function apply(
  service: TestService,
  disruption: object,
  { requestKey = newKey(), token = service.tokens.hq }: ReportTerms = {},
): Promise<DisruptionAnswer> {
  const input = { requestKey, disruption };
  const data = await service.data<{ applyDisruption: DisruptionAnswer }>(APPLY, { input }, token);
  return data.applyDisruption;
}

export async function lift(service: TestService, id: string): Promise<DisruptionAnswer> {
  const mutation = `mutation ($id: ID!) { liftDisruption(id: $id) {
    __typename ... on Disruption { id liftedAt } ... on Refusal { code } } }`;
  const { hq } = service.tokens;
  return (await service.data<{ liftDisruption: DisruptionAnswer }>(mutation, { id }, hq))
    .liftDisruption;
}

export async function preview(service: TestService, input: object): Promise<object> {
  const query = `query ($input: DisruptionInput!) { previewDisruption(input: $input) {
    __typename ... on DisruptionPreview { orders toldNothing toldNewPromise withoutWay
      first { orderId readyBy newReadyBy told } } ... on Refusal { code } } }`;
  const { hq } = service.tokens;
  const data = await service.data<{ previewDisruption: object }>(query, { input }, hq);
  return data.previewDisruption;
}

/** Something that befalls the trip of a line that departs as in `Mon 14:00`. */
export const trip = (kind: string, partCode: string, departs: string, more: object = {}) => ({
  kind,
  partCode,
  from: when(departs),
  ...more,
});
