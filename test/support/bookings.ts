import { randomUUID } from 'node:crypto';

import type { NetworkInput } from '../../src/core/network/network-input.ts';
import { Holds } from '../../src/features/orders/index.ts';
import type { TestService, Token } from './service.ts';
import { when } from './worked-network.ts';

/** A way to send requests to the service, in this process or another. */
export type Asking = Pick<TestService, 'data' | 'tokens'>;

export interface SlotAnswer {
  readonly start: string;
  readonly end: string;
  readonly capacity: number;
  readonly remaining: number;
}

export interface PromiseAnswer {
  readonly __typename: string;
  readonly readyBy: string;
  readonly earliestPickUp: SlotAnswer;
  readonly steps: readonly {
    readonly kind: string;
    readonly fromCode: string;
    readonly toCode: string;
    readonly start: string;
    readonly end: string;
    readonly by: string | null;
  }[];
  readonly delays: readonly { readonly kind: string; readonly code: string; readonly at: string }[];
  /** Of a NoPromise. */
  readonly code: string;
}

export interface AppointmentAnswer {
  readonly id: string;
  readonly kind: string;
  readonly start: string;
  readonly end: string;
  readonly status: string;
  readonly store: { readonly code: string };
}

/** Any answer of an operation that changes an order; fields of the other types are missing. */
export interface OrderAnswer {
  readonly __typename: string;
  readonly id: string;
  readonly ticketCode: string;
  readonly status: string;
  readonly version: number;
  readonly items: readonly {
    readonly description: string;
    readonly serviceCodes: readonly string[];
    readonly pairs: number;
  }[];
  readonly dropOff: AppointmentAnswer;
  readonly pickUp: AppointmentAnswer;
  readonly promise: PromiseAnswer;
  readonly expiresAt: string;
  readonly code: string;
  readonly kind: string;
  readonly at: string;
  readonly alternatives: readonly SlotAnswer[];
  readonly currentVersion: number;
}

export interface BookingInput {
  readonly requestKey: string;
  readonly customer?: { name: string; phone?: string; email?: string; locale?: string } | null;
  readonly dropOff: { readonly storeCode: string; readonly start: string };
  readonly pickUp: { readonly storeCode: string; readonly start: string };
  readonly items: readonly {
    readonly description: string;
    readonly serviceCodes: readonly string[];
    readonly pairs?: number;
  }[];
  readonly holdId?: string;
}

/** What a booking that is the plain way says otherwise; slots as in `A Mon 10:30`. */
export interface BookingParts extends Partial<Omit<BookingInput, 'dropOff' | 'pickUp'>> {
  readonly dropOff?: string;
  readonly pickUp?: string;
  readonly pairs?: number;
  readonly service?: string;
}

export const MEI = { name: 'Mei Lin', phone: '+8613800138000', email: 'mei.lin@example.com' };

export const newKey = (): string => randomUUID();

/** `A Mon 10:30` -> the slot of store A that starts then. */
export function slot(text: string): { readonly storeCode: string; readonly start: string } {
  const space = text.indexOf(' ');
  return { storeCode: text.slice(0, space), start: when(text.slice(space + 1)) };
}

/** One pair to be cleaned for Mei: A on Monday at 10:30, B on Tuesday at 20:30. */
export function aBooking(parts: BookingParts = {}): BookingInput {
  const { dropOff = 'A Mon 10:30', pickUp = 'B Tue 20:30', pairs = 1, service, ...rest } = parts;
  return {
    requestKey: newKey(),
    customer: MEI,
    items: [{ description: 'AJ1', serviceCodes: [service ?? 'basic-clean'], pairs }],
    ...rest,
    dropOff: slot(dropOff),
    pickUp: slot(pickUp),
  };
}

/** As headquarters unless a token is given. */
export async function bookOrder(
  service: Asking,
  input: BookingInput,
  token: Token = service.tokens.hq,
): Promise<OrderAnswer> {
  return change(service, 'bookOrder', 'BookOrderInput', BOOK, input, token);
}

export async function holdOrder(
  service: Asking,
  input: BookingInput,
  token: Token = service.tokens.hq,
): Promise<OrderAnswer> {
  return change(service, 'holdOrder', 'BookOrderInput', HOLD, input, token);
}

export interface MoveInput {
  readonly requestKey: string;
  readonly appointmentId: string;
  readonly expectedVersion: number;
  readonly to: { readonly storeCode: string; readonly start: string };
}

export async function moveAppointment(
  service: Asking,
  input: MoveInput,
  token: Token = service.tokens.hq,
): Promise<OrderAnswer> {
  return change(service, 'moveAppointment', 'MoveAppointmentInput', MOVE, input, token);
}

export interface CancelInput {
  readonly requestKey: string;
  readonly orderId: string;
  readonly expectedVersion: number;
  readonly reason?: string;
}

export async function cancelOrder(
  service: Asking,
  input: CancelInput,
  token: Token = service.tokens.hq,
): Promise<OrderAnswer> {
  return change(service, 'cancelOrder', 'CancelOrderInput', CANCEL, input, token);
}

/** A move of one appointment of `order` as it was last seen; `to` as in `B Wed 20:30`. */
export function aMove(order: OrderAnswer, which: 'dropOff' | 'pickUp', to: string): MoveInput {
  const { id: appointmentId } = order[which];
  return { requestKey: newKey(), appointmentId, expectedVersion: order.version, to: slot(to) };
}

export function aCancellation(order: OrderAnswer): CancelInput {
  return { requestKey: newKey(), orderId: order.id, expectedVersion: order.version };
}

/** Null: there is none that the bearer of the token may see. */
export async function readOrder(
  service: Asking,
  id: string,
  token: Token = service.tokens.hq,
): Promise<OrderAnswer | null> {
  const query = `query ($id: ID!) { order(id: $id) { ${ORDER} } }`;
  return (await service.data<{ order: OrderAnswer | null }>(query, { id }, token)).order;
}

export interface AvailabilityArguments {
  readonly storeCodes: readonly string[];
  readonly kind: 'DROP_OFF' | 'PICK_UP';
  readonly from: string;
  readonly to: string;
  readonly pairs?: number;
  readonly includeFull?: boolean;
}

export const AVAILABILITY = `query (
    $storeCodes: [ID!]!, $kind: VisitKind!, $from: LocalDate!, $to: LocalDate!,
    $pairs: Int! = 1, $includeFull: Boolean! = false
  ) {
    availability(storeCodes: $storeCodes, kind: $kind, from: $from, to: $to,
                 pairs: $pairs, includeFull: $includeFull) {
      store { code } slots { start end capacity remaining }
    }
  }`;

/** The slots of each store, in the order of the codes. */
export async function availability(
  service: Asking,
  asked: AvailabilityArguments,
  token?: Token,
): Promise<readonly (readonly SlotAnswer[])[]> {
  const data = await service.data<{ availability: { slots: SlotAnswer[] }[] }>(
    AVAILABILITY,
    asked,
    token,
  );
  return data.availability.map(({ slots }) => slots);
}

/** What is taken now; empty: nothing. */
export async function takenClaims(service: TestService): Promise<Record<string, number>> {
  const rows = await service.rows<{ bucket: string; taken: number }>(
    `SELECT resource || ' ' || to_char(start AT TIME ZONE 'Asia/Shanghai', 'MM-DD HH24:MI') AS bucket,
            taken FROM ledger WHERE taken <> 0 ORDER BY 1`,
  );
  return Object.fromEntries(rows.map(({ bucket, taken }) => [bucket, taken]));
}

/** Lets the database find that a hold is over. */
export async function expire(service: TestService, holdId: string): Promise<void> {
  await service.rows(
    `UPDATE hold SET expires_at = clock_timestamp() - interval '1 second' WHERE id = $1`,
    [holdId],
  );
}

/** Gives back all that is taken and puts the chain as `network` says; cheaper than a new service. */
export async function startOver(service: TestService, network: NetworkInput): Promise<void> {
  const open = await service.rows<{ id: string; version: number }>(
    `SELECT id, version FROM customer_order WHERE status = 'BOOKED'`,
  );
  for (const { id: orderId, version: expectedVersion } of open) {
    await cancelOrder(service, { requestKey: newKey(), orderId, expectedVersion });
  }
  await service.rows(`UPDATE hold SET expires_at = clock_timestamp() WHERE ended_at IS NULL`);
  await service.app.get(Holds, { strict: false }).freeExpired();
  await service.import(network);
}

const PROMISE = `__typename readyBy earliestPickUp { start end capacity remaining }
  steps { kind fromCode toCode start end by } delays { kind code at }`;
const APPOINTMENT = 'id kind start end status store { code }';
const ORDER = `__typename id ticketCode status version items { description serviceCodes pairs }
  dropOff { ${APPOINTMENT} } pickUp { ${APPOINTMENT} } promise { ${PROMISE} }`;
const REFUSALS = `... on Refusal { __typename code message }
  ... on SlotFull { kind at alternatives { start end capacity remaining } }`;
const LATE = `... on ReadyTooLate { promise { ${PROMISE} } }`;
const VERSION = `... on VersionConflict { currentVersion }`;

/** Fields of a promise or of the refusal of one. */
export const PROMISE_RESULT = `__typename ... on Promise { ${PROMISE} } ... on Refusal { code message }`;

const BOOK = `... on Order { ${ORDER} } ${REFUSALS} ${LATE}`;
const HOLD = `... on Hold { __typename id expiresAt promise { ${PROMISE} } } ${REFUSALS} ${LATE}`;
const MOVE = `${BOOK} ${VERSION}`;
const CANCEL = `... on Order { ${ORDER} } ... on Refusal { __typename code message } ${VERSION}`;

async function change(
  service: Asking,
  field: string,
  inputType: string,
  selection: string,
  input: object,
  token: Token,
): Promise<OrderAnswer> {
  const mutation = `mutation ($input: ${inputType}!) { ${field}(input: $input) { ${selection} } }`;
  const data = await service.data<Record<string, OrderAnswer>>(mutation, { input }, token);
  return data[field]!;
}
