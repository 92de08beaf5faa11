import { REASON_OF, type Refusal } from './attempt.ts';

/** Where a delivery stands. */
export type DeliveryStatus =
  | 'CREATED'
  | 'SENDING'
  | 'RETRYING'
  | 'AMBIGUOUS'
  | 'ACCEPTED'
  | 'SENT'
  | 'UNDELIVERED'
  | 'FAILED'
  | 'DELIVERED'
  | 'CANCELLED'
  | 'EXPIRED';

/** How far it has come for certain; what is lower never undoes what is higher, whatever comes first. */
const RANKS: Readonly<Record<DeliveryStatus, number>> = {
  CREATED: 0,
  SENDING: 0,
  RETRYING: 0,
  AMBIGUOUS: 0,
  CANCELLED: 0,
  EXPIRED: 0,
  ACCEPTED: 1,
  SENT: 2,
  UNDELIVERED: 3,
  FAILED: 3,
  DELIVERED: 4,
};

export const rankOf = (status: DeliveryStatus): number => RANKS[status];

/** What a provider tells of a delivery. */
export type ReceiptStatus = 'accepted' | 'sent' | 'undelivered' | 'failed' | 'delivered' | 'read';

const TOLD: Readonly<Record<ReceiptStatus, DeliveryStatus>> = {
  accepted: 'ACCEPTED',
  sent: 'SENT',
  undelivered: 'UNDELIVERED',
  failed: 'FAILED',
  delivered: 'DELIVERED',
  read: 'DELIVERED',
};

export interface Receipt {
  readonly status: ReceiptStatus;
  /** Of a failure; null: the provider does not say. */
  readonly because: Refusal | null;
}

/** What receipts can change of a delivery. */
export interface ReceiptState {
  readonly status: DeliveryStatus;
  /** What the person did with it, each once, in order of the text. */
  readonly engagement: readonly string[];
  readonly reason: string | null;
}

export interface ReceiptEffect {
  readonly state: ReceiptState;
  /** It has come further than was known. */
  readonly hasMoved: boolean;
  /** It is now known to have failed. */
  readonly hasFailed: boolean;
}

/** A delivery that was thought to have failed, and came after all. */
export const DELIVERED_AFTER_FAILURE = 'DELIVERED_AFTER_FAILURE';

/**
 * The delivery after a receipt: by rank, so that receipts may come in any order and any number of times.
 * `read` also says that it was delivered. A failure that is told after the delivery is no news.
 */
export function afterReceipt(before: ReceiptState, receipt: Receipt): ReceiptEffect {
  const status = TOLD[receipt.status];
  const hasMoved = rankOf(status) > rankOf(before.status);
  const hasFailed = hasMoved && isFailure(status);
  const engagement =
    receipt.status === 'read' && !before.engagement.includes('read')
      ? [...before.engagement, 'read'].sort()
      : before.engagement;
  if (!hasMoved) return { state: { ...before, engagement }, hasMoved, hasFailed };
  return { state: { status, engagement, reason: reasonOf(before, receipt) }, hasMoved, hasFailed };
}

export const isFailure = (status: DeliveryStatus): boolean =>
  status === 'UNDELIVERED' || status === 'FAILED';

function reasonOf(before: ReceiptState, { status, because }: Receipt): string | null {
  if (isFailure(TOLD[status])) return because === null ? 'UNDELIVERED' : REASON_OF[because];
  return isFailure(before.status) ? DELIVERED_AFTER_FAILURE : null;
}
