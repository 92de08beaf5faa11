import type { ReceiptStatus } from '../channel.ts';
import type { CodeTable } from '../outcomes.ts';

/** Source: Twilio, "Error and warning dictionary". */
export const TWILIO_CODES: CodeTable = {
  '20003': 'configuration',
  '21408': 'configuration',
  '20429': 'rateLimit',
  '63018': 'rateLimit',
  '21211': 'recipient',
  '21614': 'recipient',
  '30005': 'recipient',
  '30006': 'recipient',
  '63024': 'recipient',
  '21610': 'consent',
  '30003': 'provider',
  '30008': 'provider',
  '30004': 'content',
  '30007': 'content',
  '63016': 'window',
};

const STATUSES: Readonly<Record<string, ReceiptStatus>> = {
  queued: 'accepted',
  accepted: 'accepted',
  scheduled: 'accepted',
  sending: 'accepted',
  sent: 'sent',
  partially_delivered: 'sent',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'undelivered',
  failed: 'failed',
  canceled: 'failed',
};

/** undefined for what is no state of a message that we sent. */
export const receiptStatusOf = (status: string): ReceiptStatus | undefined => STATUSES[status];
