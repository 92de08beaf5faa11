import { z } from 'zod';

import type { CallbackOutcome, CallbackRequest, ChannelEvent } from '../channel.ts';
import { readStamp } from '../china-time.ts';
import type { EpochMs } from '../../core/time/time.ts';
import { receiptCallback } from '../receipt-callback.ts';
import type { TencentSmsSettings } from './settings.ts';

const Report = z.object({
  sid: z.string(),
  report_status: z.enum(['SUCCESS', 'FAIL']),
  errmsg: z.string().nullish(),
  user_receive_time: z.string().nullish(),
});
type Report = z.output<typeof Report>;

const REPLY = { status: 200, contentType: 'application/json', body: '{"result":0,"errmsg":"OK"}' };

/** Reads pushed receipts. They are not signed: the secret in the address is all. */
export const readStatusReports = (
  { receiptPathSecret, receiptZone }: TencentSmsSettings,
  request: CallbackRequest,
  now: EpochMs,
): CallbackOutcome =>
  receiptCallback(request, receiptPathSecret, REPLY, Report, (report) =>
    receiptOf(report, receiptZone, now),
  );

function receiptOf(report: Report, zone: string, now: EpochMs): ChannelEvent {
  const { sid, report_status: reported, errmsg, user_receive_time: stamp } = report;
  const isDelivered = reported === 'SUCCESS';
  return {
    is: 'receipt',
    dedupeKey: `${sid}:${reported}`,
    at: readStamp(stamp ?? '', zone) ?? now,
    deliveryId: null,
    providerRef: sid,
    status: isDelivered ? 'delivered' : 'failed',
    code: isDelivered ? null : (errmsg ?? null),
  };
}
