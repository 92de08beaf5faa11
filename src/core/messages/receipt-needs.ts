import type { EpochMs } from '../time/time.ts';
import type { Advance } from './policy.ts';

/** What is known of a delivery that the provider has. */
export interface ReceiptsSoFar {
  readonly acceptedAt: EpochMs;
  readonly isDelivered: boolean;
  readonly isRead: boolean;
}

export type ReceiptNeed =
  /** No receipt is waited for, or all that were wanted came. */
  | { readonly is: 'met' }
  /** One may still come until then. */
  | { readonly is: 'open'; readonly until: EpochMs }
  /** One that was wanted did not come in time. */
  | { readonly is: 'missed' };

/** Whether a step that the provider accepted needs a receipt before the message counts as told. */
export function receiptNeed(
  advance: readonly Advance[],
  { acceptedAt, isDelivered, isRead }: ReceiptsSoFar,
  now: EpochMs,
): ReceiptNeed {
  const open = advance.flatMap((one) => {
    if (one.on !== 'noReceipt') return [];
    const hasCome = one.of === 'read' ? isRead : isDelivered || isRead;
    return hasCome ? [] : [acceptedAt + one.withinSec * 1000];
  });
  if (open.length === 0) return { is: 'met' };
  const until = Math.min(...open);
  return now >= until ? { is: 'missed' } : { is: 'open', until };
}
