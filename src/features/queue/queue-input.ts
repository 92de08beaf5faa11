import type { VisitKind } from '../../core/counter/remaining.ts';
import { badInput } from '../../platform/graphql/errors.ts';
import { checkText } from '../../platform/graphql/text.ts';
import type { Caller, SignedInCaller } from '../../platform/signin/caller.ts';
import { isPhone } from '../../platform/signin/contact.ts';
import type { DeskRequest } from './call-next.service.ts';
import { staffOf } from './callers.ts';
import type { OpenDeskRequest } from './desks.service.ts';
import type { JoinRequest } from './join-queue.service.ts';
import type { EntryRequest } from './move-entry.service.ts';
import type { UndoRequest } from './no-shows.service.ts';

/** `CheckInInput` as it arrives. */
export interface CheckInInput {
  readonly requestKey: string;
  readonly storeCode: string;
  readonly ticketCode?: string | null;
  readonly phone?: string | null;
  readonly reducedMobility: boolean;
}

/** `JoinQueueInput` as it arrives. */
export interface JoinQueueInput {
  readonly requestKey: string;
  readonly storeCode: string;
  readonly visitKind: VisitKind;
  readonly pairs: number;
  readonly orderId?: string | null;
  readonly reducedMobility: boolean;
}

export type DeskInput = Omit<DeskRequest, 'caller'>;

/** `OpenDeskInput` as it arrives. */
export interface OpenDeskInput extends DeskInput {
  readonly visitKinds: readonly VisitKind[];
}

export interface QueueEntryInput {
  readonly requestKey: string;
  readonly entryId: string;
}

/** Who wants to check in, and by what they are found. */
export interface Arriving {
  readonly caller: SignedInCaller;
  readonly requestKey: string;
  readonly storeCode: string;
  readonly by: { readonly ticket: string } | { readonly phone: string };
  readonly reducedMobility: boolean;
}

const REQUEST_KEY = { what: 'A request key', least: 8, most: 64 };
const DESK = { what: 'The name of a desk', least: 1, most: 20 };
const TICKET = { what: 'A ticket code', least: 8, most: 500 };
const MOST_PAIRS = 100;

/** @throws GraphQLError BAD_USER_INPUT that names the field, or FORBIDDEN */
export function arriving(input: CheckInInput, caller: Caller): Arriving {
  const { requestKey, storeCode, ticketCode, phone, reducedMobility } = input;
  const signedIn = staffOf(caller, storeCode);
  checkText(requestKey, REQUEST_KEY, 'input.requestKey');
  const known = { caller: signedIn, requestKey, storeCode, reducedMobility };
  if ((ticketCode == null) === (phone == null)) {
    throw badInput('Exactly one of ticketCode and phone is needed.', 'input');
  }
  if (ticketCode != null) {
    checkText(ticketCode, TICKET, 'input.ticketCode');
    return { ...known, by: { ticket: ticketCode } };
  }
  const plain = phone!.replace(/[\s().-]/g, '');
  if (!isPhone(plain)) {
    throw badInput('A phone number is written as in +8613800138000.', 'input.phone');
  }
  return { ...known, by: { phone: plain } };
}

export function joinRequest(input: JoinQueueInput, caller: Caller): JoinRequest {
  const signedIn = staffOf(caller, input.storeCode);
  checkText(input.requestKey, REQUEST_KEY, 'input.requestKey');
  checkPairs(input.pairs, 'input.pairs');
  return { ...input, orderId: input.orderId?.toLowerCase() ?? null, caller: signedIn };
}

export function checkPairs(pairs: number, path: string): void {
  if (pairs < 1 || pairs > MOST_PAIRS) throw badInput(`From 1 to ${MOST_PAIRS} pairs.`, path);
}

function deskName(text: string): string {
  const name = text.trim();
  checkText(name, DESK, 'input.desk');
  return name;
}

export function deskRequest(input: DeskInput, caller: Caller): DeskRequest {
  const signedIn = staffOf(caller, input.storeCode);
  checkText(input.requestKey, REQUEST_KEY, 'input.requestKey');
  return { ...input, desk: deskName(input.desk), caller: signedIn };
}

export function openDeskRequest(input: OpenDeskInput, caller: Caller): OpenDeskRequest {
  const visitKinds = [...new Set(input.visitKinds)].sort();
  if (visitKinds.length === 0) throw badInput('A desk serves something.', 'input.visitKinds');
  return { ...deskRequest(input, caller), visitKinds };
}

export function entryRequest(
  input: QueueEntryInput & { readonly desk?: string },
  caller: Caller,
): EntryRequest {
  const { requestKey, entryId, desk } = input;
  checkText(requestKey, REQUEST_KEY, 'input.requestKey');
  return {
    caller: caller as SignedInCaller,
    requestKey,
    entryId: entryId.toLowerCase(),
    ...(desk === undefined ? {} : { toDesk: deskName(desk) }),
  };
}

export function undoRequest(
  input: { readonly requestKey: string; readonly appointmentId: string },
  caller: Caller,
): UndoRequest {
  checkText(input.requestKey, REQUEST_KEY, 'input.requestKey');
  return {
    caller: caller as SignedInCaller,
    requestKey: input.requestKey,
    appointmentId: input.appointmentId.toLowerCase(),
  };
}
