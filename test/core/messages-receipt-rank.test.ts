import { describe, expect, it } from 'vitest';
import fc from 'fast-check';

import {
  afterReceipt,
  DELIVERED_AFTER_FAILURE,
  rankOf,
  type DeliveryStatus,
  type Receipt,
  type ReceiptState,
  type ReceiptStatus,
} from '../../src/core/messages/receipt-rank.ts';

const aState = (status: DeliveryStatus): ReceiptState => ({ status, engagement: [], reason: null });
const told = (status: ReceiptStatus, because: Receipt['because'] = null): Receipt => ({
  status,
  because,
});
const afterAll = (from: ReceiptState, receipts: readonly Receipt[]): ReceiptState =>
  receipts.reduce((state, receipt) => afterReceipt(state, receipt).state, from);

const anyReceipt = fc.record({
  status: fc.constantFrom<ReceiptStatus>(
    ...(['accepted', 'sent', 'undelivered', 'failed', 'delivered', 'read'] as const),
  ),
  because: fc.constantFrom<Receipt['because']>(
    ...(['recipient', 'content', 'configuration', 'consent', 'window', null] as const),
  ),
});
const anyStatus = fc.constantFrom<DeliveryStatus>(
  ...(['CREATED', 'SENDING', 'RETRYING', 'AMBIGUOUS', 'ACCEPTED', 'SENT'] as const),
  ...(['UNDELIVERED', 'FAILED', 'DELIVERED', 'CANCELLED', 'EXPIRED'] as const),
);

describe('a receipt', () => {
  it.each<{ from: DeliveryStatus; receipt: Receipt; to: DeliveryStatus; reason: string | null }>([
    { from: 'AMBIGUOUS', receipt: told('accepted'), to: 'ACCEPTED', reason: null },
    { from: 'CANCELLED', receipt: told('delivered'), to: 'DELIVERED', reason: null },
    { from: 'SENT', receipt: told('accepted'), to: 'SENT', reason: null },
    {
      from: 'ACCEPTED',
      receipt: told('failed', 'recipient'),
      to: 'FAILED',
      reason: 'ADDRESS_INVALID',
    },
    {
      from: 'SENT',
      receipt: told('undelivered', 'consent'),
      to: 'UNDELIVERED',
      reason: 'NO_CONSENT',
    },
    { from: 'SENT', receipt: told('failed', 'window'), to: 'FAILED', reason: 'WINDOW_CLOSED' },
    { from: 'SENT', receipt: told('failed'), to: 'FAILED', reason: 'UNDELIVERED' },
    { from: 'FAILED', receipt: told('read'), to: 'DELIVERED', reason: DELIVERED_AFTER_FAILURE },
    { from: 'DELIVERED', receipt: told('failed'), to: 'DELIVERED', reason: null },
  ])('$receipt.status after $from: $to, $reason', ({ from, receipt, to, reason }) => {
    expect(afterReceipt(aState(from), receipt).state).toMatchObject({ status: to, reason });
  });

  it('never brings a delivery back, and moves it only when it says so', () => {
    fc.assert(
      fc.property(anyStatus, anyReceipt, (from, receipt) => {
        const { state, hasMoved, hasFailed } = afterReceipt(aState(from), receipt);
        expect(rankOf(state.status)).toBeGreaterThanOrEqual(rankOf(from));
        expect(hasMoved).toBe(state.status !== from);
        expect(hasFailed).toBe(hasMoved && rankOf(state.status) === 3);
      }),
    );
  });

  it('that comes again changes nothing', () => {
    fc.assert(
      fc.property(anyStatus, fc.array(anyReceipt), anyReceipt, (from, before, receipt) => {
        const once = afterAll(aState(from), [...before, receipt]);
        expect(afterReceipt(once, receipt)).toEqual({
          state: once,
          hasMoved: false,
          hasFailed: false,
        });
      }),
    );
  });

  it('ends with others in the same rank and engagement, whichever comes first', () => {
    fc.assert(
      fc.property(anyStatus, fc.array(anyReceipt), (from, receipts) => {
        const forwards = afterAll(aState(from), receipts);
        const backwards = afterAll(aState(from), [...receipts].reverse());
        expect(rankOf(forwards.status)).toBe(rankOf(backwards.status));
        expect(forwards.engagement).toEqual(backwards.engagement);
      }),
    );
  });
});
