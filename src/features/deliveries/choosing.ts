import { isStillTrue } from '../../core/messages/clock-messages.ts';
import { ruleOf, type MessageKind } from '../../core/messages/kinds.ts';
import type { MessagePolicy, QuietHours } from '../../core/messages/policy.ts';
import { sendTime, spreadAfter } from '../../core/messages/quiet-hours.ts';
import { receiptNeed } from '../../core/messages/receipt-needs.ts';
import {
  advanceOf,
  routeFor,
  type PersonalRoute,
  type RouteAccount,
  type Target,
} from '../../core/messages/route.ts';
import type { Network } from '../../core/network/network.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { reachesCustomers, type Account, type Recipient } from '../accounts/index.ts';
import { spreadOf } from '../messages/index.ts';
import type { Words } from '../templates/index.ts';
import type { EarlierDelivery, OtherMessage } from './due-messages.ts';
import type { MessageHead } from './leased-delivery.ts';

/** What all decisions of one round look at. */
export interface Surroundings {
  readonly network: Network;
  readonly policy: MessagePolicy;
  /** Enabled ones, by `channel/account`. */
  readonly accounts: ReadonlyMap<string, Account>;
  /** Also one that is disabled; null: there is none that can be used. */
  readonly accountOf: (target: Target) => Promise<Account | null>;
  /** The enabled ones, as routes see them. */
  readonly routeAccounts: readonly RouteAccount[];
  readonly words: Words;
}

/** Why nothing is sent, for now or at all. */
export type Dismissal =
  | { readonly is: 'ended'; readonly state: 'SKIPPED' | 'FAILED' | 'DONE'; readonly reason: string }
  | { readonly is: 'deferred'; readonly until: EpochMs; readonly reason: string };

type Told = MessageHead & { readonly orderVersion: number };

/** Whether a due message is sent at all and now; null: it is. */
export function dismissalOf(
  message: Told,
  recipient: Recipient,
  others: readonly OtherMessage[],
  { network, policy }: Pick<Surroundings, 'network' | 'policy'>,
  now: EpochMs,
): Dismissal | null {
  const { kind, order, usefulUntil, step } = message;
  if (now >= usefulUntil) {
    const state = step === 0 ? 'SKIPPED' : 'FAILED';
    return { is: 'ended', state, reason: 'EXPIRED_BEFORE_SEND' };
  }
  if (!isStillTrue(kind, order, policy, now)) return skipped('STALE_EVENT');
  const isSent = (other: MessageKind): boolean => isWanted(other, policy, recipient);
  const isMerged = others.some(
    (other) =>
      saysAllOf(other, message) &&
      (other.isSent ||
        (other.usefulUntil > now &&
          isSent(other.kind) &&
          isStillTrue(other.kind, order, policy, now))),
  );
  if (isMerged) return skipped('MERGED');
  if (policy.off.includes(kind)) return skipped('KIND_OFF');
  if (!isSent(kind)) return skipped('OPTED_OUT');
  return quietDismissal(message, recipient, { network, policy }, now);
}

const skipped = (reason: string): Dismissal => ({ is: 'ended', state: 'SKIPPED', reason });

function isWanted(kind: MessageKind, policy: MessagePolicy, { preference }: Recipient): boolean {
  if (policy.off.includes(kind)) return false;
  return ruleOf(kind).isCritical || !preference.offKinds.includes(kind);
}

/** Of two of one kind the later one; of two kinds the one that says more, if it is not the older. */
function saysAllOf(other: OtherMessage, message: Told): boolean {
  if (other.id === message.id || !ruleOf(other.kind).replaces.includes(message.kind)) return false;
  if (other.kind !== message.kind) return other.orderVersion >= message.orderVersion;
  const parts = [
    other.orderVersion - message.orderVersion,
    other.usefulUntil - message.usefulUntil,
    other.id > message.id ? 1 : -1,
  ];
  return parts.find((part) => part !== 0)! > 0;
}

/** Deferred to the end of the recipient's quiet hours, spread; ended, if it is of no use any more by then. */
export function quietDismissal(
  { kind, occasion, order, usefulUntil }: MessageHead,
  { preference }: Recipient,
  { network, policy }: Pick<Surroundings, 'network' | 'policy'>,
  now: EpochMs,
): Dismissal | null {
  if (!ruleOf(kind).isQuiet) return null;
  const zone = preference.timeZone ?? network.stores.get(order.pickUp.storeCode)?.timeZone ?? 'UTC';
  const timely = { dueAt: now, usefulUntil, spreadMs: 0 };
  const moved = sendTime(timely, quietHoursOf(preference, policy), zone, now);
  if (moved === null) return skipped('EXPIRED_BEFORE_SEND');
  if (moved.moved !== 'QUIET_HOURS_DEFERRED') return null;
  const spreadMs = spreadOf(order.id)(kind, occasion);
  const until = spreadAfter(moved.at, { usefulUntil, spreadMs });
  return { is: 'deferred', until, reason: moved.moved };
}

function quietHoursOf(
  { quietFrom, quietTo }: Recipient['preference'],
  { quietHours }: MessagePolicy,
): QuietHours | null {
  if (quietFrom === null || quietTo === null) return quietHours;
  return { from: quietFrom, to: quietTo };
}

/** The route of a message for one person. */
export function personalRoute(
  kind: MessageKind,
  { preference }: Recipient,
  { policy, routeAccounts }: Surroundings,
): PersonalRoute {
  return routeFor(kind, policy, routeAccounts, preference);
}

export const routeAccount = (account: Account): RouteAccount => ({
  channel: account.channel.descriptor.name,
  account: account.account,
  hasReceipts: account.channel.descriptor.capabilities.receipts === 'push',
  isForCustomers: reachesCustomers(account),
});

/** Whether an earlier step has reached the person after all, so that no later one is needed. */
export function satisfies(
  { channel, account, status, isRead }: EarlierDelivery,
  route: PersonalRoute,
  kind: MessageKind,
  now: EpochMs,
): boolean {
  if (status !== 'ACCEPTED' && status !== 'SENT' && status !== 'DELIVERED') return false;
  const advance = advanceOf(route, { channel, account }, kind);
  const soFar = { acceptedAt: now, isDelivered: status === 'DELIVERED', isRead };
  return receiptNeed(advance, soFar, now).is === 'met';
}

export const isSame = (a: Target, b: Target): boolean =>
  a.channel === b.channel && a.account === b.account;
